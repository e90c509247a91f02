"""Reminders: who still has something to do before the gate is told in time, each time once."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from kczg.kit.models import Job
from kczg.kit.outbox import owe
from nominations import queries
from nominations.models import Nomination, Season
from nominations.openings import Openings
from nominations.rules.reminders import due
from nominations.states import UNSUBMITTED, State, Window

CHUNK = 500


def remind(at: datetime) -> int:
    """Owes the letters whose time has come: to applicants one for each draft, to units one for all that waits.

    Safe to run at any time: a letter's key names its gate and its time before it. Returns how many are new.
    """
    season = queries.current_season()
    if season is None:
        return 0
    return _applicants(season, at) + _units(season, at)


def _applicants(season: Season, at: datetime) -> int:
    openings, count = Openings([season.pk]), 0
    rows = Nomination.objects.filter(season=season, state__in=[str(state) for state in UNSUBMITTED])
    for row in rows.defer("answers", "section_versions").iterator(CHUNK):
        opening = openings.of(row, Window.CALL)
        before = due(opening.closes, row.created_at, at) if opening and opening.closes else None
        if opening and opening.closes and before:
            key = f"notice:closing_soon:{row.pk}:{_mark(opening.closes, before)}"
            count += _owe(key, name="closing_soon", nomination_id=row.pk)
    return count


def _units(season: Season, at: datetime) -> int:
    openings = Openings([season.pk])
    waiting: dict[tuple[int, datetime], datetime] = defaultdict(lambda: at)
    rows = Nomination.objects.filter(
        season=season, state=State.SUBMITTED, unit__isnull=False, submitted_at__isnull=False
    )
    for row in rows.defer("answers", "section_versions").iterator(CHUNK):
        opening = openings.of(row, Window.RECOMMENDATION)
        if opening and opening.closes and row.unit_id and row.submitted_at:
            key = (row.unit_id, opening.closes)
            waiting[key] = min(waiting[key], row.submitted_at)
    count = 0
    for (unit, closes), since in waiting.items():
        if before := due(closes, since, at):
            key_text = f"notice:unit_waiting:{unit}:{_mark(closes, before)}"
            count += _owe(key_text, name="unit_waiting", unit_id=unit)
    return count


def _mark(closes: datetime, before: timedelta) -> str:
    return f"{closes.isoformat()}:{int(before.total_seconds() // 3600)}h"


@transaction.atomic
def _owe(key: str, **args: Any) -> int:
    if Job.objects.filter(key=key).exists():
        return 0
    owe("notice_mail", key, **args)
    return 1
