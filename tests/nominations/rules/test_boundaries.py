"""The days that decide on a condition, on both sides of each bound: leap days, other seasons, other clocks; and clauses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from nominations.rankings import DECLARATIONS
from nominations.rules.conditions import DATE_RULES, Facts, State, evaluate

HERE = Path(__file__).parents[1] / "rankings"
MET, NOT_MET = State.MET, State.NOT_MET
EMERGING = ("emerging_enterprise", "", "young")
INTEGRATED = ("integrated_innovation", "", "founded")
STARTUP = ("startup_employment", "创业先锋", "startup_young")
EMPLOYMENT = ("startup_employment", "就业先锋", "employment_young")

TABLE = [
    # 二1: not older than ten years, counted back from the season's year.
    (EMERGING, 2022, "2011-12-31", NOT_MET), (EMERGING, 2022, "2012-01-01", MET), (EMERGING, 2022, "2012-02-29", MET),
    (EMERGING, 2022, "2008-02-29", NOT_MET), (EMERGING, 2022, "2022-10-31", MET),
    (EMERGING, 2024, "2013-12-31", NOT_MET), (EMERGING, 2024, "2014-01-01", MET), (EMERGING, 2024, "2024-02-29", MET),
    (EMERGING, 2026, "2015-12-31", NOT_MET), (EMERGING, 2026, "2016-01-01", MET), (EMERGING, 2026, "2016-02-29", MET),
    # 三1: founded before the first of September two years before.
    (INTEGRATED, 2022, "2020-08-31", MET), (INTEGRATED, 2022, "2020-09-01", NOT_MET), (INTEGRATED, 2022, "2020-09-02", NOT_MET),
    (INTEGRATED, 2022, "2020-02-29", MET), (INTEGRATED, 2022, "1978-12-18", MET),
    (INTEGRATED, 2026, "2024-02-29", MET), (INTEGRATED, 2026, "2024-08-31", MET), (INTEGRATED, 2026, "2024-09-01", NOT_MET),
    # 四1: registered within five years, counted back likewise, in both categories.
    *[(each, 2022, day, state) for each in (STARTUP, EMPLOYMENT) for day, state in (
        ("2016-12-31", NOT_MET), ("2017-01-01", MET), ("2016-02-29", NOT_MET), ("2020-02-29", MET))],
    *[(each, 2025, day, state) for each in (STARTUP, EMPLOYMENT) for day, state in (
        ("2019-12-31", NOT_MET), ("2020-01-01", MET), ("2020-02-29", MET))],
    # What is no day meets nothing: 2011 and 2100 have no 29 February.
    *[(each, 2022, day, NOT_MET) for each in (EMERGING, INTEGRATED, STARTUP, EMPLOYMENT)
      for day in ("", "2011-02-29", "2100-02-29", "2019-13-01", "去年", "20190101x", "2019/1/1")],
]  # fmt: skip


def state(which, year, day):
    key, category, condition = which
    form = DECLARATIONS[key].for_year(year)
    question = next(c.question for c in form.conditions if c.key == condition)
    found = evaluate(form.conditions, Facts({question: day}), "", category)
    return next(r.state for r in found if r.condition.key == condition)


@pytest.mark.parametrize(("which", "year", "day", "wanted"), TABLE)
def test_days_on_both_sides_of_each_bound(which, year, day, wanted):
    assert state(which, year, day) is wanted


def test_the_table_has_both_sides_of_every_bound_that_is_declared():
    declared = {
        (key, c.key) for key, form in DECLARATIONS.items() for c in form.conditions if c.rule in DATE_RULES
    }
    for each in declared:
        sides = {
            wanted for (key, _c, condition), _y, day, wanted in TABLE if (key, condition) == each and day
        }
        assert sides == {MET, NOT_MET}, each


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    "moment", [datetime(2021, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2021, 12, 31, 16, tzinfo=UTC),
               datetime(2022, 10, 31, 15, 59, 59, tzinfo=UTC), datetime(2024, 2, 29, 16, tzinfo=UTC)]
)  # fmt: skip
def test_a_day_is_a_day_whatever_the_clock_and_zone_of_the_machine(zone, moment):
    import zoneinfo

    with time_machine.travel(moment, tick=False), timezone.override(zoneinfo.ZoneInfo(zone)):
        for which, year, day, wanted in TABLE:
            assert state(which, year, day) is wanted


@pytest.mark.parametrize("key", DECLARATIONS)
def test_every_clause_is_a_place_in_the_text_of_annex_1(key):
    text = (HERE / f"annex1_{key}.txt").read_text("utf-8")
    form = DECLARATIONS[key].for_year(2022)
    for condition in form.conditions:
        chapter, part, number = re.fullmatch(
            r"附件1 ([一二三四五六七])(?:（([^）]+)）)?(\d?)", condition.clause
        ).groups()
        assert re.search(rf"(?m)^\s*{chapter}、“科创中国”{form.name}", text), condition.clause
        begin = 0
        if part:
            heads = [f"（{part}）", f"{part}："]
            begin = max(text.find(head) for head in heads)
            assert begin >= 0, condition.clause
        squeezed = re.sub(r"\s", "", text[begin:])
        if number:
            assert f"{number}." in squeezed, condition.clause
            assert squeezed.find(f"{number}.") < squeezed.find(re.sub(r"\s", "", condition.text)), (
                condition.clause
            )
        assert re.sub(r"\s", "", condition.text) in squeezed, condition.clause
