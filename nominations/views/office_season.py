"""The secretariat's season: calendar, rankings, tracks, quotas, channels and bodies; a stage's dates are changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import queries
from nominations.actions import secretariat
from nominations.fields.yearly import yearly
from nominations.models import Channel, ReviewBody, Season, Stage
from nominations.outputs.season import words
from nominations.states import Window
from nominations.views.office_forms import StageForm
from nominations.views.seasons import chosen


@door(Role.OFFICE)
@require_safe
def season(request: HttpRequest) -> HttpResponse:
    """年度设置, as it holds."""
    shown, context = chosen(request)
    stages = list(Stage.objects.filter(season=shown).select_related("track__ranking"))
    own = [stage for stage in stages if stage.track_id is None]
    context |= {
        "stages": own,
        "shared": not any(stage.key == Window.RECOMMENDATION for stage in own),
        "track_stages": [stage for stage in stages if stage.track_id],
        "clock": words(shown, own, request.judged_at),  # type: ignore[attr-defined]
        "rankings": queries.open_rankings(shown),
        "yearly": _yearly(shown),
        "channels": Channel.objects.filter(season=shown),
        "bodies": ReviewBody.objects.filter(season=shown).select_related("organisation"),
    }
    return render(request, "nominations/office/season.html", context)


def _yearly(season: Season) -> list[dict[str, Any]]:
    """The questions whose options are the season's data, with their ranking."""
    return [
        {"ranking": ranking, "question": question}
        for ranking in season.rankings.all()
        for question in (yearly(ranking.form) if ranking.form else ())
    ]


@door(Role.OFFICE)
@require_POST
def units_stage(request: HttpRequest) -> HttpResponse:
    """Gives the units a stage of their own, then shows its dates to be changed."""
    shown, _context = chosen(request)
    made = secretariat.give_units_a_stage(shown, Actor.of(request, Role.OFFICE), request.judged_at)  # type: ignore[attr-defined]
    return redirect("nominations:office_stage", made.pk)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a stage's dates: typed with a reason, shown with the effect, then confirmed."""
    found = Stage.objects.select_related("season").filter(pk=pk, track=None).first()
    if found is None:
        raise Refused(NOT_FOUND)
    at = request.judged_at  # type: ignore[attr-defined]
    form = StageForm(request.POST or None, stage=found)
    status, confirm = 200, False
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        try:
            if "confirmed" in request.POST:
                by, reason = Actor.of(request, Role.OFFICE), form.cleaned_data["reason"]
                secretariat.set_stage(found, form.opens, form.closes, reason, by, at)
                messages.success(request, _("已修改%(stage)s的日期") % {"stage": found.get_key_display()})
                return redirect(f"/office/season/?year={found.season.year}")
            secretariat.judge_stage(found, form.opens, form.closes, at)
            confirm = True
        except Refused as refused:
            form.add_error("last_day", refused.verdict.sentence)
            status = refused.verdict.status
    elif request.method == "POST" and form.errors:
        status = 422
    context = {"form": form, "stage": found, "season": found.season, "confirm": confirm}
    if confirm:
        context["unfinished"] = queries.unfinished(found.season).count()
    return render(request, "nominations/office/stage.html", context, status=status)
