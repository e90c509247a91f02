"""延期与例外: later ends, proposed and approved by two people; and the closing lists that were signed."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.actions import extensions as actions
from nominations.models import Closing, Extension
from nominations.views.exception_forms import ExtensionForm
from nominations.views.seasons import chosen

A_PAGE = 50
FIELDS = {
    "no_scope": "scope",
    "until_past": "until_day",
    "no_later": "until_day",
    "reason_missing": "reason",
}
"""Code of a refusal → the field beside which its words stand."""
INCOMPLETE = {"ranking": "ranking", "nomination": "number", "begun": "begun_day"}


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def exceptions(request: HttpRequest) -> HttpResponse:
    """All extensions of a season, what waits first; a new one is proposed here."""
    season, context = chosen(request)
    form = ExtensionForm(request.POST or None, season=season)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                at = request.judged_at  # type: ignore[attr-defined]
                row = actions.propose_extension(season, form.wish, Actor.of(request, Role.OFFICE), at)
            except Refused as refused:
                _explain(form, refused)
                status = refused.verdict.status
            else:
                messages.success(request, _("已提出延期，由秘书处另一位同事批准后生效"))
                return redirect("nominations:office_exception", row.pk)
    rows = Extension.objects.filter(season=season)
    related = ("ranking", "nomination", "proposed_by", "decided_by")
    rows = rows.select_related(*related).defer("ranking__declaration", "nomination__answers")
    context |= {
        "form": form,
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "closings": Closing.objects.filter(season=season),
    }
    return render(request, "nominations/office/exceptions.html", context, status=status)


def _explain(form: ExtensionForm, refused: Refused) -> None:
    verdict = refused.verdict
    field = FIELDS.get(verdict.code)
    if verdict.code == "scope_incomplete":
        field = INCOMPLETE.get(form.cleaned_data["scope"])
    form.add_error(field, verdict.sentence)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def exception(request: HttpRequest, pk: int) -> HttpResponse:
    """One extension: what it asks for; a second person approves or refuses on this page."""
    rows = Extension.objects.select_related("season", "ranking", "nomination", "proposed_by", "decided_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    context = {"extension": found, "season": found.season, "own": found.proposed_by_id == request.user.pk}
    if request.method != "POST":
        return render(request, "nominations/office/exception.html", context)
    approve = request.POST.get("decision") == "approve"
    try:
        actions.decide_extension(found, approve, Actor.of(request, Role.OFFICE), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        context["refusal"] = refused.verdict
        return render(request, "nominations/office/exception.html", context, status=refused.verdict.status)
    messages.success(request, _("已批准延期，立即生效") if approve else _("未批准这项延期"))
    return redirect("nominations:office_exceptions")


@door(Role.OFFICE)
@require_safe
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """One closing list: what was signed, and its lines."""
    found = Closing.objects.select_related("season").filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    rows = found.lines.select_related("version__nomination__ranking", "version__nomination__applicant")
    heavy = ("version__content", "version__nomination__answers", "version__nomination__ranking__declaration")
    page = Paginator(rows.defer(*heavy), A_PAGE).get_page(request.GET.get("page"))
    context = {"closing": found, "season": found.season, "page_obj": page}
    return render(request, "nominations/office/closing.html", context)
