"""What the expert's pages share: the person's tasks by track, each with what it lacks, its scores and its total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.roles import Role
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import queries as nomination_queries
from nominations.models import Track
from nominations.rules.calendar import Opening
from nominations.rules.counting import count_characters
from nominations.states import Window
from reviews import blinding, queries
from reviews.actions import scores
from reviews.blinding import Heading
from reviews.models import Assignment, Expert, ReviewPlan
from reviews.rules import scale, scoring


def actor(request: HttpRequest) -> Actor:
    return Actor.of(request, Role.EXPERT)


def own_expert(request: HttpRequest) -> Expert:
    """The person's entry as an expert; raises Refused (404) without one."""
    found = queries.expert_of(request.user)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@dataclass
class Task:
    """An assignment as the lists show it."""

    assignment: Assignment
    lacking: list[str]
    scores: dict[str, Decimal]
    total: Fraction | None
    heading: Heading
    """What it is called: the nomination itself may tell an expert too much."""

    @property
    def abstained(self) -> bool:
        return self.assignment.abstained_at is not None

    @property
    def is_open(self) -> bool:
        """Whether it may still be scored: neither submitted nor abstained from."""
        return self.assignment.submitted_at is None and not self.abstained

    @property
    def state(self) -> str:
        if self.assignment.submitted_at:
            return "submitted_sheet"
        if self.abstained:
            return "abstained"
        if not self.lacking:
            return "done"
        return "in_progress" if self.assignment.saved_at else "not_started"

    @property
    def word(self) -> str:
        words = {
            "submitted_sheet": _("已提交（弃权）") if self.abstained else _("已提交"),
            "abstained": _("已弃权"),
            "done": _("已完成"),
            "in_progress": _("填写中"),
            "not_started": _("未开始"),
        }
        return words[self.state]

    @property
    def total_shown(self) -> str:
        return scoring.shown(self.total) if self.total is not None else ""

    @property
    def comment_length(self) -> int:
        """字 of the comment to the body."""
        return count_characters(self.assignment.comment)

    @property
    def advice_length(self) -> int:
        """字 of the comment to the applicant."""
        return count_characters(self.assignment.comment_applicant)


@dataclass
class TrackTasks:
    """The tasks of one track, in the order of their numbers; of their codes where the review is blind."""

    track: Track
    plan: ReviewPlan
    until: datetime | None = None
    tasks: list[Task] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(not task.lacking for task in self.tasks)

    @property
    def open(self) -> list[Task]:
        return [task for task in self.tasks if not task.assignment.submitted_at]

    @property
    def unfinished(self) -> list[Task]:
        return [task for task in self.open if task.lacking]

    @property
    def unfinished_first(self) -> list[Task]:
        return sorted(self.tasks, key=lambda t: (bool(t.assignment.submitted_at), not t.lacking))

    @property
    def totals(self) -> list[Fraction]:
        """The totals that count: of complete sheets without abstention."""
        return [task.total for task in self.tasks if task.total is not None]

    @property
    def mean_shown(self) -> str:
        found = scale.mean(self.totals)
        return scoring.shown(found) if found is not None else ""

    @property
    def spread_shown(self) -> str:
        """How far the expert's own totals lie apart, the highest less the lowest."""
        return scoring.shown(scoring.spread(self.totals)) if self.totals else ""

    @property
    def last_active(self) -> datetime | None:
        return max((t.assignment.saved_at for t in self.tasks if t.assignment.saved_at), default=None)


def own_tasks(request: HttpRequest) -> list[TrackTasks]:
    """The person's tasks of the current season by track; the same number of queries whatever their number."""
    season = nomination_queries.current_season()
    if season is None:
        return []
    assignments = list(queries.tasks_of(request.user, season))
    tracks = {queries.track_of(a).pk: queries.track_of(a) for a in assignments}
    plans = queries.scoring_plans(tracks.values())
    windows = nomination_queries.windows(season)
    groups = []
    for track in tracks.values():
        if plan := plans.get(track.pk):
            opening: Opening | None = windows.get((track.pk, Window.PRELIMINARY)) or windows.get(
                (None, Window.PRELIMINARY)
            )
            tasks = tasks_in([a for a in assignments if queries.track_of(a).pk == track.pk], plan)
            groups.append(TrackTasks(track, plan, opening.closes if opening else None, tasks))
    return groups


def tasks_in(assignments: Iterable[Assignment], plan: ReviewPlan) -> list[Task]:
    """Assignments of one track as its lists have them, the same number of queries whatever their number."""
    rows = blinding.in_order(assignments, plan)
    headings = blinding.headings([row.nomination for row in rows], plan)
    return [task_of(row, plan, headings[row.nomination_id]) for row in rows]


def task_of(assignment: Assignment, plan: ReviewPlan, heading: Heading) -> Task:
    """An assignment with what it lacks, its scores and, once all are there, its total."""
    kept = {score.criterion: score.value for score in assignment.scores.all()}
    return Task(assignment, scores.missing_in(assignment, plan), kept, _total(assignment, plan), heading)


def total_of(assignment: Assignment, plan: ReviewPlan) -> str:
    """The total of a sheet as pages show it; "" while a score is missing."""
    total = _total(assignment, plan)
    return scoring.shown(total) if total is not None else ""


def _total(assignment: Assignment, plan: ReviewPlan) -> Fraction | None:
    kept = {score.criterion: score.value for score in assignment.scores.all()}
    weights = {criterion["key"]: criterion["weight"] for criterion in plan.criteria}
    whole = assignment.abstained_at is None and all(key in kept for key in weights)
    return scoring.weighted(weights, kept, plan.scale) if whole else None


def chosen(request: HttpRequest, groups: list[TrackTasks]) -> TrackTasks | None:
    """The group of the track that the address names, the first without one; raises Refused (404) for no own one."""
    asked = request.GET.get("track")
    if asked is None:
        return groups[0] if groups else None
    found = next((group for group in groups if str(group.track.pk) == asked), None)
    if found is None:
        raise Refused(NOT_FOUND)
    return found
