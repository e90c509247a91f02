"""Pages of the recommending unit: its summary as spreadsheet and as a paper for the seal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.actions import unit_papers as actions
from nominations.models import RecommendingUnit, UnitPaper
from nominations.outputs.unit_paper import summary_content
from nominations.rules import check_code
from nominations.views import unit_page


@door(Role.UNIT)
@require_POST
def summary_paper(request: HttpRequest) -> HttpResponse:
    """Owes 推荐汇总表 as spreadsheet or as a paper for the seal, and goes back to the page that shows how far it is."""
    unit = unit_page.own_unit(request)
    if unit is None:
        raise Refused(NOT_FOUND)
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    wants_book = request.POST.get("format") == "xlsx"
    job = (actions.request_summary_book if wants_book else actions.freeze_summary)(unit, by, at)
    return redirect(f"{reverse('nominations:unit_summary')}?job={job.pk}#papers")


def last_summary(unit: RecommendingUnit) -> dict[str, Any]:
    """What the page says of the frozen summary: the one that says what stands now, else the last one."""
    rows = UnitPaper.objects.filter(unit=unit, kind=UnitPaper.Kind.SUMMARY)
    standing = rows.filter(digest=check_code.digest(summary_content(unit))).first()
    return {"paper": standing or rows.last(), "paper_stands": standing is not None}
