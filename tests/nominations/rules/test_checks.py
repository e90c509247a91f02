"""What answers to several questions must agree on, on both sides of each bound."""

import pytest

from nominations.fields.base import Check
from nominations.rules.checks import Answers, evaluate

NAMES = {
    "total": "总数",
    "part": "高新技术企业数",
    "a": "理论研究",
    "b": "具体项目",
    "research": "研发",
    "money": "贡献",
}


def told(check, values, category=""):
    return [
        (p.key, p.code, p.message) for _check, p in evaluate([check], Answers(values, NAMES), "", category)
    ]


PART = Check("part_of_total", "at_most", ("part", "total"))


@pytest.mark.parametrize(
    ("part", "total", "words"),
    [
        ("3", "3", []),
        ("4", "3", ["高新技术企业数不能多于总数，现为4和3"]),
        ("10", "9", ["高新技术企业数不能多于总数，现为10和9"]),
        ("", "3", []),
        ("4", "", []),
        ("四", "3", []),
        (None, ["3"], []),
    ],
)
def test_a_part_is_not_more_than_the_whole(part, total, words):
    assert [message for _k, _c, message in told(PART, {"part": part, "total": total})] == words


@pytest.mark.parametrize(("one", "other", "surplus"), [(1000, 1000, 0), (1000, 1001, 1), (2500, 0, 500)])
def test_texts_share_a_limit(one, other, surplus):
    check = Check("together", "together_at_most", ("a", "b"), name="四部分", limit=2000)
    found = told(check, {"a": "字" * one, "b": " 字\n" * other})
    words = f"四部分合计现有{one + other}字，需删减{surplus}字"
    assert found == ([("a", "together", words)] if surplus else [])


@pytest.mark.parametrize(
    ("a", "b", "fine"), [([], [], False), (["甲"], [], True), ([], ["乙"], True), (None, None, False)]
)
def test_one_of_two_is_answered(a, b, fine):
    check = Check("modes", "at_least_one", ("a", "b"))
    assert told(check, {"a": a, "b": b}) == (
        [] if fine else [("a", "modes", "理论研究、具体项目，合计至少勾选一种")]
    )


SHARE = Check(
    "intensity", "share_of", ("research", "money"), kind="warning", name="研发经费投入强度",
    arguments=("intensity", "funds", "revenue", "2020年", "2021年", "2022年"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("10", []),
        ("11", []),
        ("9", []),
        ("11.01", ["2020年研发经费投入强度填报为11.01%，按金额计算为10.0%，核对是否一致"]),
        ("0.1", ["2020年研发经费投入强度填报为0.1%，按金额计算为10.0%，核对是否一致"]),
    ],
)
def test_a_share_stands_beside_what_follows_from_the_sums(typed, words):
    values = {
        "research": {"intensity": [typed, "", "7"], "funds": ["100", "5", "不详"]},
        "money": {"revenue": ["1000", "10", "10"]},
    }
    assert [message for _k, _c, message in told(SHARE, values)] == words
    assert told(SHARE, values | {"money": {"revenue": ["0", "0", "0"]}}) == []
    assert told(SHARE, {}) == []


def test_a_check_is_left_out_where_a_question_is_not_asked_or_the_category_differs():
    assert told(Check("x", "at_least_one", ("a", "stranger")), {}) == []
    only = Check("x", "at_least_one", ("a", "b"), categories=("就业先锋",))
    assert told(only, {}, "创业先锋") == []
    assert len(told(only, {}, "就业先锋")) == 1


AT_LEAST = Check(
    "intensity", "share_at_least", ("research", "money"), kind="warning", name="研发经费投入强度",
    arguments=("intensity", "funds", "revenue", "2020年"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "told_so"), [("9", False), ("8.99", True), ("10", False), ("80", False), ("", False)]
)
def test_a_share_of_a_part_is_not_less_than_that_of_the_whole(typed, told_so):
    values = {
        "research": {"intensity": [typed], "funds": ["100"]},
        "money": {"revenue": ["1000"]},
    }
    words = f"2020年研发经费投入强度填报为{typed}%，按金额计算为10.0%，核对是否一致"
    assert told(AT_LEAST, values) == ([("research-intensity-0", "intensity", words)] if told_so else [])


GROWTH = Check(
    "growth", "growth_of", ("money",), kind="warning", name="利润增长率",
    arguments=("growth", "profit", "2023年", "2024年", "2025年"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("growth", "profit", "place", "computed"),
    [
        (["", "50", ""], ["200", "300", "450"], None, ""),
        (["99", "49", "51"], ["200", "300", "450"], None, ""),
        (["", "51.000001", ""], ["200", "300", "450"], 1, "50.0"),
        (["", "48.999999", ""], ["200", "300", "450"], 1, "50.0"),
        (["", "", "15"], ["", "300", "450"], 2, "50.0"),
        (["", "33.4", ""], ["0.3", "0.4", ""], None, ""),
        (["", "0.5", ""], ["300", "450", ""], 1, "50.0"),
        (["", "10", ""], ["0", "300", ""], None, ""),
        (["", "10", ""], ["-20", "300", ""], None, ""),
        (["", "10", ""], ["20", "-30", ""], 1, "-250.0"),
        (["", "不详", ""], ["200", "300", ""], None, ""),
        (["", "10", ""], ["两百", "300", ""], None, ""),
        ([], [], None, ""),
    ],
)
def test_a_growth_stands_beside_what_follows_from_two_years(growth, profit, place, computed):
    found = told(GROWTH, {"money": {"growth": growth, "profit": profit}})
    if place is None:
        assert found == []
        return
    year, before = (("2024年", "2023年"), ("2025年", "2024年"))[place - 1]
    words = f"{year}利润增长率填报为{growth[place]}%，按{before}和{year}的数据计算为{computed}%，核对是否一致"
    assert found == [(f"money-growth-{place}", "growth", words)]


WITHIN = Check(
    "jobs",
    "growth_within",
    ("money",),
    kind="warning",
    name="就业贡献",
    limit=200,
    arguments=("jobs", "2020年", "2021年"),
)


@pytest.mark.parametrize(
    ("jobs", "words"),
    [
        (["-100", "200"], []),
        (["-100.01", ""], ["2020年就业贡献填报为-100.01%，减少不会超过100%，核对是否填错单位"]),
        (["", "200.01"], ["2021年就业贡献填报为200.01%，应填增长率，核对是否填成了人数"]),
        (["不详", "12.5"], []),
    ],
)
def test_a_growth_that_cannot_be_or_looks_like_a_count(jobs, words):
    assert [message for _k, _c, message in told(WITHIN, {"money": {"jobs": jobs}})] == words


ROWS = Check(
    "part", "row_at_most", ("money",), kind="warning",
    arguments=("inventions", "owned", "发明专利数量", "专利数量", "2020年", "2021年"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (["3", "4"], ["3", "9"], []),
        (["4", "4"], ["3", "9"], ["2020年发明专利数量多于专利数量，现为4和3，核对是否填反"]),
        (["", "10"], ["3", "9"], ["2021年发明专利数量多于专利数量，现为10和9，核对是否填反"]),
        (["3", "x"], ["", "9"], []),
    ],
)
def test_one_row_is_a_part_of_another(part, whole, words):
    assert [m for _k, _c, m in told(ROWS, {"money": {"inventions": part, "owned": whole}})] == words
