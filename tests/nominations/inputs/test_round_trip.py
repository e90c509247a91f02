"""Answers → JSON → answers and answers → workbook → answers: equal, for each ranking, whatever a draft may hold."""

import json
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kczg.kit.workbooks import read_book
from nominations.answers import walk
from nominations.fields import value_of
from nominations.forms import read_json
from nominations.inputs.answers import ONE, judge, load_json
from nominations.inputs.sheets import read_sheets
from nominations.outputs import json as data
from nominations.outputs.template import Filled, book
from nominations.rankings import DECLARATIONS
from tests.nominations.answers_of import full as full_pioneer
from tests.nominations.inputs.filled import answers
from tests.nominations.rankings.samples import CASES, full

FORMS = {key: form.for_year(2022) for key, form in DECLARATIONS.items()}


def whole(form, given_answers):
    """An answer for every question, as reading gives it."""
    return {q.key: value_of(q, given_answers) for q in form.questions() if q.kind != "files"}


def through_a_workbook(form, *many):
    file = BytesIO()
    book(form, ["申报编号"], [Filled(["2022XD00001"], each) for each in many]).save(file)
    reading = read_sheets(form, read_book(file, ONE), ["申报编号"])
    assert reading.refusals == []
    return reading.entries


def read_back(form, entry):
    taken = judge(form, entry.raw, "", lambda control, reason: entry.place(form, control, reason))
    assert taken.refusals == []
    return whole(form, taken.values)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
@pytest.mark.parametrize("key", FORMS)
def test_any_answers_that_a_draft_holds_come_back_from_a_workbook(key, data):
    form = FORMS[key]
    first, second = data.draw(answers(form)), data.draw(answers(form))
    entries = through_a_workbook(form, first, second)
    assert [read_back(form, entry) for entry in entries] == [whole(form, first), whole(form, second)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data())
@pytest.mark.parametrize("key", FORMS)
def test_any_answers_that_a_draft_holds_come_back_from_json(key, data):
    form = FORMS[key]
    given_answers = data.draw(answers(form))
    again = read_json(form, load_json(json.dumps(given_answers).encode()))
    assert (again.values, again.problems) == (given_answers, [])


@pytest.mark.parametrize(("key", "category"), [("pioneer_technology", ""), *CASES])
def test_full_answers_come_back_from_both_and_are_all_right(key, category):
    form = FORMS[key]
    given_answers = full_pioneer() if key == "pioneer_technology" else full(key, category)
    tree = walk(DECLARATIONS[key], given_answers, category=category, season_year=2022)
    document = load_json(json.dumps(data.document(tree)).encode())
    assert read_json(form, document["answers"]).values == tree.answers
    (entry,) = through_a_workbook(form, given_answers)
    taken = judge(form, entry.raw, category, lambda control, reason: entry.place(form, control, reason))
    assert (taken.refusals, taken.remarks) == ([], [])
    assert whole(form, taken.values) == whole(form, given_answers)
