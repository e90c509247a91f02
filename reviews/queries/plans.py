"""Reads of plans: by which one a track is scored, and the recipe that a plan states."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from nominations.models import Track
from reviews.models import Assignment, ReviewPlan
from reviews.rules.recipe import USUAL_TIES, Part, Recipe


def scoring_plan(track: Track) -> ReviewPlan | None:
    """The plan whose criteria, scale and recipe hold for the track: one yardstick for all its sheets.

    It is the plan under which the first score was saved; before that the plan in force. One query.
    """
    return scoring_plans([track]).get(track.pk)


def scoring_plans(tracks: Iterable[Track]) -> dict[int, ReviewPlan]:
    """Track id → its scoring plan, for those that have a recorded plan; one query."""
    used = Exists(Assignment.objects.filter(plan=OuterRef("pk")))
    recorded = ReviewPlan.objects.filter(track__in=list(tracks), state=ReviewPlan.State.RECORDED)
    return {plan.track_id: plan for plan in recorded.annotate(used=used).order_by("used", "number")}


def filings_of(track: Track) -> list[ReviewPlan]:
    """What was filed for a track in the order of its numbers, whatever became of it; drafts are none."""
    rows = track.plans.exclude(state=ReviewPlan.State.DRAFT)
    return list(rows.select_related("filed_by").order_by("number"))


def sheets_scored(track: Track) -> int:
    """How many sheets of a track hold scores that count or may yet count."""
    return Assignment.objects.filter(nomination__track=track, plan__isnull=False, ended_at=None).count()


def recipe_of(plan: ReviewPlan) -> Recipe:
    """The recipe as an artefact: what the plan states of criteria, scale, way of counting, ties and groups."""
    return Recipe(
        kind=plan.recipe,
        scale=plan.scale,
        criteria=tuple(_part(row) for row in plan.criteria),
        ties=tuple(plan.ties) or USUAL_TIES,
        groups=tuple(_part(row) for row in plan.expert_groups),
    )


def _part(row: dict) -> Part:
    return Part(key=row["key"], name=row["name"], weight=int(row["weight"]))


def recipe_digest(plan: ReviewPlan) -> str:
    """The digest of a plan's recipe, 64 hexadecimal digits: shown before scoring, kept with the result."""
    return recipe_of(plan).digest
