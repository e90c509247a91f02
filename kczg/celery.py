"""The worker: tasks carry ids only, the schedule stands here, the truth stands in the outbox rows."""

import os

# lxml holds the whole sheet in memory where openpyxl's own writer streams it (30 MB instead of 2 GB).
os.environ.setdefault("OPENPYXL_LXML", "False")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kczg.settings")

from celery import Celery, bootsteps
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

app = Celery("kczg")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class LogStep(DjangoStructLogInitStep, bootsteps.Step):
    """Binds the task's id to every line that it logs."""


app.steps["worker"].add(LogStep)


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Lets the worker log as settings.LOGGING says instead of Celery's own way."""


app.conf.beat_schedule = {
    "reconcile": {
        "task": "kczg.kit.tasks.reconcile",
        "schedule": 10.0,
        # Two reconcilers in a row do no harm; a hundred stale ones after an outage would only take time.
        "options": {"expires": 30},
    },
    "close_gates": {
        "task": "nominations.tasks.close_gates",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "remind": {
        "task": "nominations.tasks.remind",
        "schedule": 300.0,
        "options": {"expires": 600},
    },
    "owe_digests": {
        "task": "nominations.tasks.owe_digests",
        "schedule": 120.0,
        "options": {"expires": 240},
    },
    "post_letters": {
        "task": "accounts.tasks.post_letters",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "clear_notices": {
        "task": "accounts.tasks.clear_notices",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "tidy": {
        "task": "kczg.kit.tasks.tidy",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "compare_conflicts": {
        "task": "reviews.tasks.compare_conflicts",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "clear_files": {
        "task": "nominations.tasks.clear_files",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
