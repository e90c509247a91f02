"""Sending a file along with a nomination: who, when, and how many, asked before it is taken and under the lock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from accounts.models import Organisation
from kczg.kit import uploads
from kczg.kit.record import Actor, record
from kczg.kit.uploads.words import megabytes
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.actions.applicant import judge_edit
from nominations.actions.reopened import judge_questions
from nominations.fields import files
from nominations.fields.rows import MOST as MOST_ROWS
from nominations.models import Attachment, Nomination

PURPOSE = "nomination"
UNDER_WAY = timedelta(minutes=10)
"""So long after it came a file counts that no answer names: later its page was closed, or it was cancelled."""


def add(nomination: Nomination, place: str, upload: UploadedFile, by: Actor, at: datetime) -> Attachment:
    """Takes in a file for a place of the form; the answers name it with the page's next save.

    Asked first and again under the lock: who, when, and how many. Raises Refused with the words.
    """
    judge_edit(nomination, by, at)
    most = _most_at(nomination, place)
    question = place.partition(".")[0]
    judge_questions(nomination, [question])
    stored = uploads.receive(upload, by.user, PURPOSE, at)
    try:
        with transaction.atomic():
            # The organisation first, then the nomination: sums over both stand still until this is written.
            Organisation.objects.select_for_update().get(pk=nomination.applicant_id)
            locked = Nomination.objects.select_for_update().get(pk=nomination.pk)
            judge_edit(locked, by, at)
            judge_questions(locked, [question])
            _judge_room(locked, place, most, stored.size, at)
            row = Attachment.objects.create(
                nomination=locked, file=stored, place=place, added_at=at, added_by=by.user
            )
            record("file_added", locked, by, at, season_year=locked.season.year, file=stored.public_id)
    except Exception:
        uploads.discard(stored)
        raise
    return row


def _most_at(nomination: Nomination, place: str) -> int:
    """How many files a place takes; raises Refused (404) for one that the form doesn't have."""
    form = nomination.ranking.form
    for name, question, holder in files.places(form) if form else ():
        if name == place:
            rows = (question.max_count or MOST_ROWS) if question is not holder else 1
            return files.most_of(holder) * rows
    raise Refused(NOT_FOUND)


def _standing(nomination: Nomination, place: str, at: datetime) -> int:
    """How many files a place has: those that the draft names, and those that a page may be about to name."""
    rows = nomination.attachments.filter(place=place, removed_at=None)
    form = nomination.ranking.online_form
    named = [entry["id"] for entry in files.named_in(form, nomination.answers)]
    return rows.filter(Q(file__public_id__in=named) | Q(added_at__gt=at - UNDER_WAY)).count()


def _judge_room(nomination: Nomination, place: str, most: int, size: int, at: datetime) -> None:
    """Raises Refused where a file more would be too many for its place, its form or its organisation."""
    if _standing(nomination, place, at) >= most:
        raise Refused(
            refuse(
                "too_many_files",
                _("最多%(limit)d个文件，删除不需要的再上传") % {"limit": most},
                status=422,
            )
        )
    of_unit = Attachment.objects.filter(nomination__applicant_id=nomination.applicant_id)
    for rows, limit, words in (
        (
            nomination.attachments.all(),
            settings.FORM_FILES_MAX_BYTES,
            _("此申报的文件共%(now)s MB，超过%(limit)s MB"),
        ),
        (of_unit, settings.UNIT_FILES_MAX_BYTES, _("本单位各申报的文件共%(now)s MB，超过%(limit)s MB")),
    ):
        together = size + (rows.filter(removed_at=None).aggregate(n=Sum("file__size"))["n"] or 0)
        if together > limit:
            message = words % {"now": megabytes(together), "limit": megabytes(limit)}
            hint = _("删除不需要的文件，或降低扫描分辨率后上传")
            raise Refused(refuse("files_too_big", message, hint, status=422))
