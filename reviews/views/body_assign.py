"""专家与分配: the matrix of nominations and experts, with the worker's suggestion."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.models import Job
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from nominations.views.unit_import import progress_answer
from reviews import queries
from reviews.actions import assigning as actions
from reviews.models import AssignmentSuggestion, PreliminaryResult
from reviews.queries import Board
from reviews.rules.assigning import Pair
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
    ticked: set[Pair] | None = None,
) -> HttpResponse:
    plan = queries.plan_in_force(page.track)
    facts: dict[str, Any] = {"plan": plan, "verdict": verdict, "problems": verdict is not None}
    if page.begun and plan is not None:
        facts |= _matrix(request, page, plan, ticked)
    elif plan is not None:
        facts["experts"] = list(queries.experts_of(page.track))
    return show(request, page, "assign", status=status, **facts)


def _matrix(request: HttpRequest, page: BodyPage, plan: Any, ticked: set[Pair] | None) -> dict[str, Any]:
    board = queries.board(page.track, plan)
    closed = PreliminaryResult.standing.filter(track=page.track).exists()
    latest = queries.latest_suggestion(page.track)
    suggestion = None if closed else _fitting(latest, plan, board)
    added = {} if suggestion is None else _added(suggestion)
    adopting = suggestion is not None and "standing" not in request.GET
    suggested = board.standing | added.keys() if adopting else board.standing
    chosen = suggested if ticked is None else ticked
    rows = queries.under_review(page.track).defer("answers", *queries.HEAVY)
    page_obj = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    load = Counter(expert for expert, _nomination in chosen)
    reasons = _added(latest) if latest is not None else {}
    others = queries.others_share(request.user, page.track)
    return {
        "page_obj": page_obj,
        "experts": [
            {
                "expert": expert,
                "load": load[expert.pk],
                "most": board.limits.get(expert.pk),
                "left": expert.pk not in board.serving,
            }
            for expert in board.experts
        ],
        "lines": [
            {**_line(nomination, board, chosen, reasons), "others": nomination.pk in others}
            for nomination in page_obj
        ],
        "suggestion": suggestion if adopting else None,
        "could_adopt": suggestion is not None and bool(added),
        "read": board.standing_digest,
        "closed": closed,
        "has_tasks": bool(board.sheets),
        "short": [board.nominations[pk] for pk in board.lacking_with(chosen)],
        "lacks": bool(board.lacking),
        **_progress(page, latest),
    }


def _fitting(latest: AssignmentSuggestion | None, plan: Any, board: Board) -> AssignmentSuggestion | None:
    """The suggestion that may be adopted: made, left so far, and nothing has changed since."""
    if latest is None or latest.made_at is None or latest.adopted_at is not None:
        return None
    return latest if latest.plan_id == plan.pk and latest.digest == board.digest else None


def _added(suggestion: AssignmentSuggestion) -> dict[Pair, list[list[str]]]:
    """Pair → the reasons for which it was suggested."""
    return {(expert, nomination): reasons for expert, nomination, _points, reasons in suggestion.pairs}


def _line(nomination: Any, board: Board, chosen: Any, reasons: dict[Pair, list[list[str]]]) -> dict[str, Any]:
    """A nomination's row: how many experts it has, and a cell for each."""

    def cell(expert: Any) -> dict[str, Any]:
        pair = expert.pk, nomination.pk
        return {
            "expert": expert,
            "pair": f"{expert.pk}-{nomination.pk}",
            "ticked": pair in chosen,
            "conflict": board.blocked.get(pair, ""),
            "mark": board.sheets.get(pair, ""),
            "open": expert.pk in board.serving or pair in board.standing,
            "why": _why(reasons[pair]) if pair in reasons and pair in chosen else "",
        }

    count = sum((expert.pk, nomination.pk) in chosen for expert in board.experts)
    cells = [cell(expert) for expert in board.experts]
    return {
        "nomination": nomination,
        "count": count,
        "short": count < board.wanted,
        "cells": cells,
        "whys": [each for each in cells if each["why"]],
    }


def _why(reasons: list[list[str]]) -> str:
    """Why a pair was suggested: fields in common, and where there are none, the load alone."""
    return queries.fit_words(reasons) or _("负荷均衡")


def _job(latest: AssignmentSuggestion | None) -> Job | None:
    """The work that is owed for a suggestion that isn't there yet."""
    if latest is None or latest.made_at is not None:
        return None
    return Job.objects.filter(key=actions.suggestion_key(latest)).first()


def _progress(page: BodyPage, latest: AssignmentSuggestion | None) -> dict[str, Any]:
    job = _job(latest)
    if job is None:
        return {"job": None}
    return {"job": job, "job_url": page.url("body_assign_job"), "job_page": page.assign_url}


@once_begun
def _assign(request: HttpRequest, page: BodyPage) -> HttpResponse:
    shown = {int(pk) for pk in request.POST.getlist("shown") if re.fullmatch(r"[0-9]{1,15}", pk)}
    ticked = _pairs(request)
    if ticked is None or not shown:
        verdict = refuse("unreadable", _("没有收到分配表，刷新本页后再试"), status=422)
        return _shown(request, page, status=422, verdict=verdict)
    # Rows on other pages of the matrix keep what stands, or the suggestion where that is what was adopted.
    adopted = _adopted(request, page)
    others = queries.standing_pairs(page.track) | (_added(adopted).keys() if adopted else set())
    pairs = ticked | {pair for pair in others if pair[1] not in shown}
    at, read = request.judged_at, request.POST.get("read")  # type: ignore[attr-defined]
    try:
        count = actions.assign(page.track, pairs, actor(request), at, adopted, read)
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _shown(request, page, status=refused.verdict.status, verdict=refused.verdict, ticked=pairs)
    messages.success(request, _("已发布%(count)d项评审任务，专家将收到邮件") % {"count": count})
    return page.go("body_assign")


def _adopted(request: HttpRequest, page: BodyPage) -> AssignmentSuggestion | None:
    """The suggestion that the page showed, if it is this track's."""
    pk = request.POST.get("suggestion", "")
    if not re.fullmatch(r"[0-9]{1,15}", pk):
        return None
    return AssignmentSuggestion.objects.filter(pk=int(pk), track=page.track).first()


def _pairs(request: HttpRequest) -> set[Pair] | None:
    """What is ticked; None where something is no pair."""
    found = [re.fullmatch(r"([0-9]{1,15})-([0-9]{1,15})", text) for text in request.POST.getlist("pair")]
    return {(int(m[1]), int(m[2])) for m in found if m} if all(found) else None


@door(Role.BODY)
@require_POST
@of_track
def suggest(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """生成建议, 补足建议: owes a suggestion for what is lacking, and goes back to the page that shows how far it is."""
    try:
        actions.ask_suggestion(page.track, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status or not page.begun:
            raise
        return _shown(request, page, status=refused.verdict.status, verdict=refused.verdict)
    return page.go("body_assign")


@door(Role.BODY)
@require_safe
@of_track
def suggest_job(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """How far the suggestion is, for the script that waits for it: done once the page can show it."""
    return progress_answer(_job(queries.latest_suggestion(page.track)), _("正在生成建议"))
