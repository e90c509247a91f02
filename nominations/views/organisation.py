"""单位信息: what an applicant says of the own organisation; the rules of annex 1 compare its credit code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.actions import describe_organisation
from accounts.models import Organisation
from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.forms import PlainWords
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.rules import credit_code
from nominations.views.office_forms import helper, provinces


class OrganisationForm(PlainWords, forms.Form):
    """The credit code, small letters and spaces forgiven, and the province."""

    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("营业执照或法人证书上的18位代码，可带空格；用于核对上年入榜名单。没有的不填"),
        widget=forms.TextInput(attrs={"class": "w-code", "autocomplete": "off"}),
    )
    province = forms.ChoiceField(label=gettext_lazy("省份"), required=False)

    def __init__(self, data: Any, *, organisation: Organisation):
        initial = {"credit_code": organisation.credit_code or "", "province": organisation.province_code}
        super().__init__(data, initial=initial)
        self.fields["province"].choices = [("", _("不填")), *provinces()]  # type: ignore[attr-defined]
        self.helper = helper(_("保存"))

    def clean_credit_code(self) -> str:
        code = credit_code.plain(self.cleaned_data["credit_code"])
        if code and (fault := credit_code.fault(code)):
            raise forms.ValidationError(fault)
        return code


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The first organisation that the person applies for; its name is changed by the secretariat alone."""
    by = Actor.of(request, Role.APPLICANT)
    if by.organisation is None:
        raise Refused(NOT_FOUND)
    form = OrganisationForm(request.POST if request.method == "POST" else None, organisation=by.organisation)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        at = request.judged_at  # type: ignore[attr-defined]
        describe_organisation(by.organisation, given["credit_code"], given["province"], by, at)
        messages.success(request, _("单位信息已保存"))
        return redirect("nominations:my")
    context = {"form": form, "organisation": by.organisation}
    status = 422 if form.errors else 200
    return render(request, "nominations/applicant/organisation.html", context, status=status)
