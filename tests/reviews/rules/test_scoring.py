"""Scoring: exact totals, what is no score, and weights that don't sum to 100."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kczg.kit.verdicts import Refused
from reviews.rules import scoring

WEIGHTS = {"c1": 40, "c2": 35, "c3": 25}


def test_weighted_is_exact():
    scores = {"c1": Decimal("88.5"), "c2": Decimal("90"), "c3": Decimal("71.3")}
    # 0.40 × 88.5 + 0.35 × 90 + 0.25 × 71.3 = 35.4 + 31.5 + 17.825
    assert scoring.weighted(WEIGHTS, scores, 100) == Fraction("84.725")


def test_weighted_on_a_scale_of_ten_is_still_out_of_100():
    assert scoring.weighted(WEIGHTS, dict.fromkeys(WEIGHTS, Decimal("8.5")), 10) == 85


def test_an_incomplete_sheet_has_no_total():
    with pytest.raises(KeyError):
        scoring.weighted(WEIGHTS, {"c1": Decimal(90)}, 100)


def test_spread_is_highest_less_lowest():
    assert scoring.spread([Fraction("84.725"), Fraction(60), Fraction(72)]) == Fraction("24.725")


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Fraction("87.455"), "87.46"),
        (Fraction("87.454999"), "87.45"),
        (Fraction(85), "85.00"),
        (Fraction(200, 3), "66.67"),
        (Decimal("66.666667"), "66.67"),
        (Fraction(-1, 8), "-0.12"),
    ],
)
def test_papers_show_two_places_rounded_half_up(figure, words):
    assert scoring.shown(figure) == words


@pytest.mark.parametrize(
    ("typed", "value"), [("88.5", "88.5"), ("100", "100"), (" 0 ", "0"), ("８８．５", "88.5"), ("7.0", "7.0")]
)
def test_plain_scores_are_read(typed, value):
    assert scoring.read_score(typed, 100, "技术先进性") == Decimal(value)


def test_an_empty_score_stays_open():
    assert scoring.read_score("  ", 100, "技术先进性") is None


@pytest.mark.parametrize(
    "typed", ["101", "100.1", "-1", "88.55", "1e1", "NaN", "Infinity", "八十", "88,5", "0x10", "9" * 5000]
)
def test_anything_else_is_no_score_and_says_the_range(typed):
    with pytest.raises(Refused) as refused:
        scoring.read_score(typed, 100, "技术先进性")
    assert refused.value.verdict.status == 422
    assert refused.value.verdict.message == f"技术先进性应在0—100之间，最多1位小数，现为{typed[:20]}"


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([40, 35, 15], "权重合计应为100，现为90，还差10"),
        ([60, 60], "权重合计应为100，现为120，超出20"),
        ([], "至少设1项评价指标"),
        ([100, 0], "每项指标的权重至少为1"),
    ],
)
def test_weights_that_are_not_100_say_how_far_they_are(weights, message):
    verdict = scoring.judge_weights(weights)
    assert not verdict
    assert verdict.message == message


def test_weights_of_100_pass():
    assert scoring.judge_weights([40, 35, 25])
