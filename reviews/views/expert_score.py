"""评审打分: one nomination beside the criteria, saved by post and while typing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.clock import local
from kczg.kit.doors import door
from kczg.kit.downloads import attachment
from kczg.kit.record import record
from kczg.kit.storage import fetch
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from nominations.outputs.page import blocks
from nominations.queries import attached
from nominations.views.files import deliver
from reviews import blinding, queries
from reviews.actions import scores
from reviews.forms.scores import ScoreForm
from reviews.models import Assignment, ReviewPlan
from reviews.rules import scale
from reviews.views.expert_tasks import Task, actor, task_of, tasks_in, total_of


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Two panes; ``next`` wants a complete sheet, ``save_draft`` and ``skip`` keep what there is."""
    sheet = queries.assignment_for(request.user, pk)
    if not scores.has_committed(sheet.expert, queries.track_of(sheet)):
        messages.warning(request, _("先接受评审邀请，再开始评审"))
        return HttpResponseRedirect(reverse("reviews:expert_home"))
    plan = queries.scoring_plans([queries.track_of(sheet)]).get(queries.track_of(sheet).pk)
    if plan is None:
        raise Refused(NOT_FOUND)
    if request.method == "POST":
        return _keep(request, sheet, plan)
    return _shown(request, sheet, plan, ScoreForm(plan, sheet=sheet))


@door(Role.EXPERT)
@require_safe
def file(request: HttpRequest, pk: int, file_id: str) -> HttpResponseBase:
    """A file that the frozen form names, for the expert who scores it and has given the commitment."""
    sheet = queries.assignment_for(request.user, pk)
    plan = queries.scoring_plan(queries.track_of(sheet))
    if not scores.has_committed(sheet.expert, queries.track_of(sheet)) or plan is None:
        raise Refused(NOT_FOUND)
    if plan.blind:
        return _blind_file(request, sheet, plan, file_id)
    version, _tree = queries.frozen(sheet.nomination)
    stored = attached(sheet.nomination, file_id, version.content["answers"])
    return deliver(request, sheet.nomination, stored, Role.EXPERT)


def _blind_file(request: HttpRequest, sheet: Assignment, plan: ReviewPlan, file_id: str) -> HttpResponseBase:
    """The copy of a file that the body has released, under its neutral name; nothing else is there."""
    row = blinding.given_files(sheet.nomination).get(file_id)
    name = next((each.name for each in blinding.for_expert(sheet, plan).files if each.id == file_id), None)
    if row is None or name is None:
        raise Refused(NOT_FOUND)
    answer = attachment(fetch(str(row.copy.name)), name)
    if request.method == "GET":
        nomination, at = sheet.nomination, request.judged_at  # type: ignore[attr-defined]
        year = nomination.season.year
        record("downloaded", nomination, actor(request), at, season_year=year, kind="blind", file=file_id)
    return answer


def _shown(
    request: HttpRequest,
    sheet: Assignment,
    plan: ReviewPlan,
    form: ScoreForm,
    status: int = 200,
    verdict: Verdict | None = None,
) -> HttpResponse:
    view = blinding.for_expert(sheet, plan)
    tasks = _tasks(request, sheet, plan)
    place = next((n for n, task in enumerate(tasks, start=1) if task.assignment.pk == sheet.pk), 1)
    try:
        scores.judge_scoring(sheet, actor(request), request.judged_at)  # type: ignore[attr-defined]
        locked = None
    except Refused as refused:
        locked = refused.verdict
    facts = {
        "sheet": sheet,
        "view": view,
        "track_id": sheet.nomination.track_id,
        "plan": plan,
        "digest": queries.recipe_digest(plan),
        "form": form,
        "task": task_of(sheet, plan, view),
        "blocks": blocks(view.tree) if view.tree else [],
        "files_at": f"{reverse('reviews:expert_score', args=[sheet.pk])}files/",
        "place": place,
        "count": len(tasks),
        "following": _following(tasks, place - 1),
        "done": sum(not task.lacking for task in tasks),
        "locked": locked,
        "verdict": verdict,
        "theirs": _theirs(verdict, form),
        "given": _given(sheet, plan),
        "problems": verdict is not None,
    }
    return render(request, "reviews/expert/score.html", facts, status=status)


