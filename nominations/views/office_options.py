"""年度选项: the options of a yearly question, one a line, set with a reason before the call opens."""

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
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations.actions import options as actions
from nominations.models import Ranking
from nominations.views.office_forms import OptionsForm
from nominations.views.seasons import chosen


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def options(request: HttpRequest, key: str, question: str) -> HttpResponse:
    """The options as they hold; a form while they can still be changed."""
    season, context = chosen(request)
    ranking = Ranking.objects.select_related("season").filter(season=season, key=key).first()
    if ranking is None:
        raise Refused(NOT_FOUND)
    asked = actions.question_of(ranking, question)
    at = request.judged_at  # type: ignore[attr-defined]
    initial = {"listed": "\n".join(option.label for option in asked.options)}
    form = OptionsForm(request.POST or None, name=asked.label, initial=initial)
    status, closed = 200, _closed(ranking, at)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                by, given = Actor.of(request, Role.OFFICE), form.cleaned_data
                actions.set_options(ranking, question, given["listed"], given["reason"], by, at)
            except Refused as refused:
                form.add_error("listed", refused.verdict.message)
                status = refused.verdict.status
            else:
                messages.success(request, _("已设定%(name)s的选项") % {"name": asked.label})
                return redirect(f"{reverse('nominations:office_season')}?year={season.year}")
    context |= {"ranking": ranking, "question": asked, "form": form, "closed": closed}
    return render(request, "nominations/office/options.html", context, status=status)


def _closed(ranking: Ranking, at) -> Verdict | None:
    """Why the options can't be changed any more; None while they can."""
    try:
        actions.judge_time(ranking.season, at)
    except Refused as refused:
        return refused.verdict
    return None
