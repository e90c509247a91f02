"""The expert's lists: tasks with the 评审承诺, 回避声明, 核对与提交."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from nominations import queries as nomination_queries
from nominations.models import Nomination, Track
from nominations.rules.calendar import Opening
from nominations.states import Window
from reviews import queries
from reviews.actions import scores
from reviews.models import Assignment, Expert, ReviewPlan
from reviews.rules import scoring


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
    scores: dict[str, Any]
    total: Fraction | None

    @property
    def state(self) -> str:
        if self.assignment.submitted_at:
            return "submitted_sheet"
        if not self.lacking:
            return "done"
        return "in_progress" if self.assignment.saved_at else "not_started"

    @property
    def word(self) -> str:
        words = {
            "submitted_sheet": _("已提交"),
            "done": _("已完成"),
            "in_progress": _("填写中"),
            "not_started": _("未开始"),
        }
        return words[self.state]

    @property
    def total_shown(self) -> str:
        return scoring.shown(self.total) if self.total is not None else ""


@dataclass
class TrackTasks:
    """The tasks of one track, in the order of their numbers."""

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


def own_tasks(request: HttpRequest) -> list[TrackTasks]:
    """The person's tasks of the current season by track; the same number of queries whatever their number."""
    season = nomination_queries.current_season()
    if season is None:
        return []
    assignments = list(queries.tasks_of(request.user, season))
    tracks = {queries.track_of(a).pk: queries.track_of(a) for a in assignments}
    plans = queries.scoring_plans(tracks.values())
    windows = nomination_queries.windows(season)
    groups: dict[int, TrackTasks] = {}
    for assignment in assignments:
        track = queries.track_of(assignment)
        plan = plans.get(track.pk)
        if plan is None:
            continue
        opening: Opening | None = windows.get((track.pk, Window.PRELIMINARY)) or windows.get(
            (None, Window.PRELIMINARY)
        )
        group = groups.setdefault(track.pk, TrackTasks(track, plan, opening.closes if opening else None))
        group.tasks.append(task_of(assignment, plan))
    return list(groups.values())


def task_of(assignment: Assignment, plan: ReviewPlan) -> Task:
    """An assignment with what it lacks, its scores and, once all are there, its total."""
    kept = {score.criterion: score.value for score in assignment.scores.all()}
    weights = {criterion["key"]: criterion["weight"] for criterion in plan.criteria}
    whole = all(key in kept for key in weights)
    total = scoring.weighted(weights, kept, plan.scale) if whole else None
    return Task(assignment, scores.missing_in(assignment, plan), kept, total)


@door(Role.EXPERT)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """评审任务: unfinished first; the commitment once, before anything else."""
    expert = queries.expert_of(request.user)
    if expert is None:
        return render(request, "reviews/expert/home.html", {"groups": []})
    groups = own_tasks(request)
    following = next((task for group in groups for task in group.unfinished), None)
    facts = {
        "groups": groups,
        "following": following,
        "committed": scores.has_committed(expert),
        "ready": any(group.open for group in groups) and following is None,
    }
    return render(request, "reviews/expert/home.html", facts)


@door(Role.EXPERT)
@require_POST
def commit(request: HttpRequest) -> HttpResponse:
    """Gives the 评审承诺; without the tick the page asks for it."""
    expert = own_expert(request)
    if request.POST.get("committed") != "on":
        words = _("勾选评审承诺后再确认")
        facts = {"groups": own_tasks(request), "committed": False, "commit_error": words, "problems": True}
        return render(request, "reviews/expert/home.html", facts, status=422)
    scores.commit_to_rules(expert, actor(request), request.judged_at)  # type: ignore[attr-defined]
    messages.success(request, _("已确认评审承诺"))
    return HttpResponseRedirect(reverse("reviews:expert_home"))


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    """回避声明: every nomination of the expert's tracks by name and unit only, a tick and a reason."""
    expert = own_expert(request)
    rows = _declarable(request, expert)
    verdict, ticked, reasons = None, set(), {}
    if request.method == "POST":
        ticked = set(request.POST.getlist("recuse")) & {str(row.pk) for row in rows}
        reasons = {str(row.pk): request.POST.get(f"reason-{row.pk}", "") for row in rows}
        try:
            return _recuse(request, expert, [row for row in rows if str(row.pk) in ticked], reasons)
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
    lines = [
        {"nomination": row, "ticked": str(row.pk) in ticked, "reason": reasons.get(str(row.pk), "")}
        for row in rows
    ]
    facts = {
        "lines": lines,
        "declared": queries.declared_by(expert),
        "verdict": verdict,
        "problems": verdict is not None,
    }
    return render(
        request, "reviews/expert/conflicts.html", facts, status=verdict.status if verdict is not None else 200
    )


