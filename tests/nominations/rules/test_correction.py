"""补正 as arithmetic: whole days to the end of the last, once, and inside the body's own window."""

from datetime import datetime

import pytest

from kczg.kit.clock import SHANGHAI
from nominations.rules import correction
from nominations.rules.reopened import open_parts


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


CLOSES = beijing(2022, 12, 1)


@pytest.mark.parametrize(
    ("asked", "days", "end"),
    [
        (beijing(2022, 11, 10, 10), 5, beijing(2022, 11, 16)),
        (beijing(2022, 11, 10), 5, beijing(2022, 11, 16)),
        (beijing(2022, 11, 10, 23, 59, 59), 1, beijing(2022, 11, 12)),
        (beijing(2022, 12, 30, 9), 3, beijing(2023, 1, 3)),
    ],
)
def test_the_answer_has_whole_days_after_the_day_of_the_request(asked, days, end):
    assert correction.until(asked, days) == end


@pytest.mark.parametrize(
    ("days", "before", "day", "closes", "code"),
    [
        (5, False, 10, CLOSES, "allowed"),
        (0, False, 10, CLOSES, "no_correction"),
        (5, True, 10, CLOSES, "corrected_once"),
        (5, False, 24, CLOSES, "allowed"),
        (5, False, 25, CLOSES, "no_time_to_correct"),
        (5, False, 30, None, "allowed"),
    ],
)
def test_a_body_asks_once_where_the_ranking_has_it_and_time_is_left_to_decide(
    days, before, day, closes, code
):
    verdict = correction.judge(days, before, beijing(2022, 11, day, 10), closes)
    assert (verdict.code or "allowed") == code
    assert bool(verdict) == (code == "allowed")


def test_the_words_name_both_days():
    verdict = correction.judge(5, False, beijing(2022, 11, 25, 10), CLOSES)
    assert verdict.message == "补正期限为11月30日24时，不早于初评评审截止11月30日24时，不能再要求补正"


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (15, True), (16, False)])
def test_the_days_that_may_be_set(days, fits):
    assert bool(correction.judge_days(days)) == fits


def test_what_holds_the_place_stays_shut_though_its_section_is_open():
    parts = open_parts(
        [{"section": "technology", "reason": "核对"}], also=["track", "phone"], never=["track"]
    )
    assert parts.is_open("technology", "technology_name")
    assert parts.is_open("team", "phone")
    assert not parts.is_open("technology", "track")
