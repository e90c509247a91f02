"""Rules: how many submissions to expect in which hour before the gate, and where deadlines pile up.

Nothing here refuses anything: a deadline that a unit sets itself is its wish, the gate alone decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kczg.kit.clock import local

HOUR = timedelta(hours=1)
MANY_UNITS = 10
"""So many units with their inner deadline in one hour are many, whatever they bring."""
FEW_UNITS = 2
SHARE = 20
"""Percent of all unfinished nominations that are much for one hour, where several units' deadlines bring them."""
BEGINS, ENDS = 9, 18
"""The hours of a working day in Beijing, for suggestions."""
NEAR = timedelta(days=2)
"""So far from the hour that a unit thought of a quieter one is looked for."""


@dataclass(frozen=True)
class Hour:
    """One hour from ``begins``: units whose inner deadline falls there, nominations expected, submissions so far."""

    begins: datetime
    units: int = 0
    expected: int = 0
    submitted: int = 0

    @property
    def ends(self) -> datetime:
        return self.begins + HOUR


def hour_of(until: datetime) -> datetime:
    """The hour in which a window that ends at ``until``, exclusive, has its last minutes; 18:00 gives 17:00."""
    return (until - timedelta(microseconds=1)).replace(minute=0, second=0, microsecond=0)


def is_crowded(hour: Hour, unfinished: int) -> bool:
    """Whether inner deadlines pile up in an hour: 10 units or more; or at least two, with 20 % of what is left."""
    if hour.units >= MANY_UNITS:
        return True
    return hour.units >= FEW_UNITS and hour.expected > 0 and hour.expected * 100 >= SHARE * unfinished


def share(hour: Hour, unfinished: int) -> int:
    """Percent of what is left that is expected in an hour, rounded down."""
    return hour.expected * 100 // unfinished if unfinished else 0


def quieter(
    expected: Mapping[datetime, int], about: datetime, after: datetime, before: datetime, most: int = 3
) -> list[datetime]:
    """Up to ``most`` hours near ``about`` with less expected, in their order: within the working day in Beijing,
    beginning after ``after`` and over by ``before``; the emptiest first, of equal ones the nearest."""
    steps = int(NEAR / HOUR)
    near = [about + HOUR * n for n in range(-steps, steps + 1) if n]
    fitting = [
        hour
        for hour in near
        if after <= hour
        and hour + HOUR <= before
        and BEGINS <= local(hour).hour < ENDS
        and expected.get(hour, 0) < expected.get(about, 0)
    ]
    fitting.sort(key=lambda hour: (expected.get(hour, 0), abs(hour - about), hour))
    return sorted(fitting[:most])


def piled(hours: Sequence[Hour], unfinished: int, at: datetime) -> list[Hour]:
    """The hours that aren't over yet in which inner deadlines pile up."""
    return [hour for hour in hours if hour.ends > at and is_crowded(hour, unfinished)]
