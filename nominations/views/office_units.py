"""The secretariat's recommending units: their channels, their quota and its use, the people who act for them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Membership, normalised
from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor, events_of
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import queries
from nominations.actions import secretariat
from nominations.actions.season import organisation_named
from nominations.models import RecommendingUnit, UnitChannel
from nominations.outputs import timeline
from nominations.views.office_forms import NewUnitForm, UnitForm
from nominations.views.seasons import chosen

A_PAGE = 50


@door(Role.OFFICE)
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """All units of a season with their channels, their places and how many are used."""
    season, context = chosen(request)
    rows = RecommendingUnit.objects.filter(season=season).select_related("organisation")
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    if text:
        rows = rows.filter(organisation__name__icontains=text)
    rows = rows.prefetch_related("unit_channels__channel").annotate(
        limit=Count("places", distinct=True), used=Count("places__recommendation", distinct=True)
    )
    rows = rows.order_by("organisation__name", "pk")
    context |= {"page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "q": text}
    return render(request, "nominations/office/units.html", context)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: its quota by track, its people, and its channels to be changed with a reason."""
    found = RecommendingUnit.objects.select_related("season", "organisation").filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    keys = UnitChannel.objects.filter(unit=found).values_list("channel__key", flat=True)
    initial = {"channels": list(keys)}
    form = UnitForm(request.POST or None, season=found.season, initial=initial)
    status = 200
    if request.method == "POST":
        answer = _set(request, form, found)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    context = {
        "unit": found,
        "season": found.season,
        "form": form,
        "places": queries.standings(found),
        "people": Membership.objects.filter(organisation=found.organisation, role=Role.UNIT).select_related(
            "user"
        ),
        "events": timeline.lines(events_of(found)),
    }
    return render(request, "nominations/office/unit.html", context, status=status)


def _set(request: HttpRequest, form: UnitForm, unit: RecommendingUnit) -> HttpResponse | int:
    """Sets the channels and goes to the page anew, or the status with which the form is shown again."""
    if not form.is_valid():
        return 422
    by, given = Actor.of(request, Role.OFFICE), form.cleaned_data
    at = request.judged_at  # type: ignore[attr-defined]
    try:
        secretariat.set_unit(unit.season, unit.organisation, given["channels"], by, at, given["reason"])
    except Refused as refused:
        verdict = refused.verdict
        form.add_error("channels", _("。").join(filter(None, [verdict.message, verdict.hint])))
        return verdict.status
    messages.success(request, _("已设定%(unit)s的推荐渠道") % {"unit": unit})
    return redirect("nominations:office_unit", unit.pk)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_unit(request: HttpRequest) -> HttpResponse:
    """Adds a recommending unit with its channels."""
    season, context = chosen(request)
    form = NewUnitForm(request.POST or None, season=season)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            named = normalised(given["name"])
            if RecommendingUnit.objects.filter(season=season, organisation__normalised_name=named).exists():
                form.add_error("name", _("此单位已是推荐单位，在单位列表中修改它的推荐渠道"))
            else:
                at = request.judged_at  # type: ignore[attr-defined]
                organisation = organisation_named(given["name"].strip(), province_code=given["province"])
                by = Actor.of(request, Role.OFFICE)
                unit = secretariat.set_unit(season, organisation, given["channels"], by, at, given["reason"])
                messages.success(request, _("已添加%(unit)s") % {"unit": unit})
                return redirect("nominations:office_unit", unit.pk)
    return render(request, "nominations/office/unit_new.html", {**context, "form": form}, status=status)
