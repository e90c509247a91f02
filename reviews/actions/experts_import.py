"""Many experts at once: upload, a dry run by the worker, and, confirmed by a person, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.tables import LIMITS, Unreadable
from kczg.kit.verdicts import Refused, refuse
from kczg.kit.workbooks import MEGABYTE
from nominations.inputs.sheets import Refusal
from nominations.models import ReviewBody, Track
from reviews import queries
from reviews.actions import conflicts, profiles
from reviews.actions.experts import take_in
from reviews.actions.preliminary import required_plan
from reviews.inputs.experts import (
    EMAIL,
    NAME,
    SHEET,
    ExpertRow,
    Known,
    read_experts,
)
from reviews.models import BodyExpert, Expert, ExpertsImport, ReviewPlan

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
SHOWN = 200
"""Refused cells that are kept for the page; the number of all is told."""
STEP = 10


@dataclass(frozen=True)
class Effect:
    """A line and what it does: to whom who serves already, and what changes, in words."""

    one: ExpertRow
    what: str
    row: BodyExpert | None = None
    changes: tuple[str, ...] = ()


def known(track: Track, plan: ReviewPlan | None) -> Known:
    """The names that a file for this track may say."""
    tracks = {name: key for key, name in queries.fields_of(track.ranking.season).items()}
    return Known(tracks, {group["name"]: group["key"] for group in (plan.expert_groups if plan else [])})


@transaction.atomic
def begin(track: Track, body: ReviewBody, file: UploadedFile, by: Actor, at: datetime) -> ExpertsImport:
    """Keeps the file and owes the dry run. Refused without a recorded plan (409), and for a file too large (413)."""
    may(by.user, "track.review", track).or_raise()
    required_plan(track)
    if (file.size or 0) > LIMITS.packed:
        words = {"now": f"{(file.size or 0) / MEGABYTE:.1f}", "limit": LIMITS.packed // MEGABYTE}
        raise Refused(refuse("too_large", _("文件%(now)s MB，超过%(limit)s MB") % words, status=413))
    row = ExpertsImport(track=track, body=body, uploaded_by=by.user, uploaded_at=at)
    row.name = (file.name or "")[:200]
    row.file.save("", File(file), save=False)
    row.save()
    owe("experts_import_check", check_key(row), owner=by.user, import_id=row.pk)
    return row


def check_key(row: ExpertsImport) -> str:
    return f"experts_import_check:{row.pk}"


def apply_key(row: ExpertsImport) -> str:
    moment = row.confirmed_at.isoformat() if row.confirmed_at else ""
    return f"experts_import:{row.pk}:{moment}"


def check(row: ExpertsImport, job: Job) -> None:
    """The dry run: what each line would do, and each cell that hinders it. Takes nobody in."""
    if row.state == ExpertsImport.State.CHECKING:
        _report(row, *_plan(row, job))


def _plan(row: ExpertsImport, job: Job) -> tuple[list[Effect], list[Refusal]]:
    plan = queries.plan_in_force(row.track)
    names = known(row.track, plan)
    try:
        with row.file.open("rb") as file:
            rows, refusals = read_experts(file, names)
    except Unreadable as unreadable:
        return [], [Refusal("", 0, "", str(unreadable))]
    serving = BodyExpert.objects.filter(body=row.body).select_related("expert__user", "body")
    by_email = {each.expert.user.email.lower(): each for each in serving}
    effects = []
    for number, one in enumerate(rows, start=1):
        standing = by_email.get(one.email)
        effects.append(_effect(one, standing, names))
        refusals += _hindrances(one, standing)
        if number % STEP == 0:
            job.progress(number, len(rows))
    job.progress(len(rows), len(rows))
    return effects, refusals


def _effect(one: ExpertRow, row: BodyExpert | None, names: Known) -> Effect:
    if row is None:
        return Effect(one, ADDED)
    changes = []
    if one.facts and profiles.is_open(row):
        changes = [
            _change(_word(name), getattr(row.expert, name), one.facts[name])
            for name in profiles.differing(row.expert, one.facts)
        ]
    words = {key: name for name, key in names.groups.items()}
    if one.group and one.group != row.group:
        changes.append(_change(_("专家类别"), words.get(row.group, row.group), words[one.group]))
    if one.most is not None and one.most != row.most:
        changes.append(_change(_("最多评审项数"), row.most, one.most))
    return Effect(one, CHANGED if changes else UNCHANGED, row, tuple(changes))


def _word(fact: str) -> str:
    return str(getattr(Expert._meta.get_field(fact), "verbose_name", fact))


def _change(word: str, before: object, after: object) -> str:
    shown = ["、".join(each) if isinstance(each, list) else str(each or "") for each in (before, after)]
    return f"{word}：{shown[0] or '--'} → {shown[1]}"


def _hindrances(one: ExpertRow, row: BodyExpert | None) -> list[Refusal]:
    """Why a line can't be imported though its cells are right."""
    if row is None:
        return []
    if not row.is_active:
        words = _("此专家%(state)s，在专家页重新邀请") % {"state": row.state.label}
        return [Refusal(SHEET, one.line, EMAIL, words)]
    if one.name and one.name != row.expert.user.name:
        words = _("此邮箱的专家是%(name)s，核对姓名或邮箱") % {"name": row.expert}
        return [Refusal(SHEET, one.line, NAME, words)]
    return []


