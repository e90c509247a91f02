"""补正: for how many days a ranking's applicants may correct what a review body asks for, set with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.actions import correction as actions
from nominations.models import Ranking
from nominations.views.office_forms import CorrectionDaysForm
from nominations.views.seasons import chosen


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, key: str) -> HttpResponse:
    """The days as they hold, to be changed; corrections that were asked for keep their day."""
    season, context = chosen(request)
    ranking = Ranking.objects.select_related("season").filter(season=season, key=key).first()
    if ranking is None:
        raise Refused(NOT_FOUND)
    form = CorrectionDaysForm(request.POST or None, initial={"days": ranking.correction_days})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            by, given = Actor.of(request, Role.OFFICE), form.cleaned_data
            try:
                actions.set_days(ranking, given["days"], given["reason"], by, request.judged_at)  # type: ignore[attr-defined]
            except Refused as refused:
                form.add_error("days", refused.verdict.message)
                status = refused.verdict.status
            else:
                messages.success(request, _("已设定%(ranking)s的补正") % {"ranking": ranking.name})
                return redirect(f"{reverse('nominations:office_season')}?year={season.year}")
    context |= {"ranking": ranking, "form": form}
    return render(request, "nominations/office/correction.html", context, status=status)
