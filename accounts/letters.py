"""Letters: whatever tells a person something is a row in the product first, and goes by mail from there.

A job writes the rows of its event, one for each person and kind (the database allows no second one), and then
mails those whose reader wants mail. What can't be mailed now stays owed by its row and is tried again by the
schedule (R2, R3). Addresses are read when it is mailed and are never in a job (A5).

A worker that is killed between the mail server's yes and our own note of it mails that one letter again, with
the same Message-ID, by which most mailboxes drop the second copy. That window can't be closed from this side.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from accounts import stopping
from accounts.invitations import first_steps
from accounts.kinds import KINDS, Kind, Way
from accounts.models import Notice, User
from kczg.kit import sms
from kczg.kit.models import Job

log = logging.getLogger(__name__)

AWAY = (ConnectionError, TimeoutError, SMTPServerDisconnected)
"""The mail server itself can't be reached, as against one letter that it refuses."""
MOST_TRIES = 5
WAIT = timedelta(minutes=5)
"""After a refusal; twice as long after each further one."""
SETTLED = timedelta(seconds=30)
"""A row younger than this is still in the hands of the job that wrote it."""
SMS_LIVES = timedelta(hours=3)
"""A text message that couldn't be sent for so long says nothing new any more."""
AT_A_TIME = 200


@dataclass(frozen=True)
class Letter:
    """What one person is told: in their language, with the address of the page that it is about.

    ``until`` is the gate before which it must be known, if there is one.
    """

    kind: Kind
    to: User
    subject: str
    text: str
    page: str
    until: datetime | None = None


def written(name: str, people: list[User], page: str, **facts: Any) -> list[Letter]:
    """The letters of one kind to these people. The template's first line is the subject.

    ``page`` is a path on this site; ``until`` among the facts is the gate.
    """
    letters = []
    for person in people:
        with translation.override(person.language):
            text = render_to_string(f"notices/{name}.txt", {"person": person, **facts})
        subject, _line, body = text.strip().partition("\n")
        letters.append(Letter(KINDS[name], person, subject.strip(), body.strip(), page, facts.get("until")))
    return letters


def deliver(owed: Job, letters: list[Letter], at: datetime) -> None:
    """Tells everybody what a job owes; a second run tells nobody twice."""
    # A job that is owed anew under its key (an expert taken in again) is another event.
    event = f"{owed.key}@{owed.owed_at.isoformat()}"
    post(keep(event, letters, at), at)


@transaction.atomic
def keep(event: str, letters: list[Letter], at: datetime) -> list[int]:
    """Writes the rows that aren't there yet; returns the ids of all rows of these letters."""
    ids = []
    for letter in letters:
        if not letter.to.is_active:
            continue
        row, _fresh = Notice.objects.get_or_create(
            person=letter.to,
            kind=letter.kind.name,
            event=event,
            defaults={
                "title": letter.subject,
                "text": letter.text,
                "page": letter.page,
                "created_at": at,
                "mail": _mail_of(letter, at),
                "sms": _sms_of(letter, at),
            },
        )
        ids.append(row.pk)
    return ids


def _mail_of(letter: Letter, at: datetime) -> str:
    """Whether the letter goes by mail now, with the digest or not at all, as its reader chose."""
    if not letter.to.email:
        return Notice.Post.NONE
    way = letter.to.way_for(letter.kind)
    if way == Way.DIGEST and _near(letter.until, letter.kind.at_once_within, at):
        way = Way.AT_ONCE
    if way == Way.DIGEST:
        return Notice.Post.DIGEST
    return Notice.Post.WAITING if way == Way.AT_ONCE else Notice.Post.NONE


def _sms_of(letter: Letter, at: datetime) -> str:
    """Whether a text message goes along: shortly before the gate, to who gave a number and ticked it."""
    wanted = letter.to.wants_sms and letter.to.mobile and sms.offered()
    near = _near(letter.until, letter.kind.sms_within, at)
    return Notice.Post.WAITING if wanted and near else Notice.Post.NONE


