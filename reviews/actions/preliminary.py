"""The preliminary review: plan on record, form check, experts, assignment, close, result (notice 三（二）, 四.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import may
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations import transitions
from nominations.actions import correction
from nominations.models import Nomination, ReviewBody, Track
from nominations.openings import opening_for
from nominations.rules import calendar
from nominations.states import State, Window
from reviews import queries
from reviews.actions import blind_marks, conflicts
from reviews.models import Assignment, PreliminaryResult, ReviewPlan
from reviews.rules import scoring

PLAN_TEXTS = {"work_plan": gettext_lazy("评审工作方案"), "expert_plan": gettext_lazy("专家构成方案")}
FEWEST_EXPERTS = 2
MOST_CRITERIA = 20
FEWEST_GROUPS = 2


def judge_track(track: Track, by: Actor, at: datetime) -> None:
    """Raises Refused unless this person acts for the track's body and its preliminary review is open."""
    may(by.user, "track.review", track).or_raise()
    calendar.judge(opening_for(track.ranking.season, Window.PRELIMINARY, track), at).or_raise()


@transaction.atomic
def save_plan(
    track: Track, body: ReviewBody, fields: Mapping[str, Any], by: Actor, at: datetime
) -> ReviewPlan:
    """Keeps the draft of a plan; after a filed or recorded one, a new number. Until the scores are closed.

    ``fields``: any of the plan's own columns by name. Scores that were given keep the recipe of their plan.
    """
    may(by.user, "track.review", track).or_raise()
    Track.objects.select_for_update().get(pk=track.pk)
    _judge_not_closed(track)
    latest = queries.latest_plan(track)
    if latest is not None and latest.state == ReviewPlan.State.FILED:
        raise Refused(refuse("plan_filed", _("方案已报送，秘书处备案或退回前不能修改"), status=409))
    if latest is None or latest.state != ReviewPlan.State.DRAFT:
        latest = ReviewPlan(track=track, number=latest.number + 1 if latest else 1)
    latest.body = body
    for name, value in fields.items():
        setattr(latest, name, value)
    latest.save()
    return latest


def _judge_not_closed(track: Track) -> None:
    """A plan governs what is still to come: once the scores are closed, no other one is filed or recorded."""
    if PreliminaryResult.standing.filter(track=track).exists():
        raise Refused(refuse("scores_closed", _("评分已结束，不能再改方案"), status=409))


@dataclass(frozen=True)
class PlanProblem:
    """What a plan lacks before it can be filed: the field of the plan, a code, and words that say it."""

    field: str
    code: str
    message: str


def plan_problems(plan: ReviewPlan) -> list[PlanProblem]:
    """All that hinders 报送, in the order of the page; empty when the plan is complete (通知四.3)."""
    found = [
        PlanProblem(name, "plan_incomplete", _("填写%(part)s") % {"part": label})
        for name, label in PLAN_TEXTS.items()
        if not getattr(plan, name).strip()
    ]
    verdict = scoring.judge_weights([int(criterion["weight"] or 0) for criterion in plan.criteria])
    if not verdict:
        found.append(PlanProblem("criteria", verdict.code, verdict.message))
    if len(plan.criteria) > MOST_CRITERIA:
        words = _("评价指标最多%(most)d项，现为%(now)d项") % {
            "most": MOST_CRITERIA,
            "now": len(plan.criteria),
        }
        found.append(PlanProblem("criteria", "too_many_criteria", words))
    if not 1 <= plan.scale <= scoring.LARGEST_SCALE:
        words = _("每项满分应在1—%(most)d之间") % {"most": scoring.LARGEST_SCALE}
        found.append(PlanProblem("scale", "scale", words))
    found += _problems_of_recipe(plan)
    if plan.experts_each < FEWEST_EXPERTS:
        found.append(PlanProblem("experts_each", "too_few_experts", _("每项申报至少由2名专家评审")))
    if plan.shortlist < 1:
        found.append(PlanProblem("shortlist", "shortlist", _("初评通过数至少为1")))
    return found


def _problems_of_recipe(plan: ReviewPlan) -> list[PlanProblem]:
    """Groups that don't weigh 100 where the recipe weighs by them, and levels of one bound."""
    found = []
    if plan.recipe == ReviewPlan.Recipe.WEIGHTED:
        weights = [int(group["weight"] or 0) for group in plan.expert_groups]
        if len(weights) < FEWEST_GROUPS:
            words = _("按专家类别加权时，至少设2个专家类别")
            found.append(PlanProblem("expert_groups", "too_few_groups", words))
        elif not (verdict := scoring.judge_weights(weights)):
            words = _("专家类别：%(what)s") % {"what": verdict.message}
            found.append(PlanProblem("expert_groups", verdict.code, words))
    bounds = [row["least"] for row in plan.scale_words]
    if len(set(bounds)) < len(bounds):
        words = _("等级说明中有两个等级的下限相同")
        found.append(PlanProblem("scale_words", "levels_alike", words))
    return found


