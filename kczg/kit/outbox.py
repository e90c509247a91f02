"""The outbox: what is owed is a row, written with the change that owes it; Celery only carries its id."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from kczg.kit import clock
from kczg.kit.models import Job

log = logging.getLogger(__name__)

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
Reader = Callable[[Any, dict[str, Any]], bool]
READERS: dict[str, Reader] = {}
LIVES: dict[str, timedelta] = {}
"""Kinds of job whose file expires, and after how long; the paper of a version, or of a list, is kept."""
MOST_ATTEMPTS = 3
STALE_AFTER = timedelta(minutes=10)
RESEND_AFTER = timedelta(seconds=20)


def job(
    kind: str, reader: Reader | None = None, lives: timedelta | None = None
) -> Callable[[Handler], Handler]:
    """Registers the one function that does jobs of this kind: ``fn(job, **args)``, and may run twice.

    ``reader(user, args)`` says whether the job's owner may still have its file (S6); without one nobody may.
    With ``lives`` the file expires so long after it was made.
    """

    def keep(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        if reader is not None:
            READERS[kind] = reader
        if lives is not None:
            LIVES[kind] = lives
        return handler

    return keep


@transaction.atomic
def owe(kind: str, key: str, owner: Any = None, again: bool = False, **args: Any) -> Job:
    """Owes one piece of work, once per ``key``; sent to the worker when the transaction commits.

    ``args`` are ids and plain words, never personal data (A5). With ``again`` a job of the same key that
    ended or is under way is owed anew. Returns the row whose state the page shows.
    """
    row, fresh = Job.objects.select_for_update().get_or_create(
        key=key, defaults={"kind": kind, "args": args, "owner": owner, "owed_at": clock.now()}
    )
    if not fresh and again:
        # A job under way has read the old state of things: the later moment lets ``run`` do it once more.
        row.owed_at = max(clock.now(), row.owed_at + timedelta(microseconds=1))
        if row.state in (Job.State.DONE, Job.State.FAILED):
            row.state, row.args, row.attempts, row.error, row.done = Job.State.QUEUED, args, 0, "", 0
        row.save(update_fields=["state", "args", "attempts", "error", "done", "owed_at"])
    if row.state == Job.State.QUEUED:
        transaction.on_commit(lambda: send(row.pk))
    return row


def send(job_id: int) -> None:
    """Hands an id to the broker; when the broker is down the row stays queued and is sent again later."""
    from kczg.kit.tasks import run_job

    try:
        run_job.apply_async(args=[job_id], retry=False)
    except Exception:  # Whatever a broker can raise: the outbox row is the truth, so nothing is lost.
        log.warning("job %s could not be handed to the broker; the reconciler sends it again", job_id)
        return
    Job.objects.filter(pk=job_id).update(sent_at=clock.now())


def run(job_id: int) -> None:
    """Does one owed job, if nobody else has taken it. A job that fails three times is parked as failed."""
    moment = clock.now()
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, started_at=moment
    )
    if not taken:
        return
    row = Job.objects.get(pk=job_id)
    try:
        HANDLERS[row.kind](row, **row.args)
    except Exception as fault:
        log.exception("job %s (%s) failed", row.pk, row.kind)
        row.attempts += 1
        row.state = Job.State.FAILED if row.attempts >= MOST_ATTEMPTS else Job.State.QUEUED
        row.error = f"{type(fault).__name__}: {fault}"[:500]
    else:
        row.state, row.error = Job.State.DONE, ""
    _finish(row)


@transaction.atomic
def _finish(row: Job) -> None:
    """Keeps how a job ended; one that was owed again meanwhile is sent again."""
    owed_at = Job.objects.select_for_update().values_list("owed_at", flat=True).get(pk=row.pk)
    if owed_at != row.owed_at and row.state == Job.State.DONE:
        row.state = Job.State.QUEUED
        transaction.on_commit(lambda: send(row.pk))
    row.finished_at = clock.now()
    row.save(update_fields=["state", "attempts", "error", "finished_at"])


def reconcile(at: datetime) -> int:
    """Sends again what was owed and got lost on the way; returns how many. Safe at any time (R2)."""
    stale = Job.objects.filter(state=Job.State.RUNNING, started_at__lt=at - STALE_AFTER)
    # A job that takes its worker down with it (memory, a kill) counts as a failed attempt, too.
    stale.filter(attempts__gte=MOST_ATTEMPTS - 1).update(
        state=Job.State.FAILED, attempts=F("attempts") + 1, error="the worker was lost", finished_at=at
    )
    stale.update(state=Job.State.QUEUED, attempts=F("attempts") + 1)
    waiting = Job.objects.filter(state=Job.State.QUEUED).exclude(sent_at__gt=at - RESEND_AFTER)
    ids = list(waiting.values_list("pk", flat=True)[:500])
    for job_id in ids:
        send(job_id)
    return len(ids)


def expired(row: Job, at: datetime) -> bool:
    """Whether a job's file has outlived its time."""
    lives = LIVES.get(row.kind)
    return lives is not None and row.finished_at is not None and row.finished_at + lives <= at


def clear_expired(at: datetime) -> int:
    """Deletes jobs whose file has expired, and the file; what is wanted again is owed anew. Returns how many."""
    rows = [row for row in Job.objects.filter(kind__in=LIVES, state=Job.State.DONE) if expired(row, at)]
    for row in rows:
        if row.result:
            row.result.delete(save=False)
        row.delete()
    return len(rows)
