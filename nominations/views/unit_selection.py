"""内部遴选 of the recommending unit: where it can be opened, the vote, the ballots on paper, the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from nominations import queries, selections
from nominations.actions import selection as actions
from nominations.models import RecommendingUnit, Selection, Track, UnitPaper
from nominations.models.selection import MANNERS
from nominations.rules import selection as rules
from nominations.rules.quota import Standing
from nominations.rules.selection import Manner
from nominations.views import unit_page
from nominations.views.office import export_of
from nominations.views.unit_forms import UnitForm

A_PAGE = 20
MOST_CANDIDATES = 200
FOLDER = "nominations/unit"
either = require_http_methods(["GET", "HEAD", "POST"])


class OpeningForm(UnitForm):
    """The manner, and whether ballots bear names."""

    manner = forms.ChoiceField(label=gettext_lazy("方式"), choices=MANNERS, widget=forms.RadioSelect)
    named = forms.ChoiceField(
        label=gettext_lazy("选票"),
        choices=[
            ("", gettext_lazy("无记名：纪要列出投票人，不列各人的选择")),
            ("1", gettext_lazy("记名：纪要列出各人的选择")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )


@door(Role.UNIT)
@require_safe
def selections_(request: HttpRequest) -> HttpResponse:
    """What was selected so far, and the tracks in which more wait than there are places."""
    unit = unit_page.own_unit(request)
    if unit is None:
        return unit_page.no_unit(request)
    rows = (
        Selection.objects.filter(unit=unit)
        .select_related("track__ranking")
        .defer("track__ranking__declaration")
    )
    frame = unit_page.frame(request, unit)
    context = {
        **frame,
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "tracks": _tracks(unit, frame["standings"]),
    }
    return render(request, f"{FOLDER}/selections.html", context)


def _tracks(unit: RecommendingUnit, standings: list[Standing]) -> list[dict[str, Any]]:
    """The tracks in which something waits: how many, how many places are left, whether a selection makes sense."""
    counted = unit_page.waiting(unit).order_by().values("track").annotate(n=Count("pk"))
    waiting = {row["track"]: row["n"] for row in counted}
    standing = Selection.objects.filter(unit=unit).exclude(state=Selection.State.CANCELLED)
    taken = set(standing.values_list("track", flat=True))
    return [
        {
            "standing": one,
            "waiting": waiting[one.track_id],
            "selected": one.track_id in taken,
            "opens": 0 < one.remaining < waiting[one.track_id] and one.track_id not in taken,
        }
        for one in standings
        if waiting.get(one.track_id)
    ]


@door(Role.UNIT)
@either
def new(request: HttpRequest, track: int) -> HttpResponse:
    """Opens a selection in a track: its candidates, the manner."""
    unit = unit_page.own_unit(request)
    where = Track.objects.filter(pk=track, ranking__season=unit.season, quota__isnull=False) if unit else None
    found = where.select_related("ranking").first() if where else None
    if unit is None or found is None:
        raise Refused(NOT_FOUND)
    form = OpeningForm(request.POST if request.method == "POST" else None)
    refusal, status = None, 200
    chosen = [number for number in request.POST.getlist("no")[:MOST_CANDIDATES] if number.isalnum()]
    if request.method == "POST":
        status = 422
        if form.is_valid():
            by, at, data = Actor.of(request, Role.UNIT), request.judged_at, form.cleaned_data  # type: ignore[attr-defined]
            try:
                row = actions.open_selection(
                    unit, found, chosen, data["manner"], data["named"] == "1", by, at
                )
                messages.success(request, _("已发起内部遴选，本单位各账号可以提交选票"))
                return redirect("nominations:unit_selection", row.pk)
            except Refused as refused:
                refusal, status = refused.verdict, refused.verdict.status
    rows = queries.with_last_version(unit_page.waiting(unit).filter(track=found))
    context = {
        **unit_page.frame(request, unit),
        "track": found,
        "standing": queries.standing_in(unit, found),
        "form": form,
        "rows": [(row, request.method != "POST" or row.number in chosen) for row in rows[:MOST_CANDIDATES]],
        "refusal": refusal,
    }
    return render(request, f"{FOLDER}/selection_new.html", context, status=status)


def opened(request: HttpRequest, pk: int) -> Selection:
    """A selection of the person's own unit; raises Refused (404) for any other."""
    unit = unit_page.own_unit(request)
    rows = Selection.objects.select_related(
        "track__ranking", "unit__organisation", "unit__season", "opened_by"
    )
    found = rows.filter(pk=pk, unit=unit).first() if unit else None
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def page(request: HttpRequest, row: Selection, template: str, status: int = 200, **more: Any) -> HttpResponse:
    """One of the pages of a selection."""
    context = {**unit_page.frame(request, row.unit), "selection": row, "track": row.track, **more}
    context["standing"] = queries.standing_in(row.unit, row.track)
    return render(request, f"{FOLDER}/{template}.html", context, status=status)


def candidates_of(row: Selection) -> list[dict[str, Any]]:
    """The candidates as their members read them: number, title and applicant of the version that stands."""
    rows = row.candidates.select_related("nomination", "version").defer("nomination__answers")
    return [
        {
            "number": each.nomination.number,
            "title": each.version.content["title"],
            "applicant": each.version.content["applicant"],
            "version": each.version,
        }
        for each in rows
    ]


