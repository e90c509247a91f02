"""专家与分配: the matrix of nominations and experts."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from reviews import queries
from reviews.actions import experts as actions
from reviews.models import PreliminaryResult
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

A_PAGE = 50
"""Nominations in one matrix: its fields stay within what a request may hold."""


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def assign(request: HttpRequest, page: BodyPage) -> HttpResponseBase:
    """The matrix; a post assigns what is ticked."""
    if request.method == "POST":
        return _assign(request, page)
    return _shown(request, page)


def _shown(
    request: HttpRequest,
    page: BodyPage,
    status: int = 200,
    verdict: Verdict | None = None,
    ticked: set[actions.Pair] | None = None,
) -> HttpResponse:
    plan = queries.plan_in_force(page.track)
    facts: dict[str, Any] = {
        "plan": plan,
        "experts": list(queries.progress_by_expert(page.track)),
        "verdict": verdict,
        "problems": verdict is not None,
    }
    if page.begun and plan is not None:
        facts |= _matrix(request, page, plan, facts["experts"], ticked)
    return show(request, page, "assign", status=status, **facts)


def _matrix(
    request: HttpRequest, page: BodyPage, plan: Any, experts: list, ticked: set | None
) -> dict[str, Any]:
    rows = queries.under_review(page.track).defer("answers", *queries.HEAVY)
    page_obj = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    blocked = queries.conflict_matrix(page.track)
    standing = {(a.expert_id, a.nomination_id): a for a in queries.standing_assignments(page.track)}
    closed = PreliminaryResult.standing.filter(track=page.track).exists()
    suggested = not closed and ticked is None and (not standing or "suggest" in request.GET)
    chosen = actions.suggest(page.track, plan) if suggested else set(standing) if ticked is None else ticked
    each = Counter(nomination for _expert, nomination in chosen)
    load = Counter(expert for expert, _nomination in chosen)
    lines = [
        {
            "nomination": nomination,
            "count": each[nomination.pk],
            "short": each[nomination.pk] < plan.experts_each,
            "cells": [
                {
                    "expert": expert,
                    "pair": f"{expert.pk}-{nomination.pk}",
                    "ticked": (expert.pk, nomination.pk) in chosen,
                    "conflict": blocked.get((expert.pk, nomination.pk), ""),
                    "submitted": _is_submitted(standing.get((expert.pk, nomination.pk))),
                }
                for expert in experts
            ],
        }
        for nomination in page_obj
    ]
    for expert in experts:
        expert.load = load[expert.pk]
    return {
        "page_obj": page_obj,
        "lines": lines,
        "suggested": suggested,
        "closed": closed,
        "has_tasks": bool(standing),
        "short": queries.short_of_experts(page.track, each, plan.experts_each),
    }


def _is_submitted(assignment: Any) -> bool:
    return assignment is not None and assignment.submitted_at is not None


@once_begun
def _assign(request: HttpRequest, page: BodyPage) -> HttpResponse:
    shown = {int(pk) for pk in request.POST.getlist("shown") if re.fullmatch(r"[0-9]{1,15}", pk)}
    ticked = _pairs(request)
    if ticked is None or not shown:
        verdict = refuse("unreadable", _("没有收到分配表，刷新本页后再试"), status=422)
        return _shown(request, page, status=422, verdict=verdict)
    # Rows on other pages of the matrix keep what stands, or the suggestion where that is what was adopted.
    others = {(a.expert_id, a.nomination_id) for a in queries.standing_assignments(page.track)}
    plan = queries.plan_in_force(page.track)
    if request.POST.get("rest") == "suggest" and plan is not None:
        others = actions.suggest(page.track, plan)
    pairs = ticked | {pair for pair in others if pair[1] not in shown}
    try:
        count = actions.assign(page.track, pairs, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _shown(request, page, status=refused.verdict.status, verdict=refused.verdict, ticked=pairs)
    messages.success(request, _("已发布%(count)d项评审任务，专家将收到邮件") % {"count": count})
    return page.go("body_assign")


def _pairs(request: HttpRequest) -> set[actions.Pair] | None:
    """What is ticked; None where something is no pair."""
    found = [re.fullmatch(r"([0-9]{1,15})-([0-9]{1,15})", text) for text in request.POST.getlist("pair")]
    return {(int(m[1]), int(m[2])) for m in found if m} if all(found) else None
