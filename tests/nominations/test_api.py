"""The API: own nominations as JSON; the same actions, rules and words as on the pages."""

import json

import pytest
import time_machine
from django.test import Client

from nominations.models import Nomination
from tests import cast

LIST = "/api/nominations/"


@pytest.fixture(autouse=True)
def during_the_call():
    with time_machine.travel(cast.DURING_CALL, tick=False):
        yield


@pytest.fixture
def person(client, applicant):
    client.force_login(applicant)
    return client


def path(nomination, rest=""):
    return f"{LIST}{nomination.number}/{rest}"


def change(person, nomination, answers, version=None, method="patch", **more):
    version = nomination.edit_version if version is None else version
    sent = {"version": version, "answers": answers, **more}
    return getattr(person, method)(path(nomination), json.dumps(sent), content_type="application/json")


def test_the_list_is_paged_and_holds_ones_own(person, draft):
    cast.draft(by=cast.cast("stranger"), title="别人的")
    got = person.get(LIST).json()
    assert (got["page"], got["pages"], got["count"]) == (1, 1, 1)
    line = got["nominations"][0]
    assert (line["number"], line["state"], line["state_word"]) == (draft.number, "draft", "草稿")
    assert person.get(line["url"]).json()["number"] == draft.number


def test_the_list_costs_the_same_for_one_and_for_thirty(person, draft, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        person.get(LIST)
    copies = [draft]
    for number in range(30):
        copy = Nomination.objects.get(pk=draft.pk)
        copy.pk, copy.number = None, f"2022XD9{number:04d}"
        copies.append(copy)
    Nomination.objects.bulk_create(copies[1:])
    with django_assert_num_queries(len(one)):
        assert person.get(LIST).json()["count"] == 31


def test_a_document_that_was_read_can_be_put_back_unchanged(person, draft):
    document = person.get(path(draft)).json()
    got = person.put(path(draft), json.dumps(document), content_type="application/json")
    assert (got.status_code, got.json()) == (200, document)
    assert cast.reread(draft).edit_version == draft.edit_version


def test_patch_changes_what_is_sent_and_put_empties_the_rest(person, draft):
    got = change(person, draft, {"technology_name": "新名称"})
    assert got.status_code == 200 and got.json()["version"] == draft.edit_version + 1
    kept = cast.reread(draft)
    assert (kept.title, kept.answers["phone"]) == ("新名称", draft.answers["phone"])
    got = change(person, kept, {"technology_name": "只有名称", "track": "电子信息"}, method="put")
    assert got.json()["answers"]["phone"] == ""


def test_Q2_an_old_version_is_answered_with_both_texts(person, draft):
    assert change(person, draft, {"technology_name": "先到"}).status_code == 200
    got = change(person, draft, {"technology_name": "后到"})
    assert got.status_code == 409
    told = got.json()
    assert told["code"] == "edited_meanwhile"
    assert told["details"]["fields"] == [{"key": "technology_name", "yours": "后到", "theirs": "先到"}]
    assert change(person, draft, {"technology_name": "后到"}, told["details"]["version"]).status_code == 200


def test_what_cannot_be_kept_is_told_by_question_and_nothing_is_saved(person, draft):
    got = change(person, draft, {"technology_name": "新名称", "readiness": "TRL10", "colour": "red"})
    assert got.status_code == 422
    keys = [problem["key"] for problem in got.json()["details"]["problems"]]
    assert keys == ["colour", "readiness"]
    assert cast.reread(draft).title == draft.title


def test_submitting_needs_the_promise_and_has_one_effect(person, draft):
    def submit(body):
        return person.post(path(draft, "submit/"), json.dumps(body), content_type="application/json")

    refused = submit({})
    assert refused.status_code == 422 and refused.json()["code"] == "incomplete"
    first, second = submit({"promised": True}), submit({"promised": True})
    assert first.status_code == 200 and first.json() == second.json()
    assert first.json()["check_code"] == draft.versions.get().check_code
    assert change(person, cast.reread(draft), {"technology_name": "晚了"}).status_code == 409


def test_D2_the_gate_holds_here_too(person, draft):
    with time_machine.travel(cast.GATE, tick=False):
        person.force_login(cast.cast("applicant"))
        got = change(person, draft, {"technology_name": "晚了"})
        submitted = person.post(path(draft, "submit/"), '{"promised": true}', content_type="application/json")
    assert (got.status_code, submitted.status_code) == (409, 409)
    assert "截止" in got.json()["message"]


def test_S3_anothers_and_none_are_answered_alike(client, draft, stranger):
    client.force_login(stranger)
    one = client.get(path(draft))
    other = client.get(f"{LIST}2022XD99999/")
    assert (one.status_code, one.content) == (other.status_code, other.content) == (404, other.content)
    assert one.json()["message"] == "没有找到此申报"
    assert change(client, draft, {"technology_name": "偷"}).status_code == 404


def test_who_is_not_signed_in_or_has_another_role_gets_json(client, draft, unit_person):
    assert client.get(LIST).status_code == 401 and client.get(LIST).json()["code"] == "signed_out"
    client.force_login(unit_person)
    assert client.get(LIST).status_code == 404 and client.get(LIST).json()["code"] == "not_found"


def test_I7_a_change_without_the_token_is_refused_in_json(draft, applicant):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(applicant)
    got = strict.patch(path(draft), "{}", content_type="application/json")
    assert got.status_code == 403 and got.json()["code"] == "csrf"


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("[]", 400), ("{}", 400), ('{"version": -1, "answers": {}}', 400), ('{"version": 1, "answers": []}', 400),
     ('{"version": 99999999999, "answers": {}}', 400), ("[" * 50_000, 400)],
)  # fmt: skip
def test_I6_bad_bodies_are_answered_with_words(person, draft, body, status):
    got = person.patch(path(draft), body, content_type="application/json")
    assert got.status_code == status and got.json()["message"]


def test_another_method_is_told_which_there_are(person, draft):
    got = person.delete(path(draft))
    assert got.status_code == 405 and got.json()["hint"] == "GET、PUT、PATCH"
