"""内部截止 of the recommending unit: its own date for its applicants, with what was set before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.clock import gate_words
from kczg.kit.doors import door
from kczg.kit.record import Actor, events_of
from kczg.kit.verdicts import Refused
from nominations import loads
from nominations.actions import inner_deadline as actions
from nominations.models import RecommendingUnit
from nominations.rules import load as rules
from nominations.views import unit_page
from nominations.views.exception_forms import hour_field, moment
from nominations.views.office_forms import day_field
from nominations.views.unit_forms import UnitForm

FIELDS = {
    "deadline_past": "day",
    "deadline_late": "day",
    "reason_missing": "reason",
    "reason_unreadable": "reason",
}
"""Code of a refusal → the field beside which its words stand."""


class DeadlineForm(UnitForm):
    """Day and time in Beijing, and why it is changed."""

    day = day_field(gettext_lazy("日期"))
    hour = hour_field(
        gettext_lazy("时间"), required=False, help_text=gettext_lazy("北京时间，例如17:30；留空为当日24时")
    )
    reason = forms.CharField(
        label=gettext_lazy("改动原因"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("首次设定时不用填写；记入操作记录"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def deadline(request: HttpRequest) -> HttpResponse:
    """内部截止: sets, moves or takes away the unit's own date; an hour that is crowded is told of before it is kept."""
    unit = unit_page.own_unit(request)
    if unit is None:
        return unit_page.no_unit(request)
    form = DeadlineForm(request.POST if request.method == "POST" else None)
    at: datetime = request.judged_at  # type: ignore[attr-defined]
    status, crowd = 200, None
    if request.method == "POST":
        removing = "remove" in request.POST
        if removing:
            form.fields["day"].required = False
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            until = None if removing else moment(data["day"], data["hour"])
            try:
                crowd = (
                    None
                    if removing or "confirmed" in request.POST
                    else _crowd(unit, until, data["reason"], at)
                )
                if crowd is None:
                    actions.set_inner_deadline(unit, until, data["reason"], Actor.of(request, Role.UNIT), at)
                    messages.success(request, _said(until))
                    return redirect("nominations:unit_deadline")
                status = 200
            except Refused as refused:
                form.add_error(FIELDS.get(refused.verdict.code), refused.verdict.message)
                status = refused.verdict.status
    context = {**unit_page.frame(request, unit), "form": form, "crowd": crowd, "changes": _changes(unit)}
    return render(request, "nominations/unit/deadline.html", context, status=status)


def _said(until: datetime | None) -> str:
    if until is None:
        return _("已取消内部截止，申报人只看到征集截止时间")
    return _("内部截止已设为%(until)s，申报人将看到") % {"until": gate_words(until)}


def _crowd(
    unit: RecommendingUnit, until: datetime | None, reason: str, at: datetime
) -> dict[str, Any] | None:
    """What is to be told of an hour where deadlines pile up; None where it isn't crowded or isn't changed."""
    if until is None or until == unit.inner_deadline:
        return None
    actions.judge_inner_deadline(unit, until, reason.strip(), at)
    found = loads.load(unit.season, at, leaving=unit)
    hour = found.with_one_more(until, loads.unfinished_of(unit))
    if not rules.is_crowded(hour, found.unfinished):
        return None
    expected = {**found.expected, hour.begins: hour.expected}
    quieter = rules.quieter(expected, hour.begins, at, found.gate or until)
    return {
        "until": until,
        "hour": hour,
        "others": hour.units - 1,
        "quieter": [h + rules.HOUR for h in quieter],
    }


def _changes(unit: RecommendingUnit) -> list[dict[str, Any]]:
    """What was set when, by whom and why, the latest first."""
    rows = events_of(unit).filter(name="inner_deadline_set").order_by("-id")
    return [
        {
            "at": event.at,
            "who": event.actor_name,
            "reason": event.reason,
            "after": datetime.fromisoformat(event.data["after"]) if event.data["after"] else None,
        }
        for event in rows[:20]
    ]
