"""Many recommending units at once: upload or starting list, a dry run by the worker, and, confirmed, all or none.

After the call has opened an import that changes what a unit may recommend is confirmed by another person than the
one who uploaded it (S7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, normalised
from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.tables import LIMITS, Unreadable
from kczg.kit.verdicts import Refused, refuse
from kczg.kit.workbooks import MEGABYTE
from nominations.actions.quota_changes import change_channels, decide_change
from nominations.inputs.sheets import Refusal
from nominations.inputs.units import CHANNELS, CODE, UnitRow, read_units, starting_list
from nominations.models import Place, QuotaChange, RecommendingUnit, Season, UnitsImport
from nominations.openings import call_openings
from nominations.rules.quota import takes_two_people

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
SHOWN = 200
"""Refused cells that are kept for the page; the number of all is told."""
STEP = 10


@dataclass(frozen=True)
class Effect:
    """A line and what it does: to which unit, and what changes of it, in words."""

    row: UnitRow
    what: str
    unit: RecommendingUnit | None = None
    changes: tuple[str, ...] = ()
    channels: bool = False


@transaction.atomic
def begin(
    season: Season, source: str, file: UploadedFile | None, reason: str, by: Actor, at: datetime
) -> UnitsImport:
    """Keeps the file, or names the starting list, and owes the dry run. Refused without a reason (422)."""
    may(by.user, "season.manage").or_raise()
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("填写导入原因"), status=422))
    row = UnitsImport(
        season=season, source=source, reason=reason.strip(), uploaded_by=by.user, uploaded_at=at
    )
    if file is not None:
        if (file.size or 0) > LIMITS.packed:
            words = {"now": f"{(file.size or 0) / MEGABYTE:.1f}", "limit": LIMITS.packed // MEGABYTE}
            raise Refused(refuse("too_large", _("文件%(now)s MB，超过%(limit)s MB") % words, status=413))
        row.name = (file.name or "")[:200]
        row.file.save("", File(file), save=False)
    row.save()
    owe("units_import_check", check_key(row), owner=by.user, import_id=row.pk)
    return row


def check_key(row: UnitsImport) -> str:
    return f"units_import_check:{row.pk}"


def apply_key(row: UnitsImport) -> str:
    moment = row.confirmed_at.isoformat() if row.confirmed_at else ""
    return f"units_import:{row.pk}:{moment}"


def check(row: UnitsImport, job: Job) -> None:
    """The dry run: what each line would do, and each cell that hinders it. Changes no unit."""
    if row.state == UnitsImport.State.CHECKING:
        _report(row, *_plan(row, job))


def _plan(row: UnitsImport, job: Job) -> tuple[list[Effect], list[Refusal]]:
    names = dict(row.season.channels.values_list("name", "key"))
    try:
        rows, refusals = _rows(row, names)
    except Unreadable as unreadable:
        return [], [Refusal("", 0, "", str(unreadable))]
    judge = _Judge(row, {key: name for name, key in names.items()})
    effects = []
    for number, one in enumerate(rows, start=1):
        effects.append(judge.effect(one))
        refusals += judge.hindrances(effects[-1])
        if number % STEP == 0:
            job.progress(number, len(rows))
    job.progress(len(rows), len(rows))
    return effects, refusals


def _rows(row: UnitsImport, names: dict[str, str]) -> tuple[list[UnitRow], list[Refusal]]:
    if row.source == UnitsImport.Source.FILE:
        with row.file.open("rb") as file:
            return read_units(file, names)
    rows = starting_list(row.source)
    lacking = {key for one in rows for key in one.channels} - set(names.values())
    words = _("本年度没有此名单的推荐渠道，先在年度设置中添加")
    return rows, [Refusal("", 0, "", words)] if lacking else []


class _Judge:
    """What each line does to the units of the season, as they stand now."""

    def __init__(self, row: UnitsImport, names: dict[str, str]):
        self.names, self.adds_only = names, row.source != UnitsImport.Source.FILE
        units = RecommendingUnit.objects.filter(season=row.season).select_related("organisation")
        found = list(units.prefetch_related("unit_channels__channel"))
        self.units = {unit.organisation.normalised_name: unit for unit in found}
        self.codes = {unit.organisation.credit_code: unit for unit in found if unit.organisation.credit_code}
        waiting = QuotaChange.objects.filter(season=row.season, approved=None, track=None)
        self.waiting = set(waiting.values_list("organisation_id", flat=True))
        held = Place.objects.filter(unit__season=row.season, recommendation__isnull=False)
        self.held = set(held.order_by().values_list("unit_id", "channel__key"))

    def effect(self, one: UnitRow) -> Effect:
        unit = self.units.get(one.key)
        if unit is None:
            return Effect(one, ADDED, None, (self._named(one.channels),), channels=True)
        if self.adds_only:
            return Effect(one, UNCHANGED, unit)
        before, changes = _channels(unit), []
        channels = before != set(one.channels)
        if channels:
            words = _("推荐渠道：%(before)s → %(after)s")
            changes.append(words % {"before": self._named(before), "after": self._named(one.channels)})
        changes += [
            f"{word}：{old or '--'} → {new}" for word, old, new in _facts(unit, one) if new not in ("", old)
        ]
        return Effect(one, CHANGED if changes else UNCHANGED, unit, tuple(changes), channels)

    def hindrances(self, effect: Effect) -> list[Refusal]:
        """Why a line can't be imported though its cells are right."""
        one, unit = effect.row, effect.unit
        other = self.codes.get(one.code) if one.code else None
        if other is not None and other != unit:
            words = _("此代码是%(unit)s的，核对名称和代码") % {"unit": other}
            return [Refusal("", one.line, CODE, words)]
        if unit is None or not effect.channels:
            return []
        if unit.organisation_id in self.waiting:
            return [Refusal("", one.line, CHANNELS[0], _("此单位有一项改动待批准，先办理那一项"))]
        lost = sorted(key for key in _channels(unit) - set(one.channels) if (unit.pk, key) in self.held)
        words = _("“%(channel)s”的名额已被使用，不能去掉；先由推荐单位撤回推荐")
        return [
            Refusal("", one.line, CHANNELS[0], words % {"channel": self.names.get(key, key)}) for key in lost
        ]

    def _named(self, keys: Any) -> str:
        return "；".join(name for key, name in self.names.items() if key in keys)