def _near(until: datetime | None, within: timedelta | None, at: datetime) -> bool:
    return until is not None and within is not None and timedelta(0) < until - at <= within


# --- By mail and by text message ---------------------------------------------------------------------------


def post(ids: list[int], at: datetime) -> int:
    """Mails and texts what of these rows is still owed; returns how many left.

    While the mail server or the gateway is away all stay owed. Two workers at once send none twice: each row is
    locked while it is sent.
    """
    owed = Notice.objects.filter(pk__in=ids)
    count = 0
    try:
        if owed.filter(mail=Notice.Post.WAITING).exists():
            with get_connection() as connection:
                for row_id in ids:
                    count += _post(row_id, "mail", lambda row: mail(row, connection).send(), at)
        for row_id in owed.filter(sms=Notice.Post.WAITING).values_list("pk", flat=True):
            count += _post(row_id, "sms", lambda row: sms.send(row.person.mobile, row.title), at)
    except OSError as fault:
        # Its words may name people's addresses.
        log.warning("mail or text messages are away (%s); what is owed is tried again", type(fault).__name__)
    return count


@transaction.atomic
def _post(row_id: int, by: str, send: Callable[[Notice], Any], at: datetime) -> bool:
    owed = Notice.objects.select_for_update(of=("self",), skip_locked=True).select_related("person")
    row = owed.filter(pk=row_id, **{by: Notice.Post.WAITING}).first()
    if row is None:
        return False
    wanted = row.person.is_active and (by == "mail" or bool(row.person.mobile))
    try:
        if wanted:
            send(row)
        state = Notice.Post.SENT if wanted else Notice.Post.NONE
    except AWAY:
        raise
    except Exception as fault:  # Whatever a server or an address can raise: one letter holds up no other.
        row.tries += 1
        row.try_at = at + WAIT * 2 ** (row.tries - 1)
        state = Notice.Post.WAITING if row.tries < MOST_TRIES else Notice.Post.FAILED
        log.warning("notice %s by %s: %s, try %s", row.pk, by, type(fault).__name__, row.tries)
    setattr(row, by, state)
    row.save(update_fields=[by, "tries", "try_at"])
    return state == Notice.Post.SENT


def mail(row: Notice, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The mail of a row, its foot in its reader's language; where it may be stopped, with the way to do so."""
    kind, stop = KINDS.get(row.kind), stopping.link(row)
    with translation.override(row.person.language):
        facts = {
            "notice": row,
            "page": settings.SITE_URL + row.page,
            "steps": first_steps(row.person) if kind and kind.invites else None,
            "stop": stop,
        }
        body = render_to_string("notices/mail.txt", facts)
    moment = int(row.created_at.timestamp())
    headers = {"Message-ID": f"<notice-{row.pk}-{moment}@{urlsplit(settings.SITE_URL).hostname}>"}
    if stop:
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(
        row.title, body.strip() + "\n", None, [row.person.email], connection=connection, headers=headers
    )


def post_waiting(at: datetime) -> int:
    """Sends what is still owed, the oldest first; returns how many left. Safe at any time (R2)."""
    waiting = Notice.objects.filter(Q(mail=Notice.Post.WAITING) | Q(sms=Notice.Post.WAITING))
    waiting.filter(created_at__lte=at - SMS_LIVES).update(sms=Notice.Post.NONE)
    due = waiting.filter(Q(try_at=None) | Q(try_at__lte=at), created_at__lte=at - SETTLED).order_by("pk")
    return post(list(due.values_list("pk", flat=True)[:AT_A_TIME]), at)


def clear_old(at: datetime) -> int:
    """Deletes what was told more than a year ago; returns how many."""
    return Notice.objects.filter(created_at__lt=at - timedelta(days=366)).delete()[0]
