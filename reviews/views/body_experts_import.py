"""导入专家: template, upload, what the file would do, and the import."""

from __future__ import annotations

from io import BytesIO

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import attachment
from kczg.kit.forms import PlainWords
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.inputs.sheets import Refusal
from nominations.views.unit_import import job_of, progress_answer
from reviews import queries
from reviews.actions import experts_import as actions
from reviews.models import ExpertsImport
from reviews.outputs.experts import experts_book
from reviews.views.body_page import BodyPage, actor, of_track, show

A_PAGE = 20
ROWS = 50
EFFECTS = {
    actions.ADDED: gettext_lazy("新增"),
    actions.CHANGED: gettext_lazy("更新"),
    actions.UNCHANGED: gettext_lazy("不变"),
}


class FileForm(PlainWords, forms.Form):
    """The workbook."""

    file = forms.FileField(
        label=gettext_lazy("填好的模板"),
        help_text=gettext_lazy(".xlsx，不超过2 MB，最多2000名专家"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def imports(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """导入专家: the template, the upload, and what was uploaded before."""
    body = queries.body_for(request.user, page.track)
    form, verdict, status = FileForm(), None, 200
    if request.method == "POST":
        form, status = FileForm(request.POST, request.FILES), 422
        if form.is_valid():
            at = request.judged_at  # type: ignore[attr-defined]
            try:
                row = actions.begin(page.track, body, form.cleaned_data["file"], actor(request), at)
                return page.go("body_experts_import", row.pk)
            except Refused as refused:
                if refused.verdict.status == NOT_FOUND.status:
                    raise
                verdict, status = refused.verdict, refused.verdict.status
    rows = ExpertsImport.objects.filter(body=body, track=page.track).select_related("uploaded_by")
    facts = {
        "plan": queries.plan_in_force(page.track),
        "form": form,
        "template_url": page.url("body_experts_template"),
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "verdict": verdict,
        "problems": verdict is not None,
    }
    return show(request, page, "experts_imports", status=status, **facts)


@door(Role.BODY)
@require_safe
@of_track
def template(request: HttpRequest, page: BodyPage) -> FileResponse:
    """The empty workbook with the plan's groups."""
    names = actions.known(page.track, queries.plan_in_force(page.track)).groups
    file = BytesIO()
    experts_book(names).save(file)
    file.seek(0)
    return attachment(file, f"{page.track.ranking.season.year}年评审专家导入模板.xlsx")


def _opened(request: HttpRequest, page: BodyPage, pk: int) -> ExpertsImport:
    body = queries.body_for(request.user, page.track)
    rows = ExpertsImport.objects.filter(body=body, track=page.track)
    found = rows.select_related("track", "uploaded_by", "confirmed_by").filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def import_(request: HttpRequest, page: BodyPage, pk: int) -> HttpResponse:
    """One upload: how far its check is, each cell that hinders it, what it would do; a post confirms."""
    row, verdict = _opened(request, page, pk), None
    if request.method == "POST":
        try:
            actions.confirm(row, actor(request), request.judged_at)  # type: ignore[attr-defined]
            messages.success(request, _("已开始导入，可以离开此页"))
            return page.go("body_experts_import", pk)
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
    rows = Paginator(row.rows, ROWS).get_page(request.GET.get("page"))
    facts = {
        "row": row,
        "job": job_of(row, actions),
        "job_url": page.url("body_experts_import_job", pk),
        "job_page": page.url("body_experts_import", pk),
        "back": page.url("body_experts_imports"),
        "refusals": [Refusal(*each) for each in row.report.get("refusals", [])],
        "more": row.refused - len(row.report.get("refusals", [])),
        "figures": [{"label": word, "value": row.count(effect)} for effect, word in EFFECTS.items()],
        "page_obj": rows,
        "lines": [(line, name, EFFECTS[effect], changes) for line, name, effect, changes in rows],
        "verdict": verdict,
        "problems": verdict is not None,
    }
    return show(request, page, "experts_import", status=200 if verdict is None else verdict.status, **facts)


@door(Role.BODY)
@require_safe
@of_track
def import_job(request: HttpRequest, page: BodyPage, pk: int) -> JsonResponse:
    """How far it is, for the script that waits for it."""
    row = _opened(request, page, pk)
    return progress_answer(job_of(row, actions), str(row.get_state_display()))
