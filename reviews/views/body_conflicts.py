"""回避: what keeps experts from nominations, said by the body itself, and lifted where it isn't certain."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations.models import Nomination, Track
from reviews import queries
from reviews.actions import recusals
from reviews.forms.conflicts import LiftForm, RecogniseForm
from reviews.models import Expert, PreliminaryResult, Recusal
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

A_PAGE = 50


def facts_of(request: HttpRequest, track: Track) -> dict[str, Any]:
    """What body and secretariat see of a track's conflicts; a fixed number of queries."""
    return {
        "page_obj": Paginator(queries.recusals_of(track), A_PAGE).get_page(request.GET.get("page")),
        "lifted": list(queries.lifted_of(track)),
        "requests": list(queries.requests_of(track)),
        "late": list(queries.late_conflicts(track)),
    }


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def conflicts(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """All conflicts of the track with their reasons; a post adds one that the body knows of."""
    experts = queries.experts_of(page.track)
    form = RecogniseForm(request.POST or None, track=page.track, experts=experts)
    verdict, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given, at = form.cleaned_data, request.judged_at  # type: ignore[attr-defined]
            try:
                fresh = recusals.recognise(
                    page.track, given["expert"], given["number"], given["reason"], actor(request), at
                )
            except Refused as refused:
                verdict, status = _shown(refused), refused.verdict.status
            else:
                words = _("已认定%(expert)s回避%(number)s") if fresh else _("%(expert)s此前已回避%(number)s")
                named = {"expert": given["expert"], "number": given["number"].number}
                messages.success(request, words % named)
                return page.go("body_conflicts")
    facts = {
        "form": form,
        "verdict": verdict,
        "problems": verdict is not None,
        "closed": PreliminaryResult.standing.filter(track=page.track).exists(),
        **facts_of(request, page.track),
    }
    return show(request, page, "conflicts", status=status, **facts)


def _shown(refused: Refused) -> Verdict:
    """The verdict for the page; another's object stays unknown."""
    if refused.verdict.status == NOT_FOUND.status:
        raise refused
    return refused.verdict


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def lift(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """解除回避: a page of its own, with what was found and the reason why it is none."""
    expert, nomination, kind = _named(request, page.track)
    row = Recusal.objects.filter(expert=expert, nomination=nomination, kind=kind).first()
    if request.method != "POST" and (row is None or not row.may_be_lifted):
        raise Refused(NOT_FOUND)
    form = LiftForm(request.POST or None)
    verdict, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reason, at = form.cleaned_data["reason"], request.judged_at  # type: ignore[attr-defined]
            try:
                recusals.lift(page.track, expert, nomination, kind, reason, actor(request), at)
            except Refused as refused:
                verdict, status = _shown(refused), refused.verdict.status
            else:
                words = _("已解除%(expert)s对%(number)s的回避，可重新分配")
                messages.success(request, words % {"expert": expert, "number": nomination.number})
                return page.go("body_conflicts")
    facts = {"form": form, "row": row, "expert": expert, "nomination": nomination}
    return show(request, page, "lift", status=status, verdict=verdict, problems=verdict is not None, **facts)


def _named(request: HttpRequest, track: Track) -> tuple[Expert, Nomination, str]:
    """The pair and the kind that the address names; raises Refused (404) for what isn't the track's."""
    found = re.fullmatch(r"([0-9]{1,15})-([0-9]{1,15})-(computed|body)", request.GET.get("recusal", ""))
    if found is None:
        raise Refused(NOT_FOUND)
    expert = queries.experts_of(track).filter(pk=int(found[1])).first()
    nomination = queries.in_scope(track).filter(pk=int(found[2])).select_related("season").first()
    if expert is None or nomination is None:
        raise Refused(NOT_FOUND)
    return expert, nomination, found[3]
