"""Declarations are data: they turn into JSON and back without loss, and are refused when they contradict themselves."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from nominations.fields import KINDS, unknown_kinds
from nominations.fields.base import Declaration, Option, Question, Section
from nominations.rankings import DECLARATIONS as SHIPPED
from tests.nominations.fields.strategies import DECLARATIONS


@settings(max_examples=60, deadline=None)
@given(DECLARATIONS)
def test_json_and_back_is_the_same_declaration(declaration):
    copy = Declaration.from_json(json.loads(json.dumps(declaration.to_json())))
    assert copy == declaration
    assert copy.digest() == declaration.digest()


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_declaration_survives_json(key):
    assert Declaration.from_json(json.loads(json.dumps(SHIPPED[key].to_json()))) == SHIPPED[key]


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_declaration_names_registered_kinds_only(key):
    assert unknown_kinds(SHIPPED[key]) == []


def test_the_digest_changes_with_any_word():
    declared = SHIPPED["pioneer_technology"]
    assert replace(declared, title=declared.title + "。").digest() != declared.digest()


def test_defaults_are_left_out_so_that_old_digests_stay():
    assert Question("name", "名称", "short_text").to_json() == {
        "key": "name",
        "label": "名称",
        "kind": "short_text",
    }


def test_the_year_is_filled_in():
    question = Question("plan", "{year+1}年", "short_text")
    declared = Declaration("ranking", "榜", "{year}年榜单（{year-1}）", (Section("one", "一", (question,)),))
    dated = declared.for_year(2022)
    assert (dated.title, dated.question("plan").label) == ("2022年榜单（2021）", "2023年")
    assert dated.for_year(2026) == dated


@pytest.mark.parametrize("key", ["", "Name", "1st", "a-b", "名称", "a\n"])
def test_a_key_is_plain_letters(key):
    with pytest.raises(ValueError, match="question"):
        Question(key, "名称", "short_text")


def test_question_keys_are_unique_in_the_whole_form():
    twice = tuple(Section(key, "", (Question("name", "", "short_text"),)) for key in ("one", "two"))
    with pytest.raises(ValueError, match="not unique"):
        Declaration("ranking", "榜", "榜单", twice)


@pytest.mark.parametrize("data", [{"label": "是", "colour": "red"}, {}, [], "是", {"note": "少了"}])
def test_json_that_is_no_part_is_refused(data):
    with pytest.raises(ValueError, match="Option"):
        Option.from_json(data)


def test_every_kind_is_registered_under_its_own_name():
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}
