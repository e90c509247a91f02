"""How far experts agree, how severe each is, and what the order owes to one of them or to the recipe. Exact.

Sources: M. G. Kendall and B. Babington Smith, "The problem of m rankings" (1939), with the correction for ties;
K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), for interval data.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reviews.rules.recipe import KINDS, Recipe, Sheet, apply, mean, total

Table = Mapping[str, Mapping[str, Fraction]]
"""Expert → nomination → total."""


def table(recipe: Recipe, sheets: Iterable[Sheet]) -> dict[str, dict[str, Fraction]]:
    """Every expert's totals on a scale of 100, by nomination."""
    found: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for sheet in sheets:
        found[sheet.expert][sheet.nomination] = total(recipe, sheet)
    return dict(found)


def ranks(values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Ranks from 1, the highest value first; equal values share the mean of their ranks."""
    count = Counter(values.values())
    above: dict[Fraction, int] = {}
    passed = 0
    for value in sorted(count, reverse=True):
        above[value] = passed
        passed += count[value]
    return {key: above[value] + Fraction(count[value] + 1, 2) for key, value in values.items()}


def kendall_w(given: Table) -> Fraction | None:
    """Kendall's W with the correction for ties, from 0 (no agreement) to 1.

    W = (12 Σ R² − 3 m² n (n+1)²) ÷ (m² n (n²−1) − m Σ (t³−t)), for m experts, n nominations, rank sums R and
    groups of t equal ones. None unless two experts or more scored the same two nominations or more, and
    where every expert gave all the same.
    """
    m, n = len(given), len(next(iter(given.values()), {}))
    if m < 2 or n < 2 or any(set(row) != set(next(iter(given.values()))) for row in given.values()):
        return None
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for row in given.values():
        for key, rank in ranks(row).items():
            sums[key] += rank
    ties = sum(t**3 - t for row in given.values() for t in Counter(row.values()).values())
    most = m**2 * n * (n**2 - 1) - m * ties
    if not most:
        return None
    return (12 * sum((r * r for r in sums.values()), Fraction(0)) - 3 * m**2 * n * (n + 1) ** 2) / most


def krippendorff_alpha(given: Table) -> Fraction | None:
    """Krippendorff's α for interval data, 1 at full agreement, 0 at chance, below 0 worse; gaps are allowed.

    α = 1 − D_o ÷ D_e over the totals of nominations with two sheets or more. None where there is no such
    nomination or where all those totals are equal.
    """
    units: dict[str, list[Fraction]] = defaultdict(list)
    for row in given.values():
        for key, value in row.items():
            units[key].append(value)
    pairable = [values for values in units.values() if len(values) > 1]
    everything = [value for values in pairable for value in values]
    expected = _squares(everything)
    if not expected:
        return None
    n = len(everything)
    observed = sum((_squares(values) / (len(values) - 1) for values in pairable), Fraction(0))
    return 1 - observed * (n - 1) / expected


def _squares(values: Sequence[Fraction]) -> Fraction:
    """Σ (a − b)² over all ordered pairs."""
    squared = sum((value**2 for value in values), Fraction(0))
    return 2 * (len(values) * squared - sum(values, Fraction(0)) ** 2)


def severity(given: Table) -> dict[str, Fraction | None]:
    """Expert → how far above the others the expert marks, in points of 100; below 0 for a severe one.

    The mean difference to the mean of the co-reviewers, over the nominations that have any; None without one.
    """
    of_one: dict[str, list[Fraction]] = defaultdict(list)
    for row in given.values():
        for key, value in row.items():
            of_one[key].append(value)
    found: dict[str, Fraction | None] = {}
    for expert, row in given.items():
        apart = [
            value - (sum(of_one[key]) - value) / (len(of_one[key]) - 1)
            for key, value in row.items()
            if len(of_one[key]) > 1
        ]
        found[expert] = mean(apart) if apart else None
    return found


# --- The order otherwise -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shift:
    """What changes if: ``what`` names the expert or the kind of recipe; nominations by their keys, sorted.

    ``unscored`` have no sheet left without that expert, and neither enter nor leave.
    """

    what: str
    enter: tuple[str, ...]
    leave: tuple[str, ...]
    unscored: tuple[str, ...] = ()


def orders(recipe: Recipe, sheets: Sequence[Sheet], shortlist: int) -> dict[str, tuple[int, int]]:
    """Nomination → its rank by the raw mean and by the mean of standardised totals, ties by the recipe's rules."""
    raw, adjusted = (
        {row.nomination: row.rank for row in apply(replace(recipe, kind=kind), sheets, shortlist)}
        for kind in ("mean", "standardised")
    )
    return {key: (rank, adjusted[key]) for key, rank in raw.items()}


def without_each(recipe: Recipe, sheets: Sequence[Sheet], shortlist: int) -> list[Shift]:
    """Who would enter or leave the shortlist without one expert's sheets; an expert each, by key."""
    passed = _passed(recipe, sheets, shortlist)
    everybody = {sheet.nomination for sheet in sheets}
    found = []
    for expert in sorted({sheet.expert for sheet in sheets}):
        others = [sheet for sheet in sheets if sheet.expert != expert]
        lost = everybody - {sheet.nomination for sheet in others}
        found.append(_shift(expert, passed, _passed(recipe, others, shortlist), lost))
    return found


def by_other_recipes(recipe: Recipe, sheets: Sequence[Sheet], shortlist: int) -> list[Shift]:
    """Who would enter or leave the shortlist under each other kind of recipe; ``weighted`` where there are groups."""
    passed = _passed(recipe, sheets, shortlist)
    others = [kind for kind in KINDS if kind != recipe.kind and (kind != "weighted" or recipe.groups)]
    return [
        _shift(kind, passed, _passed(replace(recipe, kind=kind), sheets, shortlist), set()) for kind in others
    ]


def _passed(recipe: Recipe, sheets: Sequence[Sheet], shortlist: int) -> set[str]:
    return {row.nomination for row in apply(recipe, sheets, shortlist) if row.shortlisted}


def _shift(what: str, before: set[str], after: set[str], lost: set[str]) -> Shift:
    return Shift(
        what,
        enter=tuple(sorted(after - before)),
        leave=tuple(sorted(before - after - lost)),
        unscored=tuple(sorted(lost)),
    )
