"""核对与提交: the expert's own scores in one table, to even them out, and 全部提交 with its receipt."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from reviews import queries
from reviews.actions import scores
from reviews.forms.score_table import Row, rows
from reviews.rules import scale
from reviews.views.expert_tasks import Task, TrackTasks, actor, chosen, own_expert, own_tasks


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest) -> HttpResponse:
    """The table; a post saves the boxes that differ, each sheet on the version that the page read."""
    own_expert(request)
    groups = own_tasks(request)
    group = chosen(request, groups)
    if request.method != "POST":
        return _summary(request, groups, group)
    if group is None:
        raise Refused(NOT_FOUND)
    return _keep(request, groups, group)


def _keep(request: HttpRequest, groups: list[TrackTasks], group: TrackTasks) -> HttpResponse:
    """Saves each row by itself; what can't be kept stays in its box with its words."""
    table = rows([task.assignment for task in group.tasks if task.is_open], group.plan, request.POST)
    at, by = request.judged_at, actor(request)  # type: ignore[attr-defined]
    saved, problems = 0, []
    labels = {task.assignment.pk: task.heading.label for task in group.tasks}
    for row in table:
        problems += [(cell.name, f"{labels[row.sheet.pk]} {cell.error}") for cell in row.errors]
        if not row.changed:
            continue
        try:
            row.sheet = scores.save_scores(row.sheet, row.changed, None, by, at, base_version=row.version)
            row.version, saved = row.sheet.edit_version, saved + 1
        except Refused as refused:
            verdict = refused.verdict
            if verdict.code != "edited_meanwhile":
                return _summary(request, groups, group, verdict, {row.sheet.pk: row for row in table})
            row.show_both(verdict.details["theirs"], verdict.details["version"])
            words = _("%(number)s在另一处改过，对照后再保存") % {"number": labels[row.sheet.pk]}
            problems.append((row.cells[0].name, words))
    if not problems:
        messages.success(request, _("已保存%(count)d项的评分") % {"count": saved} if saved else _("没有改动"))
        return HttpResponseRedirect(request.get_full_path())
    words = _("有%(count)d处需修改，其余已保存") % {"count": len(problems)}
    verdict = refuse("table_problems", words, status=422)
    fresh = own_tasks(request)
    typed = {row.sheet.pk: row for row in table if row.errors or any(c.saved is not None for c in row.cells)}
    return _summary(request, fresh, chosen(request, fresh), verdict, typed, problems)


def _summary(
    request: HttpRequest,
    groups: list[TrackTasks],
    group: TrackTasks | None,
    verdict: Verdict | None = None,
    typed: dict[int, Row] | None = None,
    problems: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    facts: dict[str, Any] = {"groups": groups, "group": group, "verdict": verdict}
    if group is not None:
        facts["lines"] = _lines(group, request.GET.get("sort", ""), typed or {})
        facts["levels"] = scale.levels(group.plan.scale_words, group.plan.scale)
        facts["receipts"] = queries.receipts_of(group.tasks[0].assignment.expert, group.track)
        facts["editable"] = any(task.is_open for task in group.tasks)
    facts |= {"problems": verdict is not None, "faults": problems or []}
    status = verdict.status if verdict is not None else 200
    return render(request, "reviews/expert/summary.html", facts, status=status)


def _lines(group: TrackTasks, sort: str, typed: dict[int, Row]) -> list[dict[str, Any]]:
    """The table's lines: boxes where a sheet is open, else its scores; each with the words of its scores."""
    known = scale.levels(group.plan.scale_words, group.plan.scale)
    keys = [criterion["key"] for criterion in group.plan.criteria]
    found = []
    for task in _sorted(group, sort):
        sheet = task.assignment
        row = (typed.get(sheet.pk) or rows([sheet], group.plan)[0]) if task.is_open else None
        given = [task.scores.get(key) for key in keys]
        average = Decimal(task.total.numerator) / task.total.denominator if task.total is not None else None
        word = scale.word_of(average * group.plan.scale / 100, known) if average is not None else ""
        found.append({"task": task, "row": row, "scores": given, "word": word})
    return found


def _sorted(group: TrackTasks, asked: str) -> list[Task]:
    """By an allowed column; what has no value comes last either way."""
    key, backwards = asked.removeprefix("-"), asked.startswith("-")
    criteria = {criterion["key"] for criterion in group.plan.criteria}

    def value(task: Task) -> Fraction | Decimal | int | None:
        if key in ("comment", "advice"):
            return task.comment_length if key == "comment" else task.advice_length
        return task.total if key == "total" else task.scores.get(key)

    if key in ("total", "comment", "advice") or key in criteria:
        given = sorted((t for t in group.tasks if value(t) is not None), key=value, reverse=backwards)  # type: ignore[arg-type]
        return given + [t for t in group.tasks if value(t) is None]
    if key == "number":
        return sorted(group.tasks, key=lambda t: t.heading.label, reverse=backwards)
    return group.tasks


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """全部提交: a page of its own, for it can't be undone; lists what lacks."""
    expert = own_expert(request)
    groups = own_tasks(request)
    group = chosen(request, groups)
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
    facts = {"group": group, "back": here, "abstained": sum(task.abstained for task in group.open)}
    return render(request, "reviews/expert/submit.html", facts)
