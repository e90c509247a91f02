"""Sections as web forms: drafts take anything that can be kept, 保存并继续 asks for all, rows work without script."""

import pytest
from django.http import QueryDict
from django.template import Context, Template

from nominations.forms import read_json, read_updates, section_form
from nominations.rankings.pioneer_technology import DECLARATION
from tests.nominations.answers_of import full


def posted(**values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def bound(section, data, track="电子信息", whole=False):
    form = section_form(DECLARATION, section, {}, data, track=track, full=whole)
    return form, form.is_valid()


TECHNOLOGY = {
    "technology_name": "激光测距",
    "holder_name": "示例研究院",
    "track": "电子信息",
    "industries": ["397"],
    "readiness": "TRL6",
    "transfer_forms": ["已经有合作"],
}


def test_a_draft_takes_what_is_unfinished_and_wrong():
    form, valid = bound("introduction", posted(introduction_text="字" * 601))
    assert valid
    assert form.values == {"introduction_text": "字" * 601}


def test_going_on_asks_for_all_and_keeps_what_was_typed():
    form, valid = bound("introduction", posted(introduction_text="字" * 601), whole=True)
    assert not valid
    assert form.errors == {"introduction_text": ["技术介绍现有601字，需删减1字"]}
    assert form.error_links() == [("id_introduction_text", "技术介绍现有601字，需删减1字")]
    assert form.values == {"introduction_text": "字" * 601}
    assert "字" * 601 in str(form["introduction_text"])


def test_a_whole_section_goes_through():
    form, valid = bound("technology", posted(**TECHNOLOGY), whole=True)
    assert (valid, form.values) == (True, TECHNOLOGY)


def test_an_empty_section_asks_for_everything_in_order():
    form, valid = bound("technology", posted(), whole=True)
    assert not valid
    assert form.error_links() == [
        ("id_technology_name", "填写技术名称"),
        ("id_holder_name", "填写所属单位（团队）名称"),
        ("id_track_0", "选择所属领域"),
        ("id_industries", "选择重点服务行业及应用领域"),
        ("id_readiness_0", "选择技术成熟度"),
        ("id_transfer_forms_0", "至少勾选一种技术成果转化形式"),
    ]


def test_what_cannot_be_kept_is_said_even_in_a_draft_and_stays_on_the_page():
    form, valid = bound("team", posted(contact_name="王\u202e某", phone="１３８"))
    assert not valid
    assert form.errors == {"contact_name": ["联系人第2个字符是控制字符（U+202E），删去后再保存"]}
    assert form.values["phone"] == "138"
    assert "contact_name" not in form.values
    assert "王\u202e某" in str(form["contact_name"])


def test_a_text_beyond_reason_is_said_and_stays_on_the_page():
    form, valid = bound("economy", posted(economy_text="字" * 20_001))
    assert (valid, form.values) == (False, {})
    assert "字" * 20_001 in str(form["economy_text"])


def test_only_the_track_s_questions_are_asked():
    form = section_form(DECLARATION, "eligibility", {}, track="产业基础")
    assert list(form.fields) == ["foundation_kind"]
    with pytest.raises(KeyError):
        section_form(DECLARATION, "no_such_section", {})


ROW = {"name": "一等奖", "level": "国家奖", "date": "2020年12月"}
KEPT = {"name": "一等奖", "level": "国家奖", "date": "2020-12"}


def rows(*numbers, **more):
    return posted(
        **{f"awards_rows__{n}__{column}": value for n in numbers for column, value in ROW.items()}, **more
    )


def test_rows_are_read_in_ascending_order_whatever_their_numbers():
    data = rows(7, 3)
    data["awards_rows-3-name"] = "二等奖"
    form, valid = bound("awards", data, whole=True)
    assert valid
    assert form.values == {"awards_rows": [KEPT | {"name": "二等奖"}, KEPT]}


def test_a_row_is_added_without_script_and_nothing_is_lost():
    form, valid = bound("awards", rows(0, add_row="awards_rows"))
    assert valid
    assert form.stays
    assert form.values == {"awards_rows": [KEPT]}
    html = str(form["awards_rows"])
    assert 'name="awards_rows-0-name" value="一等奖"' in html
    assert 'name="awards_rows-1-name"' in html
    assert 'name="awards_rows-2-name"' not in html


def test_a_row_is_removed_without_script():
    data = rows(0, 1, remove_row="awards_rows-0")
    data["awards_rows-1-name"] = "二等奖"
    form, _valid = bound("awards", data)
    assert form.stays
    assert form.values == {"awards_rows": [KEPT | {"name": "二等奖"}]}
    assert "一等奖" not in str(form["awards_rows"])


def test_a_wrong_cell_is_named_beside_it():
    data = rows(0)
    data["awards_rows-0-date"] = "去年"
    form, _valid = bound("awards", data, whole=True)
    message = "奖项第1行：获奖时间应写成年-月，例如2021-06"
    assert form.error_links() == [("id_awards_rows-0-date", message)]
    html = str(form["awards_rows"])
    assert 'id="id_awards_rows-0-date"' in html
    assert 'aria-invalid="true"' in html
    assert message in html


def test_fifty_one_rows_are_not_kept_but_shown():
    form, valid = bound("awards", rows(*range(51)))
    assert not valid
    assert form.errors == {"awards_rows": ["奖项最多50行，现有51行"]}
    assert 'name="awards_rows-50-name"' in str(form["awards_rows"])


def test_an_industry_is_found_without_script():
    form, _valid = bound(
        "technology", posted(industries=["397"], industries__find="谷物磨制", find="industries")
    )
    html = str(form["industries"])
    assert form.stays
    assert '<option value="397" selected>' in html
    assert '<option value="131">制造业 › 农副食品加工业 › 谷物磨制（131）</option>' in html
    assert form.values["industries"] == ["397"]


def test_the_form_shows_the_stored_answers():
    form = section_form(DECLARATION, "rights", full(), track="电子信息")
    assert "已获发明专利两项。" in str(form["rights_text"])
    assert "ZL201910000001.2" in str(form["rights_rows"])


@pytest.mark.parametrize("section", [section.key for section in DECLARATION.sections])
def test_every_section_renders_in_our_pack(section):
    form = section_form(DECLARATION, section, full(), track="绿色低碳")
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))
    for question in form.questions:
        assert f'data-question="{question.key}"' in html
    assert "<form" not in html
    assert "style=" not in html


