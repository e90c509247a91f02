"""预计负荷: when submissions are to be expected before the gate, and where units' inner deadlines pile up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from nominations import loads
from nominations.rules import load as rules
from nominations.views.seasons import chosen


@door(Role.OFFICE)
@require_safe
def load(request: HttpRequest) -> HttpResponse:
    """A line for each hour in which something is expected or came; warnings with quieter hours on top."""
    season, context = chosen(request)
    at: datetime = request.judged_at  # type: ignore[attr-defined]
    found = loads.load(season, at)
    context |= {
        "load": found,
        "hours": [_line(hour, found, at) for hour in found.hours],
        "warnings": [_warning(hour, found, at) for hour in found.piled(at)],
        "rule": {"many": rules.MANY_UNITS, "few": rules.FEW_UNITS, "share": rules.SHARE},
        "days": loads.DAYS.days,
    }
    return render(request, "nominations/office/load.html", context)


def _line(hour: rules.Hour, found: loads.Load, at: datetime) -> dict[str, Any]:
    crowded = hour.ends > at and rules.is_crowded(hour, found.unfinished)
    return {"hour": hour, "crowded": crowded, "over": hour.ends <= at}


def _warning(hour: rules.Hour, found: loads.Load, at: datetime) -> dict[str, Any]:
    quieter = rules.quieter(found.expected, hour.begins, at, found.gate or hour.ends)
    return {"hour": hour, "share": rules.share(hour, found.unfinished), "quieter": quieter}
