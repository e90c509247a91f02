"""回避申请: whom the applicant asks not to have as a reviewer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import queries
from nominations.actions import avoidance
from nominations.actions.avoidance import MOST, Wish
from nominations.views.overview import overview


class Part(forms.CharField):
    """A part of a row: the action judges it, so that every way in says the same, and an empty row is nobody."""

    def clean(self, value: Any) -> str:
        return str(value or "")


class AvoidanceForm(forms.Form):
    """Three rows of name, organisation and reason; an empty row is nobody."""

    use_required_attribute = False

    def __init__(self, *args: Any, kept: Sequence[Wish] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(MOST):
            for part, label in avoidance.labels().items():
                was = getattr(kept[n], part) if n < len(kept) else ""
                self.fields[f"{part}_{n}"] = Part(label=label, initial=was)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The fields of each row, for the page."""
        for n in range(MOST):
            yield {"number": n + 1, "fields": [self[f"{part}_{n}"] for part in Wish._fields]}

    def wishes(self) -> dict[int, Wish]:
        """Row → what was typed, without empty rows."""
        typed = {n: Wish(*(self.cleaned_data[f"{part}_{n}"] for part in Wish._fields)) for n in range(MOST)}
        return {n: wish for n, wish in typed.items() if any(part.strip() for part in wish)}

    def clean(self) -> dict[str, Any]:
        for n, wish in self.wishes().items():
            for part, message in avoidance.problems(wish).items():
                self.add_error(f"{part}_{n}", _("第%(n)d位：%(message)s") % {"n": n + 1, "message": message})
        return self.cleaned_data


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def avoid(request: HttpRequest, number: str) -> HttpResponse:
    """Names up to three experts; read only once the review has begun."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    at = request.judged_at  # type: ignore[attr-defined]
    kept = [Wish(row.name, row.organisation, row.reason) for row in nomination.avoidance_requests.all()]
    form = AvoidanceForm(request.POST if request.method == "POST" else None, kept=kept)
    verdict, status = None, 200
    if request.method == "POST":
        try:
            avoidance.judge(nomination, at).or_raise()
            if form.is_valid():
                by = Actor.of(request, Role.APPLICANT)
                avoidance.ask(nomination, list(form.wishes().values()), by, at)
                messages.success(request, _("回避申请已保存"))
                return redirect("nominations:avoid", number)
            status = 422
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict, status = refused.verdict, refused.verdict.status
    context = {
        "nomination": nomination,
        "overview": overview(nomination, at),
        "form": form,
        "kept": kept,
        "open": bool(avoidance.judge(nomination, at)),
        "refusal": verdict,
        "problems": verdict is not None,
    }
    return render(request, "nominations/applicant/avoid.html", context, status=status)
