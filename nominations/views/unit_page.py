"""What the unit's pages share: whose they are, the deadline and the quota on each of them, the next one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.roles import Role
from nominations import frozen, queries, scans
from nominations.models import Nomination, RecommendingUnit, Version
from nominations.openings import Openings
from nominations.outputs import scan as outputs
from nominations.rules.quota import Standing
from nominations.states import State, Window
from nominations.views import seal


def own_unit(request: HttpRequest) -> RecommendingUnit | None:
    """The unit of the present season that the person acts for."""
    season = queries.current_season()
    return queries.unit_of(request.user, season) if season else None


def no_unit(request: HttpRequest) -> HttpResponse:
    """The page of an organisation that isn't a recommending unit this season."""
    return render(request, "nominations/unit/none.html", {"season": queries.current_season()})


def frame(
    request: HttpRequest, unit: RecommendingUnit, nomination: Nomination | None = None
) -> dict[str, Any]:
    """What every page of the unit shows: the deadline of one nomination or of all, the quota, how many wait."""
    openings, track = Openings([unit.season_id]), nomination.named_track if nomination else None
    opening = (
        openings.of(nomination, Window.RECOMMENDATION)
        if nomination
        else openings.for_all(unit.season_id, Window.RECOMMENDATION)
    )
    standings = queries.standings(unit)
    return {
        "unit": unit,
        "approves": bool(may(request.user, "unit.recommend", unit)),
        "until": opening.closes if opening else None,
        "is_open": bool(opening and opening.holds(request.judged_at)),  # type: ignore[attr-defined]
        "standings": standings,
        "standing": next((one for one in standings if track and one.track_id == track.pk), None),
        "waiting": waiting(unit).count(),
    }


def waiting(unit: RecommendingUnit):
    """What waits for the unit, oldest first; ``prepared`` says that an approver's consent is all it waits for."""
    rows = Nomination.objects.filter(unit=unit, state=State.SUBMITTED, ranking__separately_organised=False)
    return (
        queries.with_preparation(rows)
        .select_related("track__ranking", "applicant", "unit")
        .order_by("submitted_at", "pk")
    )


def to_next(unit: RecommendingUnit, prepared: bool = False) -> HttpResponse:
    """On to the next waiting one: prepared ones first, or only those that aren't; to the desk when nothing waits."""
    rows = waiting(unit).order_by("-prepared", "submitted_at", "pk")
    rows = rows if prepared else rows.filter(prepared=False)
    number = rows.values_list("number", flat=True).first()
    return redirect("nominations:unit_nomination", number) if number else redirect("nominations:unit_desk")


def nomination_of(request: HttpRequest, number: str) -> Nomination:
    """One of the unit's own by its number, with the title that was submitted last; raises Refused (404) else."""
    found = queries.nomination_for(request.user, Role.UNIT, number)
    found.last_title = found.submitted_title  # type: ignore[attr-defined]
    return found


def address(name: str, nomination: Nomination) -> str:
    return reverse(f"nominations:{name}", args=[nomination.number])


def standing_words(standing: Standing) -> str:
    """电子信息领域：已推荐2，名额3，剩余1."""
    return standing.where + _("：") + standing.words


def stamps(nomination: Nomination, version: Version, writable: bool) -> dict[str, Any]:
    """What the unit's page shows of stamps: the applicant's scan, its own page, how far the reading is."""
    rows = {scan.seal: scan for scan in scans.shown_with([version])}
    own = rows.get(frozen.RECOMMENDER)

    def confirm(public_id: str, page: int) -> str:
        return reverse("nominations:unit_seal_confirm", args=[nomination.number, public_id, page])

    applicants = rows.get(frozen.APPLICANT)
    return {
        "asks_unit_seal": frozen.asks_seal(nomination, frozen.RECOMMENDER),
        "applicant_scan": outputs.shown(applicants, seal.picture_url) if applicants else None,
        "scan": outputs.shown(own, seal.picture_url, confirm if writable else None) if own else None,
        "seal_page": version.seal_pages.get(frozen.RECOMMENDER),
        "scan_job": seal.job_of(own) if own else None,
        "scan_job_url": reverse("nominations:unit_seal_reading", args=[nomination.number]),
    }
