"""The two tasks that the worker knows: do an owed job, and look for owed jobs that got lost."""

from __future__ import annotations

from celery import shared_task

from kczg.kit import clock, outbox
from kczg.kit.uploads import upkeep


@shared_task(name="kczg.kit.tasks.run_job")
def run_job(job_id: int) -> None:
    outbox.run(job_id)


@shared_task(name="kczg.kit.tasks.tidy")
def tidy() -> None:
    """Clears away files that expired or belong to no row, and owes again checks that were given up."""
    outbox.clear_expired(clock.now())
    upkeep.repair(clock.now())


@shared_task(name="kczg.kit.tasks.reconcile")
def reconcile() -> int:
    return outbox.reconcile(clock.now())
