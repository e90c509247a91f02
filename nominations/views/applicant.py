"""Pages of a nomination for its applicant: list, tasks, unit, preview, check, receipt, progress, withdrawal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import job_attachment
from kczg.kit.models import Job
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import eligibility, events, presence, queries, twins
from nominations.actions import applicant, papers, seal
from nominations.models import Nomination
from nominations.outputs.holder import holder
from nominations.outputs.page import blocks
from nominations.outputs.supplement import supplement
from nominations.states import EDITABLE, State
from nominations.views.files import address_of
from nominations.views.overview import Overview, gate_notice, overview, overviews, stages, timeline
from nominations.views.returned import anchor

ROWS_A_PAGE = 20
FOLDER = "nominations/applicant"


def _open(request: HttpRequest, number: str) -> tuple[Nomination, Overview]:
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    return nomination, overview(nomination, request.judged_at)  # type: ignore[attr-defined]


def _context(nomination: Nomination, shown: Overview, **more: Any) -> dict[str, Any]:
    return {
        "nomination": nomination,
        "overview": shown,
        "gate": gate_notice(shown),
        "files_at": address_of(nomination),
        **more,
    }


@door(Role.APPLICANT)
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """我的申报: a row each, with the next step in words."""
    rows = queries.visible_to(request.user, Role.APPLICANT)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": overviews(page.object_list, request.judged_at)}  # type: ignore[attr-defined]
    return render(request, f"{FOLDER}/my.html", context)


@door(Role.APPLICANT)
@require_safe
def tasks(request: HttpRequest, number: str) -> HttpResponse:
    """任务清单: what is left to do first."""
    nomination, shown = _open(request, number)
    writers = {who for _n, who, _when in nomination.section_versions.values()} - {request.user.name}  # type: ignore[union-attr]
    at = request.judged_at  # type: ignore[attr-defined]
    present = presence.words(nomination, request.user, at) if shown.writable else ""
    context = _context(nomination, shown, writers=sorted(writers), present=present)
    context["correction"] = queries.correction_of(nomination)
    return render(request, f"{FOLDER}/tasks.html", context)


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, number: str) -> HttpResponse:
    """选择推荐单位: a search by name among the units of the season."""
    nomination, shown = _open(request, number)
    if not shown.needs_unit:
        return redirect("nominations:tasks", number)
    words = request.GET.get("unit_name", "")[:100]
    units = queries.unit_search(nomination.season, words)
    context = _context(
        nomination, shown, units=units, unit_words=words, chosen_unit=str(nomination.unit_id or "")
    )
    if request.method != "POST":
        return render(request, f"{FOLDER}/unit.html", context)
    chosen = request.POST.get("unit", "")
    found = (
        nomination.season.units.filter(pk=int(chosen)).first()
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 10
        else None
    )
    if found is None:
        return render(
            request, f"{FOLDER}/unit.html", {**context, "problems": [_("选择推荐单位")]}, status=422
        )
    try:
        applicant.choose_unit(nomination, found, Actor.of(request, Role.APPLICANT), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        return _refused(request, "unit", context, refused)
    messages.success(request, _("推荐单位：%(unit)s") % {"unit": found})
    return redirect("nominations:tasks", number)


def _refused(request: HttpRequest, page: str, context: dict[str, Any], refused: Refused) -> HttpResponse:
    """The page again with the refusal's words on top; another's object stays unknown."""
    if refused.verdict.status == 404:
        raise refused
    return render(
        request,
        f"{FOLDER}/{page}.html",
        {**context, "refusal": refused.verdict},
        status=refused.verdict.status,
    )


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """申报表预览: the printed form as a page; a post owes its PDF, whose progress the page shows."""
    nomination, shown = _open(request, number)
    refusal: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            _print(request, nomination)
            return redirect(reverse("nominations:preview", args=[number]) + "#pdf")
        except Refused as refused:
            status = refused.verdict.status
            if status == NOT_FOUND.status:
                raise
            lacking = refused.verdict.details.get("problems")
            refusal = {"problems": _linked(nomination, lacking)} if lacking else {"refusal": refused.verdict}
    version = _frozen(nomination)
    context = _context(nomination, shown, tree=shown.tree, version=version, **_paper(nomination))
    context["supplement"] = supplement(version) if version else None
    return render(request, f"{FOLDER}/preview.html", {**context, **refusal}, status=status)


def _print(request: HttpRequest, nomination: Nomination) -> None:
    """Owes the paper; 生成盖章版PDF freezes a version first."""
    by, at = Actor.of(request, Role.APPLICANT), request.judged_at  # type: ignore[attr-defined]
    if request.POST.get("stamp") == "1":
        seal.freeze_to_stamp(nomination, by, at)
    else:
        papers.request_paper(nomination, by)


def _frozen(nomination: Nomination) -> Any:
    """The version that the paper shows; None as long as it is a draft."""
    return papers.paper_version(nomination)


def _paper(nomination: Nomination) -> dict[str, Any]:
    """The job of the paper as it stands, for the part that shows its progress."""
    row = papers.paper_of(nomination)
    if row is None:
        return {"job": None}
    ready = row.state == Job.State.DONE and bool(row.result)
    link = reverse("nominations:preview_pdf", args=[nomination.number])
    shown = {
        "id": row.pk,
        "state": row.state,
        "done": row.done,
        "total": row.total,
        "url": link if ready else "",
    }
    return {"job": shown, "job_url": reverse("nominations:paper", args=[nomination.number])}


@door(Role.APPLICANT)
@require_safe
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """How far the paper is, for the script that waits for it; a colleague may wait, too."""
    nomination, _shown = _open(request, number)
    job = _paper(nomination)["job"]
    if job is None:
        raise Refused(NOT_FOUND)
    error = _("未能生成文件，稍后重试") if job["state"] == Job.State.FAILED else ""
    response = JsonResponse({**job, "error": error})
    response.headers["Cache-Control"] = "no-store"
    return response


@door(Role.APPLICANT)
@require_safe
def preview_pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    """The printed form as PDF, once it has been made; else the page that makes it."""
    nomination, _shown = _open(request, number)
    row = papers.paper_of(nomination)
    if row is None or row.state != Job.State.DONE or not row.result:
        return redirect("nominations:preview", number)
    answer = job_attachment(row)
    if request.method == "GET":
        by = Actor.of(request, Role.APPLICANT)
        record("downloaded", nomination, by, request.judged_at, kind=row.kind)  # type: ignore[attr-defined]
    return answer


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """检查并提交: all answers in printed order, the promise, who receives it; asking twice submits once."""
    nomination, shown = _open(request, number)
    missing = _linked(nomination, applicant.problems_before_submission(nomination))
    results = eligibility.results(eligibility.of_draft(nomination))
    context = _context(nomination, shown, blocks=blocks(shown.tree), missing=missing, results=results)
    context["version"] = papers.paper_version(nomination) if nomination.is_editable else None
    context["same"] = twins.same_of_own(nomination) if nomination.is_editable else []
    if request.method != "POST":
        if nomination.state not in EDITABLE:
            return redirect("nominations:progress", number)
        return render(request, f"{FOLDER}/check.html", context)
    context["promised"] = promised = request.POST.get("promised") == "1"
    try:
        applicant.submit(nomination, Actor.of(request, Role.APPLICANT), request.judged_at, promised=promised)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.code != "incomplete":
            return _refused(request, "check", context, refused)
        context["problems"] = _linked(nomination, refused.verdict.details["problems"])
        return render(request, f"{FOLDER}/check.html", context, status=422)
    return redirect("nominations:submitted", number)


def _linked(nomination: Nomination, problems: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each problem with the address of the place where it is mended."""
    places = {
        "unit": reverse("nominations:unit", args=[nomination.number]),
        "conditions": reverse("nominations:conditions", args=[nomination.number]),
        "check": "#id_promised",
        "preview": reverse("nominations:preview", args=[nomination.number]),
        "seal": reverse("nominations:seal", args=[nomination.number]),
    }
    form = nomination.ranking.form
    linked = []
    for problem in problems:
        place = places.get(problem["section"])
        if problem["section"] == "conditions":
            place = f"{place}#id_{problem['key']}"
        elif place is None:
            question = form.question(problem["key"]) if form else None
            landing = anchor(question) if question else f"id_{problem['key']}"
            place = (
                reverse("nominations:section", args=[nomination.number, problem["section"]]) + f"#{landing}"
            )
        linked.append({"message": problem["message"], "url": place})
    return linked


