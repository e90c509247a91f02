"""终评: the preliminary results side by side, and pending marks for the chosen rows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.models import Ranking
from nominations.views.seasons import chosen
from reviews import queries
from reviews.actions import final
from reviews.models import PublicNotice
from reviews.outputs import desk
from reviews.outputs.final import tables
from reviews.views.office_forms import MarkForm


def ranking_of(year: int, key: str) -> Ranking:
    """The ranking of a year; raises Refused (404) where there is none."""
    found = Ranking.objects.select_related("season").filter(season__year=year, key=key).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@door(Role.OFFICE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every ranking with what reached the final review and how much of it is marked."""
    season, context = chosen(request)
    at = request.judged_at  # type: ignore[attr-defined]
    context |= {"standings": desk.standings(season, at), "tracks": desk.tracks(season)}
    return render(request, "reviews/office/final.html", context)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def ranking(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """One ranking: the results by track; the chosen rows are marked together, each with its own answer."""
    found = ranking_of(year, key)
    form = MarkForm(request.POST or None)
    problem, status = "", 200
    if request.method == "POST":
        picked = set(request.POST.getlist("chosen"))
        rows = [row for row in queries.final_table(found) if str(row.pk) in picked]
        if not rows:
            problem, status = _("先勾选申报再标记"), 422
        elif not form.is_valid():
            problem, status = (
                _("；").join(str(message) for errors in form.errors.values() for message in errors),
                422,
            )
        else:
            _mark(request, rows, form.cleaned_data["mark"] == "proposed", form.cleaned_data["note"])
            return redirect("reviews:office_final_ranking", year, key)
    context = {
        "ranking": found,
        "season": found.season,
        "tables": tables(found),
        "waiting_for": final.tracks_without_result(found),
        "notice": PublicNotice.objects.filter(ranking=found).first(),
        "problem": problem,
        "note": request.POST.get("note", ""),
        "picked": set(request.POST.getlist("chosen")),
    }
    return render(request, "reviews/office/final_ranking.html", context, status=status)


def _mark(request: HttpRequest, rows: list, proposed: bool, note: str) -> None:
    """Marks row by row; one that is refused says why and leaves the others."""
    by, at = Actor.of(request, Role.OFFICE), request.judged_at  # type: ignore[attr-defined]
    done: list[str] = []
    for row in rows:
        try:
            final.mark(row, proposed, note, by, at)
        except Refused as refused:
            messages.error(request, row.number + _("：") + refused.verdict.message)
        else:
            done.append(row.number)
    if done:
        said = (
            _("已标记拟入榜%(count)d项：%(numbers)s")
            if proposed
            else _("已标记未入榜%(count)d项：%(numbers)s")
        )
        messages.success(request, said % {"count": len(done), "numbers": _("、").join(done)})
