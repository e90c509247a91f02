"""初评方案备案: the plan's three parts, kept as a draft and filed."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import Refused
from reviews import queries
from reviews.actions import preliminary
from reviews.forms.plan import PlanForm
from reviews.models import ReviewPlan
from reviews.views.body_page import BodyPage, actor, of_track, show


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def plan(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """Shows the plan and keeps what is typed; ``file`` leads on to the page that confirms."""
    if request.method == "POST":
        return _keep(request, page)
    return _shown(request, page, PlanForm.of(queries.latest_plan(page.track)))


def _shown(
    request: HttpRequest, page: BodyPage, form: PlanForm, status: int = 200, refused: Refused | None = None
) -> HttpResponse:
    latest = queries.latest_plan(page.track)
    open_to_change = (
        latest is None or latest.state != ReviewPlan.State.FILED
    ) and not queries.standing_assignments(page.track).exists()
    # What the reader is looking at: a filed plan, or one whose tasks are out, is read and not written.
    facts = {"plan": latest, "form": form, "writable": open_to_change or request.method == "POST"}
    verdict = refused.verdict if refused else None
    return show(request, page, "plan", status=status, verdict=verdict, **facts)


def _keep(request: HttpRequest, page: BodyPage) -> HttpResponse:
    rows = _row_change(request)
    if rows is not None:
        return _shown(request, page, PlanForm.unjudged(request.POST, **rows))
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _shown(request, page, form, status=422)
    body, at = queries.body_for(request.user, page.track), request.judged_at  # type: ignore[attr-defined]
    try:
        kept = preliminary.save_plan(page.track, body, form.cleaned_data, actor(request), at)
    except Refused as refused:
        return _shown(request, page, form, status=refused.verdict.status, refused=refused)
    if "file" not in request.POST:
        messages.success(request, _("方案已暂存，尚未报送"))
        return page.go("body_plan")
    problems = preliminary.plan_problems(kept)
    if problems:
        form.blame(problems)
        return _shown(request, page, form, status=422)
    return page.go("body_plan_file")


def _row_change(request: HttpRequest) -> dict | None:
    """Which row a button without script adds or removes; None for any other button."""
    if "add_row" in request.POST:
        return {"add": True}
    found = re.fullmatch(r"criteria-([0-9]{1,4})", request.POST.get("remove_row", ""))
    return {"without": int(found[1])} if found else None


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def file_plan(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """报送备案: says who receives it and that it can't be changed meanwhile, then files the draft."""
    latest = queries.latest_plan(page.track)
    if latest is None or (latest.state != ReviewPlan.State.DRAFT and request.method != "POST"):
        return page.go("body_plan")
    if request.method == "POST":
        preliminary.file_plan(latest, actor(request), request.judged_at)  # type: ignore[attr-defined]
        messages.success(request, _("已报送，待备案"))
        return page.go("body_plan")
    return show(request, page, "plan_file", plan=latest, lacking=preliminary.plan_problems(latest))
