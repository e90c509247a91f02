"""What each kind reads, refuses and shows. Messages are those that people see, word for word."""

import json
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings as configured
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from hypothesis import given, settings
from hypothesis import strategies as st

from nominations.answers import walk
from nominations.fields import KINDS, kind_of, problems_of
from nominations.fields.base import Declaration, Option, Question, Section
from tests.nominations.fields.strategies import JSON, TEXT

COLUMNS = (
    Question("name", "奖项名称", "short_text"),
    Question("level", "奖项级别", "one_of", options=(Option("国家奖"), Option("行业奖"))),
    Question("date", "获奖时间", "month"),
)
SAMPLES = {
    "short_text": Question("name", "技术名称", "short_text"),
    "long_text": Question("text", "技术介绍", "long_text", min_count=400, max_count=600),
    "one_of": Question("track", "所属领域", "one_of", options=(Option("电子信息"), Option("绿色低碳"))),
    "any_of": Question(
        "forms",
        "技术成果转化形式（可多选）",
        "any_of",
        short="技术成果转化形式",
        options=(Option("可进行交易"), Option("已经有合作")),
    ),
    "phone": Question("phone", "电话", "phone"),
    "email": Question("email", "邮箱", "email"),
    "industry": Question("codes", "行业", "industry", catalogue="industries", levels=("中类", "小类")),
    "rows": Question("awards", "技术获奖情况", "rows", short="奖项", columns=COLUMNS),
    "month": Question("month", "获奖时间", "month"),
    "date": Question("day", "成立时间", "date"),
    "decimal": Question("money", "研发经费总额", "decimal"),
    "integer": Question("people", "从业人数", "integer"),
    "percent": Question("share", "占比", "percent"),
    "pilot_city": Question("city", "试点城市（园区）", "pilot_city"),
    "promise": Question("promise", "承诺属实", "promise"),
    "signed": Question("growth", "增长率", "signed"),
    "year": Question("year", "认定年度", "year"),
    "year_table": Question(
        "research",
        "近三年",
        "year_table",
        short="企业技术研发投入",
        years=("2020年", "2021年", "2022年"),
        mean=True,
        rows=(
            Question("team", "研发团队规模", "integer"),
            Question("quality", "研发团队素质", "percent"),
            Question("funds", "研发经费总额（万元）", "decimal", short="研发经费总额"),
            Question("profit", "预期盈利", "signed"),
            Question("level", "程度", "one_of", options=(Option("高"), Option("较高"), Option("一般"))),
        ),
    ),
    "region": Question("region", "所在地区", "region", options=(Option("境外"),)),
    "emerging_industry": Question("trade", "所属行业", "emerging_industry"),
    "licence": Question("licence", "开源许可证", "licence", catalogue="licences", levels=("2022",)),
    "url": Question("repository", "源代码仓库地址", "url"),
    "files": Question("annexes", "附件", "files", max_count=2),
}
SCAN = {
    "id": "0123456789abcdef0123456789abcdef",
    "name": "证书.pdf",
    "size": 1234,
    "pages": 2,
    "sha256": "1a2b3c4d" + "0" * 56,
    "type": "application/pdf",
}
GOOD = {
    "short_text": "激光测距",
    "long_text": "字" * 400,
    "one_of": "绿色低碳",
    "any_of": ["已经有合作"],
    "phone": "010-56057633-801",
    "email": "name@example.cn",
    "industry": ["131", "1311"],
    "rows": [{"name": "一等奖", "level": "国家奖", "date": "2020-12"}],
    "month": "2021-06",
    "date": "2020-08-31",
    "decimal": "1480.50",
    "integer": "120",
    "percent": "35.5",
    "pilot_city": "苏州市",
    "promise": True,
    "signed": "-3.5",
    "year": "2021",
    "year_table": {
        "team": ["12", "15", "20"],
        "quality": ["50", "55.5", "60"],
        "funds": ["1480.50", "1600", "1700"],
        "profit": ["-20", "-5", "-1"],
        "level": ["高", "较高", "一般"],
    },
    "region": "320500",
    "emerging_industry": {"code": "1.2", "name": "新型电子元器件及设备制造"},
    "licence": ["Apache-2.0", "MulanPSL-2.0"],
    "url": "https://gitee.com/example/project",
    "files": [SCAN],
}


