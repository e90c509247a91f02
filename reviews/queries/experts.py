"""Reads about experts: who serves a track, whom they must not judge, what they are to score."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import Membership
from kczg.kit.clock import local
from kczg.kit.models import Job
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.models import Nomination, Season, Track
from nominations.states import State
from reviews.models import Assignment, BodyExpert, Expert, Recusal
from reviews.queries.bodies import HEAVY, RELATIONS


def experts_of(track: Track) -> QuerySet[Expert]:
    """The experts who serve the track's bodies, with all organisations that they act for."""
    serving = BodyExpert.objects.filter(expert=OuterRef("pk"), body__in=track.bodies.all(), is_active=True)
    acting = Prefetch("user__memberships", queryset=Membership.objects.select_related("organisation"))
    rows = Expert.objects.filter(Exists(serving)).select_related("user").prefetch_related(acting)
    return rows.order_by("pk")


def expert_of(user: Any) -> Expert | None:
    """The person's own entry as an expert; None as long as no body has taken the person in."""
    acting = Prefetch("user__memberships", queryset=Membership.objects.select_related("organisation"))
    serving = Exists(BodyExpert.objects.filter(expert=OuterRef("pk"), is_active=True))
    return Expert.objects.filter(serving, user=user).select_related("user").prefetch_related(acting).first()


def serves_tracks(expert: Expert, season: Season) -> list[Track]:
    """The tracks of the bodies that an expert serves in a season."""
    bodies = BodyExpert.objects.filter(expert=expert, is_active=True).values("body")
    rows = Track.objects.filter(ranking__season=season, bodies__in=bodies).distinct()
    return list(rows.select_related("ranking__season"))


def declarable(expert: Expert, tracks: Iterable[Track]) -> list[Nomination]:
    """What an expert may be asked to review in these tracks, without what is recused or in conflict already."""
    recused = Recusal.objects.filter(expert=expert, nomination=OuterRef("pk"))
    rows = Nomination.objects.filter(track__in=list(tracks), state__in=[State.ACCEPTED, State.IN_REVIEW])
    rows = rows.exclude(Exists(recused)).select_related(*RELATIONS).defer(*HEAVY)
    return list(rows.order_by("track__order", "number"))


def reminder_key(track: Track, expert_id: int, at: datetime) -> str:
    """A reminder is owed once a day in Beijing: the key of the job says so."""
    return f"review_mail:reminder:{track.pk}:{local(at):%Y-%m-%d}:{expert_id}"


def reminded_today(track: Track, at: datetime) -> dict[int, datetime]:
    """Expert id → when the expert was reminded today."""
    rows = Job.objects.filter(key__startswith=reminder_key(track, 0, at).removesuffix("0"))
    return {int(key.rsplit(":", 1)[1]): owed for key, owed in rows.values_list("key", "owed_at")}


def assignments_of(user: Any) -> QuerySet[Assignment]:
    """An expert's tasks: standing ones of bodies that the expert serves, and never one with a conflict."""
    recused = Recusal.objects.filter(expert=OuterRef("expert"), nomination=OuterRef("nomination"))
    serving = BodyExpert.objects.filter(
        expert=OuterRef("expert"), is_active=True, body__tracks=OuterRef("nomination__track")
    )
    rows = Assignment.objects.filter(Exists(serving), expert__user=user, ended_at=None).exclude(
        Exists(recused)
    )
    related = (
        "nomination__season",
        "nomination__ranking",
        "nomination__track__ranking__season",
        "nomination__applicant",
    )
    return rows.select_related("expert__user", *related, "nomination__unit__organisation").prefetch_related(
        "scores"
    )


def tasks_of(user: Any, season: Season) -> QuerySet[Assignment]:
    """An expert's tasks of a season for lists, by track and number, without the forms' content."""
    heavy = (
        "nomination__answers",
        "nomination__ranking__declaration",
        "nomination__track__ranking__declaration",
    )
    rows = assignments_of(user).filter(nomination__season=season).defer(*heavy)
    return rows.order_by("nomination__track__order", "nomination__number")


def track_of(assignment: Assignment) -> Track:
    """The track in which a sheet is scored: nothing is assigned without one."""
    track = assignment.nomination.track
    if track is None:
        raise Refused(NOT_FOUND)
    return track


def assignment_for(user: Any, pk: int) -> Assignment:
    """The expert's own task; raises Refused (404) for another's, a lifted one and one that isn't there."""
    found = assignments_of(user).filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def declared_by(expert: Expert) -> int:
    """How many conflicts an expert has declared. Of which, not even the expert is reminded: they are hidden everywhere."""
    return Recusal.objects.filter(expert=expert, kind=Recusal.Kind.DECLARED).count()
