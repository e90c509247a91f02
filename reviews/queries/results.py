"""Reads of the scoring: how far it is, the ranked result, and what reached the final review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from nominations.models import Nomination, Ranking, Track
from nominations.states import State
from reviews.models import Assignment, ReviewPlan
from reviews.queries.bodies import HEAVY, under_review
from reviews.queries.experts import experts_of
from reviews.rules import ordering, scoring


def standing_assignments(track: Track) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(nomination__track=track, ended_at=None)
    return rows.select_related("expert__user", "nomination").prefetch_related("scores")


def progress_by_expert(track: Track) -> QuerySet[Any]:
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
    return rows.select_related("track", "applicant", "unit__organisation", "final_mark").order_by(
        "track__order", "number"
    )


def sheet_counts(track: Track) -> dict[str, Any]:
    """How many nominations have tasks, how many sheets there are and are submitted, and the first assignment's time."""
    return Assignment.objects.filter(nomination__track=track, ended_at=None).aggregate(
        nominations=Count("nomination", distinct=True),
        sheets=Count("pk"),
        submitted=Count("pk", filter=Q(submitted_at__isnull=False)),
        first=Min("assigned_at"),
    )


def short_of_experts(track: Track, counts: Mapping[int, int], wanted: int) -> list[str]:
    """The numbers of what passed the form check and has fewer experts than the plan wants."""
    rows = under_review(track).values_list("pk", "number")
    return [number for pk, number in rows if counts.get(pk, 0) < wanted]


def sheets_by_nomination(track: Track) -> QuerySet[Nomination]:
    """What is under review with ``assigned`` and ``done``, counts of its sheets, by number."""
    standing = Q(assignments__ended_at=None)
    return (
        under_review(track)
        .defer("answers", *HEAVY)
        .annotate(
            assigned=Count("assignments", filter=standing),
            done=Count("assignments", filter=standing & Q(assignments__submitted_at__isnull=False)),
        )
    )
