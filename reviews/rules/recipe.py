"""The recipe: how sheets become figures and figures an order. An artefact with a digest; exact, never floats.

Everything that another implementation needs to get the same order to the last digit stands in ``as_json``
and in the docstrings here (issue 5, "the recipe is an artefact"). Values are exact fractions throughout; the
one number that can't be exact, the root in a standard deviation, is cut off after a stated number of places.
What is compared, figures and tie values, is rounded first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

from nominations.rules import check_code
from reviews.rules import scoring

SCHEMA = 1
PLACES = 6
"""Decimals of everything that is compared: ⌊x·10⁶ + ½⌋ ÷ 10⁶."""
ROOT_PLACES = 40
"""Decimals of a root: ⌊√v·10⁴⁰⌋ ÷ 10⁴⁰."""
TRIMMED_FROM = 3
"""去掉最高分和最低分 needs a score to be left over; below that it is the mean."""
KINDS = ("mean", "trimmed", "median", "standardised", "weighted")
TIES = ("heaviest", "next", "median", "spread")
"""Tie rules: the higher mean on the heaviest criterion; on each further one by weight; the higher median of
the totals; the smaller spread of the totals. All are asked of all sheets, untrimmed and not standardised."""
USUAL_TIES = ("heaviest",)
"""What holds where a plan names no rule."""

_ARITHMETIC = {
    "deviation": "population",
    "root": {"places": ROOT_PLACES, "mode": "down"},
    "rounding": {"places": PLACES, "mode": "half_up"},
}


@dataclass(frozen=True)
class Part:
    """A criterion or a group of experts: key, name, weight in whole percent."""

    key: str
    name: str
    weight: int


@dataclass(frozen=True)
class Recipe:
    """What figures and order depend on besides the scores; the line of the shortlist is no part of it.

    Raises ValueError for an unknown kind or tie rule, a rule named twice, and for no criteria.
    """

    kind: str
    scale: int
    criteria: tuple[Part, ...]
    ties: tuple[str, ...] = USUAL_TIES
    groups: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown recipe {self.kind!r}")
        if not set(self.ties) <= set(TIES) or len(set(self.ties)) < len(self.ties):
            raise ValueError(f"unknown or repeated tie rules {self.ties!r}")
        if not self.criteria or self.scale < 1:
            raise ValueError("a recipe needs criteria and a scale")

    @property
    def weights(self) -> dict[str, int]:
        return {criterion.key: criterion.weight for criterion in self.criteria}

    @property
    def by_weight(self) -> list[str]:
        """Keys of the criteria, the heaviest first; of equal weights the one stated first."""
        return [part.key for part in sorted(self.criteria, key=lambda part: -part.weight)]

    def as_json(self) -> dict[str, Any]:
        """The recipe as plain JSON: whole numbers and text, nothing left to a default."""
        return {
            "schema": SCHEMA,
            "kind": self.kind,
            "scale": self.scale,
            "criteria": [vars(part) for part in self.criteria],
            "ties": list(self.ties),
            "groups": [vars(part) for part in self.groups],
            **_ARITHMETIC,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Recipe:
        """The recipe that ``as_json`` gave; raises ValueError for another schema or another arithmetic."""
        if data.get("schema") != SCHEMA or any(data.get(key) != said for key, said in _ARITHMETIC.items()):
            raise ValueError("a recipe of another schema")
        return cls(
            kind=data["kind"],
            scale=data["scale"],
            criteria=tuple(Part(**part) for part in data["criteria"]),
            ties=tuple(data["ties"]),
            groups=tuple(Part(**part) for part in data["groups"]),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: keys sorted, no spaces, UTF-8."""
        return check_code.digest(self.as_json())


@dataclass(frozen=True)
class Sheet:
    """What one expert gave one nomination: the score of every criterion. Keys are any text that names them."""

    nomination: str
    expert: str
    group: str
    scores: Mapping[str, Decimal]


@dataclass(frozen=True)
class Placed:
    """A nomination in the order; ``tied`` where another has the same figure and tie values.

    ``compared`` are the tie values in the order in which they are asked, higher is better: the spread is negative.
    """

    nomination: str
    rank: int
    tied: bool
    shortlisted: bool
    figure: Decimal
    compared: tuple[Decimal, ...]


def total(recipe: Recipe, sheet: Sheet) -> Fraction:
    """One sheet's total on a scale of 100; raises KeyError where a criterion has no score."""
    return scoring.weighted(recipe.weights, sheet.scores, recipe.scale)


def apply(recipe: Recipe, sheets: Iterable[Sheet], shortlist: int) -> list[Placed]:
    """Ranks the nominations of the sheets: the higher figure first, then the tie rules; equal ones share a rank.

    Those of rank up to ``shortlist`` pass; who is tied at the line passes with the rest. Within a shared rank
    the key orders, for display alone, so that the same scores always give the same table (1, 2, 2, 4).
    """
    values = _values(recipe, list(sheets))
    placed = sorted(values, key=lambda key: (*(-value for value in values[key]), key))
    sharing = Counter(values.values())
    ranks: dict[tuple[Decimal, ...], int] = {}
    for above, key in enumerate(placed):
        ranks.setdefault(values[key], above + 1)
    return [
        Placed(
            nomination=key,
            rank=ranks[values[key]],
            tied=sharing[values[key]] > 1,
            shortlisted=ranks[values[key]] <= shortlist,
            figure=values[key][0],
            compared=values[key][1:],
        )
        for key in placed
    ]


