"""名额与渠道改动 of the secretariat: the limits by track, and the changes of which a second person decides (S7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.actions import quota_changes as actions
from nominations.models import Channel, QuotaChange, Track
from nominations.openings import call_openings
from nominations.rules.quota import takes_two_people
from nominations.views.office_forms import LimitForm
from nominations.views.seasons import chosen

A_PAGE = 50
RELATIONS = ("season", "organisation", "track__ranking", "proposed_by", "decided_by")


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def quota(request: HttpRequest) -> HttpResponse:
    """The limits of a season and its changes, what waits first; a limit is changed or its change proposed here."""
    season, context = chosen(request)
    at = request.judged_at  # type: ignore[attr-defined]
    tracks = list(
        Track.objects.filter(ranking__season=season, ranking__separately_organised=False)
        .select_related("ranking__season")
        .defer("ranking__declaration")
    )
    form = LimitForm(request.POST or None, tracks=tracks)
    status = 200
    if request.method == "POST":
        answer = _change(request, form, tracks) if form.is_valid() else 422
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    rows = QuotaChange.objects.filter(season=season).select_related(*RELATIONS)
    rows = rows.defer("track__ranking__declaration").order_by(F("decided_at").desc(nulls_first=True), "-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "form": form,
        "tracks": tracks,
        "two": takes_two_people(call_openings(season.pk), at),
        "page_obj": page,
        "changes": shown(page.object_list),
    }
    return render(request, "nominations/office/quota.html", context, status=status)


def _change(request: HttpRequest, form: LimitForm, tracks: list[Track]) -> HttpResponse | int:
    """Changes a limit or proposes it, or the status with which the form is shown again."""
    given = form.cleaned_data
    track = next(row for row in tracks if str(row.pk) == given["track"])
    by, at = Actor.of(request, Role.OFFICE), request.judged_at  # type: ignore[attr-defined]
    try:
        done = actions.change_limit(track, given["limit"], given["reason"], by, at)
    except Refused as refused:
        verdict = refused.verdict
        field = "reason" if verdict.code == "reason_missing" else "limit"
        form.add_error(field, verdict.sentence)
        return verdict.status
    if isinstance(done, QuotaChange):
        messages.success(request, _("已提出改动，由秘书处另一位同事批准后生效"))
        return redirect("nominations:office_quota_change", done.pk)
    facts = {"track": done, "limit": done.quota}
    messages.success(request, _("%(track)s的名额为每个推荐渠道%(limit)d个") % facts)
    return redirect(f"{request.path}?year={track.ranking.season.year}")


def shown(changes: Iterable[QuotaChange]) -> list[dict[str, Any]]:
    """Changes with what they are about and both values in words; one query for the channels' names."""
    rows = list(changes)
    named = Channel.objects.filter(season__in={row.season_id for row in rows})
    names = {(row.season_id, row.key): row.name for row in named}

    def words(row: QuotaChange, value: Any) -> str:
        if row.track_id:
            return _("每个推荐渠道%(limit)d个") % {"limit": value or 0}
        kept = [name for (season, key), name in names.items() if season == row.season_id and key in value]
        return "；".join(kept) or _("无")

    return [
        {
            "row": row,
            "what": str(row.track or row.organisation),
            "before": words(row, row.before),
            "after": words(row, row.after),
        }
        for row in rows
    ]


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what it is now and what it would be; a second person approves or refuses on this page."""
    found = QuotaChange.objects.select_related(*RELATIONS).filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    context = {**shown([found])[0], "season": found.season, "own": found.proposed_by_id == request.user.pk}
    if request.method != "POST":
        return render(request, "nominations/office/quota_change.html", context)
    approve = request.POST.get("decision") == "approve"
    try:
        actions.decide_change(found, approve, Actor.of(request, Role.OFFICE), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        context["refusal"] = refused.verdict
        return render(request, "nominations/office/quota_change.html", context, status=refused.verdict.status)
    messages.success(request, _("已批准改动，立即生效") if approve else _("未批准这项改动"))
    return redirect("nominations:office_quota")
