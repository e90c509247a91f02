"""先导技术榜 asks what the notice prints, in its order, and every condition is a sentence of annex 1."""

import re
from pathlib import Path

import pytest

from nominations.rankings.pioneer_technology import DECLARATION

FORM = DECLARATION.for_year(2022)
TRACKS = ["电子信息", "装备制造", "先进材料", "生物医药", "绿色低碳", "产业基础"]
LABELS = [
    ("技术基本情况", "技术名称", "short_text"),
    ("技术基本情况", "所属单位（团队）名称", "short_text"),
    ("技术基本情况", "所属领域", "one_of"),
    ("技术基本情况", "重点服务行业及应用领域", "industry"),
    ("技术基本情况", "技术成熟度", "one_of"),
    ("技术基本情况", "技术成果转化形式（可多选）", "any_of"),
    ("技术团队基本情况", "联系人", "short_text"),
    ("技术团队基本情况", "电话", "phone"),
    ("技术团队基本情况", "地址", "short_text"),
    ("技术团队基本情况", "邮箱", "email"),
    ("技术团队基本情况", "技术团队简介（200字）", "long_text"),
    ("一、技术介绍（400-600字）", "技术介绍", "long_text"),
    ("二、技术应用场景介绍（400-600字）", "技术应用场景介绍", "long_text"),
    ("三、技术知识产权情况", "技术知识产权情况", "long_text"),
    ("四、技术获奖情况", "技术获奖情况", "rows"),
    ("五、经济效益", "经济效益", "long_text"),
    ("六、社会效益", "社会效益", "long_text"),
]


def joined(name):
    return re.sub(r"\s", "", Path(__file__).with_name(name).read_text("utf-8"))


ANNEX_1, ANNEX_2 = joined("annex1_pioneer_technology.txt"), joined("annex2_pioneer_technology.txt")


def test_every_printed_label_is_there_in_its_section_and_order():
    printed = [(s.title, q.label, q.kind) for s in FORM.sections if s.printed for q in s.questions]
    assert [line for line in printed if line[1] != "发明专利和论文"] == LABELS


def test_words_of_the_printed_form_stand_in_annex_2_in_this_order():
    words = [FORM.title, FORM.form_word]
    for section in FORM.sections:
        if section.printed:
            words += [section.title, section.note]
            for question in section.questions:
                if section.layout == "grid":
                    options = [option.label for option in question.options] if question.box else []
                    words += [question.label, *options, question.note]
    words += [word for seal in FORM.seals for word in (seal.label, seal.stamp_label)]
    place = 0
    for word in filter(None, words):
        found = ANNEX_2.find(re.sub(r"\s", "", word), place)
        assert found >= 0, word
        place = found


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("team_profile", None, 200),
        ("introduction_text", 400, 600),
        ("scenarios_text", 400, 600),
        ("rights_text", None, None),
        ("economy_text", None, None),
    ],
)
def test_limits_are_those_printed(key, low, high):
    question = FORM.question(key)
    assert (question.min_count, question.max_count) == (low, high)


def test_options_are_those_printed():
    assert [option.label for option in FORM.question("track").options] == TRACKS
    assert [option.label for option in FORM.question("readiness").options] == [
        f"TRL{n}" for n in range(1, 10)
    ]
    assert [option.label for option in FORM.question("transfer_forms").options] == [
        "可进行交易",
        "在内部进行转化",
        "只能合作生产",
        "已经有合作",
        "不能再次转化",
    ]
    assert [option.label for option in FORM.question("foundation_kind").options] == [
        "基础零部件和元器件",
        "基础材料",
        "工业基础软件",
        "基础制造工艺及装备",
        "产业技术基础",
    ]
    assert [option.label for option in FORM.question("green_direction").options] == [
        "能源",
        "交通",
        "工业",
        "建筑",
        "农林",
        "生态环境保护与修复",
    ]


def test_rows_have_the_columns_of_the_form():
    assert [column.label for column in FORM.question("awards_rows").columns] == [
        "奖项名称",
        "奖项级别",
        "获奖时间",
    ]
    levels = FORM.question("awards_rows").columns[1].options
    assert [option.label for option in levels] == ["国家奖", "省部级奖", "全国学会奖", "行业奖"]
    assert [column.key for column in FORM.question("rights_rows").columns] == [
        "kind",
        "title",
        "number",
        "date",
        "holder",
    ]


def test_only_what_the_form_says_may_be_left_out():
    assert [question.key for question in FORM.questions() if not question.required] == [
        "pilot_city",
        "rights_rows",
        "awards_rows",
    ]


def test_seals_are_those_printed():
    assert [(seal.label, seal.stamp_label) for seal in FORM.seals] == [
        ("申报单位意见", "申报单位公章"),
        ("推荐单位意见", "推荐单位公章"),
    ]


@pytest.mark.parametrize("condition", FORM.conditions, ids=lambda condition: condition.key)
def test_each_condition_is_a_sentence_of_annex_1_under_its_clause(condition):
    assert condition.text in ANNEX_1
    part, number = re.fullmatch(r"附件1 一（([一二])）(\d?)", condition.clause).groups()
    begin, end = ANNEX_1.index(f"（{part}）"), ANNEX_1.find("（二）") if part == "一" else len(ANNEX_1)
    clause = ANNEX_1[begin:end]
    assert (f"{number}.{condition.text}" if number else condition.text) in clause


@pytest.mark.parametrize("track", TRACKS)
def test_the_conditions_of_a_track_say_all_of_its_part_of_annex_1(track):
    said = "".join(c.text for c in FORM.conditions if track in c.tracks)
    part = ANNEX_1[ANNEX_1.index("（二）") :] if track == "产业基础" else ANNEX_1[: ANNEX_1.index("（二）")]
    for number, sentence in re.findall(r"(\d)\.(.+?。)(?=\d\.|入选)", part):
        assert sentence in said, number
    assert re.search(r"入选2021年.+?不再纳入候选。", part)[0] in said


def test_conditions_look_at_questions_that_are_asked():
    assert {c.question for c in FORM.conditions if c.question} <= {q.key for q in FORM.questions()}