def _values(recipe: Recipe, sheets: Sequence[Sheet]) -> dict[str, tuple[Decimal, ...]]:
    """What is compared, by nomination: the figure, then the tie values; all rounded."""
    totals = [total(recipe, sheet) for sheet in sheets]
    joined = standardised(sheets, totals) if recipe.kind == "standardised" else totals
    rows: dict[str, list[tuple[Sheet, Fraction, Fraction]]] = defaultdict(list)
    for row in zip(sheets, totals, joined, strict=True):
        rows[row[0].nomination].append(row)
    return {
        key: tuple(
            scoring.rounded(value, PLACES)
            for value in (
                _figure(recipe, [(sheet.group, value) for sheet, _total, value in of_one]),
                *_compared(recipe, [sheet for sheet, _total, _value in of_one], [row[1] for row in of_one]),
            )
        )
        for key, of_one in rows.items()
    }


# --- From the values of a nomination's sheets to its figure -------------------------------------------------


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def trimmed(values: Sequence[Fraction]) -> Fraction:
    """去掉最高分和最低分: the mean without one highest and one lowest; below three values the mean."""
    kept = sorted(values)
    return mean(kept[1:-1] if len(kept) >= TRIMMED_FROM else kept)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the middle two."""
    kept, half = sorted(values), len(values) // 2
    return kept[half] if len(kept) % 2 else (kept[half - 1] + kept[half]) / 2


def weighted(values: Sequence[tuple[str, Fraction]], groups: Iterable[Part]) -> Fraction:
    """Σ weight × mean of the group ÷ Σ weight, over the groups that are present.

    A value of no group counts only where no group is present; then all count alike.
    """
    of_group: dict[str, list[Fraction]] = defaultdict(list)
    for group, value in values:
        of_group[group].append(value)
    present = [(Fraction(part.weight), mean(of_group[part.key])) for part in groups if part.key in of_group]
    weight = sum((share for share, _mean in present), Fraction(0))
    if not weight:
        return mean([value for _group, value in values])
    return sum((share * value for share, value in present), Fraction(0)) / weight


_JOINS: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "mean": mean,
    "trimmed": trimmed,
    "median": median,
    "standardised": mean,
}


def _figure(recipe: Recipe, values: Sequence[tuple[str, Fraction]]) -> Fraction:
    if recipe.kind == "weighted":
        return weighted(values, recipe.groups)
    return _JOINS[recipe.kind]([value for _group, value in values])


def root(value: Fraction) -> Fraction:
    """√ of a value that isn't negative, cut off after 40 places; whole-number arithmetic, the same anywhere."""
    scale = 10**ROOT_PLACES
    return Fraction(isqrt(value.numerator * scale**2 // value.denominator), scale)


def deviation(values: Sequence[Fraction]) -> Fraction:
    """Population standard deviation: the root of the mean squared distance from the mean."""
    middle = mean(values)
    return root(mean([(value - middle) ** 2 for value in values]))


def standardised(sheets: Sequence[Sheet], totals: Sequence[Fraction]) -> list[Fraction]:
    """Every total as if all experts had marked alike: mean + z × deviation of the whole track's totals.

    z is the total's distance from the expert's own mean in the expert's own deviations, over all sheets given;
    0 for an expert with one sheet, or whose totals are all equal.
    """
    if not totals:
        return []
    own: dict[str, list[Fraction]] = defaultdict(list)
    for sheet, value in zip(sheets, totals, strict=True):
        own[sheet.expert].append(value)
    known = {expert: (mean(values), deviation(values)) for expert, values in own.items()}
    middle, spread = mean(totals), deviation(totals)
    adjusted = []
    for sheet, value in zip(sheets, totals, strict=True):
        theirs, width = known[sheet.expert]
        adjusted.append(middle + (value - theirs) / width * spread if width else middle)
    return adjusted


# --- Ties --------------------------------------------------------------------------------------------------


def _compared(recipe: Recipe, sheets: Sequence[Sheet], totals: Sequence[Fraction]) -> list[Fraction]:
    """The tie values of a nomination in the order of the recipe's rules, higher is better."""
    sums = (sum((sheet.scores[key] for sheet in sheets), Decimal(0)) for key in recipe.by_weight)
    means = [Fraction(each) / len(sheets) for each in sums]
    of_rule = {
        "heaviest": means[:1],
        "next": means[1:],
        "median": [median(totals)],
        "spread": [-scoring.spread(totals)],
    }
    return [value for rule in recipe.ties for value in of_rule[rule]]
