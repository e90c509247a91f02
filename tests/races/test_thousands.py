"""Thousands of approvals at once; places taken back, limits and channels changed between them: none over (Q1)."""

import pytest
from django.conf import settings

from kczg.kit import invariants
from kczg.kit.record import events_of
from nominations.actions import quota_changes
from nominations.actions import unit as actions
from nominations.models import Nomination, QuotaChange, Recommendation, Track, UnitChannel
from nominations.states import State
from tests import cast
from tests.cast import DURING_CALL
from tests.races import crowd, many

pytestmark = [
    pytest.mark.races,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has no rows to lock"
    ),
]
REFUSED = {"quota_used_up", "no_quota", "place_taken", "wrong_state"}
CHANGED = {"place_in_use", "change_waiting", "same_person", "decided", "changed_meanwhile"}
TRACKS = ("information", "materials")
UNITS = {"中国电子学会": ("society",), "广东省科学技术协会": ("province", "pilot_city")}


def waiting(each: int):
    """So many nominations that wait, for each of two units in each of two tracks."""
    rows = []
    for number, (name, channels) in enumerate(UNITS.items()):
        for turn, track in enumerate(TRACKS):
            first = cast.submitted(unit=cast.unit(name, channels), track=track)
            rows += crowd.copies(first, each - 1, 10000 * (1 + 2 * number + turn))
    return rows


def changed(deed, *given):
    """Proposes a change and has it approved by another, each in a transaction of its own."""

    def do():
        change = deed(*given, "调整", cast.office("office_a"), DURING_CALL)
        if isinstance(change, QuotaChange):
            quota_changes.decide_change(change, True, cast.office("office_b"), DURING_CALL)
        return "changed"

    return do


def deeds_of(rows, approvals):
    """Approvals of all rows again and again; now and then one is taken back, a limit or a channel changed."""
    by = {row.unit_id: cast.unit_actor(row) for row in rows}
    approve = [
        many.saying("recommended", actions.recommend, row, cast.OPINION, 1, by[row.unit_id], DURING_CALL)
        for row in rows
    ]
    back = [
        many.saying("taken_back", actions.take_back, row, f"换报{turn}", by[row.unit_id], DURING_CALL)
        for row in rows[:: max(1, len(rows) // 40)]
        for turn in range(max(1, approvals // 2500))
    ]
    unit = cast.unit("广东省科学技术协会", UNITS["广东省科学技术协会"])
    changes = [changed(quota_changes.change_limit, cast.track(TRACKS[n % 2]), 2 + n % 4) for n in range(16)]
    changes += [
        changed(quota_changes.change_channels, unit.season, unit.organisation, keys)
        for keys in (["province"], ["province", "pilot_city"]) * 4
    ]
    return [*many.often(approve, approvals), *back, *changes]


def over():
    """How many are recommended beyond limit × channels, counted from the rows."""
    beyond = 0
    for unit in {row.unit_id for row in Recommendation.objects.all()}:
        channels = UnitChannel.objects.filter(unit=unit).count()
        for track in Track.objects.filter(key__in=TRACKS):
            standing = Recommendation.objects.filter(unit=unit, nomination__track=track, ended_at=None)
            beyond += max(0, standing.count() - (track.quota or 0) * channels)
    return beyond


def rush(approvals, each):
    rows = waiting(each)
    answers, seconds = many.rush(deeds_of(rows, approvals), seed=2022)
    standing = Recommendation.objects.filter(ended_at=None).count()
    asked = answers["recommended"] + sum(answers[code] for code in REFUSED)
    print(f"{asked} requests, {standing} hold a place, {over()} over, {seconds:.1f} s: {dict(answers)}")
    assert set(answers) <= REFUSED | CHANGED | {"recommended", "taken_back", "changed"}
    assert asked >= approvals
    assert over() == 0
    assert list(invariants.faults()) == []
    assert Nomination.objects.filter(state=State.RECOMMENDED).count() == standing > 0
    assert answers["taken_back"] > 0 and answers["changed"] > 0
    began = sum(events_of(row).filter(name="recommended").count() for row in rows)
    ended = sum(events_of(row).filter(name="recommendation_taken_back").count() for row in rows)
    assert began - ended == standing


def test_Q1_of_1000_approvals_at_once_none_goes_over(season):
    rush(1000, each=5)


@pytest.mark.load
def test_Q1_of_10000_approvals_at_once_none_goes_over(season):
    """The figure of the security model; half a minute on two idle cores."""
    rush(10_000, each=5)
