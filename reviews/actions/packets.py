"""Scoring offline: the packet is owed to the worker; what comes back is checked dry, and saved once confirmed.

Nothing that was saved on the page since is overwritten unless the expert says so, row by row.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Role
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from kczg.kit.workbooks import MEGABYTE, Unreadable
from nominations.inputs.sheets import Refusal
from nominations.models import Track
from nominations.rules.check_code import digest
from reviews import blinding, queries
from reviews.actions.scores import judge_track_scoring, save_scores
from reviews.inputs.packet import LIMITS, Given, read_packet
from reviews.models import Assignment, Expert, ReviewPlan, ScoreImport
from reviews.outputs.packet import ADVICE, COMMENT, heads

CHANGED, CONFLICT, UNCHANGED = "changed", "conflict", "unchanged"
SHOWN = 200
MOST_AN_HOUR = 20
"""Uploads of one expert."""


def open_sheets(user: Any, track: Track) -> list[Assignment]:
    """The expert's sheets of a track that can still be scored, by number."""
    rows = queries.assignments_of(user).filter(nomination__track=track, submitted_at=None, abstained_at=None)
    return list(rows.order_by("nomination__number"))


def _judge(expert: Expert, track: Track, by: Actor, at: datetime) -> list[Assignment]:
    if by.user is None or expert.user_id != by.user.pk:
        raise Refused(NOT_FOUND)
    sheets = open_sheets(by.user, track)
    if not sheets:
        raise Refused(refuse("nothing_open", _("没有可打分的任务"), status=409))
    judge_track_scoring(expert, track, at)
    return sheets


def packet_key(expert: Expert, track: Track, sheets: Collection[Assignment]) -> str:
    """One debt for each state of the sheets: asked twice, the packet is made once."""
    state = digest([[sheet.pk, sheet.edit_version] for sheet in sheets])[:16]
    return f"expert_packet:{expert.pk}:{track.pk}:{state}"


@transaction.atomic
def ask_packet(expert: Expert, track: Track, by: Actor, at: datetime) -> Job:
    """Owes the workbook of the expert's open tasks in a track; refused while nothing can be scored (409)."""
    sheets = _judge(expert, track, by, at)
    ids = [sheet.pk for sheet in sheets]
    key = packet_key(expert, track, sheets)
    return owe("expert_packet", key, owner=by.user, expert_id=expert.pk, track_id=track.pk, tasks=ids)


