"""From the marks to the public: the notice with its preview, and the list that a second person publishes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused, Verdict
from nominations.models import Ranking
from nominations.views.seasons import chosen
from reviews.actions import publication
from reviews.models import PublicNotice
from reviews.outputs import desk
from reviews.outputs.list import groups
from reviews.rules.working_days import end_of_period
from reviews.views.office_final import ranking_of
from reviews.views.office_forms import NoticeForm, PublishForm


@door(Role.OFFICE)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Every ranking with where its public notice stands."""
    season, context = chosen(request)
    context["standings"] = desk.standings(season, request.judged_at)  # type: ignore[attr-defined]
    return render(request, "reviews/office/notices.html", context)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """The notice of a ranking: drafted from the marks, previewed as the public will read it, then issued."""
    ranking = ranking_of(year, key)
    at = request.judged_at  # type: ignore[attr-defined]
    context: dict[str, Any] = {"ranking": ranking, "season": ranking.season}
    issued = PublicNotice.objects.filter(ranking=ranking).first()
    if issued is not None:
        context |= {"notice": issued, "groups": groups(issued.entries), "running": at < issued.closes}
        return render(request, "reviews/office/notice_issued.html", context)
    days = publication.FEWEST_DAYS
    initial = {"days": days, "drafted": days, "text": publication.notice_draft(ranking, at, days)}
    form = NoticeForm(_posted(request, ranking, at), initial=initial)
    status = 200
    context |= {"form": form, "waiting_for": publication.waits_for_notice(ranking)}
    if request.method == "POST" and "back" not in request.POST:
        answer = _notice_posted(request, ranking, form, at)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
        if status == 200:
            entries = publication.proposed_entries(ranking)
            closes = end_of_period(at, form.cleaned_data["days"])
            context |= {"preview": _preview(ranking, form, at, closes), "groups": groups(entries)}
    return render(request, "reviews/office/notice.html", context, status=status)


def _posted(request: HttpRequest, ranking: Ranking, at: datetime) -> Any:
    """What was posted; a draft that nobody touched follows the number of days."""
    if request.method != "POST":
        return None
    posted = request.POST.copy()
    days, drafted = posted.get("days", ""), posted.get("drafted", "")
    small = all(
        value.isascii() and value.isdigit() and 1 <= int(value) <= 60 for value in (days[:4], drafted[:4])
    )
    if small and days != drafted:
        untouched = publication.notice_draft(ranking, at, int(drafted[:4]))
        if posted.get("text", "").strip() == untouched:
            posted["text"], posted["drafted"] = publication.notice_draft(ranking, at, int(days[:4])), days
    return posted


def _notice_posted(
    request: HttpRequest, ranking: Ranking, form: NoticeForm, at: datetime
) -> HttpResponse | int:
    """Issues the notice where it was confirmed; else the status with which the page is shown again."""
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    try:
        publication.judge_period(given["days"]).or_raise()
        if "issue" in request.POST:
            by = Actor.of(request, Role.OFFICE)
            publication.issue_notice(ranking, given["text"], given["days"], by, at)
            messages.success(request, _("公示已发布，公众可以查看"))
            return redirect("reviews:office_notice", ranking.season.year, ranking.key)
    except Refused as refused:
        form.add_error("days" if refused.verdict.code == "period_too_short" else None, _said(refused.verdict))
        return refused.verdict.status
    return 200


def _said(verdict: Verdict) -> str:
    return _("：").join(filter(None, [verdict.message, _("；").join(verdict.details.get("items", []))]))


def _preview(ranking: Ranking, form: NoticeForm, at: datetime, closes: datetime) -> dict[str, Any]:
    """The notice as it would be, with the names that the public page uses."""
    title = publication.notice_title(ranking)
    return {"title": title, "text": form.cleaned_data["text"].strip(), "opens": at, "closes": closes}


@door(Role.OFFICE)
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Every ranking with where its list stands."""
    season, context = chosen(request)
    context["standings"] = desk.standings(season, request.judged_at)  # type: ignore[attr-defined]
    return render(request, "reviews/office/lists.html", context)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """The list of a ranking: one person prepares it, a second one types the words and publishes."""
    ranking = ranking_of(year, key)
    prepared = ranking.published_lists.select_related("prepared_by", "published_by").first()
    expected = publication.words_to_type(ranking)
    typed = request.POST if request.method == "POST" and "prepare" not in request.POST else None
    form = PublishForm(typed, expected=expected)
    status, refusal = 200, None
    if request.method == "POST":
        by, at = Actor.of(request, Role.OFFICE), request.judged_at  # type: ignore[attr-defined]
        try:
            if prepared is None or "prepare" in request.POST:
                publication.prepare_list(ranking, by, at)
                messages.success(request, _("名单已准备，由另一人复核发布"))
                return redirect("reviews:office_list", year, key)
            if form.is_valid():
                publication.publish_list(prepared, form.cleaned_data["typed"], by, at)
                messages.success(request, _("名单已发布，申报人将收到通知"))
                return redirect("reviews:office_list", year, key)
            status = 422
        except Refused as refused:
            status, refusal = refused.verdict.status, refused.verdict
            if refusal.code == "typed_wrong":
                form.add_error("typed", refusal.message)
                refusal = None
    context = {
        "ranking": ranking,
        "season": ranking.season,
        "notice": PublicNotice.objects.filter(ranking=ranking).first(),
        "prepared": prepared,
        "own": prepared is not None and prepared.prepared_by_id == request.user.pk,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "reviews/office/list.html", context, status=status)