@door(Role.APPLICANT)
@require_safe
def submitted(request: HttpRequest, number: str) -> HttpResponse:
    """提交结果: the receipt of the version that stands; can be bookmarked."""
    nomination, shown = _open(request, number)
    version = nomination.versions.submitted().last()
    if version is None:
        return redirect("nominations:tasks", number)
    context = _context(nomination, shown, version=version, **_paper(nomination))
    return render(request, f"{FOLDER}/submitted.html", context)


@door(Role.APPLICANT)
@require_safe
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """申报进度: where it stands, what happened, what can still be done."""
    nomination, shown = _open(request, number)
    entries = timeline(shown)
    context = _context(
        nomination,
        shown,
        events=entries,
        steps=stages(shown, entries),
        version=nomination.versions.submitted().last(),
        returned=nomination.state == State.RETURNED,
        correction=queries.correction_of(nomination),
        outcome=_outcome(shown),
        comments=events.comments(nomination, shown.told),
        holder=holder(nomination, request.judged_at),  # type: ignore[attr-defined]
    )
    return render(request, f"{FOLDER}/progress.html", context)


def _outcome(shown: Overview) -> dict[str, str] | None:
    """The result in words once the list is published."""
    words = {
        State.PUBLISHED: ("ok", _("已入榜")),
        State.NOT_LISTED: ("", _("未入榜")),
        State.NOT_SHORTLISTED: ("", _("初评未通过，未入榜")),
    }
    found = words.get(State(shown.state)) if shown.told else None
    return {"tone": found[0], "word": found[1]} if found else None


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """撤回: a page of its own, for it can't be undone; asks for the reason."""
    nomination, shown = _open(request, number)
    context = _context(nomination, shown)
    if request.method != "POST":
        return render(request, f"{FOLDER}/withdraw.html", context)
    context["reason"] = reason = request.POST.get("reason", "")[:2000]
    try:
        applicant.withdraw(nomination, reason, Actor.of(request, Role.APPLICANT), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.code == "reason_missing":
            context["problems"] = [refused.verdict.message]
            return render(request, f"{FOLDER}/withdraw.html", context, status=422)
        return _refused(request, "withdraw", context, refused)
    messages.success(request, _("已撤回申报%(number)s") % {"number": number})
    return redirect("nominations:progress", number)
