"""Reads: the plan in force, a track's progress, an expert's tasks, what the computed result would be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts.roles import Role
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.models import Nomination, Ranking, ReviewBody, Season, Track
from nominations.states import State
from reviews.models import Assignment, BodyExpert, Expert, Recusal, ReviewPlan
from reviews.rules import ordering, scoring

TO_CHECK = (State.RECOMMENDED, State.SUBMITTED)
PASSED_CHECK = (State.ACCEPTED, State.IN_REVIEW, State.SHORTLISTED, State.NOT_SHORTLISTED)


def tracks_of(user: Any, season: Season) -> list[Track]:
    """The tracks that the person's bodies review in a season."""
    ours = user.organisations_in(Role.BODY)
    rows = Track.objects.filter(ranking__season=season, bodies__organisation__in=ours).distinct()
    return list(rows.select_related("ranking__season").prefetch_related("bodies__organisation"))


def body_for(user: Any, track: Track) -> ReviewBody:
    """The body of the track that the person acts for; raises Refused (404) when there is none."""
    ours = {organisation.pk for organisation in user.organisations_in(Role.BODY)}
    for body in track.bodies.all():
        if body.organisation_id in ours:
            return body
    raise Refused(NOT_FOUND)


def plan_in_force(track: Track) -> ReviewPlan | None:
    """The latest plan that the secretariat has put on record (备案)."""
    return track.plans.filter(state=ReviewPlan.State.RECORDED).order_by("-number").first()


def latest_plan(track: Track) -> ReviewPlan | None:
    return track.plans.order_by("-number").first()


def to_check(track: Track) -> QuerySet[Nomination]:
    """What waits for the form check: recommended, or submitted where the ranking is separately organised."""
    waiting = State.SUBMITTED if track.ranking.separately_organised else State.RECOMMENDED
    return Nomination.objects.filter(track=track, state=waiting).select_related("ranking", "applicant", "unit__organisation")


def under_review(track: Track) -> QuerySet[Nomination]:
    """What passed the form check, by number."""
    rows = Nomination.objects.filter(track=track, state__in=PASSED_CHECK)
    return rows.select_related("ranking", "applicant", "unit__organisation").order_by("number")


def experts_of(track: Track) -> QuerySet[Expert]:
    """The experts who serve the track's bodies."""
    serving = BodyExpert.objects.filter(expert=OuterRef("pk"), body__in=track.bodies.all(), is_active=True)
    return Expert.objects.filter(Exists(serving)).select_related("user").order_by("pk")


def standing_assignments(track: Track) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(nomination__track=track, ended_at=None)
    return rows.select_related("expert__user", "nomination").prefetch_related("scores")


def assignments_of(user: Any) -> QuerySet[Assignment]:
    """An expert's tasks: standing ones, and never one with a conflict."""
    recused = Recusal.objects.filter(expert=OuterRef("expert"), nomination=OuterRef("nomination"))
    rows = Assignment.objects.filter(expert__user=user, ended_at=None).exclude(Exists(recused))
    related = ("nomination__ranking__season", "nomination__track__ranking", "nomination__applicant")
    return rows.select_related("expert", *related, "nomination__unit__organisation").prefetch_related("scores")


def assignment_for(user: Any, pk: int) -> Assignment:
    """The expert's own task; raises Refused (404) for another's, a lifted one and one that isn't there."""
    found = assignments_of(user).filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def progress_by_expert(track: Track) -> QuerySet[Expert]:
    """Experts with ``assigned``, ``submitted`` and ``last_active``, one query."""
    standing = Q(assignments__nomination__track=track, assignments__ended_at=None)
    return experts_of(track).annotate(
        assigned=Count("assignments", filter=standing),
        submitted=Count("assignments", filter=standing & Q(assignments__submitted_at__isnull=False)),
        last_active=Max("assignments__saved_at", filter=standing),
    )


@dataclass(frozen=True)
class ResultRow:
    """One ranked nomination with what its figure was computed from."""

    nomination: Nomination
    rank: int
    tied: bool
    shortlisted: bool
    figure: Fraction
    spread: Fraction
    sheets: list[dict[str, Any]]
    """An expert's sheet each: expert, total, scores by criterion, comment."""

    @property
    def figure_shown(self) -> str:
        return scoring.shown(self.figure)

    @property
    def spread_shown(self) -> str:
        return scoring.shown(self.spread)


def ranked_result(track: Track, plan: ReviewPlan) -> list[ResultRow]:
    """The ranked table of a track from its submitted scores by the plan's recipe. Three queries."""
    weights = {criterion["key"]: criterion["weight"] for criterion in plan.criteria}
    heaviest = max(weights, key=lambda key: weights[key])
    nominations = {n.pk: n for n in under_review(track)}
    sheets: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for assignment in standing_assignments(track).filter(submitted_at__isnull=False):
        scores = {score.criterion: score.value for score in assignment.scores.all()}
        sheets[assignment.nomination_id].append(
            {
                "expert": assignment.expert,
                "total": scoring.weighted(weights, scores, plan.scale),
                "scores": scores,
                "comment": assignment.comment,
            }
        )
    entries = [
        ordering.Entry(
            key=nominations[pk].number,
            figure=scoring.joined(plan.recipe, [sheet["total"] for sheet in rows]),
            tie_breaker=sum((Fraction(s["scores"][heaviest]) for s in rows), Fraction(0)) / len(rows),
        )
        for pk, rows in sheets.items()
        if pk in nominations
    ]
    by_number = {n.number: n for n in nominations.values()}
    return [
        ResultRow(
            nomination=by_number[ranked.entry.key],
            rank=ranked.rank,
            tied=ranked.tied,
            shortlisted=ranked.shortlisted,
            figure=ranked.entry.figure,
            spread=scoring.spread([s["total"] for s in sheets[by_number[ranked.entry.key].pk]]),
            sheets=sheets[by_number[ranked.entry.key].pk],
        )
        for ranked in ordering.order(entries, plan.shortlist)
    ]


def final_table(ranking: Ranking) -> QuerySet[Nomination]:
    """What reached the final review, by track and number, with its pending mark."""
    rows = Nomination.objects.filter(
        ranking=ranking, state__in=[State.SHORTLISTED, State.LISTED, State.NOT_LISTED, State.PUBLISHED]
    )
    return rows.select_related("track", "applicant", "unit__organisation", "final_mark").order_by("track__order", "number")