@transaction.atomic
def file_plan(plan: ReviewPlan, by: Actor, at: datetime) -> None:
    """报送: hands the plan to the secretariat. Refused (422) while a part is missing or weights aren't 100.

    Twice has one effect: a plan that is filed already stays as it is (Q2).
    """
    may(by.user, "track.review", plan.track).or_raise()
    Track.objects.select_for_update().get(pk=plan.track_id)
    locked = ReviewPlan.objects.select_related("track__ranking__season").get(pk=plan.pk)
    if locked.state == ReviewPlan.State.FILED:
        return
    if locked.state != ReviewPlan.State.DRAFT:
        raise Refused(refuse("plan_decided", _("此方案已处理，修改后重新报送"), status=409))
    _judge_not_closed(locked.track)
    problems = plan_problems(locked)
    if problems:
        first = problems[0]
        raise Refused(refuse(first.code, first.message, status=422, problems=[vars(p) for p in problems]))
    locked.state, locked.filed_at, locked.filed_by = ReviewPlan.State.FILED, at, by.user
    locked.save(update_fields=["state", "filed_at", "filed_by"])
    record("plan_filed", locked, by, at, season_year=locked.track.ranking.season.year, number=locked.number)
    owe("review_mail", f"review_mail:plan_filed:{locked.pk}", name="plan_filed", plan_id=locked.pk)
    plan.refresh_from_db()


@transaction.atomic
def decide_plan(plan: ReviewPlan, recorded: bool, note: str, by: Actor, at: datetime) -> None:
    """The secretariat puts a filed plan on record (备案), or sends it back with its reason."""
    may(by.user, "season.manage").or_raise()
    Track.objects.select_for_update().get(pk=plan.track_id)
    locked = ReviewPlan.objects.select_related("track").get(pk=plan.pk)
    if locked.state != ReviewPlan.State.FILED:
        raise Refused(refuse("plan_not_filed", _("此方案已处理"), status=409))
    if not recorded and not note.strip():
        raise Refused(refuse("reason_missing", _("填写退回原因"), status=422))
    if recorded:
        _judge_not_closed(locked.track)
    locked.state = ReviewPlan.State.RECORDED if recorded else ReviewPlan.State.SENT_BACK
    locked.decided_at, locked.office_note = at, note.strip()
    locked.save(update_fields=["state", "decided_at", "office_note"])
    if recorded:
        _outdate_pages(locked.track)
    name = "plan_recorded" if recorded else "plan_sent_back"
    record(name, locked, by, at, season_year=plan.track.ranking.season.year, reason=note.strip())
    owe("review_mail", f"review_mail:plan_decided:{locked.pk}", name="plan_decided", plan_id=locked.pk)
    blind_marks.owe_marks(locked.track)
    plan.refresh_from_db()


def _outdate_pages(track: Track) -> None:
    """A sheet without a score is scored by the new plan: a page that shows the criteria of the last one is old."""
    unscored = Assignment.objects.filter(nomination__track=track, plan=None)
    unscored.update(edit_version=F("edit_version") + 1)


@transaction.atomic
def check_form(
    nomination: Nomination,
    passed: bool,
    findings: Sequence[Mapping[str, str]],
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> None:
    """形式审查: passes, or does not with a reason per condition: [{"condition": key, "reason": text}].

    Twice the same has one effect (Q2). The applicant is told when it did not pass. ``seen``: the number of the
    version that was read; refused (409) where a correction has come since. One that didn't come in time leaves
    what was read before.
    """
    may(by.user, "nomination.accept" if passed else "nomination.reject", nomination).or_raise()
    queries.judge_share(by.user, nomination).or_raise()
    if nomination.track_id is not None:
        Track.objects.select_for_update().get(pk=nomination.track_id)  # Before the nomination, as everywhere.
    locked = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related(*queries.RELATIONS)
        .get(pk=nomination.pk)
    )
    if locked.state == (State.ACCEPTED if passed else State.REJECTED):
        return
    version = locked.latest_version
    if seen is not None and seen != version.number:
        words = _("申报人已提交补正，现为第%(now)d版") % {"now": version.number}
        raise Refused(refuse("changed_meanwhile", words, _("查看补正后的申报表，再作决定"), status=409))
    kept = [
        {"condition": finding["condition"], "reason": finding["reason"].strip()}
        for finding in findings
        if finding["reason"].strip()
    ]
    if not passed and not kept:
        raise Refused(refuse("reason_missing", _("不通过时，逐条填写原因"), status=422))
    if passed and kept:
        words = _("已填写不符合的原因，不能通过")
        raise Refused(refuse("reason_given", words, _("清空原因后通过，或选择不通过"), status=422))
    key = move_of(locked, passed)
    if locked.state == State.CORRECTING:
        transitions.judge(locked, key, by, at).or_raise()
        correction.leave_unanswered(locked)
    transitions.move(
        locked,
        key,
        by,
        at,
        reason="；".join(finding["reason"] for finding in kept),
        version_code=version.check_code,
        findings=kept,
    )
    conflicts.refresh_for_nomination(locked, at, by)
    if passed:
        blind_marks.owe_marks(locked.track)
    else:
        owe("review_mail", f"review_mail:rejected:{locked.pk}", name="rejected", nomination_id=locked.pk)
    nomination.refresh_from_db(fields=["state", "state_since"])


def move_of(nomination: Nomination, passed: bool) -> str:
    """The move of the table by which a form check is decided."""
    return ("accept" if passed else "reject") + ("_direct" if nomination.ranking.separately_organised else "")


def required_plan(track: Track) -> ReviewPlan:
    """The recorded plan; raises Refused while there is none: nothing is assigned or scored before (四.3)."""
    plan = queries.plan_in_force(track)
    if plan is None:
        raise Refused(refuse("no_plan", _("评审方案备案后才能分配和评审"), _("先报送初评方案"), status=409))
    return plan
