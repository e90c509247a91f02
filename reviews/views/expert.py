"""The expert's lists: tasks with the 评审承诺, 回避声明."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations import queries as nomination_queries
from nominations.models import Nomination
from nominations.states import Window
from reviews import meetings, queries
from reviews.actions import scores
from reviews.models import Expert, MeetingMember
from reviews.views.expert_invitations import waiting_for
from reviews.views.expert_tasks import actor, own_expert, own_tasks


def own_meetings(request: HttpRequest) -> list[MeetingMember]:
    """The meetings of this season that the person is called to."""
    season = nomination_queries.current_season()
    return meetings.called_to(request.user, season) if season is not None else []


@door(Role.EXPERT)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """评审任务: unfinished first; an invitation is answered before anything of its body is opened."""
    expert = queries.expert_of(request.user)
    if expert is None:
        return render(request, "reviews/expert/home.html", {"groups": []})
    groups = own_tasks(request)
    accepted = queries.accepted_tracks(expert)
    begun = [group for group in groups if group.track.pk in accepted]
    following = next((task for group in begun for task in group.unfinished), None)
    facts = {
        "groups": groups,
        "accepted": accepted,
        "waiting": waiting_for(request.user),
        "following": following,
        "meetings": own_meetings(request),
        "ready": any(group.open for group in begun) and following is None,
    }
    return render(request, "reviews/expert/home.html", facts)


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    """回避声明: every nomination of the expert's tracks by name and unit only, a tick and a reason."""
    expert = own_expert(request)
    rows = _declarable(request, expert)
    verdict, ticked, reasons = None, set(), {}
    if request.method == "POST":
        ticked = set(request.POST.getlist("recuse")) & {str(row.pk) for row in rows}
        reasons = {str(row.pk): request.POST.get(f"reason-{row.pk}", "") for row in rows}
        try:
            return _recuse(request, expert, [row for row in rows if str(row.pk) in ticked], reasons)
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
    lines = [
        {"nomination": row, "ticked": str(row.pk) in ticked, "reason": reasons.get(str(row.pk), "")}
        for row in rows
    ]
    facts = {
        "lines": lines,
        "declared": queries.declared_by(expert),
        "verdict": verdict,
        "problems": verdict is not None,
    }
    return render(
        request, "reviews/expert/conflicts.html", facts, status=verdict.status if verdict is not None else 200
    )


def _declarable(request: HttpRequest, expert: Expert) -> list[Nomination]:
    season = nomination_queries.current_season()
    if season is None:
        return []
    windows, at = nomination_queries.windows(season), request.judged_at  # type: ignore[attr-defined]
    begun = []
    for track in queries.serves_tracks(expert, season):
        opening = windows.get((track.pk, Window.PRELIMINARY)) or windows.get((None, Window.PRELIMINARY))
        if opening is not None and at >= opening.opens:
            begun.append(track)
    return queries.declarable(expert, begun)


def _recuse(
    request: HttpRequest, expert: Expert, rows: list[Nomination], reasons: dict[str, str]
) -> HttpResponse:
    if not rows:
        raise Refused(refuse("nothing_ticked", _("先勾选需要回避的申报"), status=422))
    with transaction.atomic():
        for row in rows:
            scores.recuse(expert, row, reasons[str(row.pk)], actor(request), request.judged_at)  # type: ignore[attr-defined]
    messages.success(request, _("已回避%(count)d项，初评机构将看到原因") % {"count": len(rows)})
    return HttpResponseRedirect(reverse("reviews:expert_conflicts"))
