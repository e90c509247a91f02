"""内部遴选 of the recommending unit: its end, the ties that the chair decides, the minute, or that it is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations import selections
from nominations.actions import selection as actions
from nominations.actions import unit_papers
from nominations.models import Selection
from nominations.rules.selection import Line
from nominations.views.unit_selection import candidates_of, either, opened, page


def _end(
    request: HttpRequest, row: Selection, name: str, deed: Callable[[], None], words: str, **more: Any
) -> HttpResponse:
    """A page that confirms itself: a post does the deed, or the page tells why not and keeps what was typed."""
    refusal, status = None, 200
    if request.method == "POST":
        try:
            deed()
            messages.success(request, words)
            return redirect("nominations:unit_selection", row.pk)
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            refusal, status = refused.verdict, refused.verdict.status
    typed = {key: request.POST.get(key, "")[:1000] for key in ("chair", "reason")}
    return page(request, row, name, status, refusal=refusal, **typed, **more)


@door(Role.UNIT)
@either
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """结束遴选: the vote ends and the result is told; it can't be undone."""
    row = opened(request, pk)
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    chair = request.POST.get("chair", "")

    def deed() -> None:
        actions.close_selection(row, chair, by, at)

    voted = list(row.ballots.values_list("name", flat=True))
    return _end(request, row, "selection_close", deed, _("遴选已结束"), voted=voted)


@door(Role.UNIT)
@either
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """取消遴选: with a reason, on record."""
    row = opened(request, pk)
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    reason = request.POST.get("reason", "")

    def deed() -> None:
        actions.cancel_selection(row, reason, by, at)

    return _end(request, row, "selection_cancel", deed, _("遴选已取消"))


@door(Role.UNIT)
@either
def ties(request: HttpRequest, pk: int) -> HttpResponse:
    """裁定并列: the chair's order of those who are tied, with a number for each in its group."""
    row = opened(request, pk)
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    groups = _groups(row) if row.is_closed else []
    titles = {each["number"]: each["title"] for each in candidates_of(row)}
    typed = {
        line.number: request.POST.get(f"place-{line.number}", "").strip()[:10] for g in groups for line in g
    }

    def deed() -> None:
        order = [number for group in groups for number in _ordered(group, typed)]
        actions.decide_ties(row, order, request.POST.get("reason", ""), by, at)

    shown = [
        [{"line": line, "title": titles[line.number], "typed": typed[line.number]} for line in group]
        for group in groups
    ]
    return _end(request, row, "selection_ties", deed, _("已裁定并列的先后"), groups=shown)


def _groups(row: Selection) -> list[list[Line]]:
    """Those who are tied, by the rank that they share."""
    tied = [line for line in selections.lines(row) if line.tied]
    return [list(group) for _rank, group in groupby(tied, key=lambda line: line.rank)]


def _ordered(group: list[Line], typed: dict[str, str]) -> list[str]:
    """The group by the numbers that were typed, each of 1 … n once; raises Refused (422) else."""
    wanted = {str(place): place for place in range(1, len(group) + 1)}
    places = {line.number: wanted.get(typed[line.number], 0) for line in group}
    if sorted(places.values()) != sorted(wanted.values()):
        words = _("并列第%(rank)d的%(count)d项分别填1—%(count)d，各不相同")
        facts = {"rank": group[0].rank, "count": len(group)}
        raise Refused(refuse("ties_left", words % facts, status=422))
    return sorted(places, key=lambda number: places[number])


@door(Role.UNIT)
@require_POST
def minute(request: HttpRequest, pk: int) -> HttpResponse:
    """打印纪要: owes the minute as a paper for the seal, and goes back to the page that shows how far it is."""
    row = opened(request, pk)
    job = unit_papers.freeze_minute(row, Actor.of(request, Role.UNIT), request.judged_at)  # type: ignore[attr-defined]
    return redirect(f"{reverse('nominations:unit_selection', args=[pk])}?job={job.pk}#minute")
