"""Each form asks what forms and annexes print, takes full answers, refuses each limit, and shows all of it everywhere."""

import csv
import json as plain_json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nominations.answers import walk
from nominations.fields import KINDS
from nominations.forms import read_json, section_form
from nominations.outputs import json as data
from nominations.outputs import pdf
from nominations.outputs.paper import FormPaper
from nominations.rankings import DECLARATIONS
from nominations.rules.conditions import Facts, State, evaluate
from tests.nominations.fields.strategies import JSON
from tests.nominations.outputs.drawn import body, drawn
from tests.nominations.outputs.test_pdf import in_order, pages
from tests.nominations.rankings.samples import CASES, full

HERE = Path(__file__).parent
KEYS = [key for key in DECLARATIONS if key != "pioneer_technology"]
FORMS = {key: DECLARATIONS[key].for_year(2022) for key in KEYS}
PRINTED = [key for key in KEYS if not FORMS[key].separately_organised]
SEALERS = {"applicant": ("示例申报单位", ""), "recommender": ("中国示例学会", "同意推荐。")}

with (HERE / "labels.tsv").open(encoding="utf-8", newline="") as lines:
    LABELS = [row for row in csv.DictReader(lines, delimiter="\t") if row["ranking"] in KEYS]


def squeezed(text):
    return re.sub(r"\s", "", text)


def annex(number, key):
    return squeezed((HERE / f"annex{number}_{key}.txt").read_text("utf-8"))


def tree(key, category="", **changes):
    return walk(DECLARATIONS[key], full(key, category, **changes), category=category, season_year=2022)


def messages(key, category="", **changes):
    return [problem.message for problem in tree(key, category, **changes).problems]


# --- What is asked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_every_label_of_the_specification_is_asked_in_its_section_and_order(key):
    asked = [(section, question) for section in FORMS[key].sections for question in section.questions]
    place = 0
    for row in (row for row in LABELS if row["ranking"] == key):
        fits = [
            n
            for n, (section, question) in enumerate(asked[place:], start=place)
            if row["section"].startswith(section.title)
            and row["label"] in (question.label, question.short, question.label + question.note)
            and row["kind"] in (question.kind, question.kind.removeprefix("emerging_"))
        ]
        assert fits, row
        place = fits[0] + 1
        check_details(asked[fits[0]][1], row["detail"])


def check_details(question, detail):
    """The options, columns, rows, years and limits that the specification names."""
    if question.kind in ("one_of", "any_of"):
        listed = "".join(option.label for option in question.options).replace("/", "")
        assert detail.replace(" / ", "").replace("/", "").startswith(listed)
    if question.kind == "rows":
        columns = re.match(r"columns: ([^;]+)", detail)[1].strip().split(" · ")
        assert [column.label for column in question.columns][: len(columns)] == columns
    if question.kind == "year_table":
        columns, rows = re.match(r"columns: (.+?); rows: ([^;]+)", detail).groups()
        assert [row.label for row in question.rows] == rows.strip().split(" · ")
        years = re.sub(r"Y([+-]\d)?", lambda y: str(2022 + int(y[1] or 0)) + "年", columns).replace(
            "年 1-6月", "年1-6月"
        )
        assert [*question.years, *(["平均值"] if question.mean else [])] == years.split(" · ")
    if limit := re.match(r"≤(\d+)字", detail):
        assert question.max_count == int(limit[1])
    optional = "optional" in detail or "may leave it empty" in detail or "at least one in all" in detail
    assert question.required or optional or question.key == "indirect_modes"


@pytest.mark.parametrize("key", PRINTED)
def test_the_words_of_the_printed_form_stand_in_annex_2(key):
    form, printed = FORMS[key], annex(2, key)
    words = [form.title, form.form_word]
    for section in (section for section in form.sections if section.printed):
        words += [section.title, section.note] if section.layout == "block" else []
        for question in section.questions:
            if section.layout == "grid":
                words += [
                    question.label.replace(question.group + "：", "") if question.group else question.label
                ]
                words += [question.group, question.note, *question.years]
                words += [option.label for option in question.options] if question.box else []
            words += [row.label for row in question.rows]
            printed_columns = () if question.key == "education" else question.columns
            words += [column.label for column in printed_columns if column.key != "work"]
    words += [word for seal in form.seals for word in (seal.label, seal.stamp_label)]
    assert [word for word in filter(None, words) if squeezed(word) not in printed] == []


