"""Reads about those who serve a body: the body's list, and the person's invitations."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.models import ReviewBody, Season, Track
from reviews.models import BodyExpert, Expert


def field_key(track: Track) -> str:
    """What an expert's facts call a track: its key, or the ranking's where the ranking has one track alone."""
    return track.key if track.name else track.ranking.key


def fields_of(season: Season) -> dict[str, str]:
    """``field_key`` → name of each track of a season, in the order of the notice."""
    rows = (
        Track.objects.filter(ranking__season=season).select_related("ranking").defer("ranking__declaration")
    )
    return {field_key(track): track.short_name for track in rows}


def experts_at(body: ReviewBody, sought: str = "") -> QuerySet[BodyExpert]:
    """Whoever was ever invited by a body, by name; ``sought`` in the name or the employer.

    With ``assigned`` and ``submitted`` sheets and ``last_active`` in the body's tracks, and ``assigned_in_all``,
    the standing sheets of the season at all bodies. One query.
    """
    standing = Q(expert__assignments__ended_at=None, expert__assignments__nomination__season=body.season_id)
    ours = standing & Q(expert__assignments__nomination__track__in=body.tracks.values("pk"))
    rows = BodyExpert.objects.filter(body=body).select_related("expert__user")
    if sought:
        rows = rows.filter(Q(expert__user__name__icontains=sought) | Q(expert__employer__icontains=sought))
    return rows.annotate(
        assigned=Count("expert__assignments", filter=ours),
        submitted=Count(
            "expert__assignments", filter=ours & Q(expert__assignments__submitted_at__isnull=False)
        ),
        last_active=Max("expert__assignments__saved_at", filter=ours),
        assigned_in_all=Count("expert__assignments", filter=standing),
    ).order_by("-is_active", "expert__user__name", "pk")


def expert_at(body: ReviewBody, pk: int) -> BodyExpert:
    """One of them with the same figures; raises Refused (404) for another body's and one that isn't there."""
    found = experts_at(body).filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def invitations_of(user: Any, season: Season) -> list[BodyExpert]:
    """Every body that has invited a person this season, what waits for an answer first."""
    tracks = Prefetch(
        "body__tracks", Track.objects.select_related("ranking__season").defer("ranking__declaration")
    )
    rows = BodyExpert.objects.filter(expert__user=user, body__season=season)
    rows = rows.select_related("expert__user", "body__organisation", "body__season").prefetch_related(tracks)
    return sorted(rows.order_by("pk"), key=lambda row: row.state != BodyExpert.State.INVITED)


def own_invitation(user: Any, pk: int) -> BodyExpert:
    """One of the person's own; raises Refused (404) for another's and one that isn't there."""
    rows = BodyExpert.objects.filter(expert__user=user).select_related("expert__user", "body__organisation")
    found = rows.select_related("body__season").filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def has_accepted(expert: Expert, track: Track) -> bool:
    """Whether the expert serves one of the track's bodies and has given it the 评审承诺."""
    rows = BodyExpert.objects.filter(expert=expert, body__tracks=track, is_active=True)
    return rows.filter(committed_at__isnull=False).exists()


def accepted_tracks(expert: Expert) -> set[int]:
    """The ids of the tracks of those bodies that an expert serves and has given the 评审承诺; one query."""
    rows = BodyExpert.objects.filter(expert=expert, is_active=True, committed_at__isnull=False)
    return set(rows.values_list("body__tracks", flat=True))


def own_entry(user: Any) -> Expert | None:
    """The person's own facts as an expert, whether or not a body counts on them now."""
    return Expert.objects.filter(user=user).select_related("user").first()
