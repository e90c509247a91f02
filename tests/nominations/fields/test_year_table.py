"""Figures by year: read as people type them, meant exactly, refused in words, warned about and never more."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from nominations.answers import walk
from nominations.fields import KINDS
from nominations.fields.base import Declaration, Section
from nominations.forms import read_updates, section_form
from tests.nominations.fields.test_kinds import GOOD, SAMPLES

KIND, QUESTION, FULL = KINDS["year_table"], SAMPLES["year_table"], GOOD["year_table"]
FORM = Declaration("ranking", "榜", "榜单", (Section("one", "企业技术研发投入", (QUESTION,)),))


def told(value, face="problems"):
    found = getattr(KIND, face)(QUESTION, KIND.read(QUESTION, value))
    return [(problem.key, problem.message) for problem in found]


def posted(value, **more):
    data = QueryDict(mutable=True)
    for row, figures in value.items():
        for n, figure in enumerate(figures):
            data[f"research-{row}-{n}"] = figure
    data.update(more)
    return data


@pytest.mark.parametrize(
    ("figures", "mean"),
    [
        (["1", "2", "2"], "1.67"),
        (["1", "1", "2"], "1.33"),
        (["0.01", "0", "0.005"], "0.01"),
        (["0.1", "0.2", "0.3"], "0.2"),
        (["0", "0", "0.001"], "0"),
        (["-0.001", "0", "0"], "0"),
        (["-1", "-2", "-2"], "-1.67"),
        (["100", "200", "300"], "200"),
        (["999999999999999", "999999999999999", "999999999999998"], "999999999999998.67"),
        (["1480.50", "1600", "约1700"], "—"),
        (["1", "", "2"], "—"),
        (["", "", ""], "—"),
    ],
)
def test_the_mean_is_exact_and_open_until_all_years_are_there(figures, mean):
    assert KIND.mean(QUESTION, QUESTION.rows[2], figures) == mean


@settings(max_examples=80, deadline=None)
@given(st.lists(st.decimals(0, 10**9, places=3), min_size=3, max_size=3))
def test_the_mean_is_the_mean(figures):
    mean = KIND.mean(QUESTION, QUESTION.rows[2], [f"{each:f}" for each in figures])
    exact = sum(map(Fraction, figures)) / 3
    assert abs(Fraction(Decimal(mean)) - exact) <= Fraction(1, 200)


def test_words_have_no_mean_and_a_form_without_means_has_no_column():
    assert KIND.mean(QUESTION, QUESTION.rows[4], ["高", "高", "高"]) == ""
    plain = replace(QUESTION, mean=False, years=("2020年", "2021年", "2022年1-6月"))
    assert KIND.headers(plain) == ("近三年", "2020年", "2021年", "2022年1-6月")
    assert KIND.outputs(plain, FULL) == {}


def test_figures_are_read_as_people_type_them_and_a_wrong_one_stays():
    typed = {"funds": ["1,480.50", "１６００", "约1700"], "quality": ["50%", "５５．５％", " 60 "]}
    assert KIND.read(QUESTION, typed) == {
        "quality": ["50", "55.5", "60"],
        "funds": ["1480.50", "1600", "约1700"],
    }
    assert (
        "id_research-funds-2",
        "2022年研发经费总额只能填数字，例如1480.5",
    ) in [(f"id_{key}", message) for key, message in told(typed)]


def test_each_cell_that_is_missing_or_wrong_is_named_with_its_year():
    assert told({}) == [("research", "填写企业技术研发投入")]
    wrong = FULL | {
        "team": ["12.5", "", "-3"],
        "quality": ["一半", "135", "-1"],
        "level": ["高", "很高", "高"],
    }
    assert told(wrong) == [
        ("research-team-0", "2020年研发团队规模只能填整数，现为12.5"),
        ("research-team-1", "填写2021年研发团队规模"),
        ("research-team-2", "2022年研发团队规模不能小于0，现为-3"),
        ("research-quality-0", "2020年研发团队素质只能填数字，例如12.5"),
        ("research-level-1", "选择2021年程度"),
    ]
    assert told({"team": ["1\x00", "", ""]}) == [
        ("research-team-0", "2020年研发团队规模第2个字符是控制字符（U+0000），删去后再保存")
    ]


def test_shares_out_of_bounds_and_jumps_are_warned_about_and_refuse_nothing():
    odd = FULL | {
        "quality": ["135", "0.9", "100"],
        "funds": ["120", "1480.5", "1200"],
        "profit": ["-1", "0", "90"],
    }
    assert told(odd) == []
    assert told(odd, "warnings") == [
        ("research-quality-0", "2020年研发团队素质应在0—100之间，现为135，核对是否填错单位"),
        (
            "research-quality-1",
            "研发团队素质2020年为135，2021年为0.9，相差10倍以上，核对是否填错单位",
        ),
        ("research-quality-2", "研发团队素质2021年为0.9，2022年为100，相差10倍以上，核对是否填错单位"),
        ("research-funds-1", "研发经费总额2020年为120，2021年为1480.5，相差10倍以上，核对是否填错单位"),
    ]
    assert told(FULL | {"funds": ["100", "1000", "100"], "profit": ["-1", "-5", "-9"]}, "warnings") == []


def test_a_table_that_need_not_be_filled_may_be_filled_in_part():
    optional = replace(QUESTION, required=False)
    assert KIND.problems(optional, {}) == []
    assert KIND.problems(optional, {"team": ["1", "", ""]}) == []
    assert [p.message for p in KIND.problems(optional, {"team": ["甲", "", ""]})] == [
        "2020年研发团队规模只能填数字，例如120"
    ]


def test_text_table_and_cells_hold_every_figure_and_the_mean():
    text = KIND.text(QUESTION, FULL)
    assert text.splitlines()[0] == "研发团队规模：2020年12，2021年15，2022年20，平均值15.67"
    assert text.splitlines()[4] == "程度：2020年高，2021年较高，2022年一般"
    table = KIND.table(QUESTION, FULL)
    assert table.headers == ("近三年", "2020年", "2021年", "2022年", "平均值")
    assert table.rows[2] == ("研发经费总额（万元）", "1480.50", "1600", "1700", "1593.5")
    assert table.rows[4] == ("程度", "高", "较高", "一般", "")
    cells = KIND.cells(QUESTION, FULL)
    assert len(cells) == 20
    assert cells[8] == ("企业技术研发投入 研发经费总额（万元） 2020年", "1480.50")
    assert cells[11] == ("企业技术研发投入 研发经费总额（万元） 平均值", "1593.5")


def test_the_section_asks_cell_by_cell_and_keeps_what_was_typed():
    wrong = FULL | {"funds": ["1,480.50", "约1600", "1700"]}
    form = section_form(FORM, "one", {}, posted(wrong), full=True)
    assert not form.is_valid()
    message = "2021年研发经费总额只能填数字，例如1480.5"
    assert form.error_links() == [("id_research-funds-1", message)]
    assert form.values["research"]["funds"] == ["1480.50", "约1600", "1700"]
    html = str(form["research"])
    assert 'name="research-funds-1" value="约1600"' in html
    assert 'id="id_research-funds-1_error"' in html and message in html
    assert '<output id="id_research-team-mean" data-mean>15.67</output>' in html
    assert 'inputmode="decimal"' in html and "data-year" in html


def test_many_wrong_cells_are_counted_above_and_told_in_the_cells():
    form = section_form(FORM, "one", {}, posted(FULL | {"team": ["", "甲", ""]}), full=True)
    assert not form.is_valid()
    assert form.errors == {"research": ["有3处需修改"]}
    assert [target for target, _words in form.error_links()] == [f"id_research-team-{n}" for n in range(3)]
    assert str(form["research"]).count('class="error"') == 3


def test_an_empty_table_is_asked_for_in_its_first_cell():
    form = section_form(FORM, "one", {}, posted({}), full=True)
    assert not form.is_valid()
    assert form.error_links() == [("id_research-team-0", "填写企业技术研发投入")]


def test_autosave_reads_the_cells_of_a_changed_table():
    updates = read_updates(FORM, posted({"team": ["12", "", ""]}), ["research"])
    assert updates.values == {"research": {"team": ["12", "", ""]}}
    assert KIND.outputs(QUESTION, FULL)["id_research-funds-mean"] == "1593.5"


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["team", "quality", "funds", "profit", "level", "stranger"]),
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=5)
        | st.text(max_size=3),
    )
)
def test_whatever_was_typed_reads_back_and_prints_the_same(typed):
    value = KIND.read(QUESTION, typed)
    assert KIND.read(QUESTION, json.loads(json.dumps(value))) == value
    (item,) = walk(FORM, {"research": value}).items
    assert item.value == value
    shown = {cell for row in item.table.rows for cell in row}
    assert all(figure in shown for figures in value.values() for figure in figures)
    assert [cell for _head, cell in item.cells] == [cell for row in item.table.rows for cell in row[1:]]
