"""回避声明: the list of all that the expert may be asked to review, and the way from a sheet that tells too much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations import queries as nomination_queries
from nominations.models import Nomination, Track
from nominations.states import Window
from reviews import blinding, queries
from reviews.actions import scores
from reviews.blinding import Heading
from reviews.models import Expert
from reviews.views.expert_tasks import actor, own_expert


@dataclass
class Line:
    """A nomination that a conflict may be declared with; ``key`` names it in the form and tells nothing if blind."""

    nomination: Nomination
    heading: Heading
    ticked: bool = False
    reason: str = ""

    @property
    def key(self) -> str:
        return self.heading.label if self.heading.blind else str(self.nomination.pk)


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    """回避声明: every nomination of the expert's tracks by name and unit only, a tick and a reason."""
    expert = own_expert(request)
    lines = _declarable(request, expert)
    verdict = None
    if request.method == "POST":
        ticked = set(request.POST.getlist("recuse"))
        for line in lines:
            line.ticked, line.reason = line.key in ticked, request.POST.get(f"reason-{line.key}", "")
        try:
            return _recuse(request, expert, [line for line in lines if line.ticked])
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
    facts = {
        "lines": lines,
        "blind": any(line.heading.blind for line in lines),
        "declared": queries.declared_by(expert),
        "verdict": verdict,
        "problems": verdict is not None,
    }
    return render(
        request, "reviews/expert/conflicts.html", facts, status=verdict.status if verdict is not None else 200
    )


def _declarable(request: HttpRequest, expert: Expert) -> list[Line]:
    """Track by track, once the invitation is accepted; none without a plan on record, which may say that it is blind."""
    season = nomination_queries.current_season()
    if season is None:
        return []
    windows, at = nomination_queries.windows(season), request.judged_at  # type: ignore[attr-defined]
    begun = []
    for track in queries.serves_tracks(expert, season):
        opening = windows.get((track.pk, Window.PRELIMINARY)) or windows.get((None, Window.PRELIMINARY))
        if opening is not None and at >= opening.opens and scores.has_committed(expert, track):
            begun.append(track)
    rows = queries.declarable(expert, begun)
    headings = _headings(rows, begun)
    lines = [Line(row, headings[row.pk]) for row in rows if row.pk in headings]
    # What is blind comes by its code: the order of the numbers would tell of them.
    return sorted(lines, key=lambda line: line.key if line.heading.blind else "")


def _headings(rows: Iterable[Nomination], tracks: Iterable[Track]) -> dict[int, Heading]:
    """Nomination id → how the experts of its track see it; the queries grow with the tracks alone."""
    by_track: dict[int, list[Nomination]] = {}
    for row in rows:
        if row.track_id is not None:
            by_track.setdefault(row.track_id, []).append(row)
    plans = queries.scoring_plans(tracks) if by_track else {}
    found: dict[int, Heading] = {}
    for track_id, some in by_track.items():
        if plan := plans.get(track_id):
            found |= blinding.headings(some, plan)
    return found


def _recuse(request: HttpRequest, expert: Expert, lines: list[Line]) -> HttpResponse:
    if not lines:
        raise Refused(refuse("nothing_ticked", _("先勾选需要回避的申报"), status=422))
    with transaction.atomic():
        for line in lines:
            scores.recuse(expert, line.nomination, line.reason, actor(request), request.judged_at)  # type: ignore[attr-defined]
    messages.success(request, _("已回避%(count)d项，初评机构将看到原因") % {"count": len(lines)})
    return HttpResponseRedirect(reverse("reviews:expert_conflicts"))


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """申请回避 from a sheet: a page of its own, for the task goes and does not come back by the expert's hand."""
    sheet = queries.assignment_for(request.user, pk)
    plan = queries.scoring_plan(queries.track_of(sheet))
    if plan is None:
        raise Refused(NOT_FOUND)
    heading = blinding.headings([sheet.nomination], plan)[sheet.nomination_id]
    reason = request.POST.get("reason", "")
    facts = {"sheet": sheet, "heading": heading, "reason": reason}
    if request.method != "POST":
        return render(request, "reviews/expert/recuse.html", facts)
    try:
        scores.recuse(sheet.expert, sheet.nomination, reason, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        facts |= {"verdict": refused.verdict, "problems": True}
        return render(request, "reviews/expert/recuse.html", facts, status=refused.verdict.status)
    messages.success(request, _("已回避%(count)d项，初评机构将看到原因") % {"count": 1})
    return HttpResponseRedirect(reverse("reviews:expert_home"))
