"""本单位人员 of the recommending unit: who acts for it with which duty; its administrator invites, changes, removes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import people as actions
from accounts.models import Invitation, Membership
from accounts.permissions import may
from accounts.roles import Duty, Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations.models import RecommendingUnit
from nominations.views import unit_page
from nominations.views.unit_forms import UnitForm

DUTIES = [
    (Duty.HANDLE, gettext_lazy("经办：查看、退回、拟写意见后报审、上传盖章页、批量导入、排序")),
    (Duty.APPROVE, gettext_lazy("审批：推荐、不予推荐、撤回推荐，以及经办的各项")),
    (Duty.ADMINISTER, gettext_lazy("管理员：邀请人员、设定职责，以及审批和经办的各项")),
]
"""Duty → what it means, for a choice."""


class InviteForm(UnitForm):
    """Whom to invite."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    email = forms.EmailField(
        label=gettext_lazy("邮箱"), max_length=254, help_text=gettext_lazy("邀请发到此邮箱，接受后用它登录")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
            field.widget.attrs |= {"class": "w-name", "autocomplete": "off"}


class ColleagueForm(InviteForm):
    """Whom to invite, and as what."""

    duty = forms.ChoiceField(label=gettext_lazy("职责"), choices=DUTIES, widget=forms.RadioSelect)


class DutyForm(UnitForm):
    """Another duty."""

    duty = forms.ChoiceField(label=gettext_lazy("职责"), choices=DUTIES, widget=forms.RadioSelect)


def unit_or_404(request: HttpRequest) -> RecommendingUnit:
    """The person's unit; raises Refused (404) where there is none this season."""
    unit = unit_page.own_unit(request)
    if unit is None:
        raise Refused(NOT_FOUND)
    return unit


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who acts for the unit, and who is invited; a post invites."""
    unit = unit_page.own_unit(request)
    if unit is None:
        return unit_page.no_unit(request)
    verdict = may(request.user, "unit.set_people", unit.organisation)
    form, status = ColleagueForm(request.POST or None, initial={"duty": Duty.HANDLE}), 200
    if request.method == "POST":
        verdict.or_raise()
        status = 422
        if form.is_valid():
            given, at = form.cleaned_data, request.judged_at  # type: ignore[attr-defined]
            person = actions.Invited(given["name"], given["email"], Duty(given["duty"]))
            try:
                actions.invite(unit.organisation, person, Actor.of(request, Role.UNIT), at)
                messages.success(request, _("已向%(email)s发出邀请") % {"email": given["email"]})
                return redirect("nominations:unit_people")
            except Refused as refused:
                form.add_error("email", refused.verdict.sentence)
                status = refused.verdict.status
    context = {
        **unit_page.frame(request, unit),
        "members": actions.members(unit.organisation),
        "invitations": actions.open_invitations(unit.organisation),
        "form": form,
        "administers": bool(verdict),
    }
    return render(request, "nominations/unit/people.html", context, status=status)


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague: another duty, or no longer one of the unit's people."""
    unit = unit_or_404(request)
    member = actions.members(unit.organisation).filter(pk=pk).first()
    if member is None:
        raise Refused(NOT_FOUND)
    verdict = may(request.user, "unit.set_people", unit.organisation)
    form, refusal, status = DutyForm(request.POST or None, initial={"duty": member.duty}), None, 200
    if not verdict:
        refusal, status = verdict, verdict.status if request.method == "POST" else 200
    elif request.method == "POST":
        try:
            if _act(request, member, form):
                return redirect("nominations:unit_people")
            status = 422
        except Refused as refused:
            refusal, status = refused.verdict, refused.verdict.status
    context = {**unit_page.frame(request, unit), "member": member, "form": form, "refusal": refusal}
    context["administers"] = bool(verdict)
    return render(request, "nominations/unit/person.html", context, status=status)


def _act(request: HttpRequest, member: Membership, form: DutyForm) -> bool:
    """Does what was pressed; False where the form isn't filled in."""
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    words = {"name": member.user.name}
    if "remove" in request.POST:
        actions.remove(member, by, at)
        messages.success(request, _("已移出%(name)s，即时生效") % words)
        return True
    if form.is_valid():
        actions.set_duty(member, Duty(form.cleaned_data["duty"]), by, at)
        messages.success(request, _("已修改%(name)s的职责") % words)
        return True
    return False


@door(Role.UNIT)
@require_POST
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends an invitation again, or takes it back."""
    unit = unit_or_404(request)
    found = (
        Invitation.objects.select_related("organisation")
        .filter(pk=pk, organisation=unit.organisation)
        .first()
    )
    if found is None:
        raise Refused(NOT_FOUND)
    refusal = answer_invitation(request, found, Actor.of(request, Role.UNIT))
    if refusal is not None:
        messages.error(request, refusal.sentence)
    return redirect("nominations:unit_people")


def answer_invitation(request: HttpRequest, found: Invitation, by: Actor) -> Verdict | None:
    """Does what was pressed beside an invitation; returns why not, for the page that follows. Raises other refusals."""
    at = request.judged_at  # type: ignore[attr-defined]
    try:
        if "withdraw" in request.POST:
            actions.withdraw(found, by, at)
            messages.success(request, _("已撤回对%(name)s的邀请，链接失效") % {"name": found.name})
        else:
            actions.send_again(found, by, at)
            messages.success(request, _("已再次发送邀请，此前的链接失效"))
    except Refused as refused:
        if refused.verdict.status != 409:
            raise
        return refused.verdict
    return None
