"""An invitation's way: sent, accepted or declined, ended by leaving or removal; what becomes of the tasks."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import Membership
from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from reviews import queries
from reviews.actions import experts, invitations, profiles
from reviews.models import Assignment, BodyExpert, Recusal
from reviews.rules import promises
from tests import cast
from tests.reviews.serving import invited

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY
LATER = AT + timedelta(hours=1)
State = BodyExpert.State


def refusal(call, *given):
    with pytest.raises(Refused) as caught:
        call(*given)
    return caught.value.verdict


def himself(row):
    return cast.acting(row.expert.user, Role.EXPERT)


def fresh(row):
    return BodyExpert.objects.get(pk=row.pk)


def letter(name):
    job = Job.objects.get(key__startswith=f"review_mail:{name}:")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return mail.outbox[-1] if mail.outbox else None


def second_body():
    """中国科协生命科学学会联合体, with a recorded plan of its own."""
    track = cast.track("biomedicine")
    plan = queries.plan_in_force(cast.track())
    plan.pk, plan.track, plan.body = None, track, track.bodies.get()
    plan.save()
    return track, track.bodies.get(), cast.acting(cast.cast("other_body_person"), Role.BODY)


def test_the_letter_names_body_track_and_date_and_no_nomination(season):
    nomination = cast.accepted()
    invited()
    text = letter("expert_invited").body
    assert "中国科协信息科技学会联合体邀请担任" in text
    assert "先导技术榜（电子信息），评审截止：2022年11月30日24时（北京时间）" in text
    assert "/expert/invitations/" in text
    assert nomination.number not in text and nomination.title not in text


def test_both_ticks_are_asked_for_and_kept_with_their_version(season):
    row = invited()
    by = himself(row)
    assert "同意处理个人信息" in refusal(invitations.accept, row, False, True, by, AT).message
    assert refusal(invitations.accept, row, True, False, by, AT).message == "勾选评审承诺后再接受"
    assert fresh(row).state == State.INVITED
    for at in (AT, LATER):
        invitations.accept(row, True, True, by, at)
    kept = fresh(row)
    assert kept.state == State.ACCEPTED
    assert kept.accepted_at == kept.committed_at == kept.consented_at == AT
    assert (kept.commitment_version, kept.consent_version) == (
        promises.COMMITMENT_VERSION,
        promises.CONSENT_VERSION,
    )
    told = Event.objects.get(name="expert_accepted")
    assert told.data["consent"] == promises.CONSENT_VERSION
    letter("expert_accepted")
    assert "已接受" in cast.cast("body_person").notices.get(kind="expert_accepted").text


def test_an_invitation_is_answered_by_its_person_alone(season):
    row, other = invited(), invited("expert_b")
    for call, more in ((invitations.accept, (True, True)), (invitations.decline, ("不便",))):
        assert refusal(call, row, *more, himself(other), AT).status == 404
    assert refusal(invitations.leave, row, "不便", himself(other), AT).status == 404
    assert refusal(queries.own_invitation, other.expert.user, row.pk).status == 404


def test_declining_wants_a_reason_lifts_what_was_given_and_tells_the_body(season):
    nomination, row = cast.accepted(), invited()
    experts.assign(cast.track(), [(row.expert_id, nomination.pk)], cast.body_actor(), AT)
    by = himself(row)
    assert refusal(invitations.decline, row, " ", by, AT).message == "填写谢绝原因"
    assert refusal(invitations.decline, row, "长" * 301, by, AT).status == 422
    assert refusal(invitations.decline, row, "\x07", by, AT).status == 422
    for _n in range(2):
        invitations.decline(row, "出国访问", by, AT)
    kept = fresh(row)
    assert (kept.state, kept.note, kept.is_active) == (State.DECLINED, "出国访问", False)
    assert Assignment.objects.get().ended_at == AT
    text = letter("expert_declined").body
    assert "出国访问" in text and nomination.number in text
    assert refusal(invitations.accept, row, True, True, by, LATER).code == "invitation_ended"


def test_leaving_keeps_what_was_submitted_and_lifts_the_rest(season):
    first = cast.in_review()
    cast.score_all()
    cast.accepted(title="第二项技术")
    cast.assign_all()
    row = BodyExpert.objects.get(expert=cast.expert("expert_a"))
    assert refusal(invitations.decline, row, "不便", himself(row), LATER).code == "accepted_already"
    assert invitations.leave(row, "健康原因", himself(row), LATER) == 1
    assert invitations.leave(row, "健康原因", himself(row), LATER) == 0
    assert fresh(row).state == State.LEFT
    sheets = {a.nomination_id: a.ended_at for a in Assignment.objects.filter(expert=row.expert)}
    assert sheets.pop(first.pk) is None
    assert list(sheets.values()) == [LATER]
    assert not queries.assignments_of(row.expert.user).exists()
    text = letter("expert_left").body
    assert "健康原因" in text and "尚未提交的1项评审任务已取消" in text


def test_who_was_removed_is_invited_anew_and_answers_anew(season):
    row, track, by = invited(), cast.track(), cast.body_actor()
    assert refusal(invitations.invite_again, row, track, by, AT).code == "sent_just_now"
    invitations.accept(row, True, True, himself(row), AT)
    assert refusal(invitations.invite_again, row, track, by, LATER).code == "accepted_already"
    assert refusal(invitations.remove, row, track, "", by, LATER).message == "填写移出原因"
    assert invitations.remove(row, track, "专家类别调整", by, LATER) == 0
    assert (fresh(row).state, fresh(row).note) == (State.REMOVED, "专家类别调整")
    assert not Job.objects.filter(key__startswith="review_mail:expert_removed").exists()
    invitations.invite_again(row, track, by, LATER)
    kept = fresh(row)
    assert (kept.state, kept.invited_at, kept.consent_version) == (State.INVITED, LATER, "")
    stranger = cast.acting(cast.cast("other_body_person"), Role.BODY)
    assert not queries.has_accepted(row.expert, track)
    for call, more in ((invitations.remove, ("原因",)), (invitations.invite_again, ())):
        assert refusal(call, row, track, *more, stranger, LATER).status == 404


def test_one_person_at_two_bodies_answers_each_and_shows_each_its_own(season):
    nomination, row = cast.accepted(), invited()
    track, body, by = second_body()
    experts.take_in(track, body, {**cast.EXPERTS["expert_a"], "employer": "别处大学"}, by, AT)
    there = BodyExpert.objects.get(body=body)
    assert there.expert == row.expert
    assert there.expert.employer == "清江大学"  # What another body has typed stays.
    invitations.accept(row, True, True, himself(row), AT)
    experts.assign(cast.track(), [(row.expert_id, nomination.pk)], cast.body_actor(), AT)
    assert fresh(there).state == State.INVITED
    assert queries.has_accepted(row.expert, cast.track()) and not queries.has_accepted(row.expert, track)
    here, elsewhere = queries.expert_at(row.body, row.pk), queries.expert_at(body, there.pk)
    assert (here.assigned, here.assigned_in_all) == (1, 1)
    assert (elsewhere.assigned, elsewhere.assigned_in_all) == (0, 1)
    assert refusal(queries.expert_at, body, row.pk).status == 404
    invitations.decline(there, "时间冲突", himself(row), AT)
    assert Assignment.objects.get().ended_at is None


def test_a_joint_track_keeps_its_expert_as_long_as_one_body_does(season):
    row = invited()
    body = row.body
    other = cast.track("biomedicine").bodies.get()
    cast.track().bodies.add(other)
    BodyExpert.objects.create(body=other, expert=row.expert, committed_at=AT)
    nomination = cast.accepted()
    experts.assign(cast.track(), [(row.expert_id, nomination.pk)], cast.body_actor(), AT)
    assert experts.dropped_out(fresh(row), AT) == []
    BodyExpert.objects.filter(body=other).update(is_active=False)
    assert experts.dropped_out(fresh(row), AT) == [nomination.number]
    assert body.tracks.filter(pk=nomination.track_id).exists()


# --- What is known of an expert ----------------------------------------------------------------------------


def test_the_person_keeps_the_facts_and_from_then_on_nobody_else(season):
    row = invited()
    assert profiles.is_open(row)
    assert profiles.correct(row, {"employer": "清江理工大学"}, cast.body_actor(), AT) == ["employer"]
    facts = {"employer": "东湖大学", "industries": ["131"], "tracks": ["information"]}
    changed = profiles.keep_own(row.expert, facts, season, himself(row), LATER)
    assert changed == ["employer", "industries", "tracks"]
    row = fresh(row)
    assert row.expert.confirmed_at == LATER
    acting = Membership.objects.filter(user=row.expert.user, role=Role.EXPERT, is_active=True)
    assert [each.organisation.name for each in acting] == ["东湖大学"]
    told = Event.objects.filter(name="expert_facts_kept").last()
    assert told.data["before"]["employer"] == "清江理工大学"
    assert not profiles.is_open(row)
    assert refusal(profiles.correct, row, {"employer": "某大学"}, cast.body_actor(), LATER).status == 409
    assert profiles.correct(row, {"employer": "东湖大学"}, cast.body_actor(), LATER) == []
    stranger = himself(invited("expert_b"))
    assert refusal(profiles.keep_own, row.expert, facts, season, stranger, LATER).status == 404


def test_a_new_employer_is_compared_at_once(season):
    nomination, row = cast.accepted(), invited()
    experts.assign(cast.track(), [(row.expert_id, nomination.pk)], cast.body_actor(), AT)
    profiles.keep_own(row.expert, {"employer": nomination.applicant.name}, season, himself(row), LATER)
    assert Recusal.objects.filter(expert=row.expert, nomination=nomination).exists()
    assert Assignment.objects.get().ended_at is not None


def test_group_and_limit_are_set_and_on_record(season):
    row, track, by = invited(), cast.track(), cast.body_actor()
    plan = queries.plan_in_force(track)
    plan.expert_groups = [{"key": "g1", "name": "高校", "weight": 100}]
    plan.save()
    assert refusal(profiles.set_terms, row, track, "g9", 5, by, AT).code == "unknown_group"
    assert profiles.set_terms(row, track, "g1", 5, by, AT)
    assert not profiles.set_terms(row, track, "g1", 5, by, AT)
    assert (fresh(row).group, fresh(row).most) == ("g1", 5)
    assert Event.objects.filter(name="expert_terms_set").count() == 1
