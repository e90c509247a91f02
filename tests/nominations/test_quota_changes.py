"""Changes of channels and limits: places are built and removed, a taken one stays, two people in the call (Q1, S7)."""

import pytest
from django.db import IntegrityError, transaction

from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from nominations.actions import secretariat
from nominations.actions.quota_changes import change_channels, change_limit, decide_change
from nominations.actions.season import organisation_named
from nominations.models import Place, QuotaChange, Recommendation, RecommendingUnit, Stage, Track, UnitChannel
from tests import cast
from tests.cast import BEFORE_CALL, DURING_CALL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
WHY = "本年度申报数量增加"


def places(unit=None, track="information"):
    rows = Place.objects.filter(track__key=track)
    rows = rows if unit is None else rows.filter(unit=unit)
    return [(place.channel.key, place.number) for place in rows.select_related("channel")]


def refusal(deed, *given):
    with pytest.raises(Refused) as refused, transaction.atomic():
        deed(*given)
    return refused.value.verdict


def two(change, key="office_b", at=DURING_CALL):
    decide_change(change, True, cast.office(key), at)


def test_before_the_call_one_person_changes_limits_and_channels_at_once(unit, track):
    assert change_limit(track, 1, WHY, cast.office(), BEFORE_CALL).quota == 1
    assert places(unit) == [("society", 1)]
    change_channels(unit.season, unit.organisation, ["society", "other"], WHY, cast.office(), BEFORE_CALL)
    assert places(unit) == [("society", 1), ("other", 1)]
    assert places(unit, "materials") == [(c, n) for c in ("society", "other") for n in (1, 2, 3)]
    for _turn in range(2):
        change_limit(track, 2, WHY, cast.office(), BEFORE_CALL)
    assert places(unit) == [(c, n) for c in ("society", "other") for n in (1, 2)]
    assert [(e.name, e.reason, e.data) for e in events_of(track)] == [
        ("track_limit_set", WHY, {"before": 3, "after": 1}),
        ("track_limit_set", WHY, {"before": 1, "after": 2}),
    ]
    assert not QuotaChange.objects.exists()


def test_S7_in_the_call_a_limit_changes_once_a_second_person_has_approved_it(unit, track):
    change = change_limit(track, 4, WHY, cast.office(), DURING_CALL)
    assert (change.before, change.after, places(unit)) == (3, 4, [("society", n) for n in (1, 2, 3)])
    assert refusal(decide_change, change, True, cast.office(), DURING_CALL).code == "same_person"
    two(change)
    assert places(unit) == [("society", n) for n in (1, 2, 3, 4)]
    assert [event.name for event in events_of(change)] == ["quota_change_proposed", "quota_change_approved"]
    assert events_of(track).get().actor == cast.cast("office_b")


def test_S7_in_the_call_a_unit_and_its_channels_take_two_people(season):
    society = organisation_named("中国光学工程学会")
    change = change_channels(season, society, ["society"], WHY, cast.office(), DURING_CALL)
    assert not RecommendingUnit.objects.exists()
    two(change)
    unit = RecommendingUnit.objects.get()
    assert places(unit) == [("society", n) for n in (1, 2, 3)]
    two(change_channels(season, society, ["other"], "学会换届", cast.office(), DURING_CALL))
    assert places(unit) == [("other", n) for n in (1, 2, 3)]
    given = (season, society, ["society"], cast.office(), DURING_CALL, WHY)
    assert refusal(secretariat.set_unit, *given).code == "two_people"
    assert (
        refusal(secretariat.set_limit, cast.track(), 5, cast.office(), DURING_CALL, WHY).code == "two_people"
    )


def test_S7_a_track_whose_call_opened_earlier_asks_for_two_people_too(unit, track):
    call = Stage.objects.get(key="call", track=None)
    Stage.objects.create(season=unit.season, key="call", track=track, opens=BEFORE_CALL, closes=call.closes)
    assert isinstance(change_limit(track, 4, WHY, cast.office(), BEFORE_CALL), QuotaChange)


