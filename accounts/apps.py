"""The app's name and the things that must be known at its start."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Makes the jobs known, and hears of proven addresses."""
        from accounts import signals, tasks  # noqa: F401
