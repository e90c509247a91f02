"""What scores mean in words, and comments in an order that tells nobody who wrote them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from reviews.rules import scale
from reviews.rules.unsigned import unsigned

WORDS = [
    {"least": 90, "word": "优秀"}, {"least": 75, "word": "良好"}, {"least": 60, "word": "一般"}, {"least": 0, "word": "较差"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("full", "ranges"),
    [
        (100, ["优秀90—100", "良好75—89.9", "一般60—74.9", "较差0—59.9"]),
        (10, ["优秀9—10", "良好7.5—8.9", "一般6—7.4", "较差0—5.9"]),
        # 75 % of 5 is 3.75, which no score is: the level begins at 3.8.
        (5, ["优秀4.5—5", "良好3.8—4.4", "一般3—3.7", "较差0—2.9"]),
        (1, ["优秀0.9—1", "良好0.8—0.8", "一般0.6—0.7", "较差0—0.5"]),
    ],
)
def test_levels_meet_without_a_gap_on_any_scale(full, ranges):
    assert [f"{level.word}{level.range}" for level in scale.levels(WORDS, full)] == ranges


def test_the_order_in_which_words_are_given_does_not_matter():
    assert scale.levels(WORDS[::-1], 100) == scale.levels(WORDS, 100)
    assert scale.levels([], 100) == []


@pytest.mark.parametrize(
    ("score", "word"),
    [("100", "优秀"), ("90", "优秀"), ("89.9", "良好"), ("75", "良好"), ("0", "较差"), (None, "")],
)
def test_a_score_has_the_word_of_its_level(score, word):
    assert scale.word_of(Decimal(score) if score else None, scale.levels(WORDS, 100)) == word


def test_below_the_lowest_level_there_is_no_word():
    assert scale.word_of(Decimal("59.9"), scale.levels(WORDS[:3], 100)) == ""


def test_an_experts_own_mean_is_exact():
    assert scale.mean([Fraction(1, 3), Fraction(1)]) == Fraction(2, 3)
    assert scale.mean([]) is None


def test_comments_are_unsigned_whatever_the_order_of_their_authors():
    texts = ["甲的意见", "  ", "乙的意见", "丙的意见", ""]
    shown = unsigned(texts, "GZ20220001")
    assert sorted(shown) == sorted(text for text in texts if text.strip())
    assert unsigned(texts[::-1], "GZ20220001") == shown
    # Of six orders several occur, so that an expert stands in no fixed place.
    assert len({tuple(unsigned(texts, f"GZ2022{n:04d}")) for n in range(30)}) > 3
