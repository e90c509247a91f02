"""The large season is made as the actions would make it, and only where no real one is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from kczg.kit import invariants
from kczg.kit.models import Job
from kczg.kit.record import events_of
from nominations.actions.applicant import problems_of_form
from nominations.models import Nomination, RecommendingUnit, Season
from reviews.load import plan
from reviews.load.build import build
from reviews.load.plan import ALONE, WAYS, Wanted, title, wanted

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@pytest.fixture
def small(db, monkeypatch) -> Season:
    """A season of three kinds of form: the actions take their time for the first of each kind."""
    for cases in ("FIELDS", "OTHERS", "DIRECT"):
        monkeypatch.setattr(plan, cases, getattr(plan, cases)[:1])
    with time_machine.travel(NOW, tick=False):
        return build(3, 130, 2026, 7, "", NOW, lambda done, total: None)


VERBATIM = frozenset({"state", "category", "from_state", "to_state", "role", "reason", "opinion"})


def shape(nomination: Nomination) -> list:
    """What a nomination's rows say, without names, numbers and moments."""
    rows = [nomination, *nomination.versions.all(), *nomination.recommendations.all(), *events_of(nomination)]
    return [
        {
            field.attname: value if field.attname in VERBATIM else _kind(value)
            for field in row._meta.concrete_fields
            if not field.primary_key and field.attname != "subject_id"
            for value in [getattr(row, field.attname)]
            if not field.is_relation or value is None
        }
        for row in rows
    ]


def _kind(value):
    """A text's emptiness and a moment's being there; all else as it is, JSON by its keys and kinds.

    An event names its unit by an id, which is as much a name as its title.
    """
    if isinstance(value, dict):
        return {key: bool(inner) if key == "unit" else _kind(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_kind(inner) for inner in value]
    return bool(value) if isinstance(value, str | datetime) else value


def test_A1_the_large_season_is_sound_and_each_copy_is_like_what_the_actions_made(small):
    assert list(invariants.faults()) == []
    assert (Nomination.objects.count(), RecommendingUnit.objects.count()) == (130, 3)
    assert set(Job.objects.values_list("kind", flat=True)) == {"blank_form"}
    hard = small.units.get(organisation__memberships__user__username="load-unit-1")
    assert hard.nominations.count() >= 12
    moulds: dict[tuple, list] = {}
    copies = 0
    for row in Nomination.objects.order_by("pk"):
        way = tuple((event.name, event.from_state) for event in events_of(row))
        mould = moulds.setdefault((row.ranking_id, row.track_id, row.category, way), shape(row))
        copies += mould is not (found := shape(row)) and found == mould
        assert found == mould, row.number
    assert copies - len(moulds) > 60
    assert [problems_of_form(row) for row in Nomination.objects.filter(state="draft")[:8]] == [[]] * 8


def test_the_plan_is_the_same_for_the_same_seed_and_knows_every_way():
    quotas = {("pioneer_technology", key): 3 for key in
              ("information", "biomedicine", "equipment", "materials", "green", "foundation")}  # fmt: skip
    for key in ("emerging_enterprise", "integrated_innovation", "startup_employment", "technology_manager"):
        quotas[key, "all"] = 2
    made: list[Wanted] = list(wanted(20, 3000, quotas, 1))
    assert made == list(wanted(20, 3000, quotas, 1))
    assert {one.way for one in made} == WAYS.keys() | ALONE.keys()
    assert sum(one.unit == 0 for one in made) >= 270
    assert len({title(n) for n in range(20_000)}) == 20_000


@pytest.mark.django_db
def test_it_is_made_only_where_asked_and_where_no_real_season_is(season):
    with pytest.raises(CommandError, match="--yes"):
        call_command("seed_load")
    with pytest.raises(CommandError, match="正式年度数据"):
        call_command("seed_load", "--yes")
    assert Nomination.objects.count() == 0
