"""The secretariat's dashboard, the plans that bodies filed, and the record."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.models import Event
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.models import Nomination, Stage
from nominations.outputs import tallies as figures
from nominations.outputs import timeline
from nominations.outputs.season import words
from nominations.views.office import export_of
from nominations.views.seasons import chosen
from reviews import events, queries
from reviews.actions import preliminary
from reviews.models import ReviewPlan
from reviews.outputs import desk, plan_changes
from reviews.views.office_forms import AuditFilter, PlanForm

A_PAGE = 50
DAYS_SHOWN = 31


@door(Role.OFFICE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """数据大盘: the season's clock, what waits, and the figures, each with the list behind it."""
    season, context = chosen(request)
    at = request.judged_at  # type: ignore[attr-defined]
    stages = list(Stage.objects.filter(season=season, track=None))
    standings = desk.standings(season, at)
    counted = figures.tallies(season)
    context |= {
        "clock": words(season, stages, at),
        "waiting": desk.waiting(season, standings),
        "standings": standings,
        "tracks": desk.tracks(season),
        "tallies": counted,
        "states": [(str(state), state.label, counted.by_state[state]) for state in counted.states],
        "rows": _rows(counted),
        "days": counted.days[-DAYS_SHOWN:],
        **export_of(request),
    }
    return render(request, "reviews/office/home.html", context)


def _rows(counted: figures.Tallies) -> list[dict[str, Any]]:
    """The table ranking × status, tracks below their ranking."""
    found = []
    for ranking in counted.rankings:
        found.append({"row": ranking, "ranking": ranking.key, "track": "", "cells": _cells(counted, ranking)})
        found += [
            {"row": row, "ranking": ranking.key, "track": row.key, "cells": _cells(counted, row)}
            for key, row in counted.tracks
            if key == ranking.key
        ]
    return found


def _cells(counted: figures.Tallies, row: figures.Row) -> list[tuple[str, str, int]]:
    return [(str(state), str(state.label), row.counts[state]) for state in counted.states]


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A filed plan, to be put on record (备案) or sent back with a reason."""
    rows = ReviewPlan.objects.exclude(state=ReviewPlan.State.DRAFT)
    found = (
        rows.select_related("track__ranking__season", "body__organisation", "filed_by").filter(pk=pk).first()
    )
    if found is None:
        raise Refused(NOT_FOUND)
    form = PlanForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            at = request.judged_at  # type: ignore[attr-defined]
            recorded, note = request.POST.get("decision") == "record", form.cleaned_data["note"]
            try:
                preliminary.decide_plan(found, recorded, note, Actor.of(request, Role.OFFICE), at)
            except Refused as refused:
                form.add_error("note", refused.verdict.message)
                status = refused.verdict.status
            else:
                words_said = _("已备案：%(track)s") if recorded else _("已退回修改：%(track)s")
                messages.success(request, words_said % {"track": found.track})
                return redirect(f"/office/?year={found.track.ranking.season.year}")
        else:
            status = 422
    context = {"plan": found, "form": form, "season": found.track.ranking.season, **_beside(found)}
    context["to_decide"] = found.state == ReviewPlan.State.FILED
    return render(request, "reviews/office/plan.html", context, status=status)


def _beside(plan: ReviewPlan) -> dict[str, Any]:
    """All filings of the plan's track, what differs from the one in force, and what scores there already go by."""
    filed, in_force = queries.filings_of(plan.track), queries.plan_in_force(plan.track)
    compared = in_force if in_force is not None and in_force.pk != plan.pk else None
    return {
        "filings": plan_changes.filings(filed),
        "compared": compared,
        "changes": plan_changes.changes(compared, plan) if compared else [],
        "scored": queries.sheets_scored(plan.track),
        "scored_by": queries.scoring_plan(plan.track),
        "recipe_digest": queries.recipe_digest(plan),
    }


ALL_WORDS = {**timeline.WORDS, **events.WORDS}


@door(Role.OFFICE)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """操作记录: every event, newest first, by what, who and when."""
    form = AuditFilter(request.GET, ALL_WORDS)
    wanted = form.wanted()
    page = Paginator(Event.objects.filter(**wanted).order_by("-pk"), A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    numbers = dict(
        Nomination.objects.filter(
            pk__in=[event.subject_id for event in rows if event.subject_kind == "nomination"]
        ).values_list("pk", "number")
    )
    for event in rows:
        event.word = ALL_WORDS.get(event.name, event.name)  # type: ignore[attr-defined]
        event.who = timeline.who(event)  # type: ignore[attr-defined]
        event.number = numbers.get(event.subject_id) if event.subject_kind == "nomination" else None  # type: ignore[attr-defined]
        event.details = json.dumps(event.data, ensure_ascii=False, indent=1) if event.data else ""  # type: ignore[attr-defined]
    context = {"form": form, "page_obj": page, "rows": rows, "wanted": wanted}
    return render(request, "reviews/office/audit.html", context)
