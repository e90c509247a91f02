"""分配表: the matrix as a workbook, downloaded, filled in, checked by a dry run and confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.forms import PlainWords
from kczg.kit.models import Job
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from kczg.kit.views import job_part
from nominations.inputs.sheets import Refusal
from nominations.views.unit_import import job_of, progress_answer
from reviews.actions import assignments_import as actions
from reviews.models import AssignmentsImport
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

A_PAGE = 20
ROWS = 100
EFFECTS = {actions.ADDED: gettext_lazy("新增任务"), actions.REMOVED: gettext_lazy("取消任务")}


class TableForm(PlainWords, forms.Form):
    """The filled-in table."""

    file = forms.FileField(
        label=gettext_lazy("填好的分配表"),
        help_text=gettext_lazy(".xlsx，不超过2 MB"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def table(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """Download, upload, and what was uploaded before; a post uploads."""
    if request.method != "POST":
        return _shown(request, page, TableForm())
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, page, form, status=422)
    at = request.judged_at  # type: ignore[attr-defined]
    try:
        row = actions.upload(page.track, form.cleaned_data["file"], actor(request), at)
    except Refused as refused:
        return _refused(request, page, form, refused)
    return page.go("body_assign_upload", row.pk)


def _refused(request: HttpRequest, page: BodyPage, form: TableForm, refused: Refused) -> HttpResponse:
    if refused.verdict.status == NOT_FOUND.status:
        raise refused
    return _shown(request, page, form, refused.verdict.status, refused.verdict)


def _shown(
    request: HttpRequest, page: BodyPage, form: TableForm, status: int = 200, verdict: Verdict | None = None
) -> HttpResponse:
    rows = AssignmentsImport.objects.filter(track=page.track).select_related("uploaded_by").defer("report")
    facts: dict[str, Any] = {
        "form": form,
        "verdict": verdict,
        "problems": verdict is not None,
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
    }
    owed = Job.objects.filter(key=f"assignments_xlsx:{page.track.pk}:{request.user.pk}").first()
    facts |= job_part(owed, page.url("body_assign_table"))
    return show(request, page, "assign_table", status=status, **facts)


@door(Role.BODY)
@require_POST
@of_track
@once_begun
def download(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """Owes the table as it stands, and goes back to the page that shows how far it is."""
    try:
        actions.request_book(page.track, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        return _refused(request, page, TableForm(), refused)
    return page.go("body_assign_table")


def _opened(page: BodyPage, pk: int) -> AssignmentsImport:
    found = AssignmentsImport.objects.filter(pk=pk, track=page.track).select_related("uploaded_by").first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def upload(request: HttpRequest, page: BodyPage, pk: int) -> HttpResponse:
    """One upload: how far its check is, each cell that hinders it, what it would do; a post confirms."""
    row, verdict, status = _opened(page, pk), None, 200
    if request.method == "POST":
        try:
            actions.confirm(row, actor(request), request.judged_at)  # type: ignore[attr-defined]
            messages.success(request, _("已开始发布任务，可以离开此页"))
            return page.go("body_assign_upload", pk)
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict, status = refused.verdict, refused.verdict.status
    page_obj = Paginator(row.rows, ROWS).get_page(request.GET.get("page"))
    facts = {
        "row": row,
        "verdict": verdict,
        "problems": verdict is not None,
        "job": job_of(row, actions),
        "job_url": page.url("body_assign_upload_job", pk),
        "job_page": page.url("body_assign_upload", pk),
        "refusals": [Refusal(*each) for each in row.report.get("refusals", [])],
        "more": row.refused - len(row.report.get("refusals", [])),
        "figures": [{"label": word, "value": row.count(effect)} for effect, word in EFFECTS.items()],
        "page_obj": page_obj,
        "lines": [
            (line, number, expert, EFFECTS[effect]) for line, number, expert, effect, _pair in page_obj
        ],
    }
    return show(request, page, "assign_upload", status=status, **facts)


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def upload_job(request: HttpRequest, page: BodyPage, pk: int) -> HttpResponse:
    """How far it is, for the script that waits for it."""
    row = _opened(page, pk)
    return progress_answer(job_of(row, actions), str(row.get_state_display()))
