"""Pages of the public that are words alone: how to fill in, accessibility, the map of the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kczg.kit.doors import PUBLIC, door
from nominations import queries


@door(PUBLIC)
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """填报说明, by role."""
    return render(request, "nominations/public/help.html")


@door(PUBLIC)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """无障碍说明."""
    return render(request, "nominations/public/accessibility.html")


@door(PUBLIC)
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """网站地图: every page that the public may open, and the door of each role."""
    season = queries.current_season()
    rankings = season.rankings.all() if season else []
    return render(request, "nominations/public/sitemap.html", {"season": season, "rankings": rankings})
