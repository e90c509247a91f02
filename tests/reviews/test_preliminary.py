"""The preliminary review by its actions: plan, form check, close and result."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.roles import Role
from kczg.kit.models import Event, Job
from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from nominations.states import State
from reviews import queries
from reviews.actions import experts, preliminary, results, scores
from reviews.models import PreliminaryResult, ReviewPlan
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY


def refusal(call, *given, **named):
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    return caught.value.verdict


def plan_fields(**changed):
    fields = {
        "work_plan": "分三步", "expert_plan": "专家五名", "criteria": cast.CRITERIA, "scale": 100,
        "recipe": "mean", "experts_each": 2, "shortlist": 10,
    }  # fmt: skip
    return {**fields, **changed}


def draft_plan(track, **changed):
    by = cast.body_actor()
    return preliminary.save_plan(track, track.bodies.get(), plan_fields(**changed), by, AT)


# --- The plan ----------------------------------------------------------------------------------------------


def test_a_plan_may_come_before_the_window(track):
    plan = preliminary.save_plan(
        track, track.bodies.get(), plan_fields(), cast.body_actor(), cast.DURING_CALL
    )
    preliminary.file_plan(plan, cast.body_actor(), cast.DURING_CALL)
    assert plan.state == ReviewPlan.State.FILED


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"work_plan": " "}, "填写评审工作方案"),
        ({"expert_plan": ""}, "填写专家构成方案"),
        ({"criteria": cast.CRITERIA[:2]}, "权重合计应为100，现为75，还差25"),
        ({"criteria": []}, "至少设1项评价指标"),
        ({"experts_each": 1}, "每项申报至少由2名专家评审"),
        ({"scale": 101}, "每项满分应在1—100之间"),
        ({"shortlist": 0}, "初评通过数至少为1"),
    ],
)
def test_an_incomplete_plan_is_not_filed(track, changed, message):
    plan = draft_plan(track, **changed)
    verdict = refusal(preliminary.file_plan, plan, cast.body_actor(), AT)
    assert (verdict.status, verdict.message) == (422, message)
    plan.refresh_from_db()
    assert plan.state == ReviewPlan.State.DRAFT


def test_a_draft_keeps_whatever_it_has_and_one_number(track):
    first = draft_plan(track, criteria=[], work_plan="")
    second = draft_plan(track)
    assert (first.pk, second.number) == (second.pk, 1)


def test_filing_twice_has_one_effect(track):
    plan = draft_plan(track)
    for _n in range(2):
        preliminary.file_plan(plan, cast.body_actor(), AT)
    assert Event.objects.filter(name="plan_filed").count() == 1


def test_a_filed_plan_is_not_changed_and_a_returned_one_gets_a_new_number(track):
    plan = cast.filed_plan()
    assert refusal(draft_plan, track).code == "plan_filed"
    preliminary.decide_plan(plan, False, "补充回避办法", cast.office(), AT)
    assert draft_plan(track).number == 2
    assert queries.plan_in_force(track) is None


def test_a_later_plan_is_in_force_once_recorded(track):
    first = cast.recorded_plan()
    second = draft_plan(track, shortlist=5)
    preliminary.file_plan(second, cast.body_actor(), AT)
    assert queries.plan_in_force(track) == first
    preliminary.decide_plan(second, True, "", cast.office(), AT)
    assert queries.plan_in_force(track) == second


def test_nothing_is_assigned_while_a_new_plan_waits(accepted, track):
    taken = cast.expert("expert_a")
    preliminary.file_plan(draft_plan(track), cast.body_actor(), AT)
    verdict = refusal(experts.assign, track, [(taken.pk, accepted.pk)], cast.body_actor(), AT)
    assert verdict.code == "plan_filed"


def test_another_body_neither_plans_nor_files(track):
    stranger = cast.acting(cast.cast("other_body_person"), Role.BODY)
    plan = draft_plan(track)
    assert (
        refusal(preliminary.save_plan, track, track.bodies.get(), plan_fields(), stranger, AT).status == 404
    )
    assert refusal(preliminary.file_plan, plan, stranger, AT).status == 404


# --- The form check ----------------------------------------------------------------------------------------


def test_the_form_check_begins_with_the_window(recommended):
    just_before = cast.GATE - timedelta(microseconds=1)
    verdict = refusal(preliminary.check_form, recommended, True, [], cast.body_actor(), just_before)
    assert verdict.code == "too_early"
    preliminary.check_form(recommended, True, [], cast.body_actor(), cast.GATE)
    assert cast.reread(recommended).state == State.ACCEPTED


def test_not_passed_needs_a_reason_and_keeps_it_by_condition(recommended):
    by = cast.body_actor()
    assert refusal(preliminary.check_form, recommended, False, [], by, AT).code == "reason_missing"
    blank = [{"condition": "early_proof", "reason": "  "}]
    assert refusal(preliminary.check_form, recommended, False, blank, by, AT).code == "reason_missing"
    findings = [
        {"condition": "early_proof", "reason": "无验证材料"},
        {"condition": "other", "reason": "公章不清"},
    ]
    preliminary.check_form(recommended, False, findings, by, AT)
    event = events_of(recommended).last()
    assert (event.name, event.reason) == ("rejected", "无验证材料；公章不清")
    assert event.data["findings"] == findings
    assert event.version_code == recommended.versions.last().check_code
    assert Job.objects.filter(key=f"review_mail:rejected:{recommended.pk}").exists()


def test_passed_with_a_reason_is_a_contradiction(recommended):
    findings = [{"condition": "early_proof", "reason": "无验证材料"}]
    assert (
        refusal(preliminary.check_form, recommended, True, findings, cast.body_actor(), AT).code
        == "reason_given"
    )


def test_the_same_check_twice_has_one_effect_and_the_opposite_is_refused(recommended):
    by = cast.body_actor()
    for _n in range(2):
        preliminary.check_form(recommended, True, [], by, AT)
    assert events_of(recommended).filter(name="accepted").count() == 1
    findings = [{"condition": "other", "reason": "改判"}]
    assert refusal(preliminary.check_form, recommended, False, findings, by, AT).code == "wrong_state"


def test_another_body_does_not_check(recommended):
    stranger = cast.acting(cast.cast("other_body_person"), Role.BODY)
    assert refusal(preliminary.check_form, recommended, True, [], stranger, AT).status == 404


# --- Close and result --------------------------------------------------------------------------------------


def test_scores_close_only_when_nothing_is_open(in_review, track):
    by = cast.body_actor()
    late = cast.recommended(title="第二项")
    verdict = refusal(results.close_scores, track, by, AT)
    assert verdict.details["items"] == [f"{late.number}尚未形式审查", f"{in_review.number}还有2名专家未提交"]
    preliminary.check_form(late, True, [], by, AT)
    cast.score_all()
    verdict = refusal(results.close_scores, track, by, AT)
    assert verdict.details["items"] == [f"{late.number}只有0名专家，方案要求2名"]


def test_nothing_to_close(track):
    cast.recorded_plan()
    assert refusal(results.close_scores, track, cast.body_actor(), AT).code == "nothing_to_close"


def test_no_result_before_the_close(in_review, track):
    assert refusal(results.submit_result, track, cast.body_actor(), AT).code == "scores_open"


def scored(track, *marks):
    """Nominations with these scores of both experts, closed; the plan passes two."""
    cast.recorded_plan(shortlist=2)
    rows = [cast.accepted(title=f"第{n}项") for n in range(1, len(marks) + 1)]
    cast.assign_all()
    cast.score_all(marks={row.number: Decimal(mark) for row, mark in zip(rows, marks, strict=True)})
    results.close_scores(track, cast.body_actor(), AT)
    return rows


def test_the_result_ranks_moves_and_freezes_once(track):
    low, high, tied = scored(track, "70", "90.5", "70")
    for _n in range(2):
        results.submit_result(track, cast.body_actor(), AT)
    result = PreliminaryResult.objects.get()
    assert [(r["number"], r["rank"], r["tied"], r["shortlisted"], r["figure"]) for r in result.rows] == [
        (high.number, 1, False, True, "90.50"),
        (low.number, 2, True, True, "70.00"),
        (tied.number, 2, True, True, "70.00"),
    ]
    assert {cast.reread(row).state for row in (low, high, tied)} == {State.SHORTLISTED}
    assert Event.objects.filter(name="result_submitted").count() == 1
    assert Job.objects.filter(kind="result_pdf").count() == 1
    assert len(result.digest) == 64


def test_who_is_below_the_line_is_not_shortlisted(track):
    rows = scored(track, "70", "90.5", "80")
    results.submit_result(track, cast.body_actor(), AT)
    assert [cast.reread(row).state for row in rows] == [
        State.NOT_SHORTLISTED,
        State.SHORTLISTED,
        State.SHORTLISTED,
    ]


def test_the_frozen_rows_recompute_without_the_database(track):
    scored(track, "70", "90.5")
    result = results.submit_result(track, cast.body_actor(), AT)
    weights = {c["key"]: c["weight"] for c in result.plan.criteria}
    for row in result.rows:
        totals = [sum(Decimal(s["scores"][k]) * w for k, w in weights.items()) / 100 for s in row["sheets"]]
        assert Decimal(row["figure"]) == sum(totals) / len(totals)


def test_nothing_is_submitted_after_the_window(track):
    scored(track, "70")
    over = cast.GATE + timedelta(days=30)
    assert refusal(results.submit_result, track, cast.body_actor(), over).code == "too_late"


def test_the_result_is_printed_by_the_worker(track):
    from kczg.kit import outbox

    scored(track, "70", "90.5")
    results.submit_result(track, cast.body_actor(), AT)
    job = Job.objects.get(kind="result_pdf")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.result_name) == ("done", "", "2022年先导技术榜（电子信息）初评结果.pdf")
    assert job.result.read(5) == b"%PDF-"


def test_scores_stay_shut_after_the_close(track):
    rows = scored(track, "70")
    taken = cast.expert("expert_a")
    sheet = rows[0].assignments.get(expert=taken)
    verdict = refusal(scores.save_scores, sheet, {"c1": "99"}, None, cast.acting(taken.user, Role.EXPERT), AT)
    assert verdict.code == "scores_locked"
    assert refusal(experts.assign, track, [], cast.body_actor(), AT).code == "scores_closed"
