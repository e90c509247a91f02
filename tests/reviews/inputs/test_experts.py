"""Experts in a workbook, cell by cell, without a database."""

from io import BytesIO

import pytest

from kczg.kit.workbooks import Fault, Line, Unreadable
from nominations.catalogues import CATALOGUES
from reviews.inputs.experts import HEADS, Known, code_of, judged, read_experts
from tests.reviews.serving import line, workbook

KNOWN = Known({"电子信息": "information", "绿色低碳": "green"}, {"高校": "g1", "企业": "g2"})


def lines(*rows):
    return [Line(1, HEADS), *(Line(number, tuple(row)) for number, row in enumerate(rows, start=2))]


def refused(*rows):
    _rows, refusals = judged(lines(*rows), KNOWN)
    return [(each.line, each.column, each.reason) for each in refusals]


def test_a_whole_line_is_read():
    given = line(
        "孔令仪", "KONG@Example.org", "北河大学", 上级单位="教育部", 单位地址="北河路1号", 专业领域="集成电路",
        国民经济行业="131；农副食品加工业+13；谷物种植", 战略性新兴产业="1.2；新一代信息技术产业",
        领域="电子信息；绿色低碳", 专家类别="高校", 最多评审项数="２０",
    )  # fmt: skip
    [row], refusals = judged(lines(given), KNOWN)
    assert refusals == []
    assert (row.line, row.name, row.email, row.group, row.most) == (2, "孔令仪", "kong@example.org", "g1", 20)
    assert row.facts == {
        "employer": "北河大学",
        "parent_organisation": "教育部",
        "address": "北河路1号",
        "expertise": "集成电路",
        "industries": ["131", "13", "011"],
        "strategic": ["1.2", "1"],
        "tracks": ["information", "green"],
    }


def test_what_a_line_does_not_say_is_no_fact():
    [row], _refusals = judged(lines(line("孔令仪", "kong@example.org", "北河大学")), KNOWN)
    assert row.facts == {"employer": "北河大学"}
    assert (row.group, row.most) == ("", None)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"name": ""}, "姓名", "填写姓名"),
        ({"email": "kong"}, "邮箱", "邮箱应含有“@”和域名，例如name@example.cn"),
        ({"employer": "大" * 201}, "工作单位", "超过200个字符"),
        ({"employer": "北河\x07大学"}, "工作单位", "工作单位第3个字符是控制字符（U+0007），删去后再保存"),
        ({"国民经济行业": "酿梦业"}, "国民经济行业", "GB/T 4754-2017中没有“酿梦业”，填写代码或全称"),
        ({"领域": "深海"}, "领域", "没有领域“深海”，可填：电子信息、绿色低碳"),
        ({"专家类别": "政府"}, "专家类别", "备案方案中没有专家类别“政府”，可填：高校、企业"),
        ({"最多评审项数": "0"}, "最多评审项数", "最多评审项数应为1—999之间的整数，现为0"),
        ({"最多评审项数": "十"}, "最多评审项数", "最多评审项数应为1—999之间的整数，现为十"),
    ],
)
def test_a_bad_cell_is_named_with_row_column_and_reason(cells, column, reason):
    given = {"name": "孔令仪", "email": "kong@example.org", "employer": "北河大学", **cells}
    assert refused(line(**given)) == [(2, column, reason)]


def test_every_bad_cell_is_told_at_once():
    found = refused(
        line("", "", ""), line("甲", "a@example.org", "某大学"), line("乙", "A@example.org", "某大学")
    )
    assert [each[:2] for each in found] == [(2, "姓名"), (2, "邮箱"), (2, "工作单位"), (4, "邮箱")]
    assert found[-1][2] == "与第3行的邮箱相同"


def test_without_groups_in_the_plan_the_column_stays_empty():
    row = line("甲", "a@example.org", "某大学", 专家类别="高校")
    _rows, refusals = judged(lines(row), Known({}, {}))
    assert [each.reason for each in refusals] == ["备案方案没有划分专家类别，此列留空"]


def test_a_formula_is_no_text():
    row = line("甲", "a@example.org", "某大学")
    cells = tuple(Fault("单元格是公式，改为数值或文字后再导入") if cell == "某大学" else cell for cell in row)
    _rows, refusals = judged([Line(1, HEADS), Line(2, cells)], KNOWN)
    assert [(each.column, each.reason[:6]) for each in refusals] == [("工作单位", "单元格是公式")]


def test_sheets_without_heads_or_lines_are_refused():
    assert judged([], KNOWN)[1][0].reason == "第1行应为表头，下载模板填写"
    assert judged(lines(), KNOWN)[1][0].reason == "文件中没有专家，从第2行起填写"
    assert judged([Line(1, ("姓名", "邮箱"))], KNOWN)[1][0].column == "工作单位"
    many = lines(*[line("甲", f"a{n}@example.org", "某大学") for n in range(2001)])
    assert judged(many, KNOWN)[1][0].reason == "最多2000名专家，现有2001名，分成几个文件后再上传"


def test_the_template_reads_back_and_another_book_does_not():
    made = workbook([line("甲", "a@example.org", "某大学", 专家类别="企业")], groups=("高校", "企业"))
    [row], refusals = read_experts(BytesIO(made), KNOWN)
    assert (row.group, refusals) == ("g2", [])
    with pytest.raises(Unreadable, match="不是\\.xlsx工作簿"):
        read_experts(BytesIO(b"name,email"), KNOWN)


def test_an_entry_is_named_by_code_by_name_or_by_both():
    industries = CATALOGUES["industries"]
    assert code_of(industries, "13") == code_of(industries, "农副食品加工业") == "13"
    assert code_of(industries, "农副食品加工业+13") == "13"
    twice = next(e for e in industries if e.parent and industries.get(e.parent).name == e.name)
    assert code_of(industries, twice.name) == industries.path(twice.code)[-2].code or twice.name
