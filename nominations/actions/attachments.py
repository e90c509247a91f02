"""Files of a nomination: the answers stay true to the rows, and what nothing names any more is cleared away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from kczg.kit import uploads
from kczg.kit.models import StoredFile
from nominations import queries
from nominations.fields import files
from nominations.models import Attachment, Nomination

GRACE = timedelta(days=1)
"""So long a file is kept that the draft doesn't name: another page may name it again, or not yet."""


def true_answers(nomination: Nomination, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with each file as its row has it; what isn't this nomination's, at this place, is dropped."""
    form = nomination.ranking.form
    asked = {question.key: question for _place, question, _holder in files.places(form)} if form else {}
    if not asked.keys() & answers.keys():
        return dict(answers)
    known = queries.files_of(nomination)
    return {
        key: files.completed(asked[key], value, known) if key in asked else value
        for key, value in answers.items()
    }


def follow(nomination: Nomination, before: Mapping[str, Any], at: datetime) -> None:
    """Marks what the answers of a locked nomination name no more, and takes back what they name again."""
    form = nomination.ranking.form
    if form is None or not any(files.places(form)):
        return
    was = {entry["id"] for entry in files.named_in(form, before)}
    now = {entry["id"] for entry in files.named_in(form, nomination.answers)}
    rows = nomination.attachments
    rows.filter(file__public_id__in=was - now, removed_at=None).update(removed_at=at)
    rows.filter(file__public_id__in=now).exclude(removed_at=None).update(removed_at=None)


@transaction.atomic
def follow_check(stored: StoredFile) -> None:
    """Writes what a check found into the draft that names the file; nobody's save is in its way."""
    row = Attachment.objects.filter(file=stored).first()
    if row is None:
        return
    nomination = Nomination.objects.select_for_update().get(pk=row.nomination_id)
    answers = true_answers(nomination, nomination.answers)
    if answers != nomination.answers:
        nomination.answers = answers
        nomination.edit_version += 1
        nomination.save(update_fields=["answers", "edit_version"])


def clear_away(at: datetime) -> int:
    """Deletes files that were taken out, or never named, a day ago, and that no version names; returns how many."""
    cleared = 0
    old = Attachment.objects.filter(added_at__lt=at - GRACE).exclude(removed_at__gte=at - GRACE)
    for number in old.values_list("nomination_id", flat=True).distinct():
        cleared += _clear(number, at)
    return cleared


@transaction.atomic
def _clear(nomination_id: int, at: datetime) -> int:
    nomination = Nomination.objects.select_for_update().get(pk=nomination_id)
    named = queries.file_ids_named(nomination)
    old = nomination.attachments.filter(added_at__lt=at - GRACE).exclude(removed_at__gte=at - GRACE)
    gone = [row for row in old.select_related("file") if row.file.public_id not in named]
    for row in gone:
        row.delete()
        uploads.discard(row.file)
    return len(gone)
