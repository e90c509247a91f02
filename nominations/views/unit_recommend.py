"""Pages of the recommending unit: read a nomination and recommend it, one or several together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused, Verdict, refuse
from nominations import eligibility, queries, selections, twins
from nominations.actions import preparing
from nominations.actions import unit as actions
from nominations.answers import version_tree
from nominations.models import Nomination, Version
from nominations.outputs.holder import holder
from nominations.outputs.page import blocks
from nominations.outputs.supplement import supplement
from nominations.rules.quota import Standing
from nominations.states import State, moves_from
from nominations.views import unit_page
from nominations.views.overview import overview, timeline
from nominations.views.unit_forms import BulkOpinionForm, OpinionForm

MOST_TOGETHER = 30
"""As many as a page of the list shows: each is a transaction of its own, and all of them one request (I6)."""


@door(Role.UNIT)
@require_safe
def review(request: HttpRequest, number: str) -> HttpResponse:
    """审核推荐: the form as submitted, differences from the last version marked; beside it what can be done."""
    nomination = unit_page.nomination_of(request, number)
    return _review_page(request, nomination)


def _review_page(
    request: HttpRequest,
    nomination: Nomination,
    form: OpinionForm | None = None,
    verdict: Verdict | None = None,
    seen: int | None = None,
    stamp_problems: Sequence[str] = (),
) -> HttpResponse:
    versions = {version.number: version for version in nomination.versions.submitted()}
    latest = versions[max(versions)]
    earlier = versions.get(seen) if seen else _last_read(nomination, versions.values())
    frame = unit_page.frame(request, nomination.named_unit, nomination)
    shown = overview(nomination, request.judged_at)  # type: ignore[attr-defined]
    preparation = queries.preparation_of(nomination)
    opinion = preparation.opinion if preparation else ""
    waits = nomination.state == State.SUBMITTED
    context = {
        **frame,
        **_read(nomination, latest, earlier),
        **_recommended(nomination, frame["standing"]),
        **unit_page.stamps(nomination, latest, frame["is_open"] and waits),
        "nomination": nomination,
        "shown": shown,
        "moves": _moves(request, nomination) if frame["is_open"] else set(),
        "preparation": preparation,
        "form": form or OpinionForm(initial={"seen": latest.number, "opinion": opinion}),
        "verdict": verdict,
        "selected": selections.judge_going_up(nomination) if waits else None,
        "events": timeline(shown),
        "stamp_problems": stamp_problems,
        "holder": holder(nomination, request.judged_at),  # type: ignore[attr-defined]
        "twins": twins.sights(nomination),
    }
    status = 200 if verdict is None else verdict.status
    return render(request, "nominations/unit/nomination.html", context, status=status)


def _read(nomination: Nomination, latest: Version, earlier: Version | None) -> dict[str, Any]:
    """The version as it is read, with its differences from an earlier one."""
    tree = version_tree(nomination, latest)
    before = version_tree(nomination, earlier) if earlier and earlier.number != latest.number else None
    return {
        "version": latest,
        "earlier": earlier if before else None,
        "supplement": supplement(latest),
        "blocks": blocks(tree, before),
        "files_at": f"{unit_page.address('unit_nomination', nomination)}files/",
        "conditions": eligibility.results(eligibility.of_version(nomination, latest)),
    }


def _recommended(nomination: Nomination, standing: Standing | None) -> dict[str, Any]:
    """The recommendation that stands; where no place is left, those that hold the track's."""
    rows = nomination.recommendations.filter(ended_at=None).select_related("place__channel", "version")
    full = standing is not None and standing.remaining < 1
    unit, track = nomination.named_unit, nomination.named_track
    return {
        "recommendation": rows.first(),
        "in_use": queries.standing_recommendations(unit, track) if full else [],
    }


def _last_read(nomination: Nomination, versions: Iterable[Version]) -> Version | None:
    """The version that the unit dealt with last, whoever of its people did; None where nobody did yet."""
    code = queries.last_dealt_with(nomination, nomination.named_unit)
    return next((version for version in versions if version.check_code == code), None)


def _moves(request: HttpRequest, nomination: Nomination) -> set[str]:
    """What the table offers in this state and the person's duty allows; ``prepare`` where a recommendation waits."""
    moves = {move.key for move in moves_from(nomination.state, Role.UNIT)}
    offered = moves | ({"prepare"} if "recommend" in moves else set())
    return {key for key in offered if may(request.user, f"nomination.{key}", nomination)}


def with_problems(
    request: HttpRequest, nomination: Nomination, problems: Sequence[str], status: int
) -> HttpResponse:
    """The page once more with what is amiss with the files that were sent."""
    response = _review_page(request, nomination, stamp_problems=problems)
    response.status_code = status
    return response


@door(Role.UNIT)
@require_POST
def recommend(request: HttpRequest, number: str) -> HttpResponse:
    """推荐: first the page that says what will happen, then, confirmed, the deed; on to the next waiting one."""
    nomination = unit_page.nomination_of(request, number)
    form = OpinionForm(request.POST)
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    if not form.is_valid():
        return _again(request, nomination, form)
    opinion, seen = form.cleaned_data["opinion"], form.cleaned_data["seen"]
    try:
        if "confirmed" in request.POST:
            actions.recommend(nomination, opinion, seen, by, at)
        elif nomination.state != State.RECOMMENDED:
            version = actions.judge_recommendation(nomination, opinion, seen, by, at)
            frame = unit_page.frame(request, nomination.named_unit, nomination)
            context = {
                **frame,
                "nomination": nomination,
                "version": version,
                "form": form,
                "opinion": opinion,
                "twins": twins.sights(nomination),
            }
            return render(request, "nominations/unit/recommend.html", context)
        else:
            return redirect("nominations:unit_nomination", number)
    except Refused as refused:
        return _again(request, nomination, form, refused.verdict)
    standing = queries.standing_in(nomination.named_unit, nomination.named_track)
    facts = {"title": nomination.shown_title, "quota": unit_page.standing_words(standing)}
    messages.success(request, _("已推荐“%(title)s”。%(quota)s") % facts)
    return unit_page.to_next(nomination.named_unit, prepared=True)


