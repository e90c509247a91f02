"""Reads: the load to expect by hour before the gate, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncHour

from nominations.models import Nomination, RecommendingUnit, Season
from nominations.openings import Openings
from nominations.rules import load as rules
from nominations.rules.load import Hour
from nominations.states import UNSUBMITTED, Window

DAYS = timedelta(days=7)
"""So long before the gate submissions are counted by hour."""


@dataclass(frozen=True)
class Load:
    """The hours in which something is expected or came, in order; what is still unfinished in the season."""

    hours: list[Hour]
    unfinished: int
    overdue: int
    """How many of them are past their unit's inner deadline; they are expected at the gate."""
    gate: datetime | None

    @property
    def expected(self) -> dict[datetime, int]:
        return {hour.begins: hour.expected for hour in self.hours}

    def piled(self, at: datetime) -> list[Hour]:
        return rules.piled(self.hours, self.unfinished, at)

    def with_one_more(self, until: datetime, own: int) -> Hour:
        """The hour of a deadline as it would be with one more unit that brings ``own`` nominations."""
        begins = rules.hour_of(until)
        hour = next((hour for hour in self.hours if hour.begins == begins), Hour(begins))
        return replace(hour, units=hour.units + 1, expected=hour.expected + own)


def load(season: Season, at: datetime, leaving: RecommendingUnit | None = None) -> Load:
    """What is to be expected when: each unfinished nomination at its unit's inner deadline, where that lies
    ahead, else at its own gate with what was extended. ``leaving``: without this unit's deadline, which moves."""
    openings = Openings([season.pk])
    call = openings.for_all(season.pk, Window.CALL)
    gate = call.closes if call else None
    expected, units, overdue = Counter[datetime](), Counter[datetime](), 0
    rows = Nomination.objects.filter(season=season, state__in=[str(state) for state in UNSUBMITTED])
    names = ("pk", "season_id", "ranking_id", "track_id", "created_at", "unit_id", "unit__inner_deadline")
    left = list(rows.order_by().values_list(*names, named=True))
    for row in left:
        inner = row.unit__inner_deadline
        overdue += inner is not None and inner <= at
        if leaving is not None and row.unit_id == leaving.pk:
            continue
        until = inner if inner is not None and inner > at else _gate(openings, row)
        if until is not None and until > at:
            expected[rules.hour_of(until)] += 1
    set_ = RecommendingUnit.objects.filter(season=season, inner_deadline__isnull=False)
    for pk, inner in set_.values_list("pk", "inner_deadline"):
        if inner is not None and (leaving is None or pk != leaving.pk):
            units[rules.hour_of(inner)] += 1
    came = _submissions(season, gate)
    hours = [Hour(h, units[h], expected[h], came[h]) for h in sorted({*expected, *units, *came})]
    return Load(hours, len(left), overdue, gate)


def _gate(openings: Openings, row: Any) -> datetime | None:
    opening = openings.of(row, Window.CALL)
    return opening.closes if opening else None


def _submissions(season: Season, gate: datetime | None) -> Counter[datetime]:
    if gate is None:
        return Counter()
    rows = Nomination.objects.filter(season=season, submitted_at__gte=gate - DAYS).order_by()
    counted = rows.annotate(hour=TruncHour("submitted_at")).values("hour").annotate(n=Count("pk"))
    return Counter({row["hour"]: row["n"] for row in counted})


def unfinished_of(unit: RecommendingUnit) -> int:
    """How many nominations that name a unit are still with their applicants."""
    return unit.nominations.filter(state__in=[str(state) for state in UNSUBMITTED]).count()
