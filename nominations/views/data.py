"""A nomination as data for its applicant: out as JSON and as a workbook, and back in with a look at it before."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import job_attachment
from kczg.kit.models import Job
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused
from kczg.kit.workbooks import Unreadable
from nominations import queries
from nominations.actions import papers
from nominations.actions.answers import differing, save_answers
from nominations.fields import kind_of
from nominations.fields.base import Declaration
from nominations.forms import read_json
from nominations.inputs.answers import Taken, load_json, read_file
from nominations.inputs.sheets import Refusal
from nominations.models import Nomination
from nominations.outputs.json import document
from nominations.views.overview import Overview, gate_notice, overview, tree_of

FOLDER = "nominations/applicant"


def _open(request: HttpRequest, number: str) -> tuple[Nomination, Overview]:
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    return nomination, overview(nomination, request.judged_at)  # type: ignore[attr-defined]


def _context(nomination: Nomination, shown: Overview, **more: Any) -> dict[str, Any]:
    gate = gate_notice(shown)
    return {"nomination": nomination, "overview": shown, "gate": gate, **_workbook(nomination), **more}


def _workbook(nomination: Nomination) -> dict[str, Any]:
    """The job of the workbook as the answers stand, for the part that shows its progress."""
    row = papers.workbook_of(nomination)
    if row is None:
        return {"job": None}
    link = reverse("nominations:data_xlsx", args=[nomination.number])
    ready = row.state == Job.State.DONE and bool(row.result)
    shown = {
        "id": row.pk,
        "state": row.state,
        "done": row.done,
        "total": row.total,
        "url": link if ready else "",
    }
    return {"job": shown, "job_url": reverse("nominations:data_job", args=[nomination.number])}


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest, number: str) -> HttpResponse:
    """导出与导入: both kinds of file; a post owes the workbook, whose progress the page shows."""
    nomination, shown = _open(request, number)
    if request.method == "POST":
        papers.request_workbook(nomination, Actor.of(request, Role.APPLICANT))
        return redirect(reverse("nominations:data", args=[number]) + "#xlsx")
    return render(request, f"{FOLDER}/data.html", _context(nomination, shown))


@door(Role.APPLICANT)
@require_safe
def data_json(request: HttpRequest, number: str) -> HttpResponse:
    """The nomination as JSON, as it stands now."""
    nomination, shown = _open(request, number)
    content = json.dumps(document_of(nomination, shown), ensure_ascii=False, indent=2)
    _downloaded(request, nomination, "json")
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{nomination.number}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def document_of(nomination: Nomination, shown: Overview) -> dict[str, Any]:
    """What the applicant may know of it, as data; ``version`` is sent back with a change."""
    version = None if nomination.is_editable else nomination.versions.submitted().last()
    return document(
        tree_of(nomination),
        number=nomination.number,
        season=nomination.season.year,
        state=str(shown.state),
        version=nomination.edit_version,
        check_code=version.check_code if version else "",
        applicant=nomination.applicant.name,
        unit=nomination.unit.organisation.name if nomination.unit else "",
    )


def _downloaded(request: HttpRequest, nomination: Nomination, kind: str) -> None:
    if request.method == "GET":
        by = Actor.of(request, Role.APPLICANT)
        record("downloaded", nomination, by, request.judged_at, kind=kind)  # type: ignore[attr-defined]


@door(Role.APPLICANT)
@require_safe
def data_job(request: HttpRequest, number: str) -> HttpResponse:
    """How far the workbook is, for the script that waits for it."""
    nomination, _shown = _open(request, number)
    job = _workbook(nomination)["job"]
    if job is None:
        raise Refused(NOT_FOUND)
    error = _("未能生成文件，稍后重试") if job["state"] == Job.State.FAILED else ""
    response = JsonResponse({**job, "error": error})
    response.headers["Cache-Control"] = "no-store"
    return response


@door(Role.APPLICANT)
@require_safe
def data_xlsx(request: HttpRequest, number: str) -> HttpResponseBase:
    """The workbook, once it has been made; else the page that makes it."""
    nomination, _shown = _open(request, number)
    row = papers.workbook_of(nomination)
    if row is None or row.state != Job.State.DONE or not row.result:
        return redirect("nominations:data", number)
    answer = job_attachment(row)
    _downloaded(request, nomination, row.kind)
    return answer


@dataclass(frozen=True)
class Change:
    """An answer that a file would change, as people read it."""

    label: str
    before: str
    after: str


@door(Role.APPLICANT)
@require_POST
def import_(request: HttpRequest, number: str) -> HttpResponse:
    """导入: first what the file would change, field by field, and what isn't taken; then, confirmed, the change."""
    nomination, shown = _open(request, number)
    if "confirmed" in request.POST:
        return _confirmed(request, nomination, shown)
    file, form = request.FILES.get("file"), _form(nomination)
    if file is None:
        return _again(request, nomination, shown, _("选择要导入的文件"))
    try:
        taken = read_file(form, file, file.name or "", nomination)
    except Unreadable as unreadable:
        return _again(request, nomination, shown, str(unreadable))
    return _preview(request, nomination, shown, taken)


