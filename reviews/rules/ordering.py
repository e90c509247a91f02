"""From figures to an order: ranks, ties and the line of the shortlist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Entry:
    """One nomination with its figure, and its mean on the criterion of the highest weight for ties."""

    key: str
    figure: Fraction
    tie_breaker: Fraction


@dataclass(frozen=True)
class Ranked:
    """An entry with its rank; ``tied`` where another has the same figure and tie breaker."""

    entry: Entry
    rank: int
    tied: bool
    shortlisted: bool


def order(entries: Sequence[Entry], shortlist: int) -> list[Ranked]:
    """Ranks entries: higher figure first, then the higher tie breaker; equal ones share a rank (1, 2, 2, 4).

    Those of rank up to ``shortlist`` pass; entries that are tied at the line pass together. Within a shared
    rank the key orders, so that the same scores always give the same table.
    """
    placed = sorted(entries, key=lambda e: (-e.figure, -e.tie_breaker, e.key))
    values = [(e.figure, e.tie_breaker) for e in placed]
    return [
        Ranked(
            entry=entry,
            rank=values.index(value) + 1,
            tied=values.count(value) > 1,
            shortlisted=values.index(value) + 1 <= shortlist,
        )
        for entry, value in zip(placed, values, strict=True)
    ]