def _report(row: ExpertsImport, effects: Sequence[Effect], refusals: Sequence[Refusal]) -> None:
    refusals = sorted(refusals, key=lambda refusal: refusal.line)
    row.report = {
        "refused": len(refusals),
        "refusals": [[r.sheet, r.line, r.column, r.reason] for r in refusals[:SHOWN]],
        "rows": [[each.one.line, each.one.name, each.what, list(each.changes)] for each in effects],
    }
    row.state = ExpertsImport.State.CHECKED
    row.save(update_fields=["report", "state"])


@transaction.atomic
def confirm(row: ExpertsImport, by: Actor, at: datetime) -> None:
    """Owes the import of what was checked. Asking twice has one effect (Q2). Refused (409) with refused cells."""
    may(by.user, "track.review", row.track).or_raise()
    locked = ExpertsImport.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.state in (ExpertsImport.State.IMPORTING, ExpertsImport.State.DONE):
        return
    if not locked.importable:
        hint = _("改正列出的单元格后重新上传")
        raise Refused(refuse("not_importable", _("文件还不能导入"), hint, status=409))
    locked.state, locked.confirmed_by, locked.confirmed_at = ExpertsImport.State.IMPORTING, by.user, at
    locked.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    owe("experts_import", apply_key(locked), owner=by.user, import_id=row.pk)


@transaction.atomic
def apply(import_id: int, job: Job) -> None:
    """Imports all lines or none: what has come in the way since the check is told, and nobody is invited."""
    rows = ExpertsImport.objects.select_for_update(of=("self",)).select_related(
        "track__ranking__season", "body"
    )
    row = rows.get(pk=import_id)
    if row.state != ExpertsImport.State.IMPORTING or row.confirmed_at is None:
        return
    user = row.confirmed_by
    by = Actor(user=user, role=Role.BODY, organisation=user.organisation_in(Role.BODY) if user else None)
    # The tracks before the experts, as everywhere.
    list(Track.objects.select_for_update(of=("self",)).filter(bodies=row.body).order_by("pk"))
    effects, refusals = _plan(row, job)
    if not refusals:
        try:
            with transaction.atomic():
                for number, effect in enumerate(effects, start=1):
                    _import(row, effect, by, row.confirmed_at)
                    if number % STEP == 0:
                        job.progress(number, len(effects))
                for track in row.body.tracks.select_related("ranking__season"):
                    conflicts.refresh(track, row.confirmed_at, by)
        except Refused as refused:
            refusals = [Refusal("", 0, "", refused.verdict.message)]
    _report(row, effects, refusals)
    if not refusals:
        _done(row, by, row.confirmed_at)


def _import(row: ExpertsImport, effect: Effect, by: Actor, at: datetime) -> None:
    one, standing = effect.one, effect.row
    if standing is None:
        terms = {"group": one.group, "most": one.most}
        person = {"name": one.name, "email": one.email, **one.facts, **terms}
        take_in(row.track, row.body, person, by, at, compares=False)
    elif effect.what == CHANGED:
        most = standing.most if one.most is None else one.most
        profiles.set_terms(standing, row.track, one.group or standing.group, most, by, at)
        if profiles.is_open(standing):
            profiles.correct(standing, one.facts, by, at)


def _done(row: ExpertsImport, by: Actor, at: datetime) -> None:
    row.state = ExpertsImport.State.DONE
    name, row.file = str(row.file.name), ""
    row.save(update_fields=["state", "file"])
    counts: dict[str, Any] = {what: row.count(what) for what in (ADDED, CHANGED, UNCHANGED)}
    record("experts_imported", row.track, by, at, season_year=row.track.ranking.season.year, **counts)
    transaction.on_commit(lambda: row.file.storage.delete(name))
