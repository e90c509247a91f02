"""S1, D2: every action asks for itself who acts and when, whatever page, import or command calls it."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from kczg.kit.record import SYSTEM, Actor
from kczg.kit.verdicts import Refused
from nominations.actions import applicant, secretariat
from nominations.actions import season as season_actions
from nominations.actions.beginning import begin
from nominations.models import Place, Ranking, Stage
from nominations.rankings import DECLARATIONS
from tests import cast

pytestmark = pytest.mark.django_db

OTHERS = ["applicant", "unit_person", "body_person", "admin"]


@pytest.mark.parametrize("who", OTHERS)
def test_S1_only_the_secretariat_gives_channels(season, unit, who):
    by = cast.acting(cast.cast(who))
    with pytest.raises(Refused) as refused:
        secretariat.set_unit(
            season, unit.organisation, ["society", "other"], by, cast.DURING_CALL, "扩大名额"
        )
    assert refused.value.verdict.status == 404
    assert Place.objects.filter(unit=unit, track=cast.track()).count() == 3


def test_S1_the_product_itself_gives_no_channels(season, unit):
    with pytest.raises(Refused):
        secretariat.set_unit(
            season, unit.organisation, ["society", "other"], SYSTEM, cast.DURING_CALL, "扩大名额"
        )


@pytest.mark.parametrize("who", OTHERS)
def test_S1_a_season_is_loaded_by_the_operators_command_or_the_secretariat(season, who):
    with pytest.raises(Refused) as refused:
        season_actions.load_season(2022, 2023, cast.acting(cast.cast(who)), cast.DURING_CALL)
    assert refused.value.verdict.status == 404
    assert season_actions.load_season(2022, 2023, cast.office(), cast.DURING_CALL)[1]


def test_S1_nobody_at_all_is_not_the_product(season):
    with pytest.raises(Refused):
        season_actions.load_season(2022, 2023, Actor(role="system"), cast.DURING_CALL)


def applicant_actor():
    return cast.acting(cast.cast("applicant"), Role.APPLICANT)


def test_S3_a_form_is_begun_with_a_track_and_a_unit_of_its_own_season(season, unit):
    by = applicant_actor()
    other, _fresh = season_actions.load_season(2022, 2023, SYSTEM, cast.DURING_CALL)
    elsewhere = secretariat.set_unit(
        other, unit.organisation, ["society"], cast.office(), cast.DURING_CALL, "通知二（一）"
    )
    foreign = other.rankings.get(key="pioneer_technology").tracks.get(key="information")
    for wrong in ({"track": foreign}, {"unit": elsewhere}):
        with pytest.raises(Refused) as refused:
            begin(cast.ranking(), by, cast.DURING_CALL, applicant=by.organisation, **wrong)
        assert refused.value.verdict.status == 404


def test_D2_a_ranking_of_one_track_is_begun_by_the_window_of_that_track(season):
    """An own window of the only track holds also for who doesn't name the track."""
    found = Ranking.objects.get(season=season, key="emerging_enterprise")
    found.declaration = DECLARATIONS["pioneer_technology"].to_json()
    found.save()
    call, at = Stage.objects.get(season=season, key="call", track=None), cast.DURING_CALL
    Stage.objects.create(
        season=season, key="call", track=found.tracks.get(), opens=call.opens, closes=at - timedelta(days=1)
    )
    by = applicant_actor()
    with pytest.raises(Refused) as refused:
        begin(Ranking.objects.get(pk=found.pk), by, at, applicant=by.organisation)
    assert refused.value.verdict.code == "too_late"


def test_I5_no_reason_holds_what_a_reader_cannot_see(submitted):
    for typed in ("不再\u202e申报", "不再\x00申报"):
        with pytest.raises(Refused) as refused:
            applicant.withdraw(submitted, typed, applicant_actor(), cast.DURING_CALL)
        assert (refused.value.verdict.status, refused.value.verdict.code) == (422, "reason_unreadable")


def test_a_save_without_the_number_that_was_read_is_a_conflict_and_no_fault(client, season):
    """A section that holds answers of the self-check alone was never saved: nobody can be named."""
    by = applicant_actor()
    nomination = begin(
        cast.ranking(), by, cast.DURING_CALL, applicant=by.organisation, track=cast.track(), title="甲技术"
    )
    section = nomination.ranking.form.section_of("technology_name").key
    with pytest.raises(Refused) as refused:
        applicant.save_draft(nomination, section, {"technology_name": "乙技术"}, -1, by, cast.DURING_CALL)
    assert (refused.value.verdict.status, refused.value.verdict.code) == (409, "edited_meanwhile")
    import time_machine

    client.force_login(cast.cast("applicant"))
    with time_machine.travel(cast.DURING_CALL, tick=False):
        path = f"/nominations/{nomination.number}/{section}/"
        assert client.post(path, {"technology_name": "丙技术"}).status_code == 409
        sent = {"technology_name": "丙技术", "changed": "technology_name"}
        assert client.post(f"{path}autosave/", sent).status_code == 409


def test_D2_an_order_is_saved_by_the_window_of_its_track(recommended):
    from nominations.actions import unit as unit_actions

    by, row, at = cast.unit_actor(recommended), recommended.recommendations.get(), cast.DURING_CALL
    call = Stage.objects.get(season=recommended.season, key="call", track=None)
    own = Stage.objects.create(
        season=recommended.season, key="call", track=recommended.track, opens=call.opens, closes=at
    )
    with pytest.raises(Refused) as refused:
        unit_actions.save_order(recommended.unit, {row.pk: 1}, by, at)
    assert refused.value.verdict.code == "too_late"
    own.closes = cast.GATE + timedelta(days=3)
    own.save()
    unit_actions.save_order(recommended.unit, {row.pk: 1}, by, cast.GATE)
    row.refresh_from_db()
    assert row.order == 1
