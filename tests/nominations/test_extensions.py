"""Extensions: two people, a reason, and exactly those whom they cover have longer (S7, D3)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from nominations.actions import applicant as applicant_actions
from nominations.actions import extensions
from nominations.actions import unit as unit_actions
from nominations.actions.beginning import begin
from nominations.actions.extensions import Wish
from nominations.models import Extension, Nomination, Stage
from nominations.openings import Openings
from nominations.states import State, Window
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]

HOUR = timedelta(hours=1)
LATER = cast.GATE + timedelta(days=1)
AFTER = cast.GATE + HOUR


def office(key="office_a"):
    return cast.acting(cast.cast(key), Role.OFFICE)


def granted(season, wish, at=AFTER):
    row = extensions.propose_extension(season, wish, office("office_a"), at)
    extensions.decide_extension(row, True, office("office_b"), at)
    return Extension.objects.get(pk=row.pk)


def wish(scope="season", until=LATER, **more):
    return Wish(scope=scope, until=until, reason="征集末日系统故障两小时", **more)


def submit(row, at):
    by = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    return applicant_actions.submit(row, by, at, promised=True)


def test_S7_an_extension_holds_only_once_a_second_person_has_approved_it(season, draft):
    row = extensions.propose_extension(season, wish(), office(), AFTER)
    with pytest.raises(Refused) as refused:
        submit(draft, AFTER)
    assert refused.value.verdict.code == "too_late"
    with pytest.raises(Refused) as refused:
        extensions.decide_extension(row, True, office(), AFTER)
    assert refused.value.verdict.code == "same_person"
    extensions.decide_extension(row, True, office("office_b"), AFTER)
    submit(draft, AFTER)
    assert Nomination.objects.get(pk=draft.pk).state == State.SUBMITTED
    assert [event.name for event in events_of(row)] == ["extension_proposed", "extension_approved"]


def test_S7_the_database_itself_refuses_one_person_alone(season):
    row = extensions.propose_extension(season, wish(), office(), AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=row.pk).update(approved=True, decided_by=row.proposed_by)


def test_deciding_twice_has_one_effect_and_the_opposite_is_refused(season):
    row = extensions.propose_extension(season, wish(), office(), AFTER)
    for _turn in range(2):
        extensions.decide_extension(row, True, office("office_b"), AFTER)
    assert events_of(row).filter(name="extension_approved").count() == 1
    with pytest.raises(Refused) as refused:
        extensions.decide_extension(row, False, office("office_b"), AFTER)
    assert refused.value.verdict.code == "decided"


def test_the_later_gate_is_half_open_too(season, draft):
    granted(season, wish())
    with pytest.raises(Refused) as refused:
        submit(draft, LATER)
    assert refused.value.verdict.code == "too_late"
    assert "11月1日24时" in refused.value.verdict.message
    submit(draft, LATER - timedelta(microseconds=1))


def test_an_extension_of_one_nomination_covers_no_other(season):
    one, other = cast.draft(), cast.draft()
    granted(season, wish("nomination", nomination=one))
    submit(one, AFTER)
    with pytest.raises(Refused):
        submit(other, AFTER)
    assert events_of(one).filter(name="deadline_extended").count() == 1
    assert not events_of(other).filter(name="deadline_extended").exists()


def test_an_extension_of_one_ranking_covers_no_other(season, draft):
    other = season.rankings.get(key="emerging_enterprise")
    granted(season, wish("ranking", ranking=other))
    with pytest.raises(Refused):
        submit(draft, AFTER)
    granted(season, wish("ranking", ranking=draft.ranking))
    submit(draft, AFTER)


def test_who_had_begun_before_an_instant_has_longer_and_who_begins_later_has_not(season):
    early, late = cast.draft(), cast.draft()
    instant = cast.GATE - HOUR
    Nomination.objects.filter(pk=early.pk).update(created_at=instant - timedelta(microseconds=1))
    Nomination.objects.filter(pk=late.pk).update(created_at=instant)
    early.refresh_from_db(), late.refresh_from_db()
    granted(season, wish("begun", begun_before=instant))
    submit(early, AFTER)
    with pytest.raises(Refused):
        submit(late, AFTER)
    by = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    with pytest.raises(Refused) as refused:
        begin(cast.ranking(), by, AFTER, applicant=by.organisation, track=cast.track())
    assert refused.value.verdict.code == "too_late"


def test_an_extension_of_applications_alone_gives_units_no_longer(season, submitted):
    granted(season, wish(whose="call"))
    with pytest.raises(Refused) as refused:
        unit_actions.recommend(submitted, "同意推荐", 1, cast.unit_actor(submitted), AFTER)
    assert refused.value.verdict.code == "too_late"
    granted(season, wish(whose="recommendation"))
    unit_actions.recommend(submitted, "同意推荐", 1, cast.unit_actor(submitted), AFTER)


def test_units_may_have_a_window_of_their_own_and_then_return_nothing_that_cant_come_back(season, submitted):
    call = Stage.objects.get(season=season, key=Window.CALL)
    Stage.objects.create(season=season, key=Window.RECOMMENDATION, opens=call.opens, closes=LATER)
    unit = cast.unit_actor(submitted)
    with pytest.raises(Refused) as refused:
        unit_actions.return_for_changes(submitted, [{"section": "", "reason": "补充附件"}], unit, AFTER)
    assert refused.value.verdict.code == "too_late_to_return"
    unit_actions.recommend(submitted, "同意推荐", 1, unit, AFTER)
    assert Openings([season.pk]).gate(submitted).closes == LATER


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"until": AFTER}, "until_past"),
        ({"scope": "ranking"}, "scope_incomplete"),
        ({"scope": "nomination"}, "scope_incomplete"),
        ({"scope": "begun"}, "scope_incomplete"),
        ({"scope": "nobody"}, "no_scope"),
        ({"whose": "nobody"}, "no_scope"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_with_words(season, wrong, code):
    given = {"scope": "season", "until": LATER, "reason": "系统故障"} | wrong
    with pytest.raises(Refused) as refused:
        extensions.propose_extension(season, Wish(**given), office(), AFTER)
    assert (refused.value.verdict.code, refused.value.verdict.status) == (code, 422)
    assert not Extension.objects.exists()


def test_an_end_that_is_no_later_and_a_missing_reason_are_refused(season):
    for given, code in (
        (Wish(scope="season", until=cast.GATE, reason="系统故障"), "no_later"),
        (Wish(scope="season", until=LATER, reason="  "), "reason_missing"),
    ):
        with pytest.raises(Refused) as refused:
            extensions.propose_extension(season, given, office(), cast.DURING_CALL)
        assert refused.value.verdict.code == code


def test_S1_nobody_but_the_secretariat_grants_time(season, applicant, unit_person, body_person, admin):
    row = extensions.propose_extension(season, wish(), office(), AFTER)
    for person in (applicant, unit_person, body_person, admin):
        for deed in (
            lambda by: extensions.propose_extension(season, wish(), by, AFTER),
            lambda by: extensions.decide_extension(row, True, by, AFTER),
        ):
            with pytest.raises(Refused) as refused:
                deed(cast.acting(person))
            assert refused.value.verdict.status == 404