def _channels(unit: RecommendingUnit) -> set[str]:
    return {link.channel.key for link in unit.unit_channels.all()}


def _facts(unit: RecommendingUnit, one: UnitRow) -> list[tuple[str, str, str]]:
    """(word, what stands, what the line says) of what a line may say besides the channels."""
    return [
        (_("统一社会信用代码"), unit.organisation.credit_code or "", one.code),
        (_("联系人姓名"), unit.contact_name, one.person),
        (_("联系人邮箱"), unit.contact_email, one.email),
        (_("备注"), unit.remark, one.remark),
    ]


def _report(row: UnitsImport, effects: Sequence[Effect], refusals: Sequence[Refusal]) -> None:
    refusals = sorted(refusals, key=lambda refusal: refusal.line)
    row.report = {
        "refused": len(refusals),
        "refusals": [[r.sheet, r.line, r.column, r.reason] for r in refusals[:SHOWN]],
        "rows": [[each.row.line, each.row.name, each.what, list(each.changes)] for each in effects],
        "channels": any(each.channels for each in effects),
    }
    row.state = UnitsImport.State.CHECKED
    row.save(update_fields=["report", "state"])


def takes_two(row: UnitsImport, at: datetime) -> bool:
    """Whether another person than who uploaded it confirms: it changes channels, and the call has opened (S7)."""
    return row.changes_channels and takes_two_people(call_openings(row.season_id), at)


@transaction.atomic
def confirm(row: UnitsImport, by: Actor, at: datetime) -> None:
    """Owes the import of what was checked. Asking twice has one effect (Q2).

    Refused (409) with refused cells or nothing to do, and for who uploaded it where two people are needed.
    """
    may(by.user, "season.manage").or_raise()
    rows = UnitsImport.objects.select_for_update(of=("self",)).select_related("season")
    locked = rows.get(pk=row.pk)
    if locked.state in (UnitsImport.State.IMPORTING, UnitsImport.State.DONE):
        return
    if not locked.importable:
        hint = _("改正列出的单元格后重新上传")
        raise Refused(refuse("not_importable", _("文件还不能导入"), hint, status=409))
    if takes_two(locked, at) and locked.uploaded_by_id == by.user.pk:
        words = _("征集已开始，改变推荐渠道的导入由另一人确认")
        raise Refused(refuse("same_person", words, _("由秘书处另一位同事打开此页确认"), status=409))
    locked.state, locked.confirmed_by, locked.confirmed_at = UnitsImport.State.IMPORTING, by.user, at
    locked.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    owe("units_import", apply_key(locked), owner=by.user, import_id=row.pk)


