"""What the secretariat does with the season's lists: import rows, mark them checked, remove them, call a list whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.clock import local
from kczg.kit.record import SYSTEM, Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.inputs.lists import HONOUREES, excluding_lists, identity
from nominations.models import PILOT_PLACES, Honouree, ListImport, ListState, PilotPlace, Season

MODELS: dict[str, Any] = {HONOUREES: Honouree, PILOT_PLACES: PilotPlace}
CHECKED = ("checked_by", "checked_on")


@dataclass(frozen=True)
class Counts:
    """What an import does, or would do."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


def _judge(by: Actor) -> None:
    if by is not SYSTEM:  # No request can act as this one object: Actor.of makes others.
        may(by.user, "season.manage").or_raise()


def _standing(season: Season, kind: str) -> dict[tuple[str, ...], Any]:
    rows = MODELS[kind].objects.filter(season=season)
    return {identity(kind, {**_texts(row), "name": row.name}): row for row in rows}


def _texts(row: Any) -> dict[str, str]:
    names = (
        "ranking_name",
        "track_name",
        "organisation_name",
        "credit_code",
        "kind",
        "province_code",
        "source",
    )
    return {name: getattr(row, name) for name in ("name", *names) if hasattr(row, name)}


def preview(season: Season, kind: str, rows: Sequence[Mapping[str, str]]) -> Counts:
    """What importing these rows would do; nothing is written."""
    standing = _standing(season, kind)
    found = [_apply(standing.get(identity(kind, row)), row, kind, season) for row in rows]
    return Counts(
        sum(fresh for fresh, _row, _differs in found),
        sum(differs and not fresh for fresh, _row, differs in found),
        sum(not differs for _fresh, _row, differs in found),
    )


def _apply(row: Any, given: Mapping[str, str], kind: str, season: Season) -> tuple[bool, Any, bool]:
    """The line with what the file says of it, unsaved: whether it is new, the line, whether anything differs.

    A file that doesn't say who checked a line leaves the mark alone where it says nothing else new, and takes
    it away where it does: what was checked is then no longer what stands.
    """
    fresh = row is None
    row = MODELS[kind](season=season) if fresh else row
    texts = {key: value for key, value in given.items() if key not in CHECKED}
    differs = fresh or any(getattr(row, key) != value for key, value in texts.items())
    marks = (given["checked_by"], date.fromisoformat(given["checked_on"]) if given["checked_on"] else None)
    if differs or any(marks):
        differs = differs or marks != (row.checked_by, row.checked_on)
        row.checked_by, row.checked_on = marks
    for key, value in texts.items():
        setattr(row, key, value)
    return fresh, row, differs


@transaction.atomic
def import_rows(
    season: Season, kind: str, rows: Sequence[Mapping[str, str]], by: Actor, at: datetime
) -> Counts:
    """Writes the rows that ``inputs.lists`` read: new ones are added, those that are there follow the file.

    What the file doesn't hold is left alone. Run twice, the second time changes nothing.
    """
    _judge(by)
    Season.objects.select_for_update().get(pk=season.pk)
    standing = _standing(season, kind)
    new = changed = 0
    for given in rows:
        fresh, row, differs = _apply(standing.get(identity(kind, given)), given, kind, season)
        if differs:
            row.save()
            new, changed = new + fresh, changed + (not fresh)
    counts = Counts(new, changed, len(rows) - new - changed)
    record("list_imported", season, by, at, season_year=season.year, list=kind, **vars(counts))
    return counts


@transaction.atomic
def confirm(waiting: ListImport, by: Actor, at: datetime) -> Counts:
    """Imports what a person has looked at; asked twice, it is imported once (Q2)."""
    _judge(by)
    locked = ListImport.objects.select_for_update(of=("self",)).select_related("season").get(pk=waiting.pk)
    if locked.done_at is not None:
        return Counts(unchanged=len(locked.rows))
    counts = import_rows(locked.season, locked.kind, locked.rows, by, at)
    locked.done_at = at
    locked.save(update_fields=["done_at"])
    return counts


@transaction.atomic
def set_whole(season: Season, key: str, whole: bool, reason: str, by: Actor, at: datetime) -> None:
    """Says that a list is whole, or no longer, with a reason. ``key``: an earlier ranking's name, or pilot_places."""
    _judge(by)
    if key not in (*excluding_lists(season), PILOT_PLACES):
        raise Refused(refuse("unknown_list", _("没有这份名单"), status=422))
    _require(reason)
    state, _fresh = ListState.objects.select_for_update().get_or_create(
        season=season, key=key, defaults={"changed_at": at}
    )
    if state.complete == whole:
        return
    state.complete, state.changed_at, state.changed_by = whole, at, by.user
    state.save()
    record(
        "list_state_set",
        season,
        by,
        at,
        season_year=season.year,
        reason=reason.strip(),
        list=key,
        whole=whole,
    )


@transaction.atomic
def check_lines(season: Season, kind: str, ids: Collection[int], by: Actor, at: datetime) -> int:
    """Marks lines as checked by this person today; how many were not before."""
    _judge(by)
    rows = MODELS[kind].objects.filter(season=season, pk__in=ids, checked_by="")
    names = list(rows.values_list("name", flat=True))
    if names:
        rows.update(checked_by=by.user.name[:60], checked_on=local(at).date())
        record("list_lines_checked", season, by, at, season_year=season.year, list=kind, names=names)
    return len(names)


@transaction.atomic
def remove_lines(
    season: Season, kind: str, ids: Collection[int], reason: str, by: Actor, at: datetime
) -> int:
    """Takes lines off a list, with a reason; the record keeps their names and sources."""
    _judge(by)
    rows = list(MODELS[kind].objects.filter(season=season, pk__in=ids))
    if not rows:
        return 0
    _require(reason)
    removed = [_texts(row) for row in rows]
    MODELS[kind].objects.filter(pk__in=[row.pk for row in rows]).delete()
    record(
        "list_lines_removed",
        season,
        by,
        at,
        season_year=season.year,
        reason=reason.strip(),
        list=kind,
        removed=removed,
    )
    return len(rows)


def _require(reason: str) -> None:
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("填写改动原因"), status=422))
