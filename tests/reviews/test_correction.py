"""补正 by its actions: asked once, answered within its own window and its own parts, or decided without."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from kczg.kit import invariants
from kczg.kit.clock import SHANGHAI
from kczg.kit.models import Event, Job
from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from nominations import notices
from nominations.actions import applicant, correction
from nominations.models import Correction, Nomination, Place, Ranking
from nominations.openings import writing_of
from nominations.outputs.holder import holder
from nominations.outputs.supplement import supplement
from nominations.rules.calendar import GRACE
from nominations.states import State
from reviews import queries
from reviews.actions import preliminary
from tests import cast
from tests.reviews import correcting

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY
END = datetime(2022, 11, 16, tzinfo=SHANGHAI)
FINDING = {"condition": "early_proof", "text": "通过早期验证", "reason": "缺少证明材料"}


def refusal(call, *given, **named):
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    return caught.value.verdict


def held(nomination):
    return list(Place.objects.filter(recommendation__nomination=nomination).values_list("pk", flat=True))


def test_it_is_asked_once_answered_and_decided_and_the_place_is_kept_throughout(season):
    correcting.allow()
    nomination = cast.recommended()
    place, read = held(nomination), nomination.latest_version
    nomination = correcting.ask(nomination, findings=[FINDING])
    made = nomination.correction
    assert (nomination.state, made.version, made.until) == (State.CORRECTING, read, END)
    assert (held(nomination), len(place)) == (place, 1)
    event = events_of(nomination).last()
    assert (event.name, event.version_code) == ("correction_asked", read.check_code)
    assert event.reason == f"缺少证明材料；{correcting.REASON}"

    # The same again has one effect; the body waits; nobody else gets on.
    correcting.ask(nomination, findings=[FINDING])
    assert Event.objects.filter(name="correction_asked").count() == 1
    assert check(nomination, True).code == "correction_open"
    assert queries.to_check(cast.track(), AT).count() == 0
    assert queries.unchecked(cast.track()).count() == 1
    assert holder(nomination, AT).until == made.until

    # What was named is open, and nothing else; not the track, the unit or the category.
    text = nomination.answers["introduction_text"].replace("，", "、", 1)
    shut = refusal(correcting.write, nomination, "team", phone="010-62559999")
    assert (shut.code, shut.status) == ("not_returned", 409)
    assert "不在补正范围内" in shut.message
    other = cast.unit_of_two_channels()
    by = correcting.by_applicant()
    assert refusal(applicant.choose_unit, nomination, other, by, AT).code == "not_returned"
    correcting.write(nomination, "introduction", introduction_text=text)

    version = applicant.submit(cast.reread(nomination), by, AT + timedelta(hours=1), promised=True)
    again = applicant.submit(cast.reread(nomination), by, AT + timedelta(hours=1), promised=True)
    nomination = cast.reread(nomination)
    assert (nomination.state, again, nomination.returned_notes) == (State.RECOMMENDED, version, [])
    assert (nomination.correction.answer, version.number, held(nomination)) == (version, 2, place)
    sheet = supplement(version)
    assert (sheet.correction, sheet.before, len(sheet.entries)) == (True, 1, 1)
    assert [reason.text for reason in sheet.reasons] == [correcting.REASON]

    # Once.
    verdict = refusal(correcting.ask, nomination)
    assert (verdict.code, verdict.status) == ("corrected_once", 409)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(
            nomination=nomination, version=read, asked_at=AT, asked_by=by.user, until=AT + timedelta(days=1)
        )

    # Who has read the version before is told; the decision names the version that was read.
    stale = refusal(preliminary.check_form, nomination, True, [], cast.body_actor(), AT, seen=1)
    assert (stale.code, stale.status) == ("changed_meanwhile", 409)
    preliminary.check_form(nomination, True, [], cast.body_actor(), AT, seen=2)
    assert events_of(nomination).filter(name="accepted").get().version_code == version.check_code
    assert list(invariants.faults()) == []


def check(nomination, passed, at=AT, findings=()):
    return refusal(preliminary.check_form, nomination, passed, list(findings), cast.body_actor(), at)


def test_a_day_late_is_late_on_every_way_and_the_body_decides_on_what_it_had_read(season):
    nomination = correcting.asked()
    until, by = nomination.correction.until, correcting.by_applicant()
    last = until - timedelta(microseconds=1)
    text = nomination.answers["introduction_text"]
    correcting.write(nomination, "introduction", last, introduction_text=text + "补")
    late = refusal(correcting.write, nomination, "introduction", until, introduction_text=text)
    assert (late.code, late.status) == ("too_late", 409)
    assert "补正已于11月15日24时截止" in late.message
    assert refusal(applicant.submit, cast.reread(nomination), by, until, promised=True).code == "too_late"

    # A request that came in time may still be at work: the body waits a little longer.
    assert check(nomination, True, until).code == "correction_open"
    at = until + GRACE
    assert queries.next_to_check(cast.track(), "", at) == nomination.number
    assert queries.next_to_check(cast.track(), "", until) is None
    assert holder(nomination, at).who == "中国科协信息科技学会联合体"
    preliminary.check_form(nomination, False, [FINDING], cast.body_actor(), at)
    nomination = cast.reread(nomination)
    assert (nomination.state, nomination.answers["introduction_text"]) == (State.REJECTED, text)
    assert nomination.correction.unsent["introduction_text"] == text + "补"
    assert (nomination.returned_notes, nomination.correction.answer) == ([], None)
    assert refusal(applicant.submit, nomination, by, last, promised=True).code == "wrong_state"
    assert list(invariants.faults()) == []


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "reason_missing"),
        ([{"section": "", "field": "", "reason": "重写"}], "whole_form"),
        ([{"section": "technology", "field": "track", "reason": "改选"}], "track_held"),
        ([{"section": "nowhere", "field": "", "reason": "补"}], "unknown_part"),
        ([{"section": "introduction", "field": "", "reason": " "}], "reason_missing"),
    ],
)
def test_what_can_not_be_asked(season, parts, code):
    correcting.allow()
    nomination = cast.recommended()
    verdict = refusal(correction.ask, nomination, [], parts, cast.body_actor(), AT)
    assert (verdict.code, verdict.status) == (code, 422)
    assert (cast.reread(nomination).state, Correction.objects.count()) == (State.RECOMMENDED, 0)


def test_the_season_of_2022_has_none_until_the_secretariat_sets_it_on_record(season):
    nomination = cast.recommended()
    assert set(Ranking.objects.values_list("correction_days", flat=True)) == {0}
    assert refusal(correcting.ask, nomination).code == "no_correction"
    ranking = nomination.ranking
    for days, why, code in ((16, "调整", "correction_days"), (5, " ", "reason_missing")):
        assert refusal(correction.set_days, ranking, days, why, cast.office(), AT).code == code
    assert refusal(correction.set_days, ranking, 5, "调整", cast.body_actor(), AT).status == 404
    for _n in range(2):
        correction.set_days(ranking, 5, "给予一次机会", cast.office(), AT)
    event = Event.objects.get(name="correction_set")
    assert (event.data["before"], event.data["after"], event.reason) == (0, 5, "给予一次机会")
    stranger = cast.acting(cast.cast("other_body_person"), "body")
    assert refusal(correction.ask, nomination, [], correcting.notes(), stranger, AT).status == 404
    late = AT + timedelta(days=16)
    assert refusal(correcting.ask, nomination, at=late).code == "no_time_to_correct"
    early = refusal(correcting.ask, nomination, at=cast.DURING_CALL)
    assert early.code == "too_early"


def test_the_section_of_the_track_may_be_corrected_without_the_track(season):
    nomination = correcting.asked("technology")
    assert refusal(correcting.write, nomination, "technology", track="先进材料").code == "not_returned"
    correcting.write(nomination, "technology", holder_name="北京某某科技有限公司")
    assert cast.reread(nomination).track == nomination.track


def test_people_are_told_once_with_the_day(season):
    nomination = correcting.asked()
    job = Job.objects.get(kind="notice_mail", args__name="correction_asked")
    told = notices.LETTERS[job.args["name"]](nomination.pk)
    assert cast.cast("applicant") in [letter.to for letter in told]
    assert "补正期限：2022年11月15日24时" in told[0].text
    assert correcting.REASON in told[0].text
    assert writing_of(nomination).closes == nomination.correction.until
    by = correcting.by_applicant()
    applicant.submit(nomination, by, AT + timedelta(hours=1), promised=True)
    kinds = [letter.kind.name for letter in notices.LETTERS["corrected"](nomination.pk)]
    assert {"corrected", "correction_in"} == set(kinds)
    assert notices.LETTERS["correction_asked"](nomination.pk) == []
    assert Nomination.objects.get().state == State.RECOMMENDED
