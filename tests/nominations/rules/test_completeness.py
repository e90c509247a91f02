"""What is missing at submission, in printed order; what isn't asked is left out of account."""

import pytest

from nominations.fields import problems_of
from nominations.rankings.pioneer_technology import DECLARATION
from nominations.rules.completeness import Problem, Status, missing, status
from tests.nominations.answers_of import full


def found(answers, track="电子信息"):
    return missing(DECLARATION.sections, answers, track, "", problems_of)


def test_a_full_form_may_be_submitted():
    assert found(full()) == []


@pytest.mark.parametrize(("length", "message"), [
    (399, "技术介绍现有399字，还差1字（要求400—600字）"),
    (400, None),
    (600, None),
    (601, "技术介绍现有601字，需删减1字"),
])  # fmt: skip
def test_the_limits_of_the_introduction(length, message):
    assert [p.message for p in found(full(introduction_text="介" * length))] == ([message] if message else [])


def test_problems_come_in_printed_order_and_say_where():
    problems = found(full(society_text="", technology_name=" ", awards_rows=[{"name": "奖"}]))
    assert problems == [
        Problem("technology_name", "empty", "填写技术名称", "technology_name", "technology"),
        Problem("awards_rows-0-level", "empty", "奖项第1行：选择奖项级别", "awards_rows", "awards"),
        Problem("awards_rows-0-date", "empty", "奖项第1行：填写获奖时间", "awards_rows", "awards"),
        Problem("society_text", "empty", "填写社会效益", "society_text", "society"),
    ]


def test_questions_of_other_tracks_are_not_asked_whatever_they_hold():
    assert found(full(foundation_kind="没有的", green_direction="\x00")) == []
    assert [p.message for p in found(full(track="产业基础"), "产业基础")] == ["选择所属“五基”领域"]
    assert [p.message for p in found(full(track="绿色低碳"), "绿色低碳")] == ["选择面向的绿色低碳方向"]
    assert found(full(track="产业基础", foundation_kind="基础材料"), "产业基础") == []


@pytest.mark.parametrize(
    ("filled", "touched", "codes", "state"),
    [
        ([False, False], False, ["empty"], Status.NOT_STARTED),
        ([False, False], True, ["empty"], Status.NOT_STARTED),
        ([False], False, [], Status.NOT_STARTED),
        ([False], True, [], Status.DONE),
        ([True, False], True, ["empty"], Status.IN_PROGRESS),
        ([True, False], True, ["too_long", "empty"], Status.HAS_ERRORS),
        ([True, True], True, [], Status.DONE),
    ],
)
def test_how_far_a_section_is(filled, touched, codes, state):
    assert status(filled, touched, [Problem("key", code, "") for code in codes]) is state