def messages(name, raw):
    kind, question = KINDS[name], SAMPLES[name]
    return [problem.message for problem in kind.problems(question, kind.read(question, raw))]


def test_every_kind_has_a_sample_and_both_partials():
    assert set(SAMPLES) == set(GOOD) == set(KINDS)
    folder = Path(configured.BASE_DIR) / "templates" / "fields"
    faces = {path.parent.name for path in folder.glob("*/page.html")}
    assert faces == {path.parent.name for path in folder.glob("*/print.html")} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_good_answer_has_no_problem_and_fits_its_schema(name):
    assert messages(name, GOOD[name]) == []
    jsonschema.validate(GOOD[name], KINDS[name].schema(SAMPLES[name]))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("short_text", "填写技术名称"),
        ("long_text", "填写技术介绍"),
        ("one_of", "选择所属领域"),
        ("any_of", "至少勾选一种技术成果转化形式"),
        ("phone", "填写电话"),
        ("industry", "选择行业"),
        ("rows", "填写奖项"),
        ("promise", "勾选承诺属实"),
        ("files", "上传附件"),
    ],
)
def test_an_empty_answer_asks_for_it(name, message):
    assert messages(name, None) == [message]


@pytest.mark.parametrize("name", KINDS)
def test_an_empty_answer_is_fine_where_none_is_required(name):
    question = Question.from_json(SAMPLES[name].to_json() | {"required": False})
    assert KINDS[name].problems(question, KINDS[name].blank()) == []


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("long_text", "字" * 312, "技术介绍现有312字，还差88字（要求400—600字）"),
        ("long_text", "字" * 399, "技术介绍现有399字，还差1字（要求400—600字）"),
        ("long_text", "字" * 601, "技术介绍现有601字，需删减1字"),
        ("long_text", "字 \n" * 640, "技术介绍现有640字，需删减40字"),
        ("short_text", "名" * 201, "技术名称现有201字，需删减1字"),
        ("phone", "1380013800", "手机号码应为11位，现有10位"),
        ("phone", "１３８００１３８００", "手机号码应为11位，现有10位"),
        ("phone", "12800138000", "手机号码应以13—19开头，现为12"),
        ("phone", "56057633", "座机号码应写成区号-号码，例如010-56057633"),
        ("phone", "13800138000、13800138001", "电话只能填一个号码，例如13800138000或010-56057633-801"),
        ("email", "name.example.cn", "邮箱缺少“@”"),
        ("email", "name@", "邮箱应写成name@example.cn的样子，只填一个"),
        ("industry", ["13"], "农副食品加工业（13）是大类，选择中类、小类"),
        ("industry", ["0000"], "GB/T 4754-2017中没有代码0000，重新选择"),
        (
            "rows",
            [{"name": "一等奖", "date": "2020-13", "level": "国家奖"}],
            "奖项第1行：获奖时间应写成年-月，例如2021-06",
        ),
        ("month", "去年六月", "获奖时间应写成年-月，例如2021-06"),
        ("date", "2021-02-30", "成立时间应写成年-月-日，例如2021-06-15"),
        ("decimal", "约1480", "研发经费总额只能填数字，例如1480.5"),
        ("decimal", "-1", "研发经费总额不能小于0，现为-1"),
        ("decimal", "1,48", "研发经费总额只能填数字，例如1480.5"),
        ("integer", "12.5", "从业人数只能填整数，现为12.5"),
        ("percent", "135", "占比应在0—100之间，现为135"),
        ("signed", "持平", "增长率只能填数字，例如12.5"),
        ("year", "21", "认定年度应写成四位年份，例如2021"),
        ("region", "苏州", "所在地区中没有“苏州”，从列表中选择"),
        ("region", "320000", "所在地区中没有“320000”，从列表中选择"),
        ("emerging_industry", {"code": "1.2"}, "所属行业：填写产业的具体名称，例如新型电子元器件及设备制造"),
        ("emerging_industry", {"code": "1", "name": "芯片"}, "所属行业：选择所属的产业"),
        ("emerging_industry", {"code": "1.2", "name": "名" * 201}, "所属行业现有201字，需删减1字"),
        ("licence", ["Proprietary"], "Proprietary不在本年度OSI认证的开源许可证中，重新选择"),
        ("url", "gitee.com/example", "源代码仓库地址应以http://或https://开头"),
        ("url", "javascript:alert(1)", "源代码仓库地址应以http://或https://开头"),
        ("url", "https://甲 乙", "源代码仓库地址应写成完整的网址，只填一个，例如https://example.cn/project"),
    ],
)
def test_a_wrong_answer_says_how_to_mend_it(name, raw, message):
    assert messages(name, raw) == [message]


