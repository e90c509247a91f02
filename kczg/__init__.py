"""The project: it wires the rooms together and knows no rule. Celery finds its tasks through here."""

from kczg.celery import app as celery_app

__all__ = ["celery_app"]
