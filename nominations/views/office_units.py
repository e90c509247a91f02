"""The secretariat's recommending units: their channels, their quota and its use, the people who act for them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import people
from accounts.models import normalised
from accounts.roles import Duty, Role
from kczg.kit.doors import door
from kczg.kit.record import Actor, events_of
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import queries
from nominations.actions.quota_changes import change_channels
from nominations.actions.units_import import unit_organisation
from nominations.models import QuotaChange, RecommendingUnit, Season, UnitChannel
from nominations.outputs import timeline
from nominations.views.office_forms import NewUnitForm, UnitForm
from nominations.views.office_unit_people import people_of, with_accounts
from nominations.views.seasons import chosen
from nominations.views.unit_people import InviteForm

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
    rows = with_accounts(rows)
    only = {name: request.GET.get(name) == "1" for name in ("to_check", "no_account")}
    if only["to_check"]:
        rows = rows.filter(to_check=True)
    if only["no_account"]:
        rows = rows.filter(has_account=False)
    rows = rows.prefetch_related("unit_channels__channel").annotate(
        limit=Count("places", distinct=True), used=Count("places__recommendation", distinct=True)
    )
    rows = rows.order_by("organisation__name", "pk")
    context |= {"page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "q": text}
    context |= {**only, "filtered": bool(text) or any(only.values())}
    return render(request, "nominations/office/units.html", context)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: its quota by track, its people, and its channels to be changed with a reason."""
    found = RecommendingUnit.objects.select_related("season", "organisation").filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    form, status = None, 200
    if request.method == "POST":
        form = UnitForm(request.POST, season=found.season)
        answer = _set(request, form, found)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    return unit_page(request, found, form, status)


def unit_page(
    request: HttpRequest,
    unit: RecommendingUnit,
    form: UnitForm | None = None,
    status: int = 200,
    invite_form: InviteForm | None = None,
) -> HttpResponse:
    """The page of a unit, with a form as it was sent where something is to be mended."""
    keys = list(UnitChannel.objects.filter(unit=unit).values_list("channel__key", flat=True))
    open_changes = QuotaChange.objects.filter(
        season=unit.season, organisation=unit.organisation, approved=None
    )
    context = {
        "unit": unit,
        "season": unit.season,
        "form": form or UnitForm(season=unit.season, initial={"channels": keys}),
        "places": queries.standings(unit),
        "open_change": open_changes.first(),
        **people_of(unit, invite_form),
        "events": timeline.lines([*events_of(unit), *events_of(unit.organisation)]),
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
    form.add_error(field, verdict.sentence)
    return verdict.status


def _after(request: HttpRequest, done: RecommendingUnit | QuotaChange) -> HttpResponse:
    """On to the unit, or to the change that waits for a second person."""
    if isinstance(done, QuotaChange):
        messages.success(request, _("已提出改动，由秘书处另一位同事批准后生效"))
        return redirect("nominations:office_quota_change", done.pk)
    return redirect("nominations:office_unit", done.pk)


@door(Role.OFFICE)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invites an administrator of the unit; what is wrong with the form is told on the unit's page."""
    unit = RecommendingUnit.objects.select_related("season", "organisation").filter(pk=pk).first()
    if unit is None:
        raise Refused(NOT_FOUND)
    form = InviteForm(request.POST, prefix="invite")
    if form.is_valid():
        given, at = form.cleaned_data, request.judged_at  # type: ignore[attr-defined]
        person = people.Invited(given["name"], given["email"], Duty.ADMINISTER)
        try:
            people.invite(unit.organisation, person, Actor.of(request, Role.OFFICE), at)
            messages.success(request, _("已向%(email)s发出邀请") % {"email": given["email"]})
            return redirect("nominations:office_unit", unit.pk)
        except Refused as refused:
            form.add_error("email", refused.verdict.sentence)
            status = refused.verdict.status
    else:
        status = 422
    return unit_page(request, unit, status=status, invite_form=form)


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
            organisation = unit_organisation(given["name"].strip(), given["province"])
            done = change_channels(season, organisation, given["channels"], given["reason"], by, at)
    except Refused as refused:
        return _explain(form, refused)
    if not isinstance(done, QuotaChange):
        messages.success(request, _("已添加%(unit)s") % {"unit": done})
    return _after(request, done)