# --- posted parts -------------------------------------------------------------------------------------------


def test_i1_undeclared_names_are_ignored():
    updates = read_updates(DECLARATION, posted(technology_name="甲", state="published", is_staff="1"))
    assert (updates.values, updates.problems) == ({"technology_name": "甲"}, [])


def test_autosave_sends_changed_questions_only():
    updates = read_updates(DECLARATION, posted(phone="010－56057633", contact_name="王"), changed=["phone"])
    assert updates.values == {"phone": "010-56057633"}


def test_a_changed_question_without_controls_is_empty():
    updates = read_updates(DECLARATION, posted(), changed=["transfer_forms", "awards_rows", "industries"])
    assert updates.values == {"transfer_forms": [], "awards_rows": [], "industries": []}


def test_without_a_list_only_questions_with_a_control_are_read():
    assert read_updates(DECLARATION, rows(0)).values == {"awards_rows": [KEPT]}
    assert read_updates(DECLARATION, posted()).values == {}


def test_what_cannot_be_kept_is_left_out_with_its_message():
    updates = read_updates(DECLARATION, posted(technology_name="甲\x07", holder_name="乙"))
    assert updates.values == {"holder_name": "乙"}
    assert [(p.key, p.message) for p in updates.problems] == [
        ("technology_name", "技术名称第2个字符是控制字符（U+0007），删去后再保存")
    ]


def test_json_reads_back_and_another_shape_is_a_problem():
    assert read_json(DECLARATION, full()).values == full()
    updates = read_json(DECLARATION, {"technology_name": ["甲"], "industries": "397", "stranger": 1})
    assert updates.values == {}
    assert [p.message for p in updates.problems] == [
        "此表没有“stranger”这一项",
        "技术名称的内容格式不符",
        "重点服务行业及应用领域的内容格式不符",
    ]
