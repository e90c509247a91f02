"""Reads of the scoring: how far it is, the ranked result, and what reached the final review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from kczg.kit.clock import SHANGHAI
from nominations.models import Nomination, Ranking, Track
from nominations.states import State
from reviews import meetings
from reviews.models import Assignment, BodyExpert, ReviewPlan
from reviews.queries.bodies import HEAVY, plan_in_force, reviewed, under_review
from reviews.queries.experts import experts_of
from reviews.queries.plans import recipe_of
from reviews.rules import recipe, scoring


def standing_assignments(track: Track) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(nomination__track=track, ended_at=None)
    return rows.select_related("expert__user", "nomination").prefetch_related("scores")


def progress_by_expert(track: Track) -> QuerySet[Any]:
    """Experts with ``assigned``, ``saved``, ``submitted``, ``abstained`` and ``last_active``, one query."""
    standing = Q(assignments__nomination__track=track, assignments__ended_at=None)
    return experts_of(track).annotate(
        assigned=Count("assignments", filter=standing),
        saved=Count("assignments", filter=standing & Q(assignments__saved_at__isnull=False)),
        submitted=Count("assignments", filter=standing & Q(assignments__submitted_at__isnull=False)),
        abstained=Count("assignments", filter=standing & Q(assignments__abstained_at__isnull=False)),
        last_active=Max("assignments__saved_at", filter=standing),
    )


@dataclass(frozen=True)
class ResultRow:
    """One ranked nomination with what its figure was computed from."""

    nomination: Nomination
    rank: int
    tied: bool
    shortlisted: bool
    figure: Decimal
    """As it is compared, to ``recipe.PLACES`` decimals."""
    spread: Fraction
    line: int
    """The shortlist that it was held against."""
    sheets: list[dict[str, Any]]
    """An expert's sheet each: expert, group, total, scores by criterion, comment, comment_applicant."""

    @property
    def figure_shown(self) -> str:
        return scoring.shown(self.figure)

    @property
    def spread_shown(self) -> str:
        return scoring.shown(self.spread)


def counted_sheets(track: Track) -> QuerySet[Assignment]:
    """The sheets that a result is made of: submitted, and neither lifted nor abstained from; by expert.

    Their own numbers are in no order (P4), and a frozen result must not depend on them.
    """
    rows = standing_assignments(track).filter(submitted_at__isnull=False, abstained_at=None)
    return rows.order_by("expert_id", "nomination_id")


def groups_of(track: Track) -> dict[int, str]:
    """Expert id → key of the group in which one of the track's bodies keeps the expert."""
    rows = BodyExpert.objects.filter(body__in=track.bodies.all()).exclude(group="")
    return dict(rows.order_by("-pk").values_list("expert_id", "group"))


def ranked_result(track: Track, plan: ReviewPlan) -> list[ResultRow]:
    """The ranked table of a track by ``plan``, its scoring plan, and by the meeting's vote where there was one."""
    return meetings.by_vote(track, by_scores(track, plan))


def by_scores(track: Track, plan: ReviewPlan) -> list[ResultRow]:
    """The ranked table of a track from its submitted scores alone by ``plan``, its scoring plan. Five queries.

    The line of the shortlist is that of the plan in force, which may be a later one.
    """
    by = recipe_of(plan)
    groups, nominations = groups_of(track), {n.number: n for n in reviewed(track)}
    sheets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in counted_sheets(track):
        sheets[row.nomination.number].append(
            {
                "expert": row.expert,
                "group": groups.get(row.expert_id, ""),
                "scores": {score.criterion: score.value for score in row.scores.all()},
                "comment": row.comment,
                "comment_applicant": row.comment_applicant,
            }
        )
    plain = {
        number: [recipe.Sheet(number, str(s["expert"].pk), s["group"], s["scores"]) for s in rows]
        for number, rows in sheets.items()
        if number in nominations
    }
    for number, of_one in plain.items():
        for sheet, values in zip(sheets[number], of_one, strict=True):
            sheet["total"] = recipe.total(by, values)
    line = (plan_in_force(track) or plan).shortlist
    return [
        ResultRow(
            nomination=nominations[placed.nomination],
            rank=placed.rank,
            tied=placed.tied,
            shortlisted=placed.shortlisted,
            figure=placed.figure,
            spread=scoring.spread([sheet["total"] for sheet in sheets[placed.nomination]]),
            line=line,
            sheets=sheets[placed.nomination],
        )
        for placed in recipe.apply(by, [sheet for rows in plain.values() for sheet in rows], line)
    ]


def abstentions(track: Track) -> QuerySet[Assignment]:
    """Standing tasks from which an expert abstained (弃权), by number, one query; the reason is the body's to read."""
    rows = Assignment.objects.filter(nomination__track=track, ended_at=None, abstained_at__isnull=False)
    rows = rows.select_related("expert__user", "nomination")
    return rows.defer("nomination__answers").order_by("nomination__number", "pk")


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


def submitted_by_day(track: Track) -> dict[date, int]:
    """Day in Beijing → how many of the standing sheets were submitted on it."""
    rows = Assignment.objects.filter(nomination__track=track, ended_at=None, submitted_at__isnull=False)
    days = rows.annotate(day=TruncDate("submitted_at", tzinfo=SHANGHAI)).values("day").order_by("day")
    return dict(days.annotate(n=Count("pk")).values_list("day", "n"))


def short_of_experts(track: Track, counts: Mapping[int, int], wanted: int) -> list[str]:
    """The numbers of what passed the form check and has fewer experts than the plan wants."""
    rows = under_review(track).values_list("pk", "number")
    return [number for pk, number in rows if counts.get(pk, 0) < wanted]


def sheets_by_nomination(track: Track) -> QuerySet[Nomination]:
    """What is under review with ``assigned``, ``done`` and ``abstained``, counts of its sheets, by number."""
    standing = Q(assignments__ended_at=None)
    return (
        under_review(track)
        .defer("answers", *HEAVY)
        .annotate(
            assigned=Count("assignments", filter=standing),
            done=Count("assignments", filter=standing & Q(assignments__submitted_at__isnull=False)),
            abstained=Count("assignments", filter=standing & Q(assignments__abstained_at__isnull=False)),
        )
    )
