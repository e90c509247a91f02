"""The fit of fields: exact points and their reasons."""

import pytest

from reviews.rules.fit import INDUSTRY, STRATEGIC, TRACK, WORDS, Asks, Fit, Knows, fit, in_words

SENSORS = ("C", "39", "398", "3983")


@pytest.mark.parametrize(
    ("path", "points", "code"),
    [
        (SENSORS, 40, "3983"),
        (("C", "39", "398", "3985"), 30, "398"),
        (("C", "39", "398"), 30, "398"),
        (("C", "39", "391", "3911"), 20, "39"),
        (("C", "39"), 20, "39"),
        (("C", "13", "131"), 5, "C"),
    ],
)
def test_an_industry_counts_by_the_level_in_common(path, points, code):
    found = fit(Knows(industries=(path,)), Asks(industries=(SENSORS,)))
    assert found == Fit(points, ((INDUSTRY, code),))


@pytest.mark.parametrize(
    ("path", "points"), [(("1", "1.2", "1.2.1"), 30), (("1", "1.2"), 20), (("1", "1.5"), 10)]
)
def test_a_strategic_industry_counts_by_the_level_in_common(path, points):
    found = fit(Knows(strategic=(path,)), Asks(strategic=(("1", "1.2", "1.2.1"),)))
    assert found.points == points


def test_the_deepest_of_several_counts_once():
    knows = Knows(industries=(("A", "01"), ("C", "39"), SENSORS))
    assert fit(knows, Asks(industries=(("C", "39", "391"), SENSORS))) == Fit(40, ((INDUSTRY, "3983"),))


def test_nothing_in_common_is_no_reason():
    knows = Knows((("A", "01"),), (("2",),), frozenset({"green"}), "水利")
    assert fit(knows, Asks((SENSORS,), (("1",),), "information", "传感芯片")) == Fit(0)
    assert fit(Knows(), Asks()) == Fit(0)
    assert Fit(0).cost == 100


def test_words_of_the_expertise_are_found_in_the_text():
    found = fit(Knows(expertise="传感器、ＭＥＭＳ,电、芯片设计"), Asks(text="一种 MEMS 传感器及其芯片设计"))
    assert found == Fit(20, ((WORDS, "传感器、mems"),))
    assert fit(Knows(expertise="电 光"), Asks(text="电光转换")).points == 0


def test_everything_together_is_a_hundred():
    knows = Knows((SENSORS,), (("1", "1.2", "1.2.1"),), frozenset({"information"}), "传感器 芯片")
    asks = Asks((SENSORS,), (("1", "1.2", "1.2.1"),), "information", "传感器芯片")
    found = fit(knows, asks)
    assert (found.points, found.cost) == (100, 0)
    names = {(INDUSTRY, "3983"): "敏感元件及传感器制造", (STRATEGIC, "1.2.1"): "新型电子元器件及设备制造"}
    assert in_words(found.reasons, names) == (
        "行业相符：敏感元件及传感器制造；新兴产业相符：新型电子元器件及设备制造；专业领域含传感器、芯片；熟悉本领域"
    )


def test_a_code_without_a_name_stands_for_itself():
    assert in_words([(INDUSTRY, "9999"), (TRACK, "x"), ("odd", "y")], {}) == "行业相符：9999；熟悉本领域"
