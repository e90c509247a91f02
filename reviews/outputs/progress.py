"""How the scoring goes on day by day, as numbers for a table and as a line for the chart beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from nominations.models import Track
from reviews import queries

WIDTH, HEIGHT = 600, 120
"""The chart's own units; the page scales it."""
MOST_DAYS = 62


@dataclass(frozen=True)
class Day:
    """A day in Beijing: how many sheets were submitted on it, and how many by its end."""

    day: date
    count: int
    total: int


@dataclass(frozen=True)
class Chart:
    """The days from the first submission to the last one, and the line from 0 to all sheets."""

    days: list[Day]
    points: str
    all: int


def by_day(track: Track) -> Chart | None:
    """The submissions of a track's standing sheets by day; None as long as there is none. Two queries."""
    counts = queries.submitted_by_day(track)
    every = queries.sheet_counts(track)["sheets"]
    return chart(counts, every) if counts else None


def chart(counts: Mapping[date, int], every: int) -> Chart:
    """Day → how many, and how many there are in all → the table's rows and the chart's line.

    Days without a submission stand between; of a longer stretch the last ``MOST_DAYS`` are drawn.
    """
    first, last = min(counts), max(counts)
    days, total = [], 0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        total += counts.get(day, 0)
        days.append(Day(day, counts.get(day, 0), total))
    days = days[-MOST_DAYS:]
    step = WIDTH // max(len(days), 1)
    points = [
        f"{(n + 1) * step},{HEIGHT - day.total * HEIGHT // max(every, 1)}" for n, day in enumerate(days)
    ]
    return Chart(days, " ".join([f"0,{HEIGHT}", *points]), every)