@door(Role.UNIT)
@require_POST
def prepare(request: HttpRequest, number: str) -> HttpResponse:
    """报审: the opinion goes to an approver of the unit; on to the next one that isn't prepared yet."""
    nomination = unit_page.nomination_of(request, number)
    form = OpinionForm(request.POST)
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    if not form.is_valid():
        return _again(request, nomination, form)
    try:
        preparing.prepare(nomination, form.cleaned_data["opinion"], form.cleaned_data["seen"], by, at)
    except Refused as refused:
        return _again(request, nomination, form, refused.verdict)
    messages.success(request, _("已报审“%(title)s”，由审批人推荐") % {"title": nomination.shown_title})
    return unit_page.to_next(nomination.named_unit)


def _again(
    request: HttpRequest, nomination: Nomination, form: OpinionForm, verdict: Verdict | None = None
) -> HttpResponse:
    """The page once more with what was typed; where there is a new version, with what it changed."""
    fresh = unit_page.nomination_of(request, nomination.number)
    seen = form.cleaned_data.get("seen")
    if verdict is None:
        response = _review_page(request, fresh, form)
        response.status_code = 422
        return response
    if verdict.code == "new_version":
        typed = {"opinion": form.cleaned_data["opinion"], "seen": verdict.details["version"]}
        return _review_page(request, fresh, OpinionForm(initial=typed), verdict, seen)
    form.add_error(None, verdict.sentence)
    return _review_page(request, fresh, form, verdict)


# --- Several together --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of one of the chosen ones; ``refused`` says why not."""

    number: str
    nomination: Nomination | None
    seen: int
    refused: Verdict | None = None

    @property
    def may_follow(self) -> bool:
        """Whether it may be tried again as it is, once what hinders is put right; a new version is read first."""
        return self.nomination is not None and self.refused is not None and self.refused.code != "new_version"


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """批量推荐: the chosen rows are repeated with their numbers, one opinion, then a result for each."""
    unit = unit_page.own_unit(request)
    if unit is None:
        return unit_page.no_unit(request)
    given = request.POST if request.method == "POST" else request.GET
    numbers = [number for number in dict.fromkeys(given.getlist("no")) if number.isalnum()]
    if not numbers or len(numbers) > MOST_TOGETHER:
        few = _("先勾选申报再批量推荐")
        many = _("一次最多推荐%(most)d项，现选%(now)d项") % {"most": MOST_TOGETHER, "now": len(numbers)}
        messages.error(request, many if numbers else few)
        return redirect("nominations:unit_list")
    may(request.user, "unit.recommend", unit).or_raise()
    seen = queries.visible_to(request.user, Role.UNIT).filter(unit=unit, number__in=numbers)
    found = queries.with_preparation(queries.with_last_version(seen)).select_related(
        "preparation", *queries.NOMINATION_RELATIONS
    )
    rows = list(found.order_by("ranking__order", "track__order", "submitted_at", "pk"))
    prepared = all(row.prepared for row in rows if row.state == State.SUBMITTED)
    form = BulkOpinionForm(request.POST if request.method == "POST" else None, prepared=prepared)
    if request.method == "POST" and form.is_valid():
        return _bulk_result(request, numbers, form.cleaned_data["opinion"])
    context = {
        **unit_page.frame(request, unit),
        "rows": [row for row in rows if row.state == State.SUBMITTED],
        "others": [row for row in rows if row.state != State.SUBMITTED],
        "with_twin": twins.open_among(rows),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "nominations/unit/bulk.html", context, status=status)


def _bulk_result(request: HttpRequest, numbers: list[str], opinion: str) -> HttpResponse:
    outcomes = [_recommend_one(request, number, opinion) for number in numbers]
    done = [outcome for outcome in outcomes if outcome.refused is None]
    left = [outcome for outcome in outcomes if outcome.refused is not None]
    unit = unit_page.own_unit(request)
    assert unit is not None  # bulk() has seen it
    words = _("已推荐%(count)d项") % {"count": len(done)}
    again = [outcome for outcome in left if outcome.may_follow]
    shown = {"done": done, "left": left, "again": again, "opinion": opinion, "words": words}
    context: dict[str, Any] = {**unit_page.frame(request, unit), **shown}
    return render(request, "nominations/unit/bulk_result.html", context)


def _recommend_one(request: HttpRequest, number: str, opinion: str) -> Outcome:
    """One of the chosen ones in a transaction of its own; a refusal of one leaves the others alone."""
    nomination, typed = None, request.POST.get(f"seen-{number}", "")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    try:
        nomination = unit_page.nomination_of(request, number)
        by = Actor.of(request, Role.UNIT)
        preparation = None if opinion else queries.preparation_of(nomination)
        opinion = preparation.opinion if preparation else opinion
        actions.recommend(nomination, opinion, seen, by, request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        unknown = refuse("not_found", _("本单位没有此申报"), _("返回申报列表，重新勾选"), 404)
        return Outcome(number, nomination, seen, refused.verdict if nomination else unknown)
    return Outcome(number, nomination, seen)