@pytest.mark.parametrize("key", KEYS)
def test_each_condition_is_a_sentence_of_annex_1_and_all_of_annex_1_is_said(key):
    conditions, printed = FORMS[key].conditions, annex(1, key)
    for condition in conditions:
        assert condition.text in printed
        assert re.fullmatch(r"附件1 [二三四五六七](（[^）]+）)?\d?", condition.clause)
        assert condition.kind in ("declared", "computed", "reviewer")
    left = printed
    for condition in sorted(conditions, key=lambda c: -len(c.text)):
        left = left.replace(condition.text, "")
    heads = r"[二三四五六七]、“科创中国”.+?榜|申报[企组者]\w*应符合以下条件：|创业先锋：|就业先锋：|（[一二三]）开源..|\d\."
    assert re.sub(heads, "", left) == ""


@pytest.mark.parametrize("key", KEYS)
def test_the_clause_of_a_condition_is_the_number_before_it(key):
    printed = annex(1, key)
    for condition in FORMS[key].conditions:
        number = re.search(r"\d$", condition.clause.replace("附件1", ""))
        if number:
            before = printed[: printed.index(condition.text)]
            if condition.key.startswith(("employment", "product", "community")):
                begin = printed.index("就业先锋：" if condition.key.startswith("employment") else "（一）")
                before = printed[: printed.index(condition.text, begin)]
            assert re.findall(r"(\d)\.", before)[-1] == number[0], condition.key


@pytest.mark.parametrize("key", KEYS)
def test_what_is_looked_at_is_asked(key):
    form = FORMS[key]
    asked = {question.key for question in form.questions()}
    looked_at = {c.question for c in form.conditions if c.question} | {
        q for c in form.checks for q in c.questions
    }
    assert looked_at | {form.title_question} <= asked
    assert {question.kind for question in form.questions()} <= set(KINDS)
    names = {option.label for option in form.categories}
    for part in (*form.sections, *form.questions(), *form.conditions, *form.checks):
        assert set(part.categories) <= names


# --- What is taken and refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "category"), CASES)
def test_full_answers_may_be_submitted(key, category):
    whole = tree(key, category)
    assert (whole.problems, whole.warnings) == ((), ())
    assert {str(view.status) for view in whole.sections if not view.empty} == {"done"}
    assert {k: v for k, v in full(key, category).items() if k in whole.answers} == {
        k: v for k, v in whole.answers.items() if k in full(key, category)
    }
    jsonschema.validate(whole.answers, data.schema(FORMS[key]))


@pytest.mark.parametrize(("key", "category"), CASES)
def test_every_limit_is_refused_at_one_more_and_every_gap_is_asked_for(key, category):
    for item in tree(key, category).items:
        question = item.question
        if question.kind == "long_text" and question.max_count and question.max_count < 2000:
            over, name = "字" * (question.max_count + 1), question.name
            assert messages(key, category, **{question.key: "字" * question.max_count}) == []
            assert messages(key, category, **{question.key: over}) == [
                f"{name}现有{question.max_count + 1}字，需删减1字"
            ]
        gap = messages(key, category, **{question.key: item.kind.blank()})
        if question.required:
            assert gap[0] == item.kind.ask(question)
        else:
            assert gap == []


@pytest.mark.parametrize(("key", "category"), CASES)
def test_every_section_is_written_as_a_page_and_comes_back_complete(key, category):
    answers = full(key, category)
    for view in tree(key, category).sections:
        form = section_form(FORMS[key], view.key, answers, category=category)
        html = "".join(str(form[question.key]) for question in form.questions)
        assert "style=" not in html and "{year" not in html
        assert {question.key for question in form.questions} == {item.question.key for item in view.items}


