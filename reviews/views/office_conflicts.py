"""回避 as the secretariat reads it: each track's conflicts, what applicants asked for, what was found too late."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.models import Track
from nominations.queries import current_season
from reviews.views.body_conflicts import facts_of


@door(Role.OFFICE)
@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """The conflicts of one track of the season, the first unless another is asked for."""
    season = current_season()
    rows = Track.objects.filter(ranking__season=season).select_related("ranking__season")
    tracks = list(rows.defer("ranking__declaration").order_by("ranking__order", "order"))
    asked = request.GET.get("track")
    track = next((each for each in tracks if asked in (None, str(each.pk))), None)
    if track is None and asked is not None:
        raise Refused(NOT_FOUND)
    facts = facts_of(request, track) if track is not None else {}
    return render(request, "reviews/office/conflicts.html", {"tracks": tracks, "track": track, **facts})
