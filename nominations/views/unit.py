"""Pages of the recommending unit: the desk, its nominations, its summary with the order."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.clock import local
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused
from nominations import queries, twins
from nominations.actions import unit as actions
from nominations.models import Recommendation, RecommendingUnit
from nominations.states import HOLDS_PLACE, State
from nominations.views import unit_page
from nominations.views.office import export_of
from nominations.views.overview import HIDDEN, overviews
from nominations.views.unit_forms import PREPARED, FilterForm, sort_fields
from nominations.views.unit_papers import last_summary

ON_DESK = 10
A_PAGE = 30
HIGHEST_ORDER = 999


@door(Role.UNIT)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """推荐工作台: numbers first, the quota, what waits, oldest first."""
    unit = unit_page.own_unit(request)
    if unit is None:
        return unit_page.no_unit(request)
    frame = unit_page.frame(request, unit)
    queue = list(queries.with_returns(unit_page.waiting(unit)).defer("answers")[:ON_DESK])
    figures = _figures(request, unit, frame)
    context = {**frame, "figures": figures, "queue": queue, "channels": queries.unit_channels(unit)}
    context["with_twin"] = twins.open_among(queue)
    return render(request, "nominations/unit/desk.html", context)


def _figures(request: HttpRequest, unit: RecommendingUnit, frame: dict[str, Any]) -> list[dict[str, Any]]:
    held = [str(state) for state in HOLDS_PLACE]
    seen = queries.visible_to(request.user, Role.UNIT).filter(unit=unit).order_by().select_related(None)
    counts = seen.aggregate(
        waiting=Count("pk", filter=Q(state=State.SUBMITTED)),
        recommended=Count("pk", filter=Q(state__in=held)),
    )
    listing = reverse("nominations:unit_list")
    figures = [
        {"label": _("待审核"), "value": counts["waiting"], "url": f"{listing}?state={State.SUBMITTED}"},
        {"label": _("已推荐"), "value": counts["recommended"], "url": reverse("nominations:unit_summary")},
        {"label": _("剩余名额"), "value": sum(standing.remaining for standing in frame["standings"])},
    ]
    if prepared := unit_page.waiting(unit).filter(prepared=True).count():
        consent = {"label": _("待审批"), "value": prepared, "url": f"{listing}?state={PREPARED}"}
        figures.insert(1, consent)
    if frame["is_open"] and frame["until"]:
        days = (frame["until"] - request.judged_at).days  # type: ignore[attr-defined]
        figures.append({"label": _("距截止"), "value": days, "unit": _("天")})
    return figures


@door(Role.UNIT)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """申报列表: filters and sort in the address, thirty a page, rows to choose for recommending together."""
    unit = unit_page.own_unit(request)
    if unit is None:
        return unit_page.no_unit(request)
    frame = unit_page.frame(request, unit)
    tracks = [(s.track_id, f"{s.ranking}（{s.track}）" if s.track else s.ranking) for s in frame["standings"]]
    form = FilterForm(request.GET, tracks)
    rows = queries.with_returns(_filtered(request, unit, form.chosen))
    rows = rows.order_by(*sort_fields(request.GET.get("sort", "")))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    rows_shown = overviews(page.object_list, request.judged_at)  # type: ignore[attr-defined]
    context = {**frame, "form": form, "filtered": bool(form.chosen), "page_obj": page, "rows": rows_shown}
    context["with_twin"] = twins.open_among(shown.nomination for shown in rows_shown)
    return render(request, "nominations/unit/list.html", context)


def _filtered(request: HttpRequest, unit: RecommendingUnit, chosen: dict[str, str]):
    seen = queries.visible_to(request.user, Role.UNIT).filter(unit=unit)
    rows = queries.with_preparation(queries.with_last_version(seen))
    if chosen.get("state") == PREPARED:
        rows = rows.filter(prepared=True)
    elif "state" in chosen:
        rows = rows.filter(
            _in_state(
                chosen["state"], queries.told_rankings(unit.season.rankings.values_list("pk", flat=True))
            )
        )
    if "where" in chosen:
        rows = rows.filter(track_id=int(chosen["where"]))
    if "q" in chosen:
        words = chosen["q"].strip()
        rows = rows.filter(
            Q(last_title__icontains=words) | Q(number__iexact=words) | Q(applicant__name__icontains=words)
        )
    return rows


def _in_state(state: str, told: set[int]) -> Q:
    """What reads as this state: before its ranking's list is published a result reads 初评中."""
    if state == State.IN_REVIEW:
        return Q(state=state) | (Q(state__in=HIDDEN) & ~Q(ranking__in=told))
    return Q(state=state, ranking__in=told) if state in HIDDEN else Q(state=state)


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest) -> HttpResponse:
    """推荐汇总与排序: what the unit recommends, by ranking and track, with the order that it gives them."""
    unit = unit_page.own_unit(request)
    if unit is None:
        return unit_page.no_unit(request)
    rows = list(queries.standing_recommendations(unit))
    problems: dict[int, str] = {}
    typed: dict[int, str] = {}
    status = 200
    if request.method == "POST":
        typed = {row.pk: request.POST.get(f"order-{row.pk}", "").strip() for row in rows}
        try:
            orders = (
                _moved(rows, request.POST["move"])
                if "move" in request.POST
                else _read_orders(typed, problems)
            )
            if not problems:
                at: datetime = request.judged_at  # type: ignore[attr-defined]
                actions.save_order(unit, orders, Actor.of(request, Role.UNIT), at)
                messages.success(request, _("排序已保存（%(time)s）") % {"time": f"{local(at):%H:%M:%S}"})
                return redirect("nominations:unit_summary")
            status = 422
        except Refused as refused:
            problems, status = dict(refused.verdict.details.get("problems", {})), refused.verdict.status
            if not problems:
                raise
    context = {
        **unit_page.frame(request, unit),
        "groups": _groups(rows, problems, typed),
        "problems": [(f"order-{pk}", words) for pk, words in problems.items()],
        **last_summary(unit),
        **export_of(request),
    }
    return render(request, "nominations/unit/summary.html", context, status=status)


def _read_orders(typed: dict[int, str], problems: dict[int, str]) -> dict[int, int | None]:
    orders: dict[int, int | None] = {}
    for pk, text in typed.items():
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
        if text and not (number and 1 <= number <= HIGHEST_ORDER):
            problems[pk] = _("排序填1—%(most)d的整数，现为%(typed)s") % {
                "most": HIGHEST_ORDER,
                "typed": text[:20],
            }
        orders[pk] = number
    return orders


def _moved(rows: list[Recommendation], asked: str) -> dict[int, int | None]:
    """The numbers after one row of a track has gone one up or one down: ``up-12``, ``down-12``."""
    way, _dash, pk = asked.partition("-")
    row = next((row for row in rows if str(row.pk) == pk), None)
    if row is None or way not in ("up", "down"):
        return {}
    group = [other for other in rows if other.nomination.track_id == row.nomination.track_id]
    here = group.index(row)
    there = min(max(here + (1 if way == "down" else -1), 0), len(group) - 1)
    group[here], group[there] = group[there], group[here]
    return {other.pk: number for number, other in enumerate(group, start=1)}


def _groups(
    rows: list[Recommendation], problems: dict[int, str], typed: dict[int, str]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rows by ranking and track, each with what stands in its number box and what is wrong with it."""
    return [
        (
            words,
            [
                {"row": row, "typed": typed.get(row.pk, row.order or ""), "problem": problems.get(row.pk, "")}
                for row in group
            ],
        )
        for words, group in groupby(rows, key=lambda row: str(row.nomination.track))
    ]
