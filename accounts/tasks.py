"""What the schedule asks of accounts: letters that couldn't be mailed at once, and those that are old."""

from __future__ import annotations

from celery import shared_task

from accounts import letters
from kczg.kit import clock


@shared_task(name="accounts.tasks.post_letters")
def post_letters() -> int:
    """Mails what is still owed."""
    return letters.post_waiting(clock.now())


@shared_task(name="accounts.tasks.clear_notices")
def clear_notices() -> int:
    """Deletes notices of more than a year ago."""
    return letters.clear_old(clock.now())
