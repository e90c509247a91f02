"""The app's name and the things that must be known at its start."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from kczg.kit.context import season_clock


class NominationsConfig(AppConfig):
    name = "nominations"
    verbose_name = "申报与推荐"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Makes the jobs known, tells every page the season's clock, and hears of checked files and migrations."""
        from kczg.kit import uploads
        from nominations import guards, tasks
        from nominations.outputs.season import clock_words

        season_clock(clock_words)
        pre_migrate.connect(guards.lift, sender=self, dispatch_uid="nominations.guards.lift")
        post_migrate.connect(guards.put_back, sender=self, dispatch_uid="nominations.guards.put_back")
        uploads.checked.connect(tasks.file_checked, dispatch_uid="nominations.file_checked")