@pytest.mark.parametrize(
    ("key", "category", "changes", "found"),
    [
        ("integrated_innovation", "", {"hatched_high_tech": "42"}, ["高新技术企业数不能多于孵化科技型企业总数，现为42和41"]),
        ("integrated_innovation", "", {"hatched_small": "42"}, ["科技型中小企业数不能多于孵化科技型企业总数，现为42和41"]),
        ("integrated_innovation", "", {"hatched_high_tech": "41", "hatched_small": "41"}, []),
        ("integrated_innovation", "", {"talent_share": "100.5"}, ["高层次创新人才数量占比应在0—100之间，现为100.5"]),
        ("technology_manager", "", {"skills_projects": "项" * 701}, ["实践技能与经验成效四部分合计现有2001字，需删减1字"]),
        ("international_cooperation", "", {"direct_modes": []}, []),
        ("international_cooperation", "", {"indirect_modes": []}, []),
        ("international_cooperation", "", {"direct_modes": [], "indirect_modes": []}, ["直接交易模式、间接交易模式，合计至少勾选一种"]),
        ("open_source", "开源机构", {"initiator_kind": "行业个人"}, ["选择发起主体类型"]),
        ("open_source", "开源社区", {"initiator_kind": "行业个人"}, []),
        ("open_source", "开源产品", {"licences": ["BUSL-1.1"]}, ["BUSL-1.1不在本年度OSI认证的开源许可证中，重新选择"]),
        ("startup_employment", "创业先锋", {"jobs_years": {}, "cases_text": "", "jobs_contribution_text": ""}, []),
        ("startup_employment", "就业先锋", {"jobs_years": {}, "cases_text": "", "jobs_contribution_text": ""},
         ["填写带动就业的效益（近三年）", "填写就业服务的案例", "填写就业服务的贡献"]),
        ("emerging_enterprise", "", {"region": "110000"}, ["所在地区中没有“110000”，从列表中选择"]),
    ],
)  # fmt: skip
def test_what_answers_must_agree_on_and_what_a_category_must_answer(key, category, changes, found):
    assert messages(key, category, **changes) == found


def test_an_intensity_that_the_sums_contradict_goes_along_as_a_warning():
    research = full("emerging_enterprise")["research_years"] | {"intensity": ["18.5", "1.76", "17.5"]}
    whole = tree("emerging_enterprise", research_years=research)
    assert whole.problems == ()
    assert [w.message for w in whole.warnings][
        -1
    ] == "2021年研发经费投入强度填报为1.76%，按金额计算为17.6%，核对是否一致"


def test_the_printed_spelling_of_pickers():
    whole = tree("emerging_enterprise", main_industry=["13"])
    assert whole.item("main_industry").text == "农副食品加工业+13"
    assert whole.item("region").text == "北京市海淀区"
    assert whole.item("emerging_industry").text == "新型电子元器件及设备制造（1.2 电子核心产业）"
    assert messages("emerging_enterprise", main_industry=["1311"]) == [
        "稻谷加工（1311）是小类，选择大类、中类"
    ]


# --- What is shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "category"), CASES)
def test_the_paper_holds_every_label_and_every_answer_in_order(key, category):
    paper = FormPaper(tree(key, category), "2022XX00001", "7K3M-Q9TA", SEALERS)
    text = "".join(body(pdf.render(paper)))
    in_order(text, drawn(paper))
    assert "{year" not in text and "未填写" not in text


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_draft_prints_too(key):
    category = next((option.label for option in FORMS[key].categories), "")
    blank = walk(DECLARATIONS[key], {}, category=category, season_year=2022)
    text = "".join(pages(pdf.render(FormPaper(blank, "2022XX00001", "", SEALERS))))
    assert "未填写" in text and "版本核验码：草稿" in text


@pytest.mark.parametrize(("key", "category"), CASES)
def test_data_and_cells_hold_every_answer_and_read_back(key, category):
    whole = tree(key, category)
    document = plain_json.loads(plain_json.dumps(data.document(whole)))
    again = read_json(FORMS[key], document["answers"])
    assert (again.values, again.problems) == (whole.answers, [])
    assert walk(DECLARATIONS[key], again.values, category=category, season_year=2022).answers == whole.answers
    for item in whole.items:
        cells = [str(cell) for _head, cell in item.cells]
        assert len({head for head, _cell in item.cells}) == len(cells)
        shown = (
            {cell for row in item.table.rows for cell in row[1:]}
            if item.question.kind == "year_table"
            else {item.text}
        )
        assert shown == set(cells) if not item.empty else True
    heads = [
        head
        for question in FORMS[key].questions()
        for head, _ in KINDS[question.kind].cells(question, KINDS[question.kind].blank())
    ]
    assert len(set(heads)) == len(heads)