@pytest.mark.parametrize("raw", ["字" * 400, "字" * 600, " 字\u200b" * 600 + "\ufeff\n"])
def test_limits_include_their_ends(raw):
    assert messages("long_text", raw) == []


@pytest.mark.parametrize(
    "raw",
    ["13800138000", "138 0013 8000", "+86 13800138000", "010-56057633", "01056057633", "010－56057633",
     "(010)56057633", "0512-6289001", "010-82000975-932", "010-82000975转932", "400-820-8820"],
)  # fmt: skip
def test_phones_of_both_kinds_are_taken(raw):
    assert messages("phone", raw) == []


@pytest.mark.parametrize(
    ("name", "raw", "value", "text"),
    [
        ("short_text", "  激光\t测距\r\n", "激光 测距", "激光 测距"),
        ("long_text", "一\r\n　二 ", "一\n　二 ", "一\n　二 "),
        ("phone", "０１０－５６０５７６３３", "010-56057633", "010-56057633"),
        ("email", "name＠example.cn", "name@example.cn", "name@example.cn"),
        ("any_of", ["已经有合作", "没有的", "可进行交易"], ["可进行交易", "已经有合作"], "可进行交易、已经有合作"),
        ("one_of", "没有的", "", ""),
        ("industry", ["13", "13", " 1311 "], ["13", "1311"], "农副食品加工业+13、稻谷加工+1311"),
        ("month", "2021年6月", "2021-06", "2021年6月"),
        ("month", "202106", "2021-06", "2021年6月"),
        ("month", "２０２１．６", "2021-06", "2021年6月"),
        ("date", "2021年6月5日", "2021-06-05", "2021年6月5日"),
        ("decimal", "１，４８０．５０", "1480.50", "1480.50"),
        ("rows", [{"name": " "}, {"name": "奖", "level": "行业奖", "date": "2021/6"}, "不是行"],
         [{"name": "奖", "level": "行业奖", "date": "2021-06"}], "奖 · 行业奖 · 2021年6月"),
        ("promise", "on", False, ""),
        ("percent", "３５．５％", "35.5", "35.5"),
        ("signed", "－12.5", "-12.5", "-12.5"),
        ("year", "2021年度", "2021", "2021年"),
        ("region", "320500", "320500", "江苏省苏州市"),
        ("region", "江苏省-苏州市", "320500", "江苏省苏州市"),
        ("region", "北京市海淀区", "110108", "北京市海淀区"),
        ("region", "境外", "境外", "境外"),
        ("emerging_industry", {"code": " 1.2 ", "name": "新型电子元器件及设备制造", "x": "y"},
         {"code": "1.2", "name": "新型电子元器件及设备制造"}, "新型电子元器件及设备制造（1.2 电子核心产业）"),
        ("licence", ["MIT", "MIT", " Apache-2.0"], ["MIT", "Apache-2.0"], "MIT、Apache-2.0"),
        ("url", " https://example.cn/甲 ", "https://example.cn/甲", "https://example.cn/甲"),
        ("files", [SCAN, SCAN["id"], "../x", {"id": 7}], [SCAN], "证书.pdf（2页，SHA-256 1a2b3c4d）"),
    ],
)  # fmt: skip
def test_what_was_typed_is_read_and_shown(name, raw, value, text):
    kind, question = KINDS[name], SAMPLES[name]
    assert kind.read(question, raw) == value
    assert kind.text(question, value) == text


@pytest.mark.parametrize("name", ["short_text", "long_text", "phone", "email", "month", "pilot_city"])
@pytest.mark.parametrize(
    ("sign", "code"), [("\u202e", "202E"), ("\x00", "0000"), ("\x1b", "001B"), ("\u2066", "2066")]
)
def test_i5_control_and_direction_characters_are_refused(name, sign, code):
    question = SAMPLES[name]
    assert messages(name, f"甲乙{sign}丙") == [
        f"{question.name}第3个字符是控制字符（U+{code}），删去后再保存"
    ]