@transaction.atomic
def apply(import_id: int, job: Job) -> None:
    """Imports all lines or none: what has come in the way since the check is told, and nothing is changed."""
    rows = UnitsImport.objects.select_for_update(of=("self",)).select_related("season")
    row = rows.select_related("uploaded_by", "confirmed_by").get(pk=import_id)
    if row.state != UnitsImport.State.IMPORTING or row.confirmed_at is None:
        return
    Season.objects.select_for_update(no_key=True).get(pk=row.season_id)
    user = row.confirmed_by
    by = Actor(user=user, role=Role.OFFICE, organisation=user.organisation_in(Role.OFFICE) if user else None)
    effects, refusals = _plan(row, job)
    if not refusals:
        try:
            with transaction.atomic():
                for number, effect in enumerate(effects, start=1):
                    _import(row, effect, by)
                    if number % STEP == 0:
                        job.progress(number, len(effects))
        except Refused as refused:
            refusals = [Refusal("", 0, "", refused.verdict.message)]
    _report(row, effects, refusals)
    if refusals:
        return
    row.state = UnitsImport.State.DONE
    row.save(update_fields=["state"])
    counts = {what: row.count(what) for what in (ADDED, CHANGED, UNCHANGED)}
    told: dict[str, Any] = {"source": row.source, "uploaded_by": row.uploaded_by.name, **counts}
    year, at = row.season.year, row.confirmed_at
    record("units_imported", row.season, by, at, season_year=year, reason=row.reason, **told)
    job.progress(len(effects), len(effects))
    if name := row.file.name:
        row.file = ""
        row.save(update_fields=["file"])
        transaction.on_commit(lambda: row.file.storage.delete(name))


def _import(row: UnitsImport, effect: Effect, by: Actor) -> None:
    one, unit = effect.row, effect.unit
    if effect.what == UNCHANGED:
        return
    organisation = unit.organisation if unit else unit_organisation(one.name, one.province)
    if effect.channels:
        unit = _set_channels(row, organisation, one, by)
    assert unit is not None  # who isn't there yet has got channels
    if one.code and organisation.credit_code != one.code:
        organisation.credit_code = one.code
        organisation.save(update_fields=["credit_code"])
    unit.contact_name = one.person or unit.contact_name
    unit.contact_email = one.email or unit.contact_email
    unit.remark = one.remark or unit.remark
    if row.source != UnitsImport.Source.FILE:
        unit.to_check = True
    unit.save(update_fields=["contact_name", "contact_email", "remark", "to_check"])


def _set_channels(row: UnitsImport, organisation: Organisation, one: UnitRow, by: Actor) -> RecommendingUnit:
    """Sets them at once, or, once the call has opened, as proposed by who uploaded it and agreed to by ``by`` (S7)."""
    assert row.confirmed_at is not None
    proposer = by if not takes_two(row, row.confirmed_at) else Actor(user=row.uploaded_by, role=Role.OFFICE)
    given = row.season, organisation, one.channels, row.reason
    done = change_channels(*given, proposer, row.confirmed_at)
    if isinstance(done, RecommendingUnit):
        return done
    decide_change(done, True, by, row.confirmed_at)
    return RecommendingUnit.objects.get(season=row.season, organisation=organisation)


def unit_organisation(name: str, province: str) -> Organisation:
    """The organisation of this name that no applicant acts for, made if there is none.

    Whoever registers may type any name, and says the facts of that row: a unit never shares it.
    """
    alike = Organisation.objects.filter(normalised_name=normalised(name))
    found = alike.exclude(memberships__role=Role.APPLICANT).order_by("pk").first()
    return found or Organisation.objects.create(name=name, province_code=province)


@transaction.atomic
def mark_checked(season: Season, ids: Sequence[int], by: Actor, at: datetime) -> int:
    """已核对: a person has looked at these units; how many were 待核对 before."""
    may(by.user, "season.manage").or_raise()
    rows = RecommendingUnit.objects.filter(season=season, pk__in=ids, to_check=True)
    names = list(rows.values_list("organisation__name", flat=True))
    if names:
        rows.update(to_check=False, checked_by=by.user, checked_at=at)
        record("units_checked", season, by, at, season_year=season.year, names=names)
    return len(names)
