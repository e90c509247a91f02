"""Nominations whose forms take files, filled in through the real actions, and files sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Job, StoredFile
from nominations.actions import applicant as actions
from nominations.actions.beginning import begin
from nominations.actions.sending import add
from nominations.models import Attachment, Nomination
from tests import cast, files
from tests.nominations.rankings.samples import full

AT = cast.DURING_CALL
ANNEXES, SCAN = "attachments_files", "certificates.scan"


def draft(
    key: str = "startup_employment",
    category: str = "创业先锋",
    by: Any = None,
    at: datetime = AT,
    **changes: Any,
) -> Nomination:
    """A complete draft without files; key technology_manager has no category."""
    who, of = cast.acting(by or cast.cast("applicant"), Role.APPLICANT), cast.ranking(key)
    nomination = begin(
        of,
        who,
        at,
        applicant=who.organisation,
        unit=cast.unit(),
        category=category,
        promises=[condition.key for condition in of.form.conditions],
    )
    return write(nomination, full(key, category, **changes), by, at)


def manager(**changes: Any) -> Nomination:
    return draft("technology_manager", "", **changes)


def write(nomination: Nomination, answers: dict[str, Any], by: Any = None, at: datetime = AT) -> Nomination:
    """Saves answers section by section, as pages do."""
    who = cast.acting(by or cast.cast("applicant"), Role.APPLICANT)
    for section in nomination.ranking.form.sections:
        updates = {q.key: answers[q.key] for q in section.questions if q.key in answers}
        if updates:
            base = cast.reread(nomination).section_version(section.key)
            actions.save_draft(nomination, section.key, updates, base, who, at)
    return cast.reread(nomination)


def send(
    nomination: Nomination, place: str = ANNEXES, content: bytes = b"", by: Any = None, **named: Any
) -> Attachment:
    who = cast.acting(by or cast.cast("applicant"), Role.APPLICANT)
    return add(nomination, place, files.upload(content or files.pdf(), **named), who, AT)


def judge(row: Attachment) -> StoredFile:
    """Lets the worker's check of a file happen."""
    outbox.run(Job.objects.get(key=f"check_file:{row.file_id}").pk)
    return StoredFile.objects.get(pk=row.file_id)


def with_annex(content: bytes = b"", **named: Any) -> tuple[Nomination, StoredFile]:
    """A complete draft that names one checked file."""
    nomination = draft()
    row = send(nomination, content=content, **named)
    nomination = write(nomination, {ANNEXES: [row.file.public_id]})
    stored = judge(row)
    return cast.reread(nomination), stored


def submit(nomination: Nomination) -> Nomination:
    cast.resubmit(nomination)
    return cast.reread(nomination)