def test_i5_they_are_refused_in_rows_and_codes_too():
    assert messages("rows", [{"name": "奖\x07", "level": "国家奖", "date": "2020-12"}]) == [
        "奖项第1行：奖项名称第2个字符是控制字符（U+0007），删去后再保存"
    ]
    assert messages("industry", ["131\x00"]) == ["行业含有无法识别的代码，重新选择"]


@pytest.mark.parametrize(
    "text", ["𡃁", "䶮", "㐂", "\U00030000", "\ue000", "é", "👍🏽", "ᠮᠣᠩᠭᠣᠯ", "བོད", "ئۇيغۇر", "\u200b字"]
)
def test_i5_any_other_character_is_kept_as_it_is(text):
    for name in ("short_text", "long_text"):
        assert KINDS[name].read(SAMPLES[name], text) == text
        assert KINDS[name].unreadable(SAMPLES[name], text) == []


def test_sizes_beyond_reason_are_refused_and_said():
    assert messages("long_text", "字" * 20_001) == ["技术介绍超过20000个字符，未保存，删减后再保存"]
    rows = [{"name": "奖", "level": "国家奖", "date": "2020-12"}] * 51
    assert messages("rows", rows) == ["奖项最多50行，现有51行"]
    assert messages("industry", [f"{n:04}" for n in range(51)]) == ["行业最多选择50项，现有51项"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    JSON | TEXT | st.lists(st.dictionaries(TEXT, TEXT, max_size=3), max_size=3),
)
def test_any_json_is_read_judged_and_shown_without_fail(name, raw):
    kind, question = KINDS[name], SAMPLES[name]
    value = kind.read(question, raw)
    assert kind.read(question, json.loads(json.dumps(value))) == value
    assert all(problem.message and problem.code for problem in kind.problems(question, value))
    assert isinstance(kind.text(question, value), str)
    headers = [header for header, _cell in kind.cells(question, value)]
    assert headers == [header for header, _cell in kind.cells(question, kind.blank())]
    assert headers == [question.label] or name == "year_table"
    jsonschema.validate(value, kind.schema(question)) if kind.unreadable(question, value) == [] else None


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("face", ["page", "print"])
def test_the_partials_show_the_text_and_escape_it(name, face):
    form = Declaration("ranking", "榜", "榜单", (Section("one", "一", (SAMPLES[name],)),))
    hostile = {"short_text": "<b>名</b>", "long_text": "<b>名</b>"}.get(name, GOOD[name])
    (item,) = walk(form, {SAMPLES[name].key: hostile}).items
    html = render_to_string(f"fields/{name}/{face}.html", {"item": item})
    assert "<b>" not in html
    if isinstance(hostile, str) and "<" not in hostile:
        assert item.text in strip_tags(html)
    (empty,) = walk(form, {}).items
    shown = render_to_string(f"fields/{name}/{face}.html", {"item": empty, "mark_empty": face == "print"})
    assert "未填写" in shown


def test_paper_has_boxes_where_the_form_has_them():
    question = Question.from_json(SAMPLES["any_of"].to_json() | {"box": "after"})
    (item,) = walk(
        Declaration("r", "榜", "榜单", (Section("s", "一", (question,)),)), {"forms": ["已经有合作"]}
    ).items
    html = render_to_string("fields/any_of/print.html", {"item": item})
    boxes = [render_to_string("papers/box.html", {"ticked": ticked}) for ticked in (False, True)]
    assert boxes[0] != boxes[1]
    assert [f"可进行交易{boxes[0]}" in html, f"已经有合作{boxes[1]}" in html] == [True, True]


def test_problems_name_the_cell_that_they_mean():
    question = SAMPLES["rows"]
    value = kind_of(question).read(
        question, [{"name": "奖", "level": "国家奖", "date": "2021-06"}, {"name": "乙"}]
    )
    assert [(p.key, p.code) for p in problems_of(question, value)] == [
        ("awards-1-level", "empty"),
        ("awards-1-date", "empty"),
    ]
