"""弃权: a page of its own, with the reason that the body will read; it is taken back there, too."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused
from reviews import blinding, queries
from reviews.actions import abstention, scores
from reviews.views.expert_tasks import actor


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def abstain(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason, or, where the expert has abstained, whether to take it back."""
    sheet = queries.assignment_for(request.user, pk)
    if not scores.has_committed(sheet.expert, queries.track_of(sheet)):
        messages.warning(request, _("先确认评审承诺，再开始评审"))
        return HttpResponseRedirect(reverse("reviews:expert_home"))
    track = queries.track_of(sheet)
    heading = blinding.headings([sheet.nomination], queries.scoring_plan(track))[sheet.nomination_id]
    facts = {"sheet": sheet, "heading": heading, "reason": sheet.abstain_reason}
    if request.method != "POST":
        return render(request, "reviews/expert/abstain.html", facts)
    by, at = actor(request), request.judged_at  # type: ignore[attr-defined]
    reason = request.POST.get("reason", "")
    try:
        if "take_back" in request.POST:
            abstention.take_back(sheet, by, at)
            messages.success(request, _("已撤回弃权"))
        else:
            abstention.abstain(sheet, reason, by, at)
            messages.success(request, _("已弃权，初评机构将看到原因"))
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        facts |= {"reason": reason, "verdict": refused.verdict, "problems": True}
        return render(request, "reviews/expert/abstain.html", facts, status=refused.verdict.status)
    return HttpResponseRedirect(reverse("reviews:expert_score", args=[sheet.pk]))
