"""初评方案备案: the plan's three parts, kept as a draft and filed."""

from __future__ import annotations

import re
from typing import Any

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
from reviews.forms.plan_templates import TEMPLATES
from reviews.models import PreliminaryResult, ReviewPlan
from reviews.outputs import plan_changes
from reviews.views.body_page import BodyPage, actor, of_track, show


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def plan(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """Shows the plan and keeps what is typed; ``file`` leads on to the page that confirms."""
    if request.method == "POST":
        return _keep(request, page)
    start = TEMPLATES.get(page.track.ranking.key) if request.GET.get("start") == "template" else None
    return _shown(request, page, PlanForm.of(queries.latest_plan(page.track), start))


def _shown(
    request: HttpRequest, page: BodyPage, form: PlanForm, status: int = 200, refused: Refused | None = None
) -> HttpResponse:
    latest = queries.latest_plan(page.track)
    closed = PreliminaryResult.standing.filter(track=page.track).exists()
    open_to_change = (latest is None or latest.state != ReviewPlan.State.FILED) and not closed
    # What the reader is looking at: a filed plan, or one whose scores are closed, is read and not written.
    facts: dict[str, Any] = {
        "plan": latest,
        "form": form,
        "writable": open_to_change or request.method == "POST",
    }
    facts |= {
        "has_sample": page.track.ranking.key in TEMPLATES,
        "filings": plan_changes.filings(queries.filings_of(page.track)),
        "scored": queries.sheets_scored(page.track),
        "scored_by": queries.scoring_plan(page.track),
    }
    if latest is not None and latest.state != ReviewPlan.State.DRAFT:
        facts["recipe_digest"] = queries.recipe_digest(latest)
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
        return {"add": request.POST["add_row"]}
    found = re.fullmatch(r"([a-z]+)-([0-9]{1,4})", request.POST.get("remove_row", ""))
    return {"without": (found[1], int(found[2]))} if found else None


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
    facts: dict[str, Any] = {
        "plan": latest,
        "lacking": preliminary.plan_problems(latest),
        "scored": queries.sheets_scored(page.track),
        "scored_by": queries.scoring_plan(page.track),
    }
    return show(request, page, "plan_file", **facts)
