"""Pages on which an applicant looks at the conditions, promises what is asked anew, and changes the category."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused
from nominations import eligibility, queries
from nominations.actions import reconsider
from nominations.answers import walk
from nominations.models import Nomination
from nominations.views.overview import Overview, gate_notice, overview

FOLDER = "nominations/applicant"


def _context(nomination: Nomination, shown: Overview, **more: Any) -> dict[str, Any]:
    return {"nomination": nomination, "overview": shown, "gate": gate_notice(shown), **more}


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def conditions(request: HttpRequest, number: str) -> HttpResponse:
    """申报条件: how each stands with the answers as they are, and the promises that are still asked for."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    status, refusal = 200, None
    if request.method == "POST":
        try:
            by, at = Actor.of(request, Role.APPLICANT), request.judged_at  # type: ignore[attr-defined]
            reconsider.promise(nomination, request.POST.getlist("promise"), by, at)
        except Refused as refused:
            if refused.verdict.status == 404:
                raise
            refusal, status = refused.verdict, refused.verdict.status
        else:
            if not eligibility.missing_promises(eligibility.of_draft(nomination)):
                messages.success(request, _("已确认申报条件"))
                return redirect("nominations:tasks", number)
            status = 422
    subject = eligibility.of_draft(nomination)
    missing = eligibility.missing_promises(subject)
    shown = overview(nomination, request.judged_at)  # type: ignore[attr-defined]
    context = _context(
        nomination,
        shown,
        results=eligibility.results(subject),
        missing=missing,
        asked=status == 422,
        refusal=refusal,
    )
    return render(request, f"{FOLDER}/conditions.html", context, status=status)


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: HttpRequest, number: str) -> HttpResponse:
    """更改类别: chosen, then confirmed on a page that says what is kept and not submitted, and what is asked anew."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    form = nomination.ranking.online_form
    if not form.categories:
        return redirect("nominations:tasks", number)
    shown = overview(nomination, request.judged_at)  # type: ignore[attr-defined]
    wanted = request.POST.get("category", "")
    context = _context(nomination, shown, categories=form.categories, wanted=wanted)
    if request.method != "POST":
        return render(request, f"{FOLDER}/category.html", context)
    if wanted not in [option.label for option in form.categories]:
        return render(request, f"{FOLDER}/category.html", {**context, "missing": True}, status=422)
    if wanted == nomination.category:
        return redirect("nominations:tasks", number)
    if "confirmed" not in request.POST:
        context |= _effect(nomination, wanted)
        return render(request, f"{FOLDER}/category.html", context)
    try:
        by, at = Actor.of(request, Role.APPLICANT), request.judged_at  # type: ignore[attr-defined]
        reconsider.choose_category(nomination, wanted, by, at)
    except Refused as refused:
        if refused.verdict.status == 404:
            raise
        context["refusal"] = refused.verdict
        return render(request, f"{FOLDER}/category.html", context, status=refused.verdict.status)
    messages.success(request, _("类别已改为%(category)s") % {"category": wanted})
    return redirect("nominations:tasks", number)


def _effect(nomination: Nomination, wanted: str) -> dict[str, Any]:
    """What the change of category does to the form: answers that are kept aside, questions that come new."""
    form, year = nomination.ranking.online_form, nomination.season.year
    track = nomination.track.name if nomination.track else ""
    now, then = (
        {item.question.key: item for item in walk(form, nomination.answers, track, each, year).items}
        for each in (nomination.category, wanted)
    )
    return {
        "confirm": True,
        "kept": [
            item.question.name
            for key, item in now.items()
            if not item.empty and (key not in then or then[key].empty)
        ],
        "added": [item.question.name for key, item in then.items() if key not in now],
        "required": [
            item.question.name
            for key, item in then.items()
            if key in now and item.question.required and not now[key].question.required
        ],
        "released": [
            item.question.name
            for key, item in then.items()
            if key in now and not item.question.required and now[key].question.required
        ],
    }
