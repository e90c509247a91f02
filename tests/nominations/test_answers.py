"""The one walk: what is asked, how far it is, and what differs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nominations.answers import diff, walk
from nominations.outputs import json as data
from nominations.outputs import page
from nominations.rankings.pioneer_technology import DECLARATION
from nominations.rules.completeness import Status
from tests.nominations.answers_of import full
from tests.nominations.fields.strategies import JSON


def tree(**changes):
    return walk(DECLARATION, full(**changes), season_year=2022)


def test_a_new_draft_has_started_nothing():
    new = walk(DECLARATION, {}, season_year=2022)
    assert new.title == "2022年“科创中国”先导技术榜单"
    assert {view.status for view in new.sections} == {Status.NOT_STARTED}
    assert (new.done_sections, len(new.sections)) == (0, 8)
    assert new.next_section().key == "technology"


def test_a_full_form_is_done():
    whole = tree()
    assert whole.problems == ()
    assert (whole.done_sections, len(whole.sections)) == (9, 9)
    assert whole.next_section() is None


def test_items_carry_the_text_that_people_read():
    whole = tree()
    assert whole.item("industries").text == "电子器件制造+397、电子真空器件制造+3971"
    assert whole.item("transfer_forms").text == "可进行交易、已经有合作"
    assert (
        whole.item("rights_rows").text
        == "发明专利 · 一种测距芯片 · ZL201910000001.2 · 2021年6月 · 示例光电研究院"
    )
    assert whole.item("awards_rows").empty
    assert whole.item("track").chosen[0][1] is True


def test_sections_and_questions_follow_the_track():
    assert walk(DECLARATION, {}, track="").view("eligibility") is None
    assert [i.question.key for i in tree(track="产业基础").view("eligibility").items] == ["foundation_kind"]
    assert [i.question.key for i in tree(track="绿色低碳").view("eligibility").items] == [
        "green_direction",
        "pilot_city",
    ]
    assert [view.key for view in tree().printed_sections] == [
        "technology", "team", "introduction", "scenarios", "rights", "awards", "economy", "society",
    ]  # fmt: skip


def test_answers_that_are_not_asked_are_kept_out_of_what_is_submitted():
    whole = tree(foundation_kind="基础材料", stranger="x")
    assert whole.problems == ()
    assert "foundation_kind" not in whole.answers
    assert "stranger" not in whole.answers
    assert whole.answers == full()


def test_how_far_each_section_is():
    part = walk(
        DECLARATION, {"technology_name": "甲", "introduction_text": "字", "awards_rows": []}, track=""
    )
    assert {view.key: view.status.value for view in part.sections} == {
        "technology": "in_progress",
        "team": "not_started",
        "introduction": "has_errors",
        "scenarios": "not_started",
        "rights": "not_started",
        "awards": "done",
        "economy": "not_started",
        "society": "not_started",
    }
    assert part.next_section(after="introduction").key == "scenarios"
    assert part.next_section(after="society").key == "technology"
    assert [page.status_words(view) for view in part.sections[:3]] == ["填写中", "未开始", "有1处需修改"]


def test_what_differs_from_the_last_version():
    old = tree(foundation_kind="基础材料")
    new = tree(
        technology_name="新名",
        awards_rows=[{"name": "奖", "level": "国家奖", "date": "2020-01"}],
        pilot_city="",
    )
    assert [(c.question.key, c.before, c.after) for c in diff(old, new)] == [
        ("technology_name", "高精度激光测距芯片", "新名"),
        ("awards_rows", "", "奖 · 国家奖 · 2020年1月"),
    ]
    assert diff(new, new) == []


def test_a_change_of_track_shows_what_is_asked_no_more():
    old, new = (
        tree(pilot_city="苏州市"),
        tree(track="产业基础", foundation_kind="基础材料", pilot_city="苏州市"),
    )
    assert [(c.question.key, c.before, c.after) for c in diff(old, new)] == [
        ("track", "电子信息", "产业基础"),
        ("foundation_kind", "", "基础材料"),
        ("pilot_city", "苏州市", ""),
    ]


def test_a_page_marks_what_changed():
    blocks = page.blocks(tree(technology_name="新名"), tree())
    assert [block.view.key for block in blocks if block.changed] == ["technology"]
    assert blocks[0].lines[0].change.before == "高精度激光测距芯片"
    assert not any(block.changed for block in page.blocks(tree()))


def test_the_document_holds_every_answer_and_reads_back():
    whole = tree()
    document = data.document(whole, number="2022XD00001", version=1)
    assert list(document)[:3] == ["number", "version", "ranking"]
    assert walk(DECLARATION, document["answers"], season_year=2022).answers == whole.answers
    listed = {q["key"]: (q["value"], q["text"]) for s in document["sections"] for q in s["questions"]}
    assert listed == {item.question.key: (item.value, item.text) for item in whole.items}


def test_the_schema_takes_full_answers():
    import jsonschema

    jsonschema.validate(full(), data.schema(DECLARATION))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from([q.key for q in DECLARATION.questions()]), JSON, max_size=8))
def test_any_stored_answers_are_walked_without_fail(answers):
    whole = walk(DECLARATION, answers, season_year=2022)
    assert walk(DECLARATION, whole.answers, track=whole.track, season_year=2022).answers == whole.answers
    assert all(problem.section and problem.question for problem in whole.problems)