def _theirs(verdict: Verdict | None, form: ScoreForm) -> list[tuple[str, str]]:
    """What was saved elsewhere meanwhile, with the labels of its fields."""
    told = verdict.details.get("theirs", {}) if verdict is not None else {}
    return [(str(form.fields[name].label), text) for name, text in told.items() if name in form.fields]


def _given(sheet: Assignment, plan: ReviewPlan) -> list[dict[str, Any]]:
    """The scores of a sheet that can't be changed, in the order of the criteria, with their words."""
    kept = {score.criterion: score.value for score in sheet.scores.all()}
    known = scale.levels(plan.scale_words, plan.scale)
    return [
        {
            "criterion": each,
            "value": kept.get(each["key"]),
            "word": scale.word_of(kept.get(each["key"]), known),
        }
        for each in plan.criteria
    ]


def _tasks(request: HttpRequest, sheet: Assignment, plan: ReviewPlan) -> list[Task]:
    rows = queries.tasks_of(request.user, sheet.nomination.season).filter(
        nomination__track=sheet.nomination.track_id
    )
    return tasks_in(rows, plan)


def _keep(request: HttpRequest, sheet: Assignment, plan: ReviewPlan) -> HttpResponse:
    form = ScoreForm(plan, request.POST, sheet=sheet)
    readable = form.is_valid()
    at = request.judged_at  # type: ignore[attr-defined]
    # Whatever button it was, what can be kept is kept; a score out of range stays on the page with its message.
    try:
        saved = scores.save_scores(
            sheet,
            **form.typed(),
            by=actor(request),
            at=at,
            base_version=version_of(request.POST.get("version")),
        )
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _shown(request, sheet, plan, form, refused.verdict.status, refused.verdict)
    if "next" in request.POST:
        form.blame_empty()
        readable = not form.errors
    if not readable:
        return _shown(request, saved, plan, form, status=422)
    scores.opened(sheet, at)
    if "next" in request.POST or "skip" in request.POST:
        return _go_on(request, saved, plan)
    messages.success(request, _("已暂存"))
    return HttpResponseRedirect(reverse("reviews:expert_score", args=[sheet.pk]))


def version_of(typed: str | None) -> int:
    """The sheet's number that the page read; 0, which no sheet has, where it is missing or unreadable."""
    text = typed or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _go_on(request: HttpRequest, sheet: Assignment, plan: ReviewPlan) -> HttpResponse:
    """To the next that isn't complete, from the top again behind the last; to the summary when all are."""
    tasks = _tasks(request, sheet, plan)
    here = next((n for n, task in enumerate(tasks) if task.assignment.pk == sheet.pk), 0)
    following = _following(tasks, here)
    if following is not None:
        return HttpResponseRedirect(reverse("reviews:expert_score", args=[following.assignment.pk]))
    return HttpResponseRedirect(f"{reverse('reviews:expert_summary')}?track={sheet.nomination.track_id}")


def _following(tasks: list[Task], here: int) -> Task | None:
    return next((task for task in tasks[here + 1 :] + tasks[:here] if task.lacking), None)


@door(Role.EXPERT)
@require_POST
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps the changed fields while the expert types; answers with the sheet's number, the time and the total."""
    sheet = queries.assignment_for(request.user, pk)
    plan = queries.scoring_plans([queries.track_of(sheet)]).get(queries.track_of(sheet).pk)
    if plan is None:
        raise Refused(NOT_FOUND)
    changed = set(request.POST.getlist("changed"))
    form = ScoreForm(plan, {key: request.POST[key] for key in request.POST if key in changed}, sheet=sheet)
    form.is_valid()
    wrong = [message for name in form.fields if name in changed for message in form.errors.get(name, [])]
    if wrong:
        raise Refused(refuse("unreadable", str(wrong[0]), status=422))
    at, version = request.judged_at, version_of(request.POST.get("version"))  # type: ignore[attr-defined]
    saved = scores.save_scores(sheet, **form.typed(), by=actor(request), at=at, base_version=version)
    echoed = (
        {f"word-{key}": word for key, word in ScoreForm(plan, sheet=saved).words.items()}
        if plan.scale_words
        else {}
    )
    outputs = {"total": total_of(saved, plan) or "—", **echoed}
    return JsonResponse(
        {"version": saved.edit_version, "saved_at": f"{local(at):%H:%M:%S}", "outputs": outputs}
    )
