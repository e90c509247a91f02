"""check_invariants, tested with planted faults: each is found, and a sound state is sound (A1)."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import Membership, User
from accounts.roles import Duty
from kczg.kit import invariants
from kczg.kit.record import SYSTEM, record
from nominations.actions import selection as selecting
from nominations.actions import unit_papers
from nominations.models import (
    Ballot,
    Nomination,
    Place,
    Preparation,
    Recommendation,
    SealedScan,
    Selection,
    Track,
    Twin,
    UnitChannel,
    UnitPaper,
    Version,
)
from nominations.rules import check_code
from nominations.states import State
from reviews.models import Assignment, PreliminaryResult, PublicNotice, PublishedList, Recusal, Score
from tests import cast, stamping, unguarded

pytestmark = pytest.mark.django_db


def found() -> set[str]:
    return {name for name, _line in invariants.faults()}


@pytest.mark.parametrize("state", cast.BUILDERS)
def test_A1_every_state_on_the_way_is_sound(season, state, capsys):
    cast.BUILDERS[state]()
    call_command("check_invariants")
    assert "sound" in capsys.readouterr().out


def test_A1_a_fault_is_named_and_the_command_fails(recommended, capsys):
    Nomination.objects.update(state=State.SUBMITTED)
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants")
    assert ended.value.code == 1
    assert f"recommendations: {recommended.number}: recommended though submitted" in capsys.readouterr().err


def _fewer_channels():
    UnitChannel.objects.all().delete()


def _lower_limit():
    Track.objects.filter(key="information").update(quota=0)


def _other_place():
    other = Place.objects.filter(track__key="materials").first()
    Recommendation.objects.update(place=other)


def _ended():
    Recommendation.objects.update(place=None, ended_at=cast.DURING_CALL)


def _content():
    version = Version.objects.get()
    version.content["answers"]["technology_name"] = "另一项技术"
    version.save()


def _code():
    Version.objects.update(check_code="2222-2222")


def _number():
    Version.objects.update(number=2)


def _another_title():
    Nomination.objects.update(submitted_title="另一项技术")


def _silent_move():
    Nomination.objects.update(state=State.ACCEPTED)


def _event(name, **data):
    nomination, by = Nomination.objects.get(), cast.unit_actor(Nomination.objects.get())
    states = {"from_state": State.RECOMMENDED, "to_state": State.SUBMITTED}
    if name == "recommended":
        states = {"from_state": State.SUBMITTED, "to_state": State.RECOMMENDED}
    record(name, nomination, by, cast.DURING_CALL, **states, **data)


def _never_recommended():
    """The rows say that it was, the record that it was taken back, and submitted again by nobody."""
    _event("recommendation_taken_back")
    Nomination.objects.update(state=State.SUBMITTED)


def _recommended_elsewhere():
    """The record gives the place to another track, of the same unit."""
    _event("recommendation_taken_back")
    nomination = Nomination.objects.get()
    _event("recommended", unit=nomination.unit_id, track=Track.objects.get(key="materials").pk)


def _over_for_a_moment():
    """A limit of none stood while one was recommended; it was put back, and the rows fit again."""
    track, office = cast.track(), cast.office()
    record("track_limit_set", track, office, cast.DURING_CALL, before=3, after=0)
    record("track_limit_set", track, office, cast.DURING_CALL, before=0, after=3)


def _limit_of_nobody():
    """A higher limit that nobody set."""
    record("track_limit_set", cast.track(), cast.office(), cast.DURING_CALL, before=3, after=3)
    Track.objects.filter(key="information").update(quota=4)


def _scan_of_another():
    scan = stamping.keep_scan(Version.objects.get())
    SealedScan.objects.filter(pk=scan.pk).update(pictures=[{**scan.pictures[0], "file": 0}])


def _scan_called_whole():
    stamping.keep_scan(Version.objects.get())
    SealedScan.objects.update(state=SealedScan.State.COMPLETE)


def _prepared_before_it_was_submitted():
    version = Version.objects.get()
    given = {"opinion": "同意", "prepared_at": cast.DURING_CALL, "prepared_by": cast.cast("unit_person")}
    Preparation.objects.create(nomination=version.nomination, version=version, **given)
    Version.objects.update(submitted_at=None)


def _nobody_administers():
    Membership.objects.update(duty=Duty.APPROVE)


def _impossible_event():
    nomination = Nomination.objects.get()
    record(
        "published", nomination, SYSTEM, cast.DURING_CALL, from_state=State.RECOMMENDED, to_state="published"
    )
    Nomination.objects.update(state=State.PUBLISHED)


@pytest.mark.parametrize(
    ("plant", "names"),
    [
        (_fewer_channels, {"quota", "recorded quota", "places"}),
        (_lower_limit, {"quota", "recorded quota", "places"}),
        (_never_recommended, {"recorded quota", "recommendations"}),
        (_recommended_elsewhere, {"recorded quota"}),
        (_over_for_a_moment, {"recorded quota"}),
        (_limit_of_nobody, {"recorded quota"}),
        (_other_place, {"recommendations"}),
        (_ended, {"recommendations", "recorded quota"}),
        (_content, {"versions"}),
        (_code, {"versions"}),
        (_number, {"versions"}),
        (_another_title, {"versions"}),
        (_silent_move, {"events"}),
        (_scan_of_another, {"scans"}),
        (_scan_called_whole, {"scans"}),
        (_prepared_before_it_was_submitted, {"preparations", "recommendations", "versions"}),
        (_nobody_administers, {"unit_people"}),
        (_impossible_event, {"events"}),
    ],
)
def test_A1_a_fault_planted_in_a_nomination_is_found(recommended, plant, names):
    assert found() == set()
    with unguarded.triggers_off():
        plant()
    assert found() == names


def test_A1_a_version_that_follows_another_than_it_says_is_found(returned):
    cast.resubmit(returned)
    assert found() == set()
    version = returned.versions.last()
    version.content["follows"]["digest"] = "0" * 64
    version.digest = check_code.digest(version.content)
    version.check_code = check_code.from_digest(version.digest)
    version.save()
    assert found() == {"versions"}


def _planted_in(model, **changes):
    def plant():
        assert model.objects.update(**changes)

    return plant


UNIT_FAULTS = [
    (_planted_in(UnitPaper, digest="0" * 64), "unit papers"),
    (_planted_in(UnitPaper, check_code="2222-2222"), "unit papers"),
    (_planted_in(Selection, manner="voting"), "selections"),
    (_planted_in(Ballot, name="陈刚"), "selections"),
    (_planted_in(Ballot, choices=["x"]), "selections"),
    (_planted_in(Nomination, state="recommended"), "selections"),
    (_planted_in(Selection, result={"ballots": [], "voters": [], "lines": []}), "selections"),
]


def test_A1_a_fault_planted_in_a_selection_or_a_units_paper_is_found(season):
    rows = [cast.submitted(title=f"{n}技术") for n in "甲乙丙丁"]
    by, numbers = cast.unit_actor(rows[0]), [row.number for row in rows]
    one = selecting.open_selection(
        rows[0].unit, rows[0].track, numbers, "ranking", False, by, cast.DURING_CALL
    )
    selecting.cast_ballot(one, numbers, by, cast.DURING_CALL)
    selecting.close_selection(one, "王会长", by, cast.DURING_CALL)
    unit_papers.freeze_minute(one, by, cast.DURING_CALL)
    assert found() == set()
    for plant, name in UNIT_FAULTS:
        with transaction.atomic():
            plant()
            assert name in found()
            transaction.set_rollback(True)
    assert found() == set()


def _recused():
    sheet = Assignment.objects.first()
    Recusal.objects.create(
        expert=sheet.expert,
        nomination=sheet.nomination,
        kind="declared",
        reason="同单位",
        at=cast.IN_PRELIMINARY,
    )


def _score_gone():
    Score.objects.first().delete()


def _score_high():
    Score.objects.filter(pk=Score.objects.first().pk).update(value=Decimal("100.5"))


def _rows():
    result = PreliminaryResult.objects.get()
    result.rows[0]["rank"] = 9
    result.save()


def _entries(model):
    row = model.objects.get()
    row.entries[0]["name"] = "改过的名称"
    row.save()


def _unlisted():
    row = PublishedList.objects.get()
    row.entries = []
    row.save()


@pytest.mark.parametrize(
    ("plant", "names"),
    [
        (_recused, {"recusals"}),
        (_score_gone, {"receipts", "scores"}),
        (_score_high, {"receipts", "scores"}),
        (_rows, {"results"}),
        (lambda: _entries(PublicNotice), {"notices"}),
        (lambda: _entries(PublishedList), {"lists"}),
        (_unlisted, {"lists"}),
        (lambda: PublishedList.objects.update(published_by=None), {"lists"}),
    ],
    ids=["recused", "score gone", "score high", "rows", "notice", "list", "unlisted", "by nobody"],
)
def test_A1_a_fault_planted_in_the_reviews_is_found(published, plant, names):
    assert found() == set()
    plant()
    assert found() == names


def test_A1_a_fault_planted_in_a_pair_is_found(season):
    """Each is planted and taken out again: the pair is made once."""
    twin = cast.twin()
    assert found() == set()
    for fault in (
        {"one_version": twin.other_version},
        {"state": Twin.State.KEPT},
        {"state": Twin.State.DISTINCT, "reason": "两项技术"},
        {"kept": twin.one},
    ):
        with transaction.atomic():
            Twin.objects.update(**fault)
            assert found() == {"twins"}, fault
            transaction.set_rollback(True)
    Nomination.objects.filter(pk=twin.one_id).update(submitted_at=None)
    assert [line for name, line in invariants.faults() if name == "twins"] == [
        f"twin {twin.pk}: is open though {twin.one.number} is submitted"
    ]


def test_A1_a_choice_that_nobody_has_is_found(applicant):
    assert found() == set()
    for planted in ({"ways": {"returned": "product"}}, {"mobile": "1380013800"}, {"wants_sms": True}):
        kept = {name: getattr(applicant, name) for name in planted}
        User.objects.update(**planted)
        assert found() == {"letters"}, planted
        User.objects.update(**kept)
