"""评审进度 and 初评结果: who is how far, the close of the scores, the ranked table and its paper."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import job_attachment
from kczg.kit.models import Job
from kczg.kit.record import record
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations.rules.check_code import digest
from reviews import meetings, queries
from reviews.actions import experts
from reviews.actions import results as actions
from reviews.models import PreliminaryResult
from reviews.outputs import progress as progress_of
from reviews.outputs.result import rows_now
from reviews.outputs.result_scan import stamped
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show
from reviews.views.body_sign import result_of

A_PAGE = 50


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def progress(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """Per expert and per nomination how many of how many are submitted; no score before the close."""
    return _progress(request, page)


def _progress(request: HttpRequest, page: BodyPage, verdict: Verdict | None = None) -> HttpResponse:
    reminded = queries.reminded_today(page.track, request.judged_at)  # type: ignore[attr-defined]
    rows = list(queries.progress_by_expert(page.track))
    for expert in rows:
        expert.reminded_at = reminded.get(expert.pk)
        expert.late = expert.submitted < expert.assigned
    pages = Paginator(queries.sheets_by_nomination(page.track), A_PAGE)
    result = PreliminaryResult.standing.filter(track=page.track).first()
    return show(
        request,
        page,
        "progress",
        status=verdict.status if verdict is not None else 200,
        experts=rows,
        chart=progress_of.by_day(page.track),
        anyone_late=any(expert.late for expert in rows),
        page_obj=pages.get_page(request.GET.get("page")),
        result=result,
        plan=queries.plan_in_force(page.track),
        abstentions=queries.abstentions(page.track),
        verdict=verdict,
        problems=verdict is not None,
    )


@door(Role.BODY)
@require_POST
@of_track
@once_begun
def remind(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """提醒未完成专家: the chosen ones, each once a day."""
    chosen = [int(pk) for pk in request.POST.getlist("expert") if re.fullmatch(r"[0-9]{1,15}", pk)]
    try:
        told = experts.remind(page.track, chosen, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _progress(request, page, refused.verdict)
    words = _("已提醒%(count)d人") if told else _("所选专家今天已提醒过，或已全部提交")
    messages.success(request, words % {"count": told} if told else words)
    return page.go("body_progress")


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def close(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """结束评分: lists what is open; once nothing is, a confirmation ends the scoring for good."""
    if PreliminaryResult.standing.filter(track=page.track).exists():
        return page.go("body_results")
    if request.method == "POST":
        try:
            actions.close_scores(page.track, actor(request), request.judged_at)  # type: ignore[attr-defined]
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            return _close(request, page, refused.verdict)
        messages.success(request, _("评分已结束"))
        return page.go("body_results")
    return _close(request, page)


def _close(request: HttpRequest, page: BodyPage, verdict: Verdict | None = None) -> HttpResponse:
    plan = queries.plan_in_force(page.track)
    waiting = actions.open_items(page.track, plan) if plan else []
    status = verdict.status if verdict is not None else 200
    return show(request, page, "close", status=status, plan=plan, waiting=waiting, verdict=verdict)


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def results(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """Before the close what is open; after it the ranked table; once submitted, its frozen rows and the paper."""
    result = result_of(page)
    plan = queries.plan_in_force(page.track)
    if result is None:
        waiting = actions.open_items(page.track, plan) if plan else []
        return show(request, page, "results_open", plan=plan, waiting=waiting, sent_back=_sent_back(page))
    return show(
        request,
        page,
        "results",
        result=result,
        plan=result.plan,
        recipe_digest=queries.recipe_digest(result.plan),
        rows=_rows(page, result),
        sent_back=_sent_back(page),
        **_signing_facts(request, page, result),
        meeting_open=not meetings.judge_ended(page.track),
        **_paper_facts(page, result),
    )


def _sent_back(page: BodyPage) -> list[PreliminaryResult]:
    """What was submitted for the track and came back, latest first."""
    rows = PreliminaryResult.objects.filter(track=page.track, sent_back_at__isnull=False)
    return list(rows.defer("rows").order_by("-number"))


def _signing_facts(request: HttpRequest, page: BodyPage, result: PreliminaryResult) -> dict[str, Any]:
    """Who signed, who has yet to, whether this reader's body has; once submitted, the stamped pages."""
    signed = {row.body_id: row for row in result.signatures.select_related("by")}
    ours = {organisation.pk for organisation in request.user.organisations_in(Role.BODY)}  # type: ignore[union-attr]
    own = [body for body in page.bodies if body.organisation_id in ours]
    return {
        "signing": [{"body": body, "signature": signed.get(body.pk)} for body in page.bodies],
        "to_sign": not result.submitted_at and any(body.pk not in signed for body in own),
        "own_bodies": {body.pk for body in own},
        "stamped": stamped(result, page.bodies) if result.submitted_at else [],
    }


