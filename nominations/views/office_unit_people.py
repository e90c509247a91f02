"""The secretariat and a unit's people: the first account invited, several units at once, units marked 已核对."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import people
from accounts.models import Invitation, Membership
from accounts.roles import Duty, Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from nominations.actions import units_import
from nominations.models import RecommendingUnit
from nominations.views.seasons import chosen
from nominations.views.unit_people import InviteForm, answer_invitation

MOST_CHOSEN = 50


def with_accounts(rows: Any) -> Any:
    """The same units with ``has_account`` and ``is_invited``: whether anybody acts for them, or is asked to."""
    acting = Membership.objects.filter(
        organisation=OuterRef("organisation"), role=Role.UNIT, is_active=True, user__is_active=True
    )
    asked = Invitation.objects.filter(organisation=OuterRef("organisation"), ended_at=None)
    return rows.annotate(has_account=Exists(acting), is_invited=Exists(asked))


def people_of(unit: RecommendingUnit, form: InviteForm | None = None) -> dict[str, Any]:
    """What the page of a unit shows of its people: who acts, who is invited, and the form that invites."""
    contact = {"name": unit.contact_name, "email": unit.contact_email}
    return {
        "people": Membership.objects.filter(organisation=unit.organisation, role=Role.UNIT)
        .select_related("user")
        .order_by("pk"),
        "invitations": people.open_invitations(unit.organisation),
        "invite_form": form or InviteForm(initial=contact, prefix="invite"),
    }


@door(Role.OFFICE)
@require_POST
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a unit's invitation again, or takes it back."""
    found = Invitation.objects.select_related("organisation").filter(pk=pk).first()
    units = RecommendingUnit.objects.filter(organisation=found.organisation if found else None)
    unit = units.order_by("-season__year").first()
    if found is None or unit is None:
        raise Refused(NOT_FOUND)
    refusal = answer_invitation(request, found, Actor.of(request, Role.OFFICE))
    if refusal is not None:
        messages.error(request, refusal.sentence)
    return redirect("nominations:office_unit", unit.pk)


@dataclass(frozen=True)
class Outcome:
    """What became of one chosen unit; ``refused`` says why nobody was invited."""

    unit: RecommendingUnit
    refused: Verdict | None = None


@door(Role.OFFICE)
@require_POST
def chosen_units(request: HttpRequest) -> HttpResponse:
    """What is done with the units ticked in the list: marked 已核对, or their contacts invited, with a result for each."""
    season, context = chosen(request)
    by, at = Actor.of(request, Role.OFFICE), request.judged_at  # type: ignore[attr-defined]
    ids = [int(pk) for pk in request.POST.getlist("unit") if pk.isascii() and pk.isdigit() and len(pk) < 16]
    back = f"{reverse('nominations:office_units')}?year={season.year}"
    if not ids or len(ids) > MOST_CHOSEN:
        many = _("一次最多选择%(most)d个单位，现选%(now)d个") % {"most": MOST_CHOSEN, "now": len(ids)}
        messages.error(request, many if ids else _("先勾选单位"))
        return redirect(back)
    if "invite" not in request.POST:
        count = units_import.mark_checked(season, ids, by, at)
        messages.success(request, _("已核对%(count)d个单位") % {"count": count})
        return redirect(f"{back}&to_check=1" if request.POST.get("to_check") else back)
    rows = RecommendingUnit.objects.filter(season=season, pk__in=ids).select_related("organisation")
    outcomes = _invite_all(with_accounts(rows).order_by("organisation__name", "pk"), by, at)
    context |= {
        "done": [outcome.unit for outcome in outcomes if outcome.refused is None],
        "left": [outcome for outcome in outcomes if outcome.refused is not None],
    }
    return render(request, "nominations/office/units_invited.html", context)


def _invite_all(units: Iterable[Any], by: Actor, at: datetime) -> list[Outcome]:
    """Invites each unit's contact in a transaction of its own; a refusal of one leaves the others alone."""
    outcomes = []
    for unit in units:
        if unit.has_account:
            refused: Verdict | None = refuse("has_account", _("已有账号，由本单位管理员邀请其他人员"))
        elif not unit.contact_email:
            refused = refuse("no_contact", _("没有联系人邮箱，在单位页面填写后邀请，或在导入文件中补充"))
        elif unit.is_invited:
            refused = refuse("invited_already", _("已发出邀请，尚未接受"))
        else:
            refused = _invite_contact(unit, by, at)
        outcomes.append(Outcome(unit, refused))
    return outcomes


def _invite_contact(unit: RecommendingUnit, by: Actor, at: datetime) -> Verdict | None:
    person = people.Invited(unit.contact_name, unit.contact_email, Duty.ADMINISTER)
    try:
        people.invite(unit.organisation, person, by, at)
    except Refused as refused:
        return refused.verdict
    return None
