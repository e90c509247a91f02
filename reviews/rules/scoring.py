"""Scores: what was typed, an expert's total, figures as papers show them. Exact fractions, never floats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from django.utils.translation import gettext as _

from kczg.kit.verdicts import ALLOWED, Refused, Verdict, refuse

LARGEST_SCALE = 100
"""No criterion is scored beyond this, so that every score fits its column."""

_PLAIN_SCORE = re.compile(r"[0-9]{1,4}(?:\.[0-9])?")


def read_score(typed: str, scale: int, criterion: str) -> Decimal | None:
    """A typed score with at most one decimal; None when empty; raises Refused (422) when it is no score.

    Full-width digits are read as digits; signs, exponents and anything else are no score.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return None
    words = _("%(criterion)s应在0—%(scale)d之间，最多1位小数，现为%(typed)s")
    wrong = refuse(
        "score_range", words % {"criterion": criterion, "scale": scale, "typed": text[:20]}, status=422
    )
    if not _PLAIN_SCORE.fullmatch(text):
        raise Refused(wrong)
    value = Decimal(text)
    if not 0 <= value <= scale:
        raise Refused(wrong)
    return value


def weighted(weights: Mapping[str, int], scores: Mapping[str, Decimal], scale: int) -> Fraction:
    """One expert's total on a scale of 100: Σ weight × score ÷ scale; weights in whole percent.

    Raises KeyError when a criterion has no score: an incomplete sheet has no total.
    """
    return Fraction(sum((weight * scores[key] for key, weight in weights.items()), Decimal(0))) / scale


def spread(totals: Sequence[Fraction]) -> Fraction:
    """How far the experts are apart: the highest total less the lowest."""
    return max(totals) - min(totals)


def rounded(figure: Fraction, places: int) -> Decimal:
    """⌊figure × 10^places + ½⌋ ÷ 10^places, with all its places: halves go up. No step is inexact."""
    return Decimal(floor(figure * 10**places + Fraction(1, 2))).scaleb(-places)


def shown(figure: Fraction | Decimal, places: int = 2) -> str:
    """A figure as papers show it, rounded half up: 87.456 gives 87.46."""
    return str(rounded(Fraction(figure), places))


def judge_weights(weights: Sequence[int]) -> Verdict:
    """Weights are whole percents, each at least 1, and sum to 100."""
    if not weights:
        return refuse("no_criteria", _("至少设1项评价指标"), status=422)
    if min(weights) < 1:
        return refuse("weight_too_small", _("每项指标的权重至少为1"), status=422)
    total = sum(weights)
    if total < 100:
        return refuse(
            "weights",
            _("权重合计应为100，现为%(sum)d，还差%(gap)d") % {"sum": total, "gap": 100 - total},
            status=422,
        )
    if total > 100:
        return refuse(
            "weights",
            _("权重合计应为100，现为%(sum)d，超出%(gap)d") % {"sum": total, "gap": total - 100},
            status=422,
        )
    return ALLOWED
