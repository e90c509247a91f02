"""A track's assignments from a workbook: upload, a dry run by the worker, and, confirmed, all of it or nothing."""

from __future__ import annotations

from datetime import datetime

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Role
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.tables import Unreadable
from kczg.kit.verdicts import Refused, refuse
from kczg.kit.workbooks import MEGABYTE
from nominations.inputs.sheets import Refusal
from nominations.models import Track
from reviews import queries
from reviews.actions.assigning import assign, judge_open
from reviews.inputs.assignments import LIMITS, Table, read_assignments
from reviews.models import AssignmentsImport
from reviews.queries import Board
from reviews.rules.assigning import Pair

ADDED, REMOVED = "added", "removed"
SHOWN = 200
"""Refused cells that are kept for the page; the number of all is told."""
States = AssignmentsImport.State


@transaction.atomic
def upload(track: Track, file: UploadedFile, by: Actor, at: datetime) -> AssignmentsImport:
    """Keeps the file and owes its dry run. Refused where no task may be given now, or the file is too large (413)."""
    judge_open(track, by, at)
    if (file.size or 0) > LIMITS.packed:
        words = {"now": f"{(file.size or 0) / MEGABYTE:.1f}", "limit": LIMITS.packed // MEGABYTE}
        raise Refused(refuse("too_large", _("文件%(now)s MB，超过%(limit)s MB") % words, status=413))
    row = AssignmentsImport(track=track, uploaded_by=by.user, uploaded_at=at, name=(file.name or "")[:200])
    row.file.save("", File(file), save=False)
    row.save()
    owe("assignments_import_check", check_key(row), owner=by.user, import_id=row.pk)
    return row


def check_key(row: AssignmentsImport) -> str:
    return f"assignments_import_check:{row.pk}"


def apply_key(row: AssignmentsImport) -> str:
    moment = row.confirmed_at.isoformat() if row.confirmed_at else ""
    return f"assignments_import:{row.pk}:{moment}"


def check(row: AssignmentsImport) -> None:
    """The dry run: which tasks would be given and taken away, and each cell that hinders it. Changes no task."""
    if row.state == States.CHECKING:
        _report(row, *_plan(row))


def _plan(row: AssignmentsImport) -> tuple[Board, Table]:
    plan = queries.plan_in_force(row.track)
    if plan is None:
        raise LookupError(f"{row.track} has no recorded plan")
    board = queries.board(row.track, plan)
    try:
        with row.file.open("rb") as file:
            return board, read_assignments(file, row.track, board)
    except Unreadable as unreadable:
        return board, Table(refusals=[Refusal("", 0, "", str(unreadable))])


def _report(row: AssignmentsImport, board: Board, table: Table) -> None:
    names = {expert.pk: str(expert) for expert in board.experts}

    def line(pair: Pair, what: str) -> list:
        return [table.spoken[pair], board.nominations[pair[1]], names[pair[0]], what, list(pair)]

    added = [line(pair, ADDED) for pair in table.ticked.keys() - board.standing]
    removed = [
        line(pair, REMOVED) for pair in table.spoken.keys() & board.standing if pair not in table.ticked
    ]
    refusals = sorted(table.refusals, key=lambda refusal: refusal.line)
    row.report = {
        "refused": len(refusals),
        "refusals": [[r.sheet, r.line, r.column, r.reason] for r in refusals[:SHOWN]],
        "rows": sorted(added + removed),
    }
    row.state = States.CHECKED
    row.save(update_fields=["report", "state"])


@transaction.atomic
def confirm(row: AssignmentsImport, by: Actor, at: datetime) -> None:
    """Owes the import of what was checked. Asking twice has one effect (Q2). Refused (409) with refused cells."""
    judge_open(row.track, by, at)
    locked = AssignmentsImport.objects.select_for_update().get(pk=row.pk)
    if locked.state in (States.IMPORTING, States.DONE):
        return
    if not locked.importable:
        hint = _("改正列出的单元格后重新上传")
        raise Refused(refuse("not_importable", _("文件还不能导入"), hint, status=409))
    locked.state, locked.confirmed_by, locked.confirmed_at = States.IMPORTING, by.user, at
    locked.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    owe("assignments_import", apply_key(locked), owner=by.user, import_id=row.pk)


@transaction.atomic
def apply(import_id: int) -> None:
    """Publishes the tasks as the table has them, all or none: what came in the way since the check is told."""
    rows = AssignmentsImport.objects.select_for_update(of=("self",)).select_related("confirmed_by")
    row = rows.select_related("track__ranking__season").get(pk=import_id)
    if row.state != States.IMPORTING or row.confirmed_at is None or row.confirmed_by is None:
        return
    user = row.confirmed_by
    by = Actor(user=user, role=Role.BODY, organisation=user.organisation_in(Role.BODY))
    Track.objects.select_for_update().get(pk=row.track_id)
    board, table = _plan(row)
    pairs = table.pairs(board)
    if not table.refusals:
        try:
            with transaction.atomic():
                assign(row.track, pairs, by, row.confirmed_at)
        except Refused as refused:
            table.refusals.append(Refusal("", 0, "", refused.verdict.message))
    _report(row, board, table)
    if table.refusals:
        return
    row.state = States.DONE
    row.save(update_fields=["state"])
    if name := row.file.name:
        row.file = ""
        row.save(update_fields=["file"])
        transaction.on_commit(lambda: row.file.storage.delete(name))


def request_book(track: Track, by: Actor, at: datetime) -> Job:
    """Owes the table as it stands, for this person to download; anew if asked again."""
    judge_open(track, by, at)
    key = f"assignments_xlsx:{track.pk}:{by.user.pk}"
    job = owe("assignments_xlsx", key, owner=by.user, again=True, track_id=track.pk)
    record("exported", job, by, at, season_year=track.ranking.season.year, kind=job.kind)
    return job
