"""The conditions of annex 1 一 against answers, promises and last year's lists."""

import time

import pytest

from nominations.rankings.pioneer_technology import DECLARATION
from nominations.rules.conditions import Facts, Honoured, State, evaluate, hindering
from nominations.rules.likeness import comparable
from tests.nominations.answers_of import full

LIST = "先导技术榜"
FOUNDATION_LIST = "突破短板关键技术榜"
PROMISES = ["early_proof", "transferable", "breakthrough", "imported", "applicable"]


def states(track="电子信息", **facts):
    facts = {"answers": full(track=track), "promises": PROMISES} | facts
    found = evaluate(DECLARATION.for_year(2022).conditions, Facts(**facts), track)
    return {result.condition.key: (result.state, result.message) for result in found}


def test_each_track_has_its_own_list():
    assert list(states("电子信息")) == [
        "industry_purpose",
        "early_proof",
        "transferable",
        "pilot_city",
        "not_honoured",
    ]
    assert list(states("绿色低碳")) == [
        "green_direction", "green_purpose", "early_proof", "transferable", "pilot_city", "not_honoured",
    ]  # fmt: skip
    assert list(states("产业基础")) == [
        "foundation_purpose", "foundation_kind", "breakthrough", "imported", "applicable", "not_honoured_foundation",
    ]  # fmt: skip
    assert states("") == {}


def test_a_promise_is_declared_or_not_met():
    assert states()["early_proof"] == (State.DECLARED, "申报人已承诺")
    assert states(promises=["transferable"])["early_proof"] == (State.NOT_MET, "申报人尚未确认此项条件")


def test_a_contrary_tick_goes_to_the_reviewer_and_refuses_nothing():
    answers = full(transfer_forms=["已经有合作", "不能再次转化"])
    assert states(answers=answers)["transferable"] == (
        State.REVIEWER,
        "已勾选“不能再次转化”，与此项条件不一致",
    )
    assert states("产业基础", answers=answers)["applicable"][0] is State.REVIEWER


@pytest.mark.parametrize(
    ("track", "key", "question", "value"),
    [
        ("产业基础", "foundation_kind", "foundation_kind", "基础材料"),
        ("绿色低碳", "green_direction", "green_direction", "交通"),
    ],
)
def test_a_question_that_must_be_answered(track, key, question, value):
    assert states(track)[key] == (State.NOT_MET, "尚未填报")
    assert states(track, answers=full(**{question: value}))[key] == (State.MET, f"已填报：{value}")


@pytest.mark.parametrize(
    ("name", "facts", "finding"),
    [
        ("", {}, (State.REVIEWER, "未填写试点城市（园区），不影响申报")),
        ("苏州市", {"pilot_cities": ["苏州市"]}, (State.MET, "试点城市（园区）：苏州市")),
        ("苏州市", {}, (State.REVIEWER, "填报的试点城市（园区）为苏州市，名单尚不完整，由初评机构核对")),
        (
            "苏州市",
            {"pilot_cities": ["无锡市"], "pilot_cities_complete": True},
            (State.REVIEWER, "苏州市不在试点城市（园区）名单中"),
        ),
    ],
)
def test_a_pilot_city_is_a_preference_and_never_a_bar(name, facts, finding):
    assert states(answers=full(pilot_city=name), **facts)["pilot_city"] == finding


@pytest.mark.parametrize(
    ("honoured", "complete", "state"),
    [
        ([], False, State.REVIEWER),
        ([], True, State.MET),
        ([Honoured("高精度激光测距芯片", LIST, source="名单")], False, State.NOT_MET),
        ([Honoured("“高精度激光测距芯片”", LIST)], True, State.NOT_MET),
        ([Honoured("高精度激光 测距芯片", LIST)], True, State.NOT_MET),
        ([Honoured("高精度激光测距芯片2", LIST)], True, State.REVIEWER),
        ([Honoured("高精度激光测距芯片", "新锐企业榜")], True, State.MET),
        ([Honoured("完全不同的技术", LIST)], True, State.MET),
    ],
)
def test_last_years_honourees_are_no_candidates(honoured, complete, state):
    assert states(honoured=honoured, complete_lists=[LIST] if complete else [])["not_honoured"][0] is state


def test_the_words_name_the_line_and_its_source():
    line = Honoured("高精度激光测距芯片", LIST, source="2022年1月公布名单")
    assert states(honoured=[line])["not_honoured"] == (
        State.NOT_MET,
        "“高精度激光测距芯片”已在上年名单中（出处：2022年1月公布名单）",
    )


def test_the_foundation_track_looks_at_the_other_list_and_its_field_only():
    def state(ranking, field):
        line = Honoured("高精度激光测距芯片", ranking, field)
        return states("产业基础", honoured=[line], complete_lists=[LIST, FOUNDATION_LIST])[
            "not_honoured_foundation"
        ][0]

    assert state(FOUNDATION_LIST, "装备制造") is State.NOT_MET
    assert state(FOUNDATION_LIST, "电子信息") is State.MET
    assert state(LIST, "装备制造") is State.MET


def test_only_what_is_not_met_hinders():
    found = evaluate(DECLARATION.conditions, Facts(full(), ["transferable"]), "电子信息")
    assert [result.condition.key for result in hindering(found)] == ["early_proof"]


def test_names_are_compared_without_marks_width_and_case():
    assert comparable("“ＡＩ－芯片” （Ⅱ型）") == "ai芯片ii型"


def test_a_list_of_thousands_is_searched_at_once():
    honoured = [Honoured(f"第{n}号高精度测量与控制技术{n * 7919}", LIST) for n in range(3000)]
    begun = time.perf_counter()
    states(honoured=honoured, answers=full(technology_name="术" * 200))
    assert time.perf_counter() - begun < 1
