"""导入推荐单位 of the secretariat: template, upload, starting lists, what an import would do, and the import."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import attachment
from kczg.kit.forms import PlainWords
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.actions import units_import as actions
from nominations.inputs.sheets import Refusal
from nominations.models import UnitsImport
from nominations.outputs.units_template import units_book
from nominations.views.seasons import chosen
from nominations.views.unit_import import job_of, progress_answer

A_PAGE = 20
ROWS = 50
FOLDER = "nominations/office"
EFFECTS = {
    actions.ADDED: gettext_lazy("新增"),
    actions.CHANGED: gettext_lazy("修改"),
    actions.UNCHANGED: gettext_lazy("不变"),
}


class ReasonForm(PlainWords, forms.Form):
    """Why units are brought in: it goes on record with each change."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), help_text=gettext_lazy("记入操作记录"), max_length=1000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs.pop("maxlength", None)


class FileForm(ReasonForm):
    """The workbook and the reason."""

    file = forms.FileField(
        label=gettext_lazy("填好的模板"),
        help_text=gettext_lazy(".xlsx，不超过2 MB，最多2000个单位"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    field_order = ("file", "reason")


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """导入推荐单位: template, upload, the starting lists, and what was uploaded before."""
    season, context = chosen(request)
    form, lists, refusal, status = FileForm(), ReasonForm(prefix="list"), None, 200
    if request.method == "POST":
        source = request.POST.get("list", "")
        if source in UnitsImport.Source.values and source != UnitsImport.Source.FILE:
            sent: ReasonForm = ReasonForm(request.POST, prefix="list")
            lists = sent
        else:
            source, sent = UnitsImport.Source.FILE, FileForm(request.POST, request.FILES)
            form = sent
        status = 422
        if sent.is_valid():
            given, at = sent.cleaned_data, request.judged_at  # type: ignore[attr-defined]
            by = Actor.of(request, Role.OFFICE)
            try:
                row = actions.begin(season, source, given.get("file"), given["reason"], by, at)
                return redirect("nominations:office_units_upload", row.pk)
            except Refused as refused:
                refusal, status = refused.verdict, refused.verdict.status
    rows = UnitsImport.objects.filter(season=season).select_related("uploaded_by")
    context |= {
        "form": form,
        "lists": lists,
        "sources": [each for each in UnitsImport.Source if each != UnitsImport.Source.FILE],
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "refusal": refusal,
    }
    return render(request, f"{FOLDER}/units_imports.html", context, status=status)


@door(Role.OFFICE)
@require_safe
def template(request: HttpRequest) -> FileResponse:
    """The empty workbook with the season's channels."""
    season, _context = chosen(request)
    file = BytesIO()
    units_book(list(season.channels.values_list("name", flat=True))).save(file)
    file.seek(0)
    return attachment(file, f"{season.year}年推荐单位导入模板.xlsx")


def _opened(pk: int) -> UnitsImport:
    found = UnitsImport.objects.select_related("season", "uploaded_by", "confirmed_by").filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """One upload: how far its check is, each cell that hinders it, what it would do; a post confirms."""
    row, at = _opened(pk), request.judged_at  # type: ignore[attr-defined]
    refusal, status = None, 200
    if request.method == "POST":
        try:
            actions.confirm(row, Actor.of(request, Role.OFFICE), at)
            messages.success(request, _("已开始导入，可以离开此页"))
            return redirect("nominations:office_units_upload", pk)
        except Refused as refused:
            refusal, status = refused.verdict, refused.verdict.status
    page = Paginator(row.rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "season": row.season,
        "job": job_of(row, actions),
        "refusals": [Refusal(*each) for each in row.report.get("refusals", [])],
        "more": row.refused - len(row.report.get("refusals", [])),
        "figures": [{"label": word, "value": row.count(effect)} for effect, word in EFFECTS.items()],
        "page_obj": page,
        "lines": [(line, name, EFFECTS[effect], changes) for line, name, effect, changes in page],
        "refusal": refusal,
        "awaits_another": row.importable
        and actions.takes_two(row, at)
        and row.uploaded_by_id == request.user.pk,
    }
    return render(request, f"{FOLDER}/units_import.html", context, status=status)


@door(Role.OFFICE)
@require_safe
def import_job(request: HttpRequest, pk: int) -> JsonResponse:
    """How far it is, for the script that waits for it."""
    row = _opened(pk)
    return progress_answer(job_of(row, actions), str(row.get_state_display()))
