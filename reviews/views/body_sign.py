"""初评结果 on its way to the secretariat: reasons, signatures of the bodies, the stamped page."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import stored_attachment
from kczg.kit.record import record
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from reviews import queries
from reviews.actions import result_scans
from reviews.actions import results as actions
from reviews.models import PreliminaryResult, ResultReason, ResultScan
from reviews.outputs.analysis import words
from reviews.outputs.result import default_reason, rows_now
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

A_PAGE = 50
"""Reasons on one page: their fields stay within what a request may hold."""


def result_of(page: BodyPage) -> PreliminaryResult | None:
    """The track's standing result, with what its pages show."""
    rows = PreliminaryResult.standing.select_related("plan", "submitted_by", "track__ranking__season")
    return rows.filter(track=page.track).first()


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def reasons(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """评审结论 of each row, in the order of the ranks: the figures' own words to start from."""
    result = result_of(page)
    if result is None:
        return page.go("body_results")
    if request.method != "POST":
        return _reasons(request, page, result)
    typed = {
        int(found[1]): str(text)
        for name, text in request.POST.items()
        if (found := re.fullmatch(r"reason-([0-9]{1,15})", name))
    }
    try:
        count = actions.save_reasons(page.track, typed, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _reasons(request, page, result, refused.verdict, typed)
    messages.success(request, _("已保存%(count)d项评审结论") % {"count": count})
    return page.go("body_results")


def _reasons(
    request: HttpRequest,
    page: BodyPage,
    result: PreliminaryResult,
    verdict: Verdict | None = None,
    typed: dict[int, str] | None = None,
) -> HttpResponse:
    rows = queries.ranked_result(page.track, result.plan)
    pages = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    ours = [row.nomination.pk for row in pages]
    kept = dict(ResultReason.objects.filter(nomination__in=ours).values_list("nomination", "text"))
    kept |= typed or {}
    lines = [
        {
            "row": row,
            "text": kept.get(row.nomination.pk) or default_reason(row),
            "most": actions.LONGEST_REASON,
        }
        for row in pages
    ]
    status = verdict.status if verdict is not None else 200
    facts: dict[str, Any] = {"result": result, "page_obj": pages, "lines": lines, "verdict": verdict}
    return show(request, page, "reasons", status=status, problems=verdict is not None, **facts)


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def analysis(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """评分分析 of the closed scores, or that the worker is still at it."""
    result = result_of(page)
    if result is None:
        return page.go("body_results")
    facts: dict[str, Any] = {"result": result}
    if result.analysis is not None:
        facts["analysis"] = words(result.analysis, rows_now(result), result.plan)
    return show(request, page, "analysis", **facts)


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def withhold(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """不予签署: says what happens and asks why."""
    result = result_of(page)
    if result is None or (request.method != "POST" and (not result.frozen_at or result.submitted_at)):
        return page.go("body_results")
    verdict = None
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            actions.withhold(page.track, reason, actor(request), request.judged_at)  # type: ignore[attr-defined]
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
        else:
            messages.success(request, _("结果未签署，可以修改后重新签署"))
            return page.go("body_results")
    facts = {"result": result, "verdict": verdict, "reason": request.POST.get("reason", "")}
    status = verdict.status if verdict is not None else 200
    return show(request, page, "withhold", status=status, problems=verdict is not None, **facts)


@door(Role.BODY)
@require_POST
@of_track
@once_begun
def take_scan(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """Takes the stamped page in; the results page tells what was read on it."""
    result = result_of(page)
    if result is None:
        raise Refused(NOT_FOUND)
    body, at = queries.body_for(request.user, page.track), request.judged_at  # type: ignore[attr-defined]
    chosen = next((each for each in page.bodies if str(each.pk) == request.POST.get("body")), body)
    try:
        result_scans.take_in(result, chosen, request.FILES.get("files"), actor(request), at)
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        messages.error(request, refused.verdict.sentence)
        return page.go("body_results")
    messages.success(request, _("盖章页已上传，正在读取"))
    return page.go("body_results")


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def scan_file(request: HttpRequest, page: BodyPage, public_id: str) -> HttpResponseBase:
    """A stamped page of the track, as it was kept; the download is on record."""
    scan = ResultScan.objects.filter(result__track=page.track, file__public_id=public_id).first()
    if scan is None:
        raise Refused(NOT_FOUND)
    answer = stored_attachment(scan.file)
    if request.method == "GET":
        record("downloaded", scan.result, actor(request), request.judged_at, file=public_id)  # type: ignore[attr-defined]
    return answer
