"""初评工作台: where the review of a track stands and what is due."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from nominations.states import State
from reviews import meetings, queries
from reviews.models import ReviewPlan
from reviews.outputs import steps
from reviews.views.body_page import BodyPage, of_track, show


def _blind_line(page: BodyPage) -> list[dict[str, Any]]:
    """The line of a blind review, which stands between the form check and the assignment."""
    plan = queries.scoring_plan(page.track) if page.begun else None
    if plan is None or not plan.blind:
        return []
    look = steps.Step(_("匿名评审"), steps.AHEAD, _("查看标出的内容，放行附件"), None, "body_blind")
    return [{"step": look, "url": page.blind_url}]


@door(Role.BODY)
@require_safe
@of_track
def home(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """The five steps with their dates and numbers; before the gate only how many there will be."""
    now = steps.standing(page.track)
    drawn = steps.steps(now)
    if page.begun:
        figures = [
            {"label": _("待形式审查"), "value": now.waiting, "url": page.url("body_check_queue")},
            {"label": _("形式审查通过"), "value": now.passed},
            {"label": _("已提交评分"), "value": now.submitted, "url": page.url("body_progress")},
            {"label": _("未评完的专家"), "value": now.late_experts, "url": page.url("body_progress")},
        ]
        if now.short:
            figures.append({"label": _("专家不足的申报"), "value": now.short, "url": page.assign_url})
    else:
        counts = queries.counts_by_state(page.track)
        figures = [
            {"label": State(state).label, "value": counts.get(state, 0)}
            for state in (State.SUBMITTED, State.RECOMMENDED)
        ]
    lines = [{"step": step, "url": page.url(step.page)} for step in drawn]
    due = next((line for line, step in zip(lines, drawn, strict=True) if step.state == steps.CURRENT), None)
    if (
        due
        and drawn[0].state == steps.CURRENT
        and now.plan is not None
        and now.plan.state == ReviewPlan.State.FILED
    ):
        due = None  # It is the secretariat's turn.
    lines[2:2] = _blind_line(page)
    wanted = meetings.wanted_by(page.track)
    facts: dict[str, Any] = {
        "wants_meeting": wanted,
        "meeting": meetings.meeting_of(page.track) if wanted else None,
    }
    return show(request, page, "home", figures=figures, steps=drawn, lines=lines, due=due, **facts)