@transaction.atomic
def upload(expert: Expert, track: Track, file: UploadedFile, by: Actor, at: datetime) -> ScoreImport:
    """Keeps the file and owes the dry run; refused for one that is too large (413) and for too many (429)."""
    _judge(expert, track, by, at)
    if (file.size or 0) > LIMITS.packed:
        words = {"now": f"{(file.size or 0) / MEGABYTE:.1f}", "limit": LIMITS.packed // MEGABYTE}
        raise Refused(refuse("too_large", _("文件%(now)s MB，超过%(limit)s MB") % words, status=413))
    recent = ScoreImport.objects.filter(expert=expert, uploaded_at__gt=at - timedelta(hours=1))
    if recent.count() >= MOST_AN_HOUR:
        raise Refused(refuse("too_many", _("上传太频繁，1小时后再试"), status=429))
    row = ScoreImport(
        expert=expert, track=track, name=(file.name or "")[:200], uploaded_by=by.user, uploaded_at=at
    )
    row.file.save("", File(file), save=False)
    row.save()
    owe("score_import_check", check_key(row), owner=by.user, import_id=row.pk)
    return row


def check_key(row: ScoreImport) -> str:
    return f"score_import_check:{row.pk}"


def apply_key(row: ScoreImport) -> str:
    moment = row.confirmed_at.isoformat() if row.confirmed_at else ""
    return f"score_import:{row.pk}:{moment}"


@dataclass(frozen=True)
class Effect:
    """A line, what it does, and each difference: head, what is saved, what the file says."""

    given: Given
    what: str
    changes: tuple[tuple[str, str, str], ...]


def _plan(row: ScoreImport) -> tuple[ReviewPlan | None, list[Effect], list[Refusal]]:
    plan = queries.scoring_plan(row.track)
    sheets = {sheet.pk: sheet for sheet in open_sheets(row.expert.user, row.track)}
    if plan is None:
        return None, [], [Refusal("", 0, "", _("评审方案备案后才能分配和评审"))]
    try:
        with row.file.open("rb") as file:
            lines, refusals = read_packet(file, plan, sheets, row.expert_id)
    except Unreadable as unreadable:
        return plan, [], [Refusal("", 0, "", str(unreadable))]
    return plan, [_effect(given, plan) for given in lines], refusals


def _effect(given: Given, plan: ReviewPlan) -> Effect:
    sheet, typed = given.sheet, given.typed
    kept = {score.criterion: str(score.value) for score in sheet.scores.all()}
    form = heads(plan)
    changes = [
        (form[key], kept.get(key, ""), text.strip())
        for key, text in typed["typed"].items()
        if not _same(text, kept.get(key, ""))
    ]
    for head, saved, text in (
        (COMMENT, sheet.comment, typed["comment"]),
        (ADVICE, sheet.comment_applicant, typed["to_applicant"]),
    ):
        if text is not None and text != saved:
            changes.append((head, saved, text))
    if not changes:
        return Effect(given, UNCHANGED, ())
    return Effect(given, CHANGED if given.version == sheet.edit_version else CONFLICT, tuple(changes))


def _same(typed: str, saved: str) -> bool:
    plain = typed.strip()
    return plain == saved or (saved.endswith(".0") and plain == saved.removesuffix(".0"))


def _report(
    row: ScoreImport, plan: ReviewPlan | None, effects: list[Effect], refusals: list[Refusal]
) -> None:
    told = blinding.headings([effect.given.sheet.nomination for effect in effects], plan) if plan else {}
    row.report = {
        "refused": len(refusals),
        "refusals": [[r.sheet, r.line, r.column, r.reason] for r in refusals[:SHOWN]],
        "rows": [
            [e.given.line, e.given.label, told[e.given.sheet.nomination_id].title, e.what, [list(c) for c in e.changes],
             e.given.sheet.pk]
            for e in effects
        ],
    }  # fmt: skip
    row.state = ScoreImport.State.CHECKED
    row.save(update_fields=["report", "state"])


def check(row: ScoreImport, job: Job) -> None:
    """The dry run: what each line would change, and each cell that hinders it. Saves no score."""
    if row.state == ScoreImport.State.CHECKING:
        _report(row, *_plan(row))
        job.progress(len(row.rows), len(row.rows))


@transaction.atomic
def confirm(row: ScoreImport, taken: Collection[int], by: Actor, at: datetime) -> None:
    """Owes the saving of what was checked. ``taken``: the sheets of which the file counts though both sides changed.

    Asking twice has one effect (Q2).
    """
    locked = ScoreImport.objects.select_for_update().get(pk=row.pk)
    if locked.state in (ScoreImport.State.IMPORTING, ScoreImport.State.DONE):
        return
    _judge(row.expert, row.track, by, at)
    if not locked.importable:
        message = _("文件还不能导入")
        raise Refused(refuse("not_importable", message, _("改正列出的单元格后重新上传"), status=409))
    offered = {line[5] for line in locked.rows if line[3] == CONFLICT}
    locked.report = {**locked.report, "taken": sorted(offered & set(taken))}
    locked.state, locked.confirmed_by, locked.confirmed_at = ScoreImport.State.IMPORTING, by.user, at
    locked.save(update_fields=["report", "state", "confirmed_by", "confirmed_at"])
    owe("score_import", apply_key(locked), owner=by.user, import_id=row.pk)


@transaction.atomic
def apply(import_id: int, job: Job) -> None:
    """Saves the lines, or none: where a sheet changed since the check, the file is only checked anew."""
    row = ScoreImport.objects.select_for_update().get(pk=import_id)
    if row.state != ScoreImport.State.IMPORTING or row.confirmed_at is None:
        return
    plan, effects, refusals = _plan(row)
    told = {line[5]: (line[3], [list(change) for change in line[4]]) for line in row.rows}
    now = {e.given.sheet.pk: (e.what, [list(change) for change in e.changes]) for e in effects}
    if not refusals and told == now:
        try:
            with transaction.atomic():
                _save(row, effects, set(row.report.get("taken", ())))
        except Refused as refused:
            refusals = [Refusal("", 0, "", refused.verdict.message)]
        else:
            _finish(row, job)
            return
    _report(row, plan, effects, refusals)


def _save(row: ScoreImport, effects: list[Effect], taken: set[int]) -> None:
    assert row.confirmed_at is not None
    Track.objects.select_for_update().get(pk=row.track_id)  # Before the sheets, as everywhere.
    by = Actor(user=row.confirmed_by, role=Role.EXPERT)
    saved = 0
    for effect in effects:
        sheet = effect.given.sheet
        if effect.what == CHANGED or (effect.what == CONFLICT and sheet.pk in taken):
            save_scores(
                sheet, **effect.given.typed, by=by, at=row.confirmed_at, base_version=sheet.edit_version
            )
            saved += 1
    year = row.track.ranking.season.year
    record(
        "scores_imported", row.expert, by, row.confirmed_at, season_year=year, track=row.track_id, count=saved
    )


def _finish(row: ScoreImport, job: Job) -> None:
    """The file has done its work and goes: it holds what applicants wrote."""
    name = row.file.name or ""
    row.state, row.file = ScoreImport.State.DONE, ""
    row.save(update_fields=["state", "file"])
    job.progress(len(row.rows), len(row.rows))
    transaction.on_commit(lambda: row.file.storage.delete(name))