def _rows(page: BodyPage, result: PreliminaryResult) -> list[dict[str, Any]]:
    """The table's rows, with each sheet's scores in the order of the criteria, and the line of the shortlist."""
    rows = rows_now(result)
    keys = [criterion["key"] for criterion in result.plan.criteria]
    last = max((n for n, row in enumerate(rows) if row["shortlisted"]), default=-1)
    return [
        {
            **row,
            "is_line": number == last and number < len(rows) - 1,
            "sheets": [
                {**sheet, "in_order": [sheet["scores"].get(key, "") for key in keys]}
                for sheet in row["sheets"]
            ],
        }
        for number, row in enumerate(rows)
    ]


def _paper_facts(page: BodyPage, result: PreliminaryResult) -> dict[str, Any]:
    job = _paper_job(result) if result.submitted_at else None
    if job is None:
        return {}
    here = page.url("body_results")
    return {"job": _as_part(page, job), "job_url": page.url("body_results_job"), "job_page": here}


def _paper_job(result: PreliminaryResult) -> Job | None:
    return Job.objects.filter(key=f"result_pdf:{result.pk}").first()


def _as_part(page: BodyPage, job: Job) -> dict[str, Any]:
    """The job as the page's part and the script read it; whoever acts for the body may fetch the paper."""
    ready = job.state == Job.State.DONE and bool(job.result)
    return {
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "url": page.url("body_results_paper") if ready else "",
        "error": _("未能生成文件，稍后重试") if job.state == Job.State.FAILED else "",
    }


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def paper_job(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """How far the paper is, for the script that waits for it."""
    result = result_of(page)
    job = _paper_job(result) if result else None
    if job is None:
        raise Refused(NOT_FOUND)
    response = JsonResponse(_as_part(page, job))
    response.headers["Cache-Control"] = "no-store"
    return response


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def paper(request: HttpRequest, page: BodyPage) -> HttpResponseBase:
    """The result as a PDF to be stamped; the download is on record."""
    result = result_of(page)
    job = _paper_job(result) if result else None
    if job is None or job.state != Job.State.DONE or not job.result:
        raise Refused(NOT_FOUND)
    answer = job_attachment(job)
    if request.method == "GET":
        record("downloaded", job, actor(request), request.judged_at, kind=job.kind)  # type: ignore[attr-defined]
    return answer


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def submit(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """报送初评结果: says what is frozen and who receives it, then submits."""
    result = result_of(page)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            signed = actions.submit_result(page.track, actor(request), request.judged_at, seen)  # type: ignore[attr-defined]
        except Refused as refused:
            if refused.verdict.code != "result_changed":
                raise
            return _submit(request, page, result_of(page), refused.verdict)
        words = _("已报送初评结果") if signed.submitted_at else _("已签署，等待联合初评机构签署")
        messages.success(request, words)
        return page.go("body_results")
    return _submit(request, page, result)


def _submit(
    request: HttpRequest, page: BodyPage, result: PreliminaryResult | None, verdict: Verdict | None = None
) -> HttpResponse:
    if result is None or result.submitted_at:
        return page.go("body_results")
    rows = _rows(page, result)
    facts = {
        "rows": rows,
        "seen": digest(rows_now(result)),
        "through": sum(row["shortlisted"] for row in rows),
        "last": len(actions.unsigned(result)) == 1,
        "verdict": verdict,
    }
    status = verdict.status if verdict is not None else 200
    return show(request, page, "results_submit", status=status, result=result, plan=result.plan, **facts)
