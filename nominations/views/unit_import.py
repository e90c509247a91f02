"""批量导入 of the recommending unit: template, upload, what the file would do, and the import."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import attachment
from kczg.kit.models import Job
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.actions import unit_import as actions
from nominations.inputs.many import MOST, front
from nominations.inputs.sheets import Refusal
from nominations.models import Ranking, RecommendingUnit, UnitImport
from nominations.models.unit_import import WorkbookImport
from nominations.outputs.template import book
from nominations.views import unit_page
from nominations.views.unit_forms import UnitForm

A_PAGE = 20
ROWS = 50
FOLDER = "nominations/unit"
EFFECTS = {
    actions.CREATED: gettext_lazy("新建"),
    actions.UPDATED: gettext_lazy("更新"),
    actions.UNCHANGED: gettext_lazy("不变"),
}


class UploadForm(UnitForm):
    """The ranking and the file."""

    ranking = forms.ChoiceField(label=gettext_lazy("榜单"))
    file = forms.FileField(
        label=gettext_lazy("填好的模板"),
        help_text=gettext_lazy(".xlsx，不超过10 MB，最多2000项"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, rankings: list[Ranking], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("未选择")), *((each.key, each.name) for each in rankings)]
        self.fields["ranking"].choices = choices  # type: ignore[attr-defined]


def _rankings(unit: RecommendingUnit) -> list[Ranking]:
    """Those into which a unit may import: with an online form, and recommended by units."""
    rows = Ranking.objects.filter(season=unit.season, separately_organised=False, declaration__isnull=False)
    return list(rows.select_related("season"))


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """批量导入: the templates, the upload, what was uploaded before."""
    unit = unit_page.own_unit(request)
    if unit is None:
        return unit_page.no_unit(request)
    rankings = _rankings(unit)
    form = UploadForm(rankings, *((request.POST, request.FILES) if request.method == "POST" else ()))
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = next(each for each in rankings if each.key == form.cleaned_data["ranking"])
            by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
            try:
                row = actions.upload(unit, chosen, form.cleaned_data["file"], by, at)
                return redirect("nominations:unit_import", row.pk)
            except Refused as refused:
                refusal, status = refused.verdict, refused.verdict.status
    rows = (
        UnitImport.objects.filter(unit=unit)
        .select_related("ranking", "uploaded_by")
        .defer("ranking__declaration")
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        **unit_page.frame(request, unit),
        "rankings": rankings,
        "form": form,
        "page_obj": page,
        "refusal": refusal,
    }
    return render(request, f"{FOLDER}/imports.html", context, status=status)


@door(Role.UNIT)
@require_safe
def template(request: HttpRequest, key: str) -> FileResponse:
    """The empty workbook of a ranking."""
    unit = unit_page.own_unit(request)
    ranking = next((each for each in _rankings(unit) if each.key == key), None) if unit else None
    if ranking is None:
        raise Http404
    form = ranking.online_form.for_year(ranking.season.year)
    file = BytesIO()
    book(form, front(form)).save(file)
    file.seek(0)
    return attachment(file, f"{ranking.season.year}年{ranking.name}导入模板.xlsx")


def _opened(request: HttpRequest, pk: int) -> UnitImport:
    unit = unit_page.own_unit(request)
    found = UnitImport.objects.filter(pk=pk, unit=unit).select_related("ranking", "unit__season").first()
    if unit is None or found is None:
        raise Refused(NOT_FOUND)
    return found


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """One upload: how far its check is, each cell that hinders it, what it would do; a post confirms."""
    row = _opened(request, pk)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            actions.confirm(row, Actor.of(request, Role.UNIT), request.judged_at)  # type: ignore[attr-defined]
            messages.success(request, _("已开始导入，可以离开此页"))
            return redirect("nominations:unit_import", pk)
        except Refused as refused:
            if refused.verdict.status == 404:
                raise
            refusal, status = refused.verdict, refused.verdict.status
    page = Paginator(row.rows, ROWS).get_page(request.GET.get("page"))
    context = {
        **unit_page.frame(request, row.unit),
        "row": row,
        "job": job_of(row, actions),
        "refusals": [Refusal(*each) for each in row.report.get("refusals", [])],
        "more": row.refused - len(row.report.get("refusals", [])),
        "figures": [{"label": word, "value": row.count(effect)} for effect, word in EFFECTS.items()],
        "page_obj": page,
        "lines": [(line, name, title, EFFECTS[effect], number) for line, name, title, effect, number in page],
        "refusal": refusal,
        "most": MOST,
    }
    return render(request, f"{FOLDER}/import.html", context, status=status)


def job_of(row: WorkbookImport, keys: Any) -> Job | None:
    """The work that is owed for an upload as it stands, by the keys of its actions; None where nothing is under way."""
    states = WorkbookImport.State
    key = {states.CHECKING: keys.check_key, states.IMPORTING: keys.apply_key}.get(states(row.state))
    return Job.objects.filter(key=key(row)).first() if key else None


@door(Role.UNIT)
@require_safe
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for the script that waits for it: done once the page has something new to show."""
    row = _opened(request, pk)
    return progress_answer(job_of(row, actions), str(row.get_state_display()))


def progress_answer(job: Job | None, under_way: str) -> JsonResponse:
    """How far an import's work is, for the script that waits for it; ``under_way``: the word while it is done."""
    failed = job is not None and job.state == Job.State.FAILED
    state = "failed" if failed else job.state if job is not None and job.state != Job.State.DONE else "done"
    words = _("排队中") if state == "queued" else under_way
    answer = {
        "state": state,
        "words": words,
        "done": job.done if job else 0,
        "total": job.total if job else 0,
        "url": "",
    }
    response = JsonResponse({**answer, "error": _("未能完成，重新上传文件") if failed else ""})
    response.headers["Cache-Control"] = "no-store"
    return response
