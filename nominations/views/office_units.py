"""The secretariat's recommending units: their channels, their quota and its use, the people who act for them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
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
from nominations.actions.quota_changes import change_channels
from nominations.actions.season import organisation_named
from nominations.models import QuotaChange, RecommendingUnit, Season, UnitChannel
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
        "open_change": QuotaChange.objects.filter(
            season=found.season, organisation=found.organisation, approved=None
        ).first(),
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
        done = change_channels(unit.season, unit.organisation, given["channels"], given["reason"], by, at)
    except Refused as refused:
        return _explain(form, refused)
    if not isinstance(done, QuotaChange):
        messages.success(request, _("已设定%(unit)s的推荐渠道") % {"unit": unit})
    return _after(request, done)


def _explain(form: UnitForm, refused: Refused) -> int:
    """Says beside the field why it was refused; the status with which the form is shown again."""
    verdict = refused.verdict
    field = "reason" if verdict.code == "reason_missing" else "channels"
    form.add_error(field, _("。").join(filter(None, [verdict.message, verdict.hint])))
    return verdict.status


def _after(request: HttpRequest, done: RecommendingUnit | QuotaChange) -> HttpResponse:
    """On to the unit, or to the change that waits for a second person."""
    if isinstance(done, QuotaChange):
        messages.success(request, _("已提出改动，由秘书处另一位同事批准后生效"))
        return redirect("nominations:office_quota_change", done.pk)
    return redirect("nominations:office_unit", done.pk)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_unit(request: HttpRequest) -> HttpResponse:
    """Adds a recommending unit with its channels."""
    season, context = chosen(request)
    form = NewUnitForm(request.POST or None, season=season)
    status = 200
    if request.method == "POST":
        answer = _add(request, form, season) if form.is_valid() else 422
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    return render(request, "nominations/office/unit_new.html", {**context, "form": form}, status=status)


def _add(request: HttpRequest, form: NewUnitForm, season: Season) -> HttpResponse | int:
    """Adds the unit or proposes it, or the status with which the form is shown again."""
    given = form.cleaned_data
    named = normalised(given["name"])
    if RecommendingUnit.objects.filter(season=season, organisation__normalised_name=named).exists():
        form.add_error("name", _("此单位已是推荐单位，在单位列表中修改它的推荐渠道"))
        return 422
    at = request.judged_at  # type: ignore[attr-defined]
    by = Actor.of(request, Role.OFFICE)
    try:
        with transaction.atomic():
            organisation = organisation_named(given["name"].strip(), province_code=given["province"])
            done = change_channels(season, organisation, given["channels"], given["reason"], by, at)
    except Refused as refused:
        return _explain(form, refused)
    if not isinstance(done, QuotaChange):
        messages.success(request, _("已添加%(unit)s") % {"unit": done})
    return _after(request, done)
