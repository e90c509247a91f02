"""Pages of the recommending unit: return for changes, decline, take a recommendation back. Each confirms itself."""

from __future__ import annotations

from collections.abc import Callable
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
from nominations import queries, transitions
from nominations.actions import unit as actions
from nominations.answers import version_tree
from nominations.models import Nomination
from nominations.views import unit_page
from nominations.views.unit_forms import ReasonForm, ReturnForm, UnitForm

either = require_http_methods(["GET", "HEAD", "POST"])


@door(Role.UNIT)
@either
def return_(request: HttpRequest, number: str) -> HttpResponse:
    """退回修改: common reasons, words by section; the page says who reads them."""
    nomination = unit_page.nomination_of(request, number)
    latest = nomination.versions.submitted().last()
    sections = version_tree(nomination, latest).sections if latest else ()
    form = ReturnForm(sections, request.POST or None)

    def act(by: Actor, at: Any) -> HttpResponse:
        actions.return_for_changes(nomination, form.notes, by, at)
        messages.success(request, _("已退回“%(title)s”，已通知申报人") % {"title": nomination.shown_title})
        return redirect("nominations:unit_list")

    return _decide(request, nomination, form, "return", "nominations/unit/return.html", act)


@door(Role.UNIT)
@either
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """不予推荐: with the reason that the applicant reads; it can't be taken back."""
    nomination = unit_page.nomination_of(request, number)
    form = ReasonForm(request.POST or None)

    def act(by: Actor, at: Any) -> HttpResponse:
        actions.decline(nomination, form.cleaned_data["reason"], by, at)
        words = _("已作不予推荐：“%(title)s”，已通知申报人") % {"title": nomination.shown_title}
        messages.success(request, words)
        return redirect("nominations:unit_list")

    return _decide(request, nomination, form, "decline", "nominations/unit/decline.html", act)


@door(Role.UNIT)
@either
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """撤回推荐: the place is free again, the nomination waits."""
    nomination = unit_page.nomination_of(request, number)
    form = ReasonForm(request.POST or None)

    def act(by: Actor, at: Any) -> HttpResponse:
        actions.take_back(nomination, form.cleaned_data["reason"], by, at)
        standing = queries.standing_in(nomination.named_unit, nomination.named_track)
        facts = {"title": nomination.shown_title, "quota": unit_page.standing_words(standing)}
        messages.success(request, _("已撤回对“%(title)s”的推荐。%(quota)s") % facts)
        return redirect("nominations:unit_nomination", number)

    return _decide(request, nomination, form, "take_back", "nominations/unit/take_back.html", act)


def _decide(
    request: HttpRequest,
    nomination: Nomination,
    form: UnitForm,
    move: str,
    template: str,
    act: Callable[[Actor, Any], HttpResponse],
) -> HttpResponse:
    """Shows the page, or acts and goes on; a refusal stands above the form with what was typed."""
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    status = 200
    verdict = transitions.judge(nomination, move, by, at)
    if verdict and move == "return":
        verdict = actions.judge_return(nomination, at)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return act(by, at)
            except Refused as refused:
                verdict = refused.verdict
                form.add_error(None, verdict.sentence)
                status = verdict.status
    context = {
        **unit_page.frame(request, nomination.named_unit, nomination),
        "nomination": nomination,
        "form": form,
        "refused": None if verdict else verdict,
    }
    return render(request, template, context, status=status)
