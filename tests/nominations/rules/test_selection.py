"""Selection inside a unit: ballots, Borda points, ties, who goes up."""

import pytest

from nominations.rules.selection import (
    Line,
    decided,
    judge_ballot,
    judge_decision,
    judge_going_up,
    tally,
)

FIVE = ["甲", "乙", "丙", "丁", "戊"]


def shown(lines):
    return [(line.number, line.points, line.firsts, line.rank, line.tied) for line in lines]


def test_of_five_the_first_gets_four_points_and_the_last_none():
    assert shown(tally("ranking", FIVE, [["丙", "甲", "戊", "乙", "丁"]])) == [
        ("丙", 4, 1, 1, False),
        ("甲", 3, 0, 2, False),
        ("戊", 2, 0, 3, False),
        ("乙", 1, 0, 4, False),
        ("丁", 0, 0, 5, False),
    ]


def test_equal_points_are_told_apart_by_first_places():
    ballots = [
        ["甲", "乙", "丙"],
        ["甲", "乙", "丙"],
        ["乙", "丙", "甲"],
        ["乙", "丙", "甲"],
        ["丙", "甲", "乙"],
    ]
    # 甲 2+2+0+0+1 = 5 with two first places, 乙 1+1+2+2+0 = 6, 丙 0+0+1+1+2 = 4.
    assert shown(tally("ranking", ["丙", "乙", "甲"], ballots)) == [
        ("乙", 6, 2, 1, False),
        ("甲", 5, 2, 2, False),
        ("丙", 4, 1, 3, False),
    ]
    equal = [
        ["甲", "乙", "丙"],
        ["甲", "丙", "乙"],
        ["乙", "丙", "甲"],
        ["乙", "丙", "甲"],
        ["丙", "甲", "乙"],
    ]
    # 甲 5 points and two first places, 乙 5 and two, 丙 5 and one.
    assert shown(tally("ranking", ["丙", "乙", "甲"], equal)) == [
        ("乙", 5, 2, 1, True),
        ("甲", 5, 2, 1, True),
        ("丙", 5, 1, 3, False),
    ]


def test_a_vote_is_a_point_and_order_on_the_ballot_says_nothing():
    lines = tally("voting", FIVE, [["甲", "乙"], ["乙", "丙"], ["乙"]])
    assert shown(lines) == [
        ("乙", 3, 0, 1, False),
        ("甲", 1, 0, 2, True),
        ("丙", 1, 0, 2, True),
        ("丁", 0, 0, 4, True),
        ("戊", 0, 0, 4, True),
    ]


def test_the_result_hangs_on_the_ballots_alone():
    ballots = [["甲", "乙", "丙"], ["丙", "乙", "甲"], ["乙", "甲", "丙"]]
    once = tally("ranking", ["甲", "乙", "丙"], ballots)
    assert once == tally("ranking", ["甲", "乙", "丙"], ballots[::-1])
    assert sum(line.points for line in once) == 3 * (2 + 1 + 0)


@pytest.mark.parametrize(
    ("manner", "choices", "code"),
    [
        ("ranking", FIVE, ""),
        ("ranking", FIVE[:4], "not_all_ranked"),
        ("ranking", [*FIVE[:4], "己"], "no_candidate"),
        ("ranking", [*FIVE[:4], "甲"], "no_candidate"),
        ("voting", ["甲", "乙"], ""),
        ("voting", ["甲"], ""),
        ("voting", [], "too_many_votes"),
        ("voting", ["甲", "乙", "丙"], "too_many_votes"),
        ("voting", ["甲", "甲"], "no_candidate"),
    ],
)
def test_which_ballots_count(manner, choices, code):
    assert judge_ballot(manner, FIVE, 2, choices).code == code


def test_the_words_of_refused_ballots():
    assert judge_ballot("ranking", FIVE, 2, FIVE[:4]).message == "给全部5项排序，现排了4项"
    assert judge_ballot("voting", FIVE, 2, FIVE[:3]).message == "选1—2项，现选3项"


CLEAR = [Line(number, 10 - n, 0, n) for n, number in enumerate(FIVE, start=1)]
TIED = [
    Line("甲", 9, 1, 1),
    *(Line(n, 6, 0, 2, True) for n in "乙丙"),
    Line("丁", 3, 0, 4),
    Line("戊", 1, 0, 5),
]


@pytest.mark.parametrize(
    ("lines", "number", "here", "up", "places", "code"),
    [
        (CLEAR, "丙", FIVE, [], 3, ""),
        (CLEAR, "丁", FIVE, [], 3, "not_selected"),
        (CLEAR, "丁", ["甲", "丙", "丁", "戊"], [], 3, ""),  # 乙 was withdrawn: the next one moves up.
        (CLEAR, "戊", ["甲", "丙", "丁", "戊"], [], 3, "not_selected"),
        (CLEAR, "丁", ["丙", "丁", "戊"], ["甲", "乙"], 3, "not_selected"),
        (CLEAR, "乙", ["乙"], ["甲", "丙", "丁"], 3, "not_selected"),  # 乙 comes back too late.
        (CLEAR, "乙", ["乙"], ["甲", "丙"], 3, ""),
        (CLEAR, "己", FIVE, [], 3, "no_candidate"),
        (TIED, "甲", FIVE, [], 2, ""),
        (TIED, "乙", FIVE, [], 2, "tied"),
        (TIED, "乙", FIVE, [], 3, ""),  # A tie that doesn't cross the line hinders nobody.
        (TIED, "乙", FIVE, [], 1, "not_selected"),
        (TIED, "乙", ["乙", "丁"], ["甲"], 2, ""),
        (TIED, "丙", ["丙"], ["甲", "乙"], 2, "not_selected"),
    ],
)
def test_who_goes_up(lines, number, here, up, places, code):
    verdict = judge_going_up(lines, number, here, up, places)
    assert (verdict.code, verdict.ok) == (code, code == "")


def test_the_words_for_who_does_not():
    assert judge_going_up(CLEAR, "戊", FIVE, [], 3).message == "遴选结果前3项可以推荐，此项排第5"
    assert judge_going_up(TIED, "丙", FIVE, [], 2).message == "此项与其他候选项并列第2"


def test_the_chair_orders_those_who_are_tied():
    assert judge_decision(TIED, ["丙", "乙"]).ok
    for order in ([], ["乙"], ["乙", "乙"], ["乙", "甲"], ["乙", "丙", "丁"]):
        assert judge_decision(TIED, order).code == "ties_left"
    lines = decided(TIED, ["丙", "乙"])
    assert [(line.number, line.rank, line.tied) for line in lines] == [
        ("甲", 1, False),
        ("丙", 2, False),
        ("乙", 3, False),
        ("丁", 4, False),
        ("戊", 5, False),
    ]
