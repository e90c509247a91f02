"""What every page of a review body shares: the track that was chosen, and where its review stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.roles import Role
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import queries as nomination_queries
from nominations.models import Track
from nominations.openings import opening_for
from nominations.rules.calendar import Opening
from nominations.states import Window
from reviews import queries


@dataclass(frozen=True)
class BodyPage:
    """The track that a page is about, the others to choose from, and its window at this moment."""

    track: Track
    tracks: list[Track]
    opening: Opening | None
    begun: bool

    @property
    def bodies(self) -> list[Any]:
        return list(self.track.bodies.all())

    @property
    def waiting(self) -> str:
        """The state in which a nomination waits for the form check."""
        return queries.waiting_in(self.track)

    @property
    def plan_url(self) -> str:
        return self.url("body_plan")

    @property
    def assign_url(self) -> str:
        return self.url("body_assign")

    @property
    def suggest_url(self) -> str:
        return self.url("body_assign_suggest")

    @property
    def table_url(self) -> str:
        return self.url("body_assign_table")

    @property
    def table_download_url(self) -> str:
        return self.url("body_assign_download")

    @property
    def experts_url(self) -> str:
        return self.url("body_experts")

    @property
    def blind_url(self) -> str:
        return self.url("body_blind")

    @property
    def conflicts_url(self) -> str:
        return self.url("body_conflicts")

    @property
    def query(self) -> str:
        """What keeps a link on the same track."""
        return f"?track={self.track.pk}"

    @property
    def results_url(self) -> str:
        return self.url("body_results")

    @property
    def check_url(self) -> str:
        return self.url("body_check_queue")

    def url(self, name: str, *args: Any) -> str:
        """The address of another page about the same track."""
        return f"{reverse(f'reviews:{name}', args=args)}?track={self.track.pk}"

    def go(self, name: str, *args: Any, place: str = "") -> HttpResponseRedirect:
        """Leads to a page, and to ``place``, an id on it that takes the focus."""
        return HttpResponseRedirect(self.url(name, *args) + (f"#{place}" if place else ""))


def page_of(request: HttpRequest) -> BodyPage | None:
    """The page's track by ``?track=``, the first of the person's without it; None where there is none.

    Raises Refused (404) for another body's track and for one that isn't there.
    """
    season = nomination_queries.current_season()
    tracks = queries.tracks_of(request.user, season) if season else []
    asked = request.GET.get("track")
    if asked is None:
        track = tracks[0] if tracks else None
    else:
        track = next((each for each in tracks if str(each.pk) == asked), None)
        if track is None:
            raise Refused(NOT_FOUND)
    if track is None:
        return None
    opening = opening_for(track.ranking.season, Window.PRELIMINARY, track)
    at = request.judged_at  # type: ignore[attr-defined]
    return BodyPage(track, tracks, opening, opening is not None and at >= opening.opens)


View = Callable[..., HttpResponseBase]


def of_track(view: View) -> View:
    """Gives a view the chosen track; a body without a track this season gets a page that says so."""

    @wraps(view)
    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = page_of(request)
        if page is None:
            return render(request, "reviews/body/no_track.html")
        return view(request, page, *args, **kwargs)

    return chosen


def once_begun(view: View) -> View:
    """Before the gate a body sees that the call is on, and nothing of what was recommended."""

    @wraps(view)
    def guarded(request: HttpRequest, page: BodyPage, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if page.begun:
            return view(request, page, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return show(request, page, "before")
        return show(request, page, "before", status=409)

    return guarded


def show(
    request: HttpRequest, body_page: BodyPage, template: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Renders one of the body's templates."""
    facts = {"body_page": body_page, "track": body_page.track, **context}
    return render(request, f"reviews/body/{template}.html", facts, status=status)


def actor(request: HttpRequest) -> Actor:
    return Actor.of(request, Role.BODY)