def _declarable(request: HttpRequest, expert: Expert) -> list[Nomination]:
    season = nomination_queries.current_season()
    if season is None:
        return []
    windows, at = nomination_queries.windows(season), request.judged_at  # type: ignore[attr-defined]
    begun = []
    for track in queries.serves_tracks(expert, season):
        opening = windows.get((track.pk, Window.PRELIMINARY)) or windows.get((None, Window.PRELIMINARY))
        if opening is not None and at >= opening.opens:
            begun.append(track)
    return queries.declarable(expert, begun)


def _recuse(
    request: HttpRequest, expert: Expert, rows: list[Nomination], reasons: dict[str, str]
) -> HttpResponse:
    if not rows:
        raise Refused(refuse("nothing_ticked", _("先勾选需要回避的申报"), status=422))
    with transaction.atomic():
        for row in rows:
            scores.recuse(expert, row, reasons[str(row.pk)], actor(request), request.judged_at)  # type: ignore[attr-defined]
    messages.success(request, _("已回避%(count)d项，初评机构将看到原因") % {"count": len(rows)})
    return HttpResponseRedirect(reverse("reviews:expert_conflicts"))


def _chosen(request: HttpRequest, groups: list[TrackTasks]) -> TrackTasks | None:
    asked = request.GET.get("track")
    if asked is None:
        return groups[0] if groups else None
    found = next((group for group in groups if str(group.track.pk) == asked), None)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@door(Role.EXPERT)
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """核对与提交: the expert's own scores in one table, to even them out."""
    own_expert(request)
    groups = own_tasks(request)
    return _summary(request, groups, _chosen(request, groups))


def _summary(
    request: HttpRequest, groups: list[TrackTasks], group: TrackTasks | None, verdict: Verdict | None = None
) -> HttpResponse:
    lines = []
    if group is not None:
        keys = [criterion["key"] for criterion in group.plan.criteria]
        ordered = _sorted(group, request.GET.get("sort", ""))
        lines = [{"task": task, "scores": [task.scores.get(key) for key in keys]} for task in ordered]
    facts = {
        "groups": groups,
        "group": group,
        "lines": lines,
        "verdict": verdict,
        "problems": verdict is not None,
    }
    return render(
        request, "reviews/expert/summary.html", facts, status=verdict.status if verdict is not None else 200
    )


def _sorted(group: TrackTasks, asked: str) -> list[Task]:
    """By an allowed column; what has no value comes last either way."""
    key, backwards = asked.removeprefix("-"), asked.startswith("-")
    criteria = {criterion["key"] for criterion in group.plan.criteria}

    def value(task: Task) -> Any:
        return task.total if key == "total" else task.scores.get(key)

    if key == "total" or key in criteria:
        given = sorted((t for t in group.tasks if value(t) is not None), key=value, reverse=backwards)
        return given + [t for t in group.tasks if value(t) is None]
    if key == "number":
        return sorted(group.tasks, key=lambda t: t.assignment.nomination.number, reverse=backwards)
    return group.tasks


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """全部提交: a page of its own, for it can't be undone; lists what lacks."""
    expert = own_expert(request)
    groups = own_tasks(request)
    group = _chosen(request, groups)
    if group is None:
        return HttpResponseRedirect(reverse("reviews:expert_summary"))
    here = f"{reverse('reviews:expert_summary')}?track={group.track.pk}"
    if request.method == "POST":
        try:
            count = scores.submit_scores(expert, group.track, actor(request), request.judged_at)  # type: ignore[attr-defined]
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            return _summary(request, groups, group, refused.verdict)
        words = _("已提交%(count)d项评分") % {"count": count} if count else _("评分此前已全部提交")
        messages.success(request, words)
        return HttpResponseRedirect(here)
    if not group.open:
        return HttpResponseRedirect(here)
    return render(request, "reviews/expert/submit.html", {"group": group, "back": here})
