"""Experts by the actions: invitation, conflicts, assignment, scores, submission, reminders."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from accounts.models import Membership, User
from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from nominations.states import State
from reviews import queries
from reviews.actions import experts, preliminary, results, scores
from reviews.models import Assignment, BodyExpert, Recusal, Score
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY


def refusal(call, *given, **named):
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    return caught.value.verdict


def as_expert(taken):
    return cast.acting(taken.user, Role.EXPERT)


def sheet_of(taken, nomination):
    return Assignment.objects.get(expert=taken, nomination=nomination)


def send(key):
    job = Job.objects.get(key__startswith=key)
    outbox.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return mail.outbox[-1]


# --- Taking in ---------------------------------------------------------------------------------------------


def test_no_plan_no_expert(track):
    verdict = refusal(
        experts.take_in, track, track.bodies.get(), cast.EXPERTS["expert_a"], cast.body_actor(), AT
    )
    assert verdict.code == "no_plan"
    assert not User.objects.filter(email="wuzhiyuan@example.org").exists()


def test_an_expert_gets_an_account_the_role_and_one_invitation(track):
    taken = cast.expert("expert_a")
    again = cast.expert("expert_a")
    assert taken == again
    assert taken.user.has_role(Role.EXPERT)
    assert not taken.user.has_usable_password()
    assert Job.objects.filter(key__startswith="review_mail:expert_invited").count() == 1


def test_the_invitation_leads_to_setting_a_password(track, client):
    taken = cast.expert("expert_a")
    sent = send("review_mail:expert_invited")
    assert sent.to == ["wuzhiyuan@example.org"]
    assert sent.subject == "“科创中国”系列榜单：评审邀请"
    link = next(line for line in sent.body.splitlines() if line.startswith("http") and len(line) > 60)
    path = "/" + link.split("/", 3)[3]
    page = client.get(path, follow=True)
    where = page.redirect_chain[-1][0]
    done = client.post(where, {"password1": cast.PASSWORD, "password2": cast.PASSWORD})
    assert done.status_code == 302
    taken.user.refresh_from_db()
    assert taken.user.check_password(cast.PASSWORD)
    # The link is void once it was used.
    again = client.get(path, follow=True)
    assert b"password1" not in again.content


def test_who_has_a_password_gets_no_link(track, applicant):
    cast.recorded_plan()
    person = {**cast.EXPERTS["expert_a"], "email": applicant.email.upper()}
    taken = experts.take_in(track, track.bodies.get(), person, cast.body_actor(), AT)
    assert taken.user == applicant
    assert "设置密码" not in send("review_mail:expert_invited").body


def test_a_body_takes_in_for_itself_alone(track):
    cast.recorded_plan()
    other = cast.track("biomedicine").bodies.get()
    assert (
        refusal(experts.take_in, track, other, cast.EXPERTS["expert_a"], cast.body_actor(), AT).status == 404
    )
    stranger = cast.acting(cast.cast("other_body_person"), Role.BODY)
    verdict = refusal(experts.take_in, track, track.bodies.get(), cast.EXPERTS["expert_a"], stranger, AT)
    assert verdict.status == 404


# --- Assigning ---------------------------------------------------------------------------------------------


def test_no_plan_no_assignment(accepted, track):
    assert refusal(experts.assign, track, [(1, accepted.pk)], cast.body_actor(), AT).code == "no_plan"


def test_the_suggestion_gives_each_the_number_of_the_plan_with_even_loads(track):
    people = [cast.expert(key) for key in cast.EXPERTS]
    third = experts.take_in(
        track, track.bodies.get(), {"name": "邓文", "email": "dengwen@example.org", "employer": "云岭大学"},
        cast.body_actor(), AT,
    )  # fmt: skip
    rows = [cast.accepted(title=f"第{n}项") for n in range(3)]
    pairs = experts.suggest(track, queries.plan_in_force(track))
    by_expert = {e.pk: sum(1 for pair in pairs if pair[0] == e.pk) for e in [*people, third]}
    assert set(by_expert.values()) == {2}
    assert all(sum(1 for pair in pairs if pair[1] == row.pk) == 2 for row in rows)


def test_a_conflict_is_neither_suggested_nor_assigned(accepted, track):
    cast.recorded_plan()
    kin = {"name": "马越", "email": "mayue@example.org", "employer": "北京云脉传感科技有限公司"}
    taken = experts.take_in(track, track.bodies.get(), kin, cast.body_actor(), AT)
    assert queries.conflict_matrix(track) == {(taken.pk, accepted.pk): "专家工作单位与申报单位相同"}
    assert experts.suggest(track, queries.plan_in_force(track)) == set()
    verdict = refusal(experts.assign, track, [(taken.pk, accepted.pk)], cast.body_actor(), AT)
    assert verdict.message == f"马越应回避{accepted.number}：专家工作单位与申报单位相同"
    assert not Assignment.objects.exists()


def test_an_organisation_that_the_expert_acts_for_is_a_conflict_whatever_the_body_typed(
    accepted, track, applicant
):
    cast.recorded_plan()
    person = {"name": "李静", "email": applicant.email, "employer": "清江大学"}
    taken = experts.take_in(track, track.bodies.get(), person, cast.body_actor(), AT)
    assert "专家工作单位与申报单位相同" in queries.conflict_matrix(track)[taken.pk, accepted.pk]


def test_assigning_begins_the_review_and_tells_the_experts_once(accepted, track):
    people = [cast.expert(key) for key in cast.EXPERTS]
    pairs = [(p.pk, accepted.pk) for p in people]
    for _n in range(2):
        assert experts.assign(track, pairs, cast.body_actor(), AT) == 2
    assert cast.reread(accepted).state == State.IN_REVIEW
    assert Job.objects.filter(key__startswith="review_mail:assigned").count() == 2
    first = Event.objects.filter(name="assigned").first()
    assert "有1项评审任务" in send(f"review_mail:assigned:{first.pk}:{people[0].pk}").body


def test_strangers_to_the_track_are_not_assigned(accepted, track):
    taken = cast.expert("expert_a")
    for pair in [(taken.pk, accepted.pk + 999), (taken.pk + 999, accepted.pk)]:
        assert refusal(experts.assign, track, [pair], cast.body_actor(), AT).code == "unknown_pair"


def test_a_lifted_assignment_is_gone_and_a_submitted_one_stays(in_review, track):
    taken, other = cast.expert("expert_a"), cast.expert("expert_b")
    experts.assign(track, [(other.pk, in_review.pk)], cast.body_actor(), AT)
    assert not queries.assignments_of(taken.user).exists()
    experts.assign(track, [(taken.pk, in_review.pk), (other.pk, in_review.pk)], cast.body_actor(), AT)
    cast.score_all()
    assert (
        refusal(experts.assign, track, [(other.pk, in_review.pk)], cast.body_actor(), AT).code
        == "already_scored"
    )
    assert queries.assignments_of(taken.user).count() == 1


def test_nothing_is_assigned_outside_the_window(accepted, track):
    taken = cast.expert("expert_a")
    for moment, code in [(cast.DURING_CALL, "too_early"), (cast.IN_FINAL, "too_late")]:
        assert (
            refusal(experts.assign, track, [(taken.pk, accepted.pk)], cast.body_actor(), moment).code == code
        )


# --- Declared conflicts ------------------------------------------------------------------------------------


def test_a_declared_conflict_takes_the_task_away_at_once(in_review, track):
    taken = cast.expert("expert_a")
    for _n in range(2):
        scores.recuse(taken, in_review, "曾为同事", as_expert(taken), AT)
    assert not queries.assignments_of(taken.user).exists()
    assert queries.conflict_matrix(track)[taken.pk, in_review.pk] == "曾为同事"
    assert Event.objects.filter(name="recused").count() == 1
    assert (
        refusal(experts.assign, track, [(taken.pk, in_review.pk)], cast.body_actor(), AT).code == "conflict"
    )


def test_a_declaration_needs_a_reason_and_is_ones_own(in_review):
    taken, other = cast.expert("expert_a"), cast.expert("expert_b")
    assert refusal(scores.recuse, taken, in_review, " ", as_expert(taken), AT).code == "reason_missing"
    assert (
        refusal(scores.recuse, taken, in_review, "长" * 301, as_expert(taken), AT).code == "reason_too_long"
    )
    assert refusal(scores.recuse, taken, in_review, "同事", as_expert(other), AT).status == 404
    assert not Recusal.objects.exists()


def test_what_is_not_of_the_experts_track_does_not_exist_for_the_expert(season):
    taken = cast.expert("expert_a")
    elsewhere = cast.recommended(track="biomedicine")
    assert refusal(scores.recuse, taken, elsewhere, "同事", as_expert(taken), AT).status == 404


def test_no_declaration_after_the_close(in_review, track):

    cast.score_all()
    results.close_scores(track, cast.body_actor(), AT)
    taken = cast.expert("expert_a")
    assert refusal(scores.recuse, taken, in_review, "同事", as_expert(taken), AT).code == "scores_closed"


# --- Scores ------------------------------------------------------------------------------------------------


def test_no_commitment_no_score(in_review):
    taken = cast.expert("expert_a")
    BodyExpert.objects.filter(expert=taken).update(committed_at=None)
    verdict = refusal(scores.save_scores, sheet_of(taken, in_review), {"c1": "80"}, "", as_expert(taken), AT)
    assert verdict.code == "no_commitment"


def test_scores_are_kept_changed_and_emptied(in_review):
    taken = cast.expert("expert_a")
    by, sheet = as_expert(taken), sheet_of(taken, in_review)
    kept = scores.save_scores(sheet, {"c1": "80", "c2": "75.5", "c9": "1"}, "好", by, AT)
    assert {s.criterion: s.value for s in kept.scores.all()} == {"c1": Decimal(80), "c2": Decimal("75.5")}
    kept = scores.save_scores(sheet, {"c1": "", "c2": "90"}, None, by, AT)
    assert {s.criterion: s.value for s in kept.scores.all()} == {"c2": Decimal(90)}
    assert (kept.comment, kept.edit_version) == ("好", 3)


def test_saving_the_same_again_changes_nothing(in_review):
    taken = cast.expert("expert_a")
    by, sheet = as_expert(taken), sheet_of(taken, in_review)
    first = scores.save_scores(sheet, {"c1": "80"}, "好", by, AT, base_version=1)
    again = scores.save_scores(sheet, {"c1": "80.0"}, "好", by, AT + timedelta(hours=1), base_version=1)
    assert (again.edit_version, again.saved_at) == (first.edit_version, AT)


def test_two_windows_on_one_sheet_get_both_texts(in_review):
    taken = cast.expert("expert_a")
    by, sheet = as_expert(taken), sheet_of(taken, in_review)
    scores.save_scores(sheet, {"c1": "80"}, "甲", by, AT, base_version=1)
    verdict = refusal(scores.save_scores, sheet, {"c1": "70"}, "乙", by, AT, base_version=1)
    assert verdict.status == 409
    assert dict(verdict.details) == {
        "version": 2, "by": "吴志远", "at": "10:00", "theirs": {"score-c1": "80.0", "comment": "甲"},
    }  # fmt: skip
    assert Score.objects.get(criterion="c1").value == 80


def test_one_bad_score_keeps_none_of_them(in_review):
    taken = cast.expert("expert_a")
    sheet = sheet_of(taken, in_review)
    verdict = refusal(scores.save_scores, sheet, {"c1": "80", "c2": "101"}, "", as_expert(taken), AT)
    assert verdict.code == "score_range"
    assert not Score.objects.exists()


def test_another_experts_sheet_does_not_exist(in_review):
    taken, other = cast.expert("expert_a"), cast.expert("expert_b")
    verdict = refusal(scores.save_scores, sheet_of(taken, in_review), {"c1": "80"}, "", as_expert(other), AT)
    assert verdict.status == 404


@pytest.mark.parametrize(("moment", "code"), [(cast.LAST_INSTANT, "too_early"), (cast.IN_FINAL, "too_late")])
def test_no_score_outside_the_window(in_review, moment, code):
    taken = cast.expert("expert_a")
    verdict = refusal(
        scores.save_scores, sheet_of(taken, in_review), {"c1": "80"}, "", as_expert(taken), moment
    )
    assert verdict.code == code


def test_an_incomplete_sheet_is_not_submitted_and_says_what_lacks(in_review, track):
    taken = cast.expert("expert_a")
    scores.save_scores(sheet_of(taken, in_review), {"c1": "80"}, "", as_expert(taken), AT)
    verdict = refusal(scores.submit_scores, taken, track, as_expert(taken), AT)
    lacking = ["产业带动性未打分", "转化可行性未打分", "未填写评审意见"]
    assert (verdict.message, verdict.details["items"]) == ("还有1项未评完", {in_review.number: lacking})


def test_submitting_twice_has_one_effect_and_locks(in_review, track):
    taken = cast.expert("expert_a")
    by, sheet = as_expert(taken), sheet_of(taken, in_review)
    scores.save_scores(sheet, dict.fromkeys(("c1", "c2", "c3"), "80"), "好", by, AT)
    assert scores.submit_scores(taken, track, by, AT) == 1
    assert scores.submit_scores(taken, track, by, AT) == 0
    assert Event.objects.filter(name="scores_submitted").count() == 1
    assert refusal(scores.save_scores, sheet, {"c1": "81"}, None, by, AT).code == "scores_locked"


def test_a_lost_role_loses_the_tasks(in_review):
    taken = cast.expert("expert_a")
    sheet = sheet_of(taken, in_review)
    Membership.objects.filter(user=taken.user, role=Role.EXPERT).update(is_active=False)
    assert refusal(scores.save_scores, sheet, {"c1": "80"}, "", as_expert(taken), AT).status == 404
    Membership.objects.filter(user=taken.user, role=Role.EXPERT).update(is_active=True)
    BodyExpert.objects.filter(expert=taken).update(is_active=False)
    assert refusal(scores.save_scores, sheet, {"c1": "80"}, "", as_expert(taken), AT).status == 404


# --- Reminders ---------------------------------------------------------------------------------------------


def test_the_late_are_reminded_once_a_day(in_review, track):
    people = [cast.expert(key) for key in cast.EXPERTS]
    ids = [p.pk for p in people] + [987654]
    assert experts.remind(track, ids, cast.body_actor(), AT) == 2
    assert experts.remind(track, ids, cast.body_actor(), AT + timedelta(hours=3)) == 0
    # A new day begins at midnight in Beijing.
    assert experts.remind(track, ids, cast.body_actor(), AT + timedelta(hours=14)) == 2
    sent = send(f"review_mail:reminder:{track.pk}:2022-11-10:{people[0].pk}")
    assert "还有1项评审任务未提交" in sent.body
    assert "2022年11月30日24时" in sent.body


def test_who_has_submitted_is_not_reminded(in_review, track):
    cast.score_all()
    ids = [cast.expert(key).pk for key in cast.EXPERTS]
    assert experts.remind(track, ids, cast.body_actor(), AT) == 0
    assert refusal(experts.remind, track, [], cast.body_actor(), AT).code == "nobody_chosen"


def test_an_address_that_is_anothers_account_name_or_too_long_for_one_hinders_nobody(track):
    """Whoever registered an address as a name must not keep its owner from being taken in."""
    by, body = cast.body_actor(), track.bodies.get(organisation=cast.body_actor().organisation)
    cast.recorded_plan()
    cast.person("wuzhiyuan@example.org", "冒名者")
    long = f"{'a' * 170}@example.org"
    for email in ("wuzhiyuan@example.org", long):
        person = cast.EXPERTS["expert_a"] | {"email": email}
        user = experts.take_in(track, body, person, by, cast.IN_PRELIMINARY).user
        assert (user.email, user.username != email, user.name) == (email, True, "吴志远")


@pytest.mark.parametrize("typed", ["\u202e曾同事", "曾\x00同事"])
def test_I5_a_declared_reason_holds_nothing_invisible(in_review, typed):
    taken = cast.expert("expert_a")
    with pytest.raises(Refused) as refused:
        scores.recuse(taken, in_review, typed, cast.acting(taken.user, Role.EXPERT), cast.IN_PRELIMINARY)
    assert refused.value.verdict.code == "reason_unreadable"


def test_a_page_that_shows_the_criteria_of_an_earlier_plan_is_told_so(in_review, track):
    taken = cast.expert("expert_a")
    by, sheet = cast.acting(taken.user, Role.EXPERT), queries.assignments_of(taken.user).get()
    read = sheet.edit_version
    plan = preliminary.save_plan(
        track, track.bodies.get(), {"criteria": list(reversed(cast.CRITERIA))}, cast.body_actor(), AT
    )
    for name in ("work_plan", "expert_plan"):
        setattr(plan, name, "改写")
    plan.experts_each, plan.shortlist = 2, 5
    plan.save()
    preliminary.file_plan(plan, cast.body_actor(), AT)
    preliminary.decide_plan(plan, True, "", cast.office(), AT)
    verdict = refusal(scores.save_scores, sheet, {"c1": "80"}, None, by, AT, read)
    assert (verdict.code, verdict.message) == ("criteria_changed", "评价标准已更新，核对后再保存")
    assert not Score.objects.exists()
