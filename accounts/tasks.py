"""Tasks of accounts: the letters that invite, those that couldn't be mailed at once, and those that are old."""

from __future__ import annotations

from celery import shared_task
from django.core.mail import send_mail
from django.template.loader import render_to_string

from accounts import letters
from accounts.invitations import LIVES, invitation_link
from accounts.models import Invitation
from kczg.kit import clock
from kczg.kit.models import Job
from kczg.kit.outbox import job


@shared_task(name="accounts.tasks.post_letters")
def post_letters() -> int:
    """Mails what is still owed."""
    return letters.post_waiting(clock.now())


@shared_task(name="accounts.tasks.clear_notices")
def clear_notices() -> int:
    """Deletes notices of more than a year ago."""
    return letters.clear_old(clock.now())


@job("unit_invitation")
def unit_invitation(owed: Job, invitation_id: int, sent: int) -> None:
    """Sends the letter of an invitation, unless it has ended or another letter was owed since."""
    row = (
        Invitation.objects.select_related("organisation")
        .filter(pk=invitation_id, sent=sent, ended_at=None)
        .first()
    )
    if row is None or owed.done:
        return
    facts = {"invitation": row, "link": invitation_link(row), "days": LIVES.days}
    subject, _line, body = render_to_string("notices/unit_invited.txt", facts).strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [row.email])
    owed.progress(1, 1)
