"""The kit as a Django app: it owns the record of events and the outbox."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "kczg.kit"
    label = "kit"
    verbose_name = "工具"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kczg.kit import checks  # noqa: F401 - registers itself
        from kczg.kit.uploads import checking, upkeep  # noqa: F401 - register a job and an invariant
