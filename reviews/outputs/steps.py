"""Papers: how far a track's preliminary review is, as the five steps of the body's page show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from nominations.models import Track
from nominations.states import State
from reviews import queries
from reviews.models import PreliminaryResult, ReviewPlan

AHEAD, CURRENT, DONE = "todo", "current", "done"


@dataclass(frozen=True)
class Step:
    """One step: its word, state, what it says of itself, since when, and the name of the page where it is done."""

    word: str
    state: str
    text: str
    at: datetime | None
    page: str


@dataclass(frozen=True)
class Standing:
    """A track's review in numbers; counted once for a page."""

    plan: ReviewPlan | None
    result: PreliminaryResult | None
    waiting: int
    correcting: int
    passed: int
    rejected: int
    assigned: int
    sheets: int
    submitted: int
    late_experts: int
    assigned_at: datetime | None
    short: int = 0
    """Nominations with fewer experts than the plan wants, once tasks are out and as long as scores are open."""

    @property
    def checked(self) -> int:
        return self.passed + self.rejected

    @property
    def all(self) -> int:
        return self.checked + self.waiting + self.correcting


def standing(track: Track) -> Standing:
    """The numbers of a track, in five queries whatever its size."""
    counts = queries.counts_by_state(track)
    after = (*queries.PASSED_CHECK, *queries.AFTER_REVIEW)
    experts = list(queries.progress_by_expert(track))
    sheets = queries.sheet_counts(track)
    result = PreliminaryResult.standing.filter(track=track).first()
    in_force = queries.plan_in_force(track) if sheets["sheets"] and result is None else None
    return Standing(
        plan=queries.latest_plan(track),
        result=result,
        waiting=counts.get(queries.waiting_in(track), 0),
        correcting=counts.get(State.CORRECTING, 0),
        passed=sum(counts.get(state, 0) for state in after),
        rejected=counts.get(State.REJECTED, 0),
        assigned=sheets["nominations"],
        sheets=sheets["sheets"],
        submitted=sheets["submitted"],
        late_experts=sum(expert.submitted < expert.assigned for expert in experts),
        assigned_at=sheets["first"],
        short=len(queries.short_numbers(track, in_force)) if in_force else 0,
    )


def steps(now: Standing) -> list[Step]:
    """方案备案 to 结果; the first that isn't done is the current one."""
    drawn = [_plan(now), _check(now), _assign(now), _review(now), _result(now)]
    current = next((step for step in drawn if step.state != DONE), None)
    return [
        step if step is not current else Step(step.word, CURRENT, step.text, step.at, step.page)
        for step in drawn
    ]


def _plan(now: Standing) -> Step:
    plan, word = now.plan, _("方案备案")
    if plan is None:
        return Step(word, AHEAD, _("尚未报送"), None, "body_plan")
    recorded = plan.state == ReviewPlan.State.RECORDED
    at = plan.decided_at or plan.filed_at
    return Step(word, DONE if recorded else AHEAD, str(plan.get_state_display()), at, "body_plan")


def _check(now: Standing) -> Step:
    text = _("已审查%(done)d/%(all)d项") % {"done": now.checked, "all": now.all}
    return Step(
        _("形式审查"), DONE if now.all and now.checked == now.all else AHEAD, text, None, "body_check_queue"
    )


def _assign(now: Standing) -> Step:
    text = _("已分配%(done)d/%(all)d项") % {"done": now.assigned, "all": now.passed}
    done = bool(now.passed) and now.assigned >= now.passed
    return Step(_("分配"), DONE if done else AHEAD, text, now.assigned_at, "body_assign")


def _review(now: Standing) -> Step:
    text = _("已提交%(done)d/%(all)d份评分") % {"done": now.submitted, "all": now.sheets}
    closed = now.result.closed_at if now.result else None
    return Step(_("评审"), DONE if closed else AHEAD, text, closed, "body_progress")


def _result(now: Standing) -> Step:
    sent = now.result.submitted_at if now.result else None
    return Step(
        _("结果"), DONE if sent else AHEAD, _("已报送") if sent else _("尚未报送"), sent, "body_results"
    )
