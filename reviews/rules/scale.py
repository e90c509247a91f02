"""What a score means in words: the plan's levels, highest first, on whatever scale; and an expert's own habits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any

STEP = Decimal("0.1")
"""Scores have one decimal, so that one level ends a step below the next."""


@dataclass(frozen=True)
class Level:
    """A word and the scores that it stands for, both ends among them."""

    word: str
    least: Decimal
    most: Decimal

    @property
    def range(self) -> str:
        """The scores as printed: 90—100."""
        return f"{plain(self.least)}—{plain(self.most)}"


def plain(score: Decimal) -> str:
    """A score without idle zeros: 90, 89.5."""
    text = f"{score:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def levels(words: Sequence[Mapping[str, Any]], scale: int) -> list[Level]:
    """The plan's ``scale_words`` on a scale, highest first; a level that no score reaches is left out.

    ``words``: [{"least": whole percent of the scale, "word": text}]. A bound between two scores is the higher one.
    """
    found: list[Level] = []
    most = Decimal(scale)
    for row in sorted(words, key=lambda row: -int(row["least"])):
        exact = Decimal(scale) * int(row["least"]) / 100
        least = exact.quantize(STEP, rounding=ROUND_CEILING)
        if least <= most:
            found.append(Level(str(row["word"]), least, most))
            most = least - STEP
    return found


def word_of(score: Decimal | None, known: Sequence[Level]) -> str:
    """The word of a score; "" for none, and for one below the lowest level."""
    if score is None:
        return ""
    return next((level.word for level in known if score >= level.least), "")


def mean(totals: Sequence[Fraction]) -> Fraction | None:
    """The mean of an expert's own totals; None without any."""
    return sum(totals, Fraction(0)) / len(totals) if totals else None