@settings(max_examples=30, deadline=None)
@given(st.data())
@pytest.mark.parametrize("key", KEYS)
def test_any_stored_answers_are_walked_without_fail(key, data):
    questions = [question.key for question in FORMS[key].questions()]
    answers = data.draw(st.dictionaries(st.sampled_from(questions), JSON, max_size=6))
    category = data.draw(st.sampled_from(["", *(option.label for option in FORMS[key].categories)]))
    whole = walk(DECLARATIONS[key], full(key, category) | answers, category=category, season_year=2022)
    again = walk(DECLARATIONS[key], whole.answers, category=category, season_year=2022)
    assert again.answers == whole.answers
    assert [item.text for item in again.items] == [item.text for item in whole.items]
    assert all(problem.section and problem.question for problem in whole.problems)


# --- Conditions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "category", "condition", "question", "day", "state"),
    [
        ("emerging_enterprise", "", "young", "registered_on", "2012-01-01", State.MET),
        ("emerging_enterprise", "", "young", "registered_on", "2011-12-31", State.NOT_MET),
        ("emerging_enterprise", "", "young", "registered_on", "", State.NOT_MET),
        ("integrated_innovation", "", "founded", "founded_on", "2020-08-31", State.MET),
        ("integrated_innovation", "", "founded", "founded_on", "2020-09-01", State.NOT_MET),
        ("startup_employment", "创业先锋", "startup_young", "registered_on", "2017-01-01", State.MET),
        ("startup_employment", "创业先锋", "startup_young", "registered_on", "2016-12-31", State.NOT_MET),
        ("startup_employment", "就业先锋", "employment_young", "registered_on", "2017-01-01", State.MET),
        ("startup_employment", "就业先锋", "employment_young", "registered_on", "2016-12-31", State.NOT_MET),
    ],
)
def test_days_on_both_sides_of_each_bound(key, category, condition, question, day, state):
    facts = Facts(full(key, category, **{question: day}))
    found = {r.condition.key: r.state for r in evaluate(FORMS[key].conditions, facts, "", category)}
    assert found[condition] is state


@pytest.mark.parametrize(("key", "category"), CASES)
def test_full_answers_and_all_promises_meet_every_condition(key, category):
    conditions = FORMS[key].conditions
    facts = Facts(full(key, category), [condition.key for condition in conditions])
    assert [
        r.condition.key for r in evaluate(conditions, facts, "", category) if r.state is State.NOT_MET
    ] == []


@pytest.mark.parametrize(
    ("key", "category", "question", "row", "figures", "words"),
    [
        ("emerging_enterprise", "", "contribution_years", "jobs", ["168", "190", "205"],
         ["2022年就业贡献填报为205%，应填增长率，核对是否填成了人数"]),
        ("emerging_enterprise", "", "innovation_years", "applied", ["3", "30", "30"], []),
        ("emerging_enterprise", "", "innovation_years", "applied", ["3", "31", "31"],
         ["专利申请量2020年为3，2021年为31，相差10倍以上，核对是否填错单位"]),
        ("emerging_enterprise", "", "research_years", "quality", ["0", "100", "50"], []),
        ("startup_employment", "就业先锋", "prospects_years", "growth", ["-5", "12", "30"],
         ["2025年主营业务利润增长率填报为30%，按2024年和2025年的数据计算为20.0%，核对是否一致"]),
        ("startup_employment", "创业先锋", "potential_years", "inventions", ["12", "7", "9"],
         ["2020年拥有发明专利数量多于拥有自主知识产权的专利数量，现为12和11，核对是否填反"]),
    ],
)  # fmt: skip
def test_what_looks_like_a_slip_goes_along_as_a_warning(key, category, question, row, figures, words):
    changed = full(key, category)[question] | {row: figures}
    whole = tree(key, category, **{question: changed})
    assert whole.problems == ()
    assert [warning.message for warning in whole.warnings] == words
    assert {w.question or w.key.split("-")[0] for w in whole.warnings} <= {question}
