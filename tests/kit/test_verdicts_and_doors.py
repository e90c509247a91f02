"""Verdicts are answers with reasons; doors ask who knocks; the middleware turns a refusal into an answer."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.http import Http404, HttpResponse
from django.test import override_settings
from django.urls import include, path

import kczg.urls
from accounts.roles import Role
from kczg.kit.doors import PUBLIC, SIGNED_IN, door
from kczg.kit.verdicts import ALLOWED, NOT_FOUND, Refused, refuse

AT = datetime(2022, 10, 31, 15, 59, 59, 999999, tzinfo=UTC)


def view(role, answer=None):
    @door(role)
    def show(request):
        if answer is not None:
            raise answer
        return HttpResponse(request.judged_at.isoformat())

    return show


NO = Refused(refuse("quota_used_up", "名额已用完", "撤回1项", status=409, used=3))
PROBES = [
    path("public/", view(PUBLIC)),
    path("signed-in/", view(SIGNED_IN)),
    path("unit/", view(Role.UNIT)),
    path("refused/", view(PUBLIC, NO)),
    path("missing/", view(PUBLIC, Refused(NOT_FOUND))),
    path("gone/", view(PUBLIC, Http404())),
]
urlpatterns = [path("probe/", include(PROBES)), *kczg.urls.urlpatterns]
here = override_settings(ROOT_URLCONF=__name__)


def test_a_verdict_is_its_yes_or_no():
    no = refuse("code", "话", "办法", 422, items=[1])
    assert (bool(ALLOWED), bool(no)) == (True, False)
    assert ALLOWED.or_raise() is ALLOWED
    with pytest.raises(Refused, match="话") as refused:
        no.or_raise()
    assert refused.value.verdict == no
    assert (no.hint, no.status, no.details) == ("办法", 422, {"items": [1]})


@here
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "who", "status"),
    [
        ("/probe/public/", None, 200),
        ("/probe/signed-in/", None, 302),
        ("/probe/unit/", None, 302),
        ("/probe/signed-in/", "applicant", 200),
        ("/probe/unit/", "applicant", 404),
        ("/probe/unit/", "admin", 404),
        ("/probe/unit/", "unit_person", 200),
    ],
)
def test_S1_a_door_opens_to_its_role_alone(client, request, where, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get(where).status_code == status


@here
@pytest.mark.django_db
def test_who_is_sent_to_the_login_comes_back(client):
    assert (
        client.get("/probe/unit/?sort=number").headers["Location"]
        == "/login/?next=/probe/unit/%3Fsort%3Dnumber"
    )


@here
@pytest.mark.django_db
def test_a_script_that_is_signed_out_reads_it_as_json(client):
    answer = client.get("/probe/unit/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


@here
@pytest.mark.django_db
def test_S6_a_lost_role_shuts_the_door_at_the_next_request(client, unit_person):
    client.force_login(unit_person)
    assert client.get("/probe/unit/").status_code == 200
    unit_person.memberships.update(is_active=False)
    assert client.get("/probe/unit/").status_code == 404


@here
@pytest.mark.django_db
def test_a_refusal_is_a_page_with_its_words_and_status(client):
    answer = client.get("/probe/refused/")
    assert answer.status_code == 409
    assert "名额已用完" in answer.content.decode()
    assert "撤回1项" in answer.content.decode()


@here
@pytest.mark.django_db
def test_a_refusal_is_json_for_a_script(client):
    answer = client.get("/probe/refused/", headers={"accept": "application/json"})
    expected = {"code": "quota_used_up", "message": "名额已用完", "hint": "撤回1项", "details": {"used": 3}}
    assert (answer.status_code, answer.json()) == (409, expected)


@here
@pytest.mark.django_db
def test_S3_what_may_not_be_seen_reads_like_what_is_not_there(client):
    pages = [client.get(where) for where in ("/probe/missing/", "/probe/gone/")]
    # What differs from request to request anyway: the address, the token against forgery, the request's id.
    bodies = {
        re.sub(r'missing|gone|value="\w{64}"|[0-9a-f-]{36}', "", page.content.decode()) for page in pages
    }
    assert [page.status_code for page in pages] == [404, 404]
    assert len(bodies) == 1


@here
@pytest.mark.django_db
def test_D1_the_moment_of_a_request_is_read_once_in_utc(client):
    with time_machine.travel(AT, tick=False):
        assert client.get("/probe/public/").content.decode() == "2022-10-31T15:59:59.999999+00:00"
