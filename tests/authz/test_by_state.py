"""S2, S7: what each person sees of a nomination and may do to it, by its state and the phase; written by hand.

Nothing here is read from the table of moves or the permissions: a wrong change of those shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from kczg.kit.models import Event
from nominations.models import Nomination
from reviews.models import Assignment
from tests import cast

pytestmark = pytest.mark.django_db

BUILDERS: dict[str, Callable[[], Nomination]] = {
    "draft": cast.draft,
    "submitted": cast.submitted,
    "returned": cast.returned,
    "recommended": cast.recommended,
    "declined": cast.declined,
    "withdrawn": cast.withdrawn,
    "accepted": cast.accepted,
    "rejected": cast.rejected,
    "in_review": cast.in_review,
    "shortlisted": cast.shortlisted,
    "not_shortlisted": cast.not_shortlisted,
    "not_listed": cast.not_listed,
    "published": cast.published,
}
"""`listed` is missing: it lasts for a moment inside the publication alone."""
STATES = frozenset(BUILDERS)
REVIEWED = frozenset({"in_review", "shortlisted", "not_shortlisted", "not_listed", "published"})
AT_BODY = REVIEWED | {"recommended", "accepted", "rejected"}
CALL, PRELIMINARY, PUBLICATION = cast.DURING_CALL, cast.IN_PRELIMINARY, cast.IN_PUBLICATION
PEOPLE = (
    *("anonymous", "applicant", "colleague", "stranger", "unit_person", "other_unit_person"),
    *("body_person", "other_body_person", "expert_a", "office_a", "admin"),
)
OWNERS = ("applicant", "colleague")

SEEN: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "nominations:tasks": (OWNERS, STATES),
    "nominations:preview": (OWNERS, STATES),
    "nominations:check": (OWNERS, STATES),
    "nominations:progress": (OWNERS, STATES),
    "nominations:unit_nomination": (("unit_person",), STATES - {"draft"}),
    "reviews:body_check": (("body_person",), AT_BODY),
    "nominations:office_nomination": (("office_a",), STATES),
}
"""Page of a nomination → who opens it, in which states; nobody else, and nobody in another state."""

REASON = {"reason": "材料有误", "section-introduction": "材料有误"}
DONE: dict[str, tuple[tuple[str, ...], frozenset[str], dict[str, str]]] = {
    "nominations:check": (OWNERS, frozenset({"draft", "returned"}), {"promised": "1"}),
    "nominations:withdraw": (OWNERS, frozenset({"draft", "submitted", "returned", "recommended"}), REASON),
    "nominations:unit_recommend": (
        ("unit_person",),
        frozenset({"submitted"}),
        {"seen": "1", "opinion": "同意推荐", "confirmed": "1"},
    ),
    "nominations:unit_return": (("unit_person",), frozenset({"submitted", "recommended"}), REASON),
    "nominations:unit_decline": (("unit_person",), frozenset({"submitted"}), REASON),
    "nominations:unit_take_back": (("unit_person",), frozenset({"recommended"}), REASON),
    "reviews:body_check": (("body_person",), frozenset({"recommended"}), {"verdict": "pass"}),
}
"""Deed → who, from which states, and what is posted; in the call, but the body's form check after the gate."""
AFTER_THE_GATE = {"reviews:body_check"}


def user(key: str) -> User:
    return User.objects.get(username=cast.EXPERTS[key]["email"]) if key in cast.EXPERTS else cast.cast(key)


def windows() -> dict[str, Client]:
    """A browser for each person, signed in. After the builder: it may want a plan of its own."""
    cast.expert("expert_a")
    opened = {key: Client() for key in PEOPLE}
    for key, client in opened.items():
        if key != "anonymous":
            client.force_login(user(key))
    return opened


def opened(answer: Any) -> bool:
    to_login = answer.headers.get("Location", "").startswith("/login/")
    return answer.status_code in (200, 302) and not to_login


@pytest.mark.parametrize("state", BUILDERS)
def test_S2_each_page_opens_to_whom_it_should_in_each_state(season, state):
    nomination, clients = BUILDERS[state](), windows()
    assert nomination.state == state
    wrong = []
    with time_machine.travel(PUBLICATION, tick=False):
        for name, (who, states) in SEEN.items():
            path = reverse(name, kwargs={"number": nomination.number})
            for key, client in clients.items():
                wanted = key in who and state in states
                if opened(client.get(path)) != wanted:
                    wrong.append(f"{key} {path} {state}: {'shut' if wanted else 'open'}")
    assert wrong == []


@pytest.mark.parametrize("state", BUILDERS)
@pytest.mark.parametrize("phase", [CALL, PRELIMINARY], ids=["call", "preliminary"])
def test_S2_S7_a_deed_is_done_by_whom_from_where_and_when_the_rules_say(season, state, phase):
    nomination, clients = BUILDERS[state](), windows()
    wrong = []
    with time_machine.travel(phase, tick=False):
        for name, (who, states, typed) in DONE.items():
            path = reverse(name, kwargs={"number": nomination.number})
            in_time = (phase == PRELIMINARY) == (name in AFTER_THE_GATE)
            for key, client in clients.items():
                wanted = key in who and state in states and in_time
                if deed_done(client, path, typed, nomination) != wanted:
                    wrong.append(f"{key} {path} {state}: {'refused' if wanted else 'done'}")
    assert wrong == []


def deed_done(client: Client, path: str, typed: dict[str, str], nomination: Nomination) -> bool:
    """Whether the post changed the state; the database is put back, and a refusal must leave no trace in it."""
    with transaction.atomic():
        before = (nomination.state, Event.objects.count(), nomination.versions.count())
        answer = client.post(path, typed)
        row = Nomination.objects.get(pk=nomination.pk)
        after = (row.state, Event.objects.count(), row.versions.count())
        transaction.set_rollback(True)
    assert answer.status_code < 500
    if row.state == nomination.state:
        assert after == before, path
        return False
    return True


@pytest.mark.parametrize("state", sorted(REVIEWED))
def test_S2_a_sheet_opens_to_its_expert_alone(season, state):
    BUILDERS[state]()
    clients = windows()
    sheet = Assignment.objects.filter(expert__user=user("expert_a")).earliest("pk")
    path = reverse("reviews:expert_score", kwargs={"pk": sheet.pk})
    with time_machine.travel(PRELIMINARY, tick=False):
        assert [key for key, client in clients.items() if opened(client.get(path))] == ["expert_a"]


@pytest.mark.parametrize("state", sorted(AT_BODY))
def test_S2_a_body_reads_no_form_before_its_review_opens(season, state):
    nomination, clients = BUILDERS[state](), windows()
    path = reverse("reviews:body_check", kwargs={"number": nomination.number})
    with time_machine.travel(CALL, tick=False):
        page = clients["body_person"].get(path).content.decode()
    assert nomination.applicant.name not in page
    assert nomination.title not in page
