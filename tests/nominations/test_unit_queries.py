"""Every page of a unit asks a fixed number of queries: with one nomination of each kind and with many."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kczg.kit.record import events_of
from nominations.models import Nomination, Place, UnitImport
from reviews.load.copies import Lot, Other
from reviews.load.moulds import Mould
from tests import cast, unit_pages

pytestmark = pytest.mark.django_db
CHANNELS = ("society", "province", "pilot_city", "consortium", "other")
MANY = 29


def mould(nomination: Nomination) -> Mould:
    row = cast.reread(nomination)
    recommendations = row.recommendations.select_related("version", "place__channel")
    return Mould(row, tuple(row.versions.all()), tuple(recommendations), tuple(events_of(row)))


def many(of: Nomination, count: int) -> None:
    """So many more like this one, with versions, events and places of their own."""
    first, lot = mould(of), Lot()
    free = Place.objects.filter(unit=of.unit, track=of.track, recommendation=None).select_related("channel")
    places = list(free[:count]) if first.recommendations else [None] * count
    assert len(places) == count
    for n, place in enumerate(places):
        facts = {"by": cast.acting(of.created_by), "unit": of.unit, "acts": cast.unit_actor(of)}
        number, title = f"{of.number[:6]}{of.pk:02d}{n:03d}", f"第{n + 1}项技术"
        lot.add(first, Other(number, title, place=place, later=timedelta(minutes=n + 1), **facts))
    lot.write()


def test_every_page_of_a_unit_asks_a_fixed_number_of_queries(season, unit_person):
    unit = cast.unit(channels=CHANNELS)
    kinds = [cast.submitted(unit=unit), cast.returned(title="退回的技术", unit=unit)]
    held = [
        cast.recommended(title=f"{key}技术", track=key, unit=unit) for key in ("information", "materials")
    ]
    row: UnitImport = cast.unit_import(kinds[0])
    pair = cast.twin_of(kinds[0])
    things = {
        "number": kinds[0].number,
        "unit_import.pk": str(row.pk),
        "unit_import_job.pk": str(row.pk),
        "unit_twin.pk": str(pair.pk),
        "unit_person.pk": str(unit_person.memberships.get().pk),
    }
    client = Client()
    with time_machine.travel(cast.DURING_CALL, tick=False):
        client.force_login(unit_person)
        few = asked(client, things)
        for one in kinds:
            many(one, MANY)
        for one in held:
            many(one, MANY // 2 - 1)
        assert asked(client, things) == few
    assert few["unit_list"][0] == few["unit_desk"][0] == few["unit_summary"][0] == 200


def asked(client: Client, things: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Page → status and queries; what is asked once and then remembered by the process was asked before."""
    found = {}
    for name, path in unit_pages.pages(things):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            status = client.get(path).status_code
        found[name] = (status, len(captured))
    return found