def test_S7_the_database_itself_refuses_one_person_alone(unit, track):
    change = change_limit(track, 4, WHY, cast.office(), DURING_CALL)
    for fields in ({"decided_by": change.proposed_by}, {"decided_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            QuotaChange.objects.filter(pk=change.pk).update(approved=True, **fields)


def test_Q2_the_same_again_is_the_same_and_another_waits_until_it_is_decided(unit, track):
    change = change_limit(track, 4, WHY, cast.office(), DURING_CALL)
    assert change_limit(track, 4, WHY, cast.office(), DURING_CALL) == change
    assert events_of(change).count() == 1
    verdict = refusal(change_limit, track, 5, WHY, cast.office("office_b"), DURING_CALL)
    assert (verdict.code, verdict.message) == ("change_waiting", f"{track}有一项改动待批准")
    for _turn in range(2):
        decide_change(change, False, cast.office("office_b"), DURING_CALL)
    assert events_of(change).filter(name="quota_change_refused").count() == 1
    assert refusal(decide_change, change, True, cast.office("office_b"), DURING_CALL).code == "decided"
    assert Track.objects.get(pk=track.pk).quota == 3
    assert isinstance(change_limit(track, 3, WHY, cast.office(), DURING_CALL), Track)
    given = (unit.season, unit.organisation, ["society"], WHY, cast.office(), DURING_CALL)
    assert change_channels(*given) == unit
    assert QuotaChange.objects.count() == 1


def test_a_taken_place_is_never_touched_and_the_refusal_says_who_holds_it(unit, track):
    first, second = (cast.recommended(title=title) for title in ("甲技术", "乙技术"))
    verdict = refusal(change_limit, track, 1, WHY, cast.office(), DURING_CALL)
    line = f"中国电子学会，先导技术榜（电子信息），全国学会、协会、研究会第2个名额：{second.number}“乙技术”"
    assert (verdict.code, verdict.status) == ("place_in_use", 409)
    assert verdict.message == f"有1个名额已被使用，不能减少：{line}"
    assert verdict.hint == "先由推荐单位撤回这些推荐，再办理；或只减少空余的名额"
    given = (unit.season, unit.organisation, ["other"], WHY, cast.office(), DURING_CALL)
    verdict = refusal(change_channels, *given)
    assert (verdict.code, len(verdict.details["places"])) == ("place_in_use", 2)
    assert first.number in verdict.message and second.number in verdict.message
    two(change_limit(track, 2, WHY, cast.office(), DURING_CALL))
    assert places(unit) == [("society", 1), ("society", 2)]
    assert Recommendation.objects.filter(ended_at=None).count() == 2


def test_it_is_judged_anew_when_it_is_approved_and_stays_open_when_it_cannot_be(unit, track):
    change = change_limit(track, 0, WHY, cast.office(), DURING_CALL)
    channels = change_channels(unit.season, unit.organisation, ["other"], WHY, cast.office(), DURING_CALL)
    nomination = cast.recommended()
    for waiting in (change, channels):
        verdict = refusal(decide_change, waiting, True, cast.office("office_b"), DURING_CALL)
        assert verdict.code == "place_in_use" and nomination.number in verdict.message
        waiting.refresh_from_db()
        assert waiting.approved is None
    assert Track.objects.get(pk=track.pk).quota == 3
    assert places(unit) == [("society", n) for n in (1, 2, 3)]
    decide_change(change, False, cast.office("office_b"), DURING_CALL)
    unit_actor = cast.unit_actor(nomination)
    from nominations.actions.unit import take_back

    take_back(nomination, "换报", unit_actor, DURING_CALL)
    two(channels)
    assert places(unit) == [("other", n) for n in (1, 2, 3)]


def test_what_was_changed_since_it_was_proposed_is_not_overwritten(unit, track):
    change = change_limit(track, 5, WHY, cast.office(), DURING_CALL)
    # The calendar was moved: the call opens later, and until then one person may.
    change_limit(track, 2, WHY, cast.office(), BEFORE_CALL)
    verdict = refusal(decide_change, change, True, cast.office("office_b"), DURING_CALL)
    assert verdict.code == "changed_meanwhile"
    assert Track.objects.get(pk=track.pk).quota == 2


def test_what_makes_no_sense_is_refused_with_words(season, track):
    direct = Track.objects.get(ranking__key="international_cooperation")
    cases = [
        (change_limit, (track, -1, WHY), "limit_out_of_range"),
        (change_limit, (track, 100, WHY), "limit_out_of_range"),
        (change_limit, (direct, 2, WHY), "separately_organised"),
        (change_limit, (track, 4, " "), "reason_missing"),
        (change_channels, (season, cast.unit().organisation, ["nobody"], WHY), "unknown_channel"),
        (change_channels, (season, cast.unit().organisation, ["other"], ""), "reason_missing"),
    ]
    for deed, given, code in cases:
        for at in (BEFORE_CALL, DURING_CALL):
            verdict = refusal(deed, *given, cast.office(), at)
            assert (verdict.code, verdict.status) == (code, 422)
    assert not QuotaChange.objects.exists()


def test_S1_nobody_but_the_secretariat_changes_or_decides(
    unit, track, applicant, unit_person, body_person, admin
):
    change = change_limit(track, 4, WHY, cast.office(), DURING_CALL)
    for person in (applicant, unit_person, body_person, admin):
        by = cast.acting(person)
        for deed, given in (
            (change_limit, (track, 5, WHY, by, DURING_CALL)),
            (change_limit, (track, 5, WHY, by, BEFORE_CALL)),
            (change_channels, (unit.season, unit.organisation, ["other"], WHY, by, BEFORE_CALL)),
            (secretariat.set_limit, (track, 5, by, BEFORE_CALL, WHY)),
            (decide_change, (change, True, by, DURING_CALL)),
        ):
            assert refusal(deed, *given).status == 404
    assert (Track.objects.get(pk=track.pk).quota, QuotaChange.objects.get().approved) == (3, None)


def test_Q1_the_database_itself_refuses_what_would_break_the_quota(unit, track):
    nomination = cast.recommended()
    other = cast.unit_of_two_channels()
    society, foreign = Place.objects.filter(unit=unit, track=track), Place.objects.filter(unit=other)
    row = Recommendation.objects.filter(nomination=nomination)
    consortium = unit.season.channels.get(key="consortium")
    given = {"unit": unit, "track": track, "channel": unit.channels.get()}
    deeds = [
        lambda: Place.objects.create(**given, number=4),
        lambda: Place.objects.create(**{**given, "channel": consortium}, number=1),
        lambda: society.filter(number=2).update(number=4),
        lambda: Track.objects.filter(pk=track.pk).update(quota=2),
        lambda: Track.objects.filter(pk=track.pk).update(quota=None),
        lambda: UnitChannel.objects.filter(unit=unit).delete(),
        lambda: UnitChannel.objects.filter(unit=unit).update(channel=consortium),
        lambda: row.update(place=foreign.filter(track=track).first()),
        lambda: row.update(place=Place.objects.filter(unit=unit, track__key="materials").first()),
        lambda: row.update(unit=other),
        lambda: type(nomination).objects.filter(pk=nomination.pk).update(unit=other),
        lambda: type(nomination).objects.filter(pk=nomination.pk).update(track=None),
    ]
    for number, deed in enumerate(deeds):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
            pytest.fail(f"deed {number} was let through")
