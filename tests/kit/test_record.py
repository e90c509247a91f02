"""The record: rows are only added; the database itself refuses anything else (A2)."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.roles import Role
from kczg.kit.models import Event
from kczg.kit.record import SYSTEM, Actor, client_address, events_of, record
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(season, office_a):
    return record(
        "stage_set", season, cast.acting(office_a), cast.DURING_CALL, reason="延期", season_year=2022
    )


def test_an_event_tells_who_when_from_where_and_why(event, office_a, season):
    assert (event.actor, event.actor_name, event.role) == (office_a, "赵磊", Role.OFFICE)
    assert event.organisation_name == "“科创中国”联合体秘书处"
    assert (event.at, event.ip, event.reason) == (cast.DURING_CALL, cast.ADDRESS, "延期")
    assert events_of(season).last() == event


@pytest.mark.parametrize(
    "change",
    [
        lambda pk: Event.objects.filter(pk=pk).update(reason="改过"),
        lambda pk: Event.objects.filter(pk=pk).delete(),
        lambda pk: Event.objects.get(pk=pk).save(),
        lambda pk: connection.cursor().execute("UPDATE kit_event SET actor_name = '' WHERE id = %s", [pk]),
        lambda pk: connection.cursor().execute("DELETE FROM kit_event WHERE id = %s", [pk]),
    ],
    ids=["update", "delete", "save again", "sql update", "sql delete"],
)
def test_A2_the_database_refuses_to_change_or_delete_an_event(event, change):
    with pytest.raises(DatabaseError, match="events are only added"), transaction.atomic():
        change(event.pk)
    event.refresh_from_db()
    assert event.reason == "延期"


def test_the_system_acts_without_a_person(season):
    event = record("season_loaded", season, SYSTEM, cast.DURING_CALL)
    assert (event.actor, event.actor_name, event.role, event.ip) == (None, "", "system", None)


def test_an_actor_is_made_from_a_request(rf, unit_person):
    request = rf.get("/unit/", REMOTE_ADDR="198.51.100.4")
    request.user = unit_person
    by = Actor.of(request, Role.UNIT)
    assert (by.user, by.role, by.organisation.name, by.ip) == (
        unit_person,
        Role.UNIT,
        "中国电子学会",
        "198.51.100.4",
    )


def test_a_forged_forwarding_header_is_not_believed_by_the_record(rf):
    request = rf.get("/", REMOTE_ADDR="198.51.100.4", HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert client_address(request) == "198.51.100.4"
