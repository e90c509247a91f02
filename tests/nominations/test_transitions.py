"""The one table of moves: everything in it happens once and is on record, everything outside it is refused."""

import pytest

from accounts.roles import Role
from kczg.kit.record import SYSTEM, Actor, events_of
from kczg.kit.verdicts import Refused
from nominations import transitions
from nominations.models import Correction, Nomination, Ranking, Version
from nominations.rules.calendar import GRACE
from nominations.states import ENDED, HOLDS_PLACE, MOVES, State, Window, moves_from
from tests import cast

pytestmark = pytest.mark.django_db

MOMENTS = {
    Window.CALL: cast.DURING_CALL,
    Window.RECOMMENDATION: cast.DURING_CALL,
    Window.PRELIMINARY: cast.IN_PRELIMINARY,
    Window.FINAL: cast.IN_FINAL,
    Window.PUBLICATION: cast.IN_PUBLICATION,
    Window.CORRECTION: cast.DURING_CALL,
    None: cast.IN_FINAL,
}
UNTIL = cast.IN_PRELIMINARY - GRACE
"""The end of a correction that is made up here, so that its body may decide at its moment."""
WHO = {
    "applicant": "applicant",
    "stranger": "applicant",
    "unit_person": "unit",
    "other_unit_person": "unit",
    "body_person": "body",
    "other_body_person": "body",
    "office_a": "office",
    "admin": "admin",
}
"""Fixture → role. Others of a role, who act for another organisation, are in it, too."""
RIGHTFUL = {"applicant": "applicant", "unit": "unit_person", "body": "body_person", "office": "office_a"}


def separately_organised() -> Nomination:
    """A nomination of a ranking without recommending units, such as its online form will make it."""
    ranking = Ranking.objects.get(season=cast.season_2022(), key="open_source")
    by = cast.cast("applicant")
    return Nomination.objects.create(
        number="2022KY00001",
        season=ranking.season,
        ranking=ranking,
        track=ranking.tracks.get(),
        applicant=by.organisation_in(Role.APPLICANT),
        created_by=by,
        title="开源时序数据库",
        state_since=cast.DURING_CALL,
        edited_at=cast.DURING_CALL,
        created_at=cast.DURING_CALL,
        submitted_at=cast.DURING_CALL,
    )


def for_both_bodies() -> None:
    """The body's person acts for the open source body, too."""
    cast.cast("body_person")
    cast.person("zhangwei", "张伟", Role.BODY, "“科创中国”开源创新联合体")


def to_be_corrected(nomination: Nomination) -> None:
    """As if its body had asked."""
    Version.objects.create(
        nomination=nomination, number=9, content={}, digest="0" * 64, check_code="AAAA-AAAA",
        frozen_at=cast.DURING_CALL, frozen_by=nomination.created_by,
    )  # fmt: skip
    Correction.objects.create(
        nomination=nomination, version=nomination.versions.last(), asked_at=cast.DURING_CALL,
        asked_by=nomination.created_by, until=UNTIL,
    )  # fmt: skip


@pytest.fixture(params=["with_unit", "separately"])
def nomination(request, season):
    cast.unit_of_two_channels()
    made = separately_organised() if request.param == "separately" else cast.submitted()
    if request.param == "separately":
        # Its own body acts, so that only the table refuses.
        for_both_bodies()
    to_be_corrected(made)
    return cast.reread(made)


@pytest.mark.parametrize("key", WHO)
def test_S7_every_state_move_and_role_outside_the_table_is_refused(nomination, key):
    by = Actor(user=cast.cast(key), role=WHO[key])
    separately = nomination.ranking.separately_organised
    rightful = RIGHTFUL.get(WHO[key]) == key
    for state in State:
        nomination.state = state
        for move in MOVES.values():
            fits = move.separately_organised in (None, separately)
            expected = rightful and move.role == WHO[key] and state in move.sources and fits
            if separately and move.role == "unit":
                expected = False
            found = transitions.judge(nomination, move.key, by, MOMENTS[move.window])
            assert bool(found) is expected, (state, move.key, key, found)


@pytest.mark.parametrize("key", MOVES)
def test_S7_every_move_is_made_once_with_one_event(season, key):
    move = MOVES[key]
    made = separately_organised() if move.separately_organised else cast.submitted()
    for_both_bodies()
    to_be_corrected(made)
    by = cast.acting(cast.cast(RIGHTFUL[move.role]), move.role)
    reason = "写明的原因" if move.needs_reason else ""
    for source in sorted(move.sources):
        Nomination.objects.filter(pk=made.pk).update(state=source)
        before = events_of(made).count()
        one, other = cast.reread(made), cast.reread(made)
        transitions.move(one, key, by, MOMENTS[move.window], reason=reason, version_code="7K3M-Q9TA")
        assert (one.state, cast.reread(made).state) == (move.target, move.target)
        with pytest.raises(Refused) as refused:
            transitions.move(other, key, by, MOMENTS[move.window], reason=reason)
        assert refused.value.verdict.code == "changed_meanwhile"
        assert events_of(made).count() == before + 1
        event = events_of(made).last()
        assert (event.name, event.from_state, event.to_state) == (move.event, source, move.target)
        assert (event.at, event.actor, event.role) == (MOMENTS[move.window], by.user, move.role)
        assert (event.reason, event.version_code, event.ip) == (reason, "7K3M-Q9TA", cast.ADDRESS)
        assert event.organisation_name == by.organisation.name
        assert event.season_year == 2022


@pytest.mark.parametrize("key", [key for key, move in MOVES.items() if move.needs_reason])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_move_that_needs_a_reason_is_refused_without(season, key, reason):
    move = MOVES[key]
    made = separately_organised() if move.separately_organised else cast.submitted()
    for_both_bodies()
    source = sorted(move.sources)[0]
    Nomination.objects.filter(pk=made.pk).update(state=source)
    fresh, by = cast.reread(made), cast.acting(cast.cast(RIGHTFUL[move.role]), move.role)
    before = events_of(made).count()
    with pytest.raises(Refused) as refused:
        transitions.move(fresh, key, by, MOMENTS[move.window], reason=reason)
    assert (refused.value.verdict.code, refused.value.verdict.status) == ("reason_missing", 422)
    assert (cast.reread(made).state, events_of(made).count()) == (source, before)


def test_nobody_moves_what_nobody_may(submitted):
    for key in MOVES:
        assert not transitions.judge(submitted, key, SYSTEM, cast.DURING_CALL)


def test_S6_a_lost_right_is_lost_at_once(submitted, unit_person):
    unit_person.memberships.update(is_active=False)
    by = cast.acting(unit_person, Role.UNIT)
    assert transitions.judge(submitted, "recommend", by, cast.DURING_CALL).status == 404


def test_a_disabled_person_may_nothing(submitted, unit_person):
    unit_person.is_active = False
    by = Actor(user=unit_person, role=Role.UNIT)
    assert not transitions.judge(submitted, "recommend", by, cast.DURING_CALL)


def test_the_table_is_whole():
    assert {move.target for move in MOVES.values()} | {State.DRAFT} == set(State)
    left = {state for move in MOVES.values() for state in move.sources}
    assert set(State) - left == ENDED - {State.NOT_SHORTLISTED}
    assert [move.key for move in moves_from(State.NOT_SHORTLISTED, "office")] == ["reopen_review"]
    assert {move.key for move in moves_from(State.SUBMITTED, "unit")} == {"return", "decline", "recommend"}
    assert State.SUBMITTED not in HOLDS_PLACE
