"""初评结果复算包: the frozen result with its recipe and scores, for whoever wants to compute it again."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.views.office import export_of
from reviews import queries
from reviews.models import PreliminaryResult
from reviews.views.body_page import BodyPage, of_track, once_begun


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def of_body(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """The body's: once its result is frozen."""
    result = _frozen().filter(track=page.track, sent_back_at=None).first()
    here = page.url("body_result_export")
    return _export(request, result, Role.BODY, here, page.results_url)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def of_office(request: HttpRequest, pk: int) -> HttpResponse:
    """The secretariat's: any result that was submitted, one that was sent back, too."""
    result = _frozen().filter(pk=pk, submitted_at__isnull=False).first()
    here = f"{reverse('reviews:office_result_export', args=[pk])}?"
    return _export(request, result, Role.OFFICE, here, reverse("reviews:office_result", args=[pk]))


def _frozen():
    rows = PreliminaryResult.objects.filter(frozen_at__isnull=False)
    return rows.select_related("track__ranking__season", "plan")


def _export(
    request: HttpRequest, result: PreliminaryResult | None, role: str, here: str, back: str
) -> HttpResponse:
    """What the package holds; a POST owes it, once for each person and result, and shows how far it is."""
    if result is None:
        raise Refused(NOT_FOUND)
    if request.method == "POST":
        by, at = Actor.of(request, role), request.judged_at  # type: ignore[attr-defined]
        key = f"result_export:{result.pk}:{result.digest[:12]}:{request.user.pk}"
        with transaction.atomic():
            job = owe("result_export", key, owner=request.user, result_id=result.pk)
            record("exported", job, by, at, season_year=result.track.ranking.season.year, kind=job.kind)
        return HttpResponseRedirect(f"{here}&job={job.pk}" if here[-1] != "?" else f"{here}job={job.pk}")
    facts = {
        "result": result,
        "plan": result.plan,
        "track": result.track,
        "recipe_digest": queries.recipe_digest(result.plan),
        "line": result.rows[0]["line"] if result.rows else 0,
        "back": back,
        **export_of(request),
    }
    return render(request, "reviews/result_export.html", facts)
