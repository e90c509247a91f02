"""The app's name and the things that must be known at its start."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "评审与发布"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the jobs, so that every process knows who does them, and listens for what makes conflicts."""
        from reviews import hearing, tasks  # noqa: F401

        hearing.begin()
