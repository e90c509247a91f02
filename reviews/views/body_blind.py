"""匿名评审: what the experts will see of each nomination, what the machine marked in its files, and the release."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import attachment
from kczg.kit.record import record
from kczg.kit.storage import fetch
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations.models import Nomination
from nominations.outputs.page import blocks
from reviews import blinding, queries
from reviews.actions import blinding as actions
from reviews.models import ReviewPlan
from reviews.rules.blinding import Kind, word_of
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

A_PAGE = 50


def _blind_plan(page: BodyPage) -> ReviewPlan | None:
    plan = queries.scoring_plan(page.track)
    return plan if plan is not None and plan.blind else None


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def blind(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """Every nomination under its two numbers, and how many of its files wait; a post has the machine look again."""
    verdict = None
    if request.method == "POST":
        try:
            actions.look_again(page.track, actor(request), request.judged_at)  # type: ignore[attr-defined]
            messages.success(request, _("开始检查附件，稍后刷新本页"))
            return page.go("body_blind")
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
    plan = _blind_plan(page)
    pages = Paginator(queries.under_review(page.track) if plan else Nomination.objects.none(), A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    named = queries.named_files(shown)
    lines = [
        {
            "nomination": row,
            "label": blinding.label_of(row.pk),
            "files": len(named[row.pk]),
            "waiting": sum(each.waits for each in named[row.pk]),
        }
        for row in shown
    ]
    facts = {"plan": plan, "page_obj": shown, "lines": lines, "verdict": verdict}
    return show(request, page, "blind", status=verdict.status if verdict is not None else 200, **facts)


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def one(request: HttpRequest, page: BodyPage, number: str) -> HttpResponse:
    """The form as the experts see it, and its files with what was marked; a post decides on one file."""
    nomination = queries.received_one([page.track.pk], number)
    if request.method == "POST":
        given, file_id = request.POST.get("decision") == "give", request.POST.get("file", "")
        try:
            actions.decide_file(nomination, file_id, given, actor(request), request.judged_at)  # type: ignore[attr-defined]
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            return _shown(request, page, nomination, refused.verdict)
        messages.success(request, _("已放行，专家可以查看") if given else _("已保留，不提供给专家"))
        return page.go("body_blind_one", number)
    return _shown(request, page, nomination)


def _shown(
    request: HttpRequest, page: BodyPage, nomination: Nomination, verdict: Verdict | None = None
) -> HttpResponse:
    plan = _blind_plan(page)
    if plan is None:
        raise Refused(NOT_FOUND)
    view = blinding.for_expert(nomination, plan)
    files = [
        {
            "file": each,
            "name": blinding.neutral_name(each.number, each.stored.media_type),
            "marks": _marks(each),
            "original": page.url("body_file", nomination.number, each.stored.public_id),
            "copy": page.url("body_blind_file", nomination.number, each.stored.public_id),
        }
        for each in queries.named_files([nomination])[nomination.pk]
    ]
    facts = {"nomination": nomination, "view": view, "blocks": blocks(view.tree) if view.tree else []}
    status = verdict.status if verdict is not None else 200
    return show(request, page, "blind_one", status=status, files=files, verdict=verdict, **facts)


def _marks(file: queries.NamedFile) -> list[dict[str, str]]:
    """What was marked in a file, each text once, with the pages on which it stands."""
    pages: dict[tuple[str, str], list[int]] = {}
    for mark in file.row.findings if file.row is not None and file.marked else ():
        pages.setdefault((mark["kind"], mark["text"]), []).append(mark["page"])
    return [
        {"word": word_of(Kind(kind)), "text": text, "pages": _pages(numbers)}
        for (kind, text), numbers in pages.items()
    ]


def _pages(numbers: list[int]) -> str:
    words = [_("文件属性") if number == 0 else str(number) for number in dict.fromkeys(numbers)]
    return _("、").join(words)


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def copy(request: HttpRequest, page: BodyPage, number: str, file_id: str) -> HttpResponseBase:
    """The very copy that an expert would get, for the body's look before the release."""
    nomination = queries.received_one([page.track.pk], number)
    for each in queries.named_files([nomination])[nomination.pk]:
        if each.stored.public_id == file_id and each.row is not None and each.marked and each.row.copy:
            if request.method == "GET":
                at, year = request.judged_at, nomination.season.year  # type: ignore[attr-defined]
                by = actor(request)
                record("downloaded", nomination, by, at, season_year=year, kind="blind", file=file_id)
            name = blinding.neutral_name(each.number, each.stored.media_type)
            return attachment(fetch(str(each.row.copy.name)), name)
    raise Refused(NOT_FOUND)
