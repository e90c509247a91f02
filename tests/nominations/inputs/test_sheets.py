"""A filled-in template, cell by cell: what is refused, and that it is told by sheet, line, column and reason."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from kczg.kit.workbooks import Unreadable, read_book
from nominations.inputs.answers import ONE, judge, load_json, read_file
from nominations.inputs.sheets import Refusal, read_sheets
from nominations.outputs.template import EXPLANATIONS, Filled, book, rows_titles
from nominations.rankings import DECLARATIONS
from tests.nominations.answers_of import full
from tests.nominations.rankings.samples import full as full_of

FORM = DECLARATIONS["pioneer_technology"].for_year(2022)
ENTERPRISE = DECLARATIONS["emerging_enterprise"].for_year(2022)
NUMBER = "2022XD00001"


def template(change=lambda book: None, form=FORM, answers=None):
    """A book with one nomination, changed as a person would."""
    file = BytesIO()
    book(form, ["申报编号", "类别"], [Filled([NUMBER, ""], full() if answers is None else answers)]).save(
        file
    )
    made = load_workbook(file)
    change(made)
    out = BytesIO()
    made.save(out)
    out.seek(0)
    return out


def draft(number=NUMBER, answers=None):
    return SimpleNamespace(number=number, category="", answers=answers or {})


def cell(made, head, line=2, sheet="先导技术榜"):
    place = next(c.column for c in made[sheet][1] if c.value == head)
    return made[sheet].cell(line, place)


def put(head, value, line=2, sheet="先导技术榜", number_format=None):
    def change(made):
        found = cell(made, head, line, sheet)
        found.value = value
        if number_format:
            found.number_format = number_format

    return change


def taken(change=lambda book: None, form=FORM, answers=None, number=NUMBER):
    return read_file(form, template(change, form, answers), "a.xlsx", draft(number, answers))


def test_an_untouched_book_brings_all_answers_and_refuses_nothing():
    found = taken()
    assert (found.refusals, found.remarks) == ([], [])
    assert found.values["rights_rows"] == full()["rights_rows"]


def test_a_formula_names_its_cell():
    file = template(put("技术名称", "=1+1"))
    found = read_file(FORM, file, "a.xlsx", draft(answers=full(technology_name="网上的名称")))
    assert found.refusals == [Refusal("先导技术榜", 2, "技术名称", "单元格是公式，改为数值或文字后再导入")]
    assert found.values["technology_name"] == "网上的名称"


def test_an_option_that_is_not_offered_names_its_cell_also_in_rows():
    found = taken(put("技术成熟度", "TRL10"))
    assert found.refusals == [Refusal("先导技术榜", 2, "技术成熟度", "技术成熟度没有“TRL10”这一项")]
    sheet = rows_titles(FORM)["rights_rows"]
    found = taken(put("类别", "软件著作权", sheet=sheet))
    assert found.refusals == [Refusal(sheet, 2, "类别", "发明专利和论文第1行：类别没有“软件著作权”这一项")]
    assert "rights_rows" not in found.values


def test_what_a_draft_may_hold_is_taken_with_a_remark():
    found = taken(put("电话", "12345"))
    assert found.values["phone"] == "12345"
    assert [(each.line, each.column) for each in found.remarks] == [(2, "电话")]


def test_full_width_digits_dates_and_percentages_are_read_as_meant():
    from datetime import date

    answers = full_of("emerging_enterprise")
    sheet = "新锐企业榜"

    def change(made):
        put("注册资本（万元）", "３２００．５０", sheet=sheet)(made)
        put("企业工商登记日期", date(2016, 5, 18), sheet=sheet)(made)
        put("从业人数（人）", 168, sheet=sheet)(made)
        head = "近三年 研发团队素质（硕士及以上学历人员占比） 2021年"
        heads = [c.value for c in made[sheet][1]]
        head = next(h for h in heads if "研发团队素质" in h and "2021年" in h)
        put(head, 0.43, sheet=sheet, number_format="0%")(made)

    found = taken(change, ENTERPRISE, answers)
    assert (found.refusals, found.remarks) == ([], [])
    assert found.values["capital"] == "3200.50"
    assert found.values["registered_on"] == "2016-05-18"
    assert found.values["research_years"]["quality"] == ["41.5", "43", "45.2"]


def test_a_figure_of_a_year_that_is_wrong_names_its_own_column():
    answers = full_of("emerging_enterprise")
    heads = [c.value for c in load_workbook(template(form=ENTERPRISE, answers=answers))["新锐企业榜"][1]]
    head = next(h for h in heads if "研发经费总额" in h and "2022年" in h)
    found = taken(put(head, "很多", sheet="新锐企业榜"), ENTERPRISE, answers)
    assert [(each.line, each.column) for each in found.remarks] == [(2, head)]


def test_an_empty_cell_leaves_what_was_typed_on_line():
    standing = full(technology_name="网上的名称")
    file = template(put("技术名称", None), answers=full(awards_rows=[]))
    found = read_file(FORM, file, "a.xlsx", draft(answers=standing))
    assert found.values["technology_name"] == "网上的名称"
    assert "awards_rows" not in found.values


def test_an_empty_figure_leaves_the_one_that_was_typed_on_line():
    answers = full_of("emerging_enterprise")
    heads = [c.value for c in load_workbook(template(form=ENTERPRISE, answers=answers))["新锐企业榜"][1]]
    head = next(h for h in heads if "研发经费总额" in h and "2022年" in h)
    file = template(put(head, None, sheet="新锐企业榜"), ENTERPRISE, answers)
    found = read_file(ENTERPRISE, file, "a.xlsx", draft(answers=answers))
    assert found.values["research_years"] == answers["research_years"]


def test_the_book_of_another_ranking_is_told_by_name():
    found = read_file(FORM, template(form=ENTERPRISE, answers={}), "a.xlsx", draft())
    assert "没有工作表“先导技术榜”" in found.refusals[0].reason and "新锐企业榜" in found.refusals[0].reason


def test_another_nominations_number_is_refused():
    assert "申报编号是2022XD00001，此申报表的是2022XD00002" in taken(number="2022XD00002").refusals[0].reason


def test_unknown_doubled_and_missing_heads_are_refused():
    assert taken(put("技术名称", "别名", line=1)).refusals == [
        Refusal("先导技术榜", 1, "别名", "模板中没有此列，删去此列或改用模板的表头")
    ]
    assert Refusal("先导技术榜", 1, "地址", "此列出现两次") in taken(put("邮箱", "地址", line=1)).refusals
    assert any(each.column == "序号" for each in taken(put("序号", "号", line=1)).refusals)


def test_rows_without_a_number_or_of_none_are_refused():
    sheet = rows_titles(FORM)["awards_rows"]

    def change(made):
        made[sheet].append(["9", "奖", "国家奖", "2021-06"])
        made[sheet].append([None, "奖", "国家奖", "2021-06"])

    reasons = [(each.line, each.column, each.reason) for each in taken(change).refusals]
    assert reasons == [(2, "序号", "工作表“先导技术榜”没有序号9"), (3, "序号", "填写序号，例如1")]


def test_two_nominations_in_the_file_of_one_are_refused():
    file = BytesIO()
    book(FORM, ["申报编号", "类别"], [Filled(["", ""], full()), Filled(["", ""], full())]).save(file)
    assert "现有2项" in read_file(FORM, file, "a.xlsx", draft()).refusals[0].reason


def test_the_template_explains_each_column_and_offers_lists():
    made = load_workbook(template())
    explained = {
        (row[0].value, row[1].value): [c.value for c in row] for row in made[EXPLANATIONS].iter_rows()
    }
    assert explained["先导技术榜", "技术介绍"][3:5] == ["必填", "400—600字"]
    assert "TRL9" in explained["先导技术榜", "技术成熟度"][5]
    assert (rows_titles(FORM)["awards_rows"], "奖项级别") in explained
    lists = made["先导技术榜"].data_validations.dataValidation
    column = cell(made, "技术成熟度").column_letter
    assert any(f"{column}2" in str(each.sqref) and "选项" in each.formula1 for each in lists)
    assert made["选项"].sheet_state == "hidden"


def test_a_book_is_read_in_the_middle_of_which_a_column_was_moved():
    def change(made):
        made["先导技术榜"].move_range("B1:B2", cols=200)

    assert taken(change).refusals == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "不是有效的JSON：第1行第2列"),
        (b"[" * 100_000, "不是有效的JSON"),
        (b'{"a": NaN}', "不是有效的JSON"),
        (b"\xff\xfe\x00", "不是UTF-8编码"),
        (b" " * 2_100_000, "内容超过2 MB"),
    ],
)
def test_what_is_no_json_is_told(content, told):
    with pytest.raises(Unreadable, match=told):
        load_json(content)


def test_numbers_of_json_lose_no_digit():
    assert load_json(b'{"a": 1480.50, "b": 12345678901234567890.10}') == {
        "a": "1480.50",
        "b": "12345678901234567890.10",
    }


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ('{"ranking": "open_source", "answers": {}}', "ranking是open_source"),
        ('{"answers": {"readiness": "TRL10"}}', "技术成熟度没有“TRL10”这一项"),
        ('{"answers": {"transfer_forms": ["可进行交易", "送人"]}}', "没有“送人”这一项"),
        (
            '{"answers": {"rights_rows": [{"kind": "论文", "colour": "red"}]}}',
            "发明专利和论文第1行：发明专利和论文的内容格式不符",
        ),
        ('{"answers": {"nothing": "x"}}', "此表没有“nothing”这一项"),
        ('{"technology_name": true}', "技术名称的内容格式不符"),
        ('{"technology_name": "a\\u202eb"}', "控制字符"),
    ],
)
def test_what_json_brings_and_is_not_taken_is_told(document, told):
    found = read_file(FORM, BytesIO(document.encode()), "a.JSON", draft())
    assert told in "；".join(each.reason for each in found.refusals)
    assert found.values == {}


def test_null_empties_an_answer():
    found = read_file(FORM, BytesIO(b'{"technology_name": null, "transfer_forms": null}'), "a.json", draft())
    assert found.values == {"technology_name": "", "transfer_forms": []}


def test_the_limits_of_one_nomination_hold():
    with pytest.raises(Unreadable, match="超过2 MB"):
        read_book(BytesIO(b"x" * 2_100_000), ONE)
    with pytest.raises(Unreadable, match="JSON对象"):
        read_file(FORM, BytesIO(b"[1]"), "a.json", draft())


def test_a_sheet_without_heads_is_told():
    def change(made):
        made["先导技术榜"].delete_rows(1)
        made["先导技术榜"].insert_rows(1)

    assert "第1行应为表头" in taken(change).refusals[0].reason


def test_judging_places_a_problem_without_a_question_in_the_line():
    entry = read_sheets(FORM, read_book(template(), ONE), ["申报编号", "类别"]).entries[0]
    found = judge(FORM, {"nothing": "x"}, "", lambda control, reason: entry.place(FORM, control, reason))
    assert (found.refusals[0].line, found.refusals[0].column) == (2, "")