def _form(nomination: Nomination) -> Declaration:
    return nomination.ranking.online_form.for_year(nomination.season.year)


def _again(request: HttpRequest, nomination: Nomination, shown: Overview, words: str) -> HttpResponse:
    context = _context(nomination, shown, problems=[{"message": words, "url": "#id_file"}])
    return render(request, f"{FOLDER}/data.html", context, status=422)


def _preview(request: HttpRequest, nomination: Nomination, shown: Overview, taken: Taken) -> HttpResponse:
    changed = differing(_form(nomination), nomination.answers, taken.values)
    shut = {
        key: item
        for view in shown.tree.sections
        for key, item in shown.shut_in(view.key).items()
        if key in changed
    }
    words = _("此项未退回，不能修改")
    told = [Refusal("", 0, item.question.name, words) for item in shut.values()]
    taken = replace(taken, refusals=[*taken.refusals, *told])
    changed = {key: value for key, value in changed.items() if key not in shut}
    context = _context(
        nomination,
        shown,
        taken=taken,
        changes=_changes(nomination, changed),
        answers=json.dumps(changed, ensure_ascii=False),
        version=nomination.edit_version,
    )
    return render(
        request, f"{FOLDER}/import.html", context, status=422 if taken.refusals and not changed else 200
    )


def _changes(nomination: Nomination, changed: dict[str, Any]) -> list[Change]:
    form = _form(nomination)
    found = []
    for section in form.sections:
        for question in (q for q in section.questions if q.key in changed):
            kind = kind_of(question)
            before = kind.read(question, nomination.answers.get(question.key))
            texts = [
                "" if kind.empty(value) else kind.text(question, value)
                for value in (before, changed[question.key])
            ]
            found.append(Change(question.name, *texts))
    return found


def _confirmed(request: HttpRequest, nomination: Nomination, shown: Overview) -> HttpResponse:
    """Keeps what the preview showed; it is read and judged again, since a browser sent it."""
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
    try:
        answers = load_json(request.POST.get("answers", "").encode())
        updates = read_json(_form(nomination), answers if isinstance(answers, dict) else {})
        by = Actor.of(request, Role.APPLICANT)
        saved = save_answers(nomination, updates.values, version, by, request.judged_at)  # type: ignore[attr-defined]
    except Unreadable as unreadable:
        return _again(request, nomination, shown, str(unreadable))
    except Refused as refused:
        if refused.verdict.status == 404:
            raise
        context = _context(nomination, shown, refusal=refused.verdict)
        return render(request, f"{FOLDER}/data.html", context, status=refused.verdict.status)
    messages.success(request, _("已导入%(n)d项") % {"n": len(updates.values)})
    return redirect("nominations:tasks", saved.number)