def read_ballot(row: Selection, given: Mapping[str, Any], chosen: list[str], numbers: list[str]) -> list[str]:
    """The choices that were typed: ticks, or a different number in each box. Raises Refused (422)."""
    if row.manner == Manner.VOTING:
        return chosen[:MOST_CANDIDATES]
    places: dict[int, str] = {}
    for number in numbers:
        typed = str(given.get(f"rank-{number}", "")).strip()
        if not typed:
            continue
        place = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
        if not 1 <= place <= len(numbers) or place in places:
            words = _("排序填1—%(most)d，各不相同") % {"most": len(numbers)}
            raise Refused(refuse("same_place", words, status=422))
        places[place] = number
    return [places[place] for place in sorted(places)]


def boxes(
    row: Selection,
    candidates: list[dict[str, Any]],
    choices: list[str],
    given: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """The ballot to fill in: each candidate with what stands in its box, as kept or as typed."""
    kept = {number: place for place, number in enumerate(choices, start=1)}
    return [
        {
            **each,
            "typed": str(given.get(f"rank-{each['number']}", ""))[:10]
            if given
            else kept.get(each["number"], ""),
            "ticked": each["number"] in choices,
        }
        for each in candidates
    ]


@door(Role.UNIT)
@either
def selection(request: HttpRequest, pk: int) -> HttpResponse:
    """One selection. Open: the person's own ballot and who has voted; closed: the result, to be recomputed."""
    row = opened(request, pk)
    candidates = candidates_of(row)
    refusal, status = None, 200
    given: Mapping[str, Any] | None = None
    own = row.ballots.filter(user=request.user.pk).first()
    choices = list(own.choices) if own else []
    if request.method == "POST":
        given, choices = request.POST, request.POST.getlist("choice")[:MOST_CANDIDATES]
        try:
            read = read_ballot(row, given, choices, [each["number"] for each in candidates])
            actions.cast_ballot(row, read, Actor.of(request, Role.UNIT), request.judged_at)  # type: ignore[attr-defined]
            messages.success(request, _("选票已提交，结束前可以修改"))
            return redirect("nominations:unit_selection", pk)
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            refusal, status = refused.verdict, refused.verdict.status
    more = _result(request, row, candidates) if row.is_closed else _voters(row)
    ballot = boxes(row, candidates, choices, given)
    return page(request, row, "selection", status, ballot=ballot, own=own, refusal=refusal, **more)


def _voters(row: Selection) -> dict[str, Any]:
    """Who may vote and who has, members by account first."""
    if not row.is_open:
        return {}
    cast = list(row.ballots.all())
    voted = {ballot.user_id for ballot in cast if ballot.user_id}
    members = [(member.name, member.pk in voted) for member in selections.members(row.unit)]
    gone = [ballot.name for ballot in cast if ballot.user_id and ballot.user_id not in _ids(row)]
    papers = [ballot.name for ballot in cast if ballot.user_id is None]
    return {"members": members, "papers": [*papers, *gone], "count": len(cast)}


def _ids(row: Selection) -> set[int]:
    return {member.pk for member in selections.members(row.unit)}


def _result(request: HttpRequest, row: Selection, candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """The result line by line, with what each candidate may do now; the ballots, to recompute it."""
    known = {each["number"]: each for each in candidates}
    lines = selections.lines(row)
    here, up = selections.positions(row)
    shown = []
    for line in lines:
        verdict = rules.judge_going_up(lines, line.number, here, up, row.places)
        shown.append({"line": line, **known[line.number], "word": _word(line.number, here, up, verdict)})
    paper = UnitPaper.objects.filter(selection=row).order_by("made_at", "pk").last()
    return {
        "lines": shown,
        "ties": any(line.tied for line in lines),
        "ballots": row.result["ballots"],
        "voters": row.result["voters"],
        "paper": paper,
        **export_of(request),
    }


def _word(number: str, here: set[str], up: set[str], verdict: Verdict) -> str:
    if number in up:
        return _("已推荐")
    if number not in here:
        return _("不在待推荐")
    if verdict:
        return _("可以推荐")
    return _("并列，待裁定") if verdict.code == "tied" else _("未入选")


@door(Role.UNIT)
@either
def ballots(request: HttpRequest, pk: int) -> HttpResponse:
    """录入选票: ballots on paper of members without an account, entered by whoever keeps the minute."""
    row = opened(request, pk)
    candidates = candidates_of(row)
    refusal, status, choices = None, 200, []
    given: Mapping[str, Any] | None = None
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    name = request.POST.get("name", "")[:200]
    if request.method == "POST":
        given, choices = request.POST, request.POST.getlist("choice")[:MOST_CANDIDATES]
        try:
            if "remove" in request.POST:
                actions.remove_ballot(row, request.POST["remove"].replace("\0", ""), by, at)
                messages.success(request, _("已删去选票"))
            else:
                read = read_ballot(row, given, choices, [each["number"] for each in candidates])
                actions.enter_ballot(row, name, read, by, at)
                messages.success(request, _("已录入%(name)s的选票") % {"name": name.strip()})
            return redirect(reverse("nominations:unit_ballots", args=[pk]))
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            refusal, status = refused.verdict, refused.verdict.status
    entered = list(row.ballots.filter(user=None).select_related("entered_by"))
    more = {"ballot": boxes(row, candidates, choices, given), "entered": entered, "name": name}
    return page(request, row, "ballots", status, refusal=refusal, **more)
