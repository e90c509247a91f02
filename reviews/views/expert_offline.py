"""离线评审: the workbook to score in offline, its upload, what it would change, and the saving."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.forms import PlainWords
from kczg.kit.models import Job
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from kczg.kit.views import job_part
from nominations.inputs.sheets import Refusal
from nominations.views.unit_import import job_of, progress_answer
from reviews import queries
from reviews.actions import packets
from reviews.models import Expert, ScoreImport
from reviews.views.expert_tasks import TrackTasks, actor, chosen, own_expert, own_tasks

RECENT = 10
EFFECTS = {
    packets.CHANGED: gettext_lazy("将保存"),
    packets.CONFLICT: gettext_lazy("网页上已改过"),
    packets.UNCHANGED: gettext_lazy("不变"),
}


class PacketForm(PlainWords, forms.Form):
    """The filled workbook."""

    file = forms.FileField(
        label=gettext_lazy("填好的离线评审表"),
        help_text=gettext_lazy(".xlsx，不超过5 MB，不含公式和宏"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def offline(request: HttpRequest) -> HttpResponse:
    """A post without a file owes the workbook; one with a file uploads it."""
    expert = own_expert(request)
    groups = own_tasks(request)
    group = chosen(request, groups)
    if request.method != "POST" or group is None:
        return _offline(request, expert, groups, group, PacketForm())
    by, at = actor(request), request.judged_at  # type: ignore[attr-defined]
    form = PacketForm(request.POST, request.FILES)
    try:
        if "make" in request.POST:
            packets.ask_packet(expert, group.track, by, at)
            return HttpResponseRedirect(f"{reverse('reviews:expert_offline')}?track={group.track.pk}")
        if not form.is_valid():
            return _offline(request, expert, groups, group, form, status=422)
        row = packets.upload(expert, group.track, form.cleaned_data["file"], by, at)
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _offline(request, expert, groups, group, PacketForm(), refused.verdict.status, refused.verdict)
    return HttpResponseRedirect(reverse("reviews:expert_upload", args=[row.pk]))


def _offline(
    request: HttpRequest,
    expert: Expert,
    groups: list[TrackTasks],
    group: TrackTasks | None,
    form: PacketForm,
    status: int = 200,
    verdict: Verdict | None = None,
) -> HttpResponse:
    facts: dict[str, Any] = {"groups": groups, "group": group, "form": form, "verdict": verdict}
    if group is not None:
        sheets = [task.assignment for task in group.tasks if task.is_open]
        here = f"{reverse('reviews:expert_offline')}?track={group.track.pk}"
        key = packets.packet_key(expert, group.track, sheets)
        made = Job.objects.filter(key=key, owner_id=request.user.pk).first() if sheets else None
        rows = ScoreImport.objects.filter(expert=expert, track=group.track).defer("report")
        facts |= {**job_part(made, here), "open": len(sheets), "rows": rows[:RECENT]}
    return render(request, "reviews/expert/offline.html", facts, status=status)


def _opened(request: HttpRequest, pk: int) -> ScoreImport:
    found = (
        ScoreImport.objects.filter(pk=pk, expert__user=request.user.pk)
        .select_related("expert__user", "track")
        .first()
    )
    if found is None or queries.expert_of(request.user) is None:
        raise Refused(NOT_FOUND)
    return found


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """One upload: each cell that hinders it, what it would change, both texts where both sides did; a post saves."""
    row = _opened(request, pk)
    verdict = None
    if request.method == "POST":
        taken = {int(text) for text in request.POST.getlist("take") if re.fullmatch(r"[0-9]{1,15}", text)}
        try:
            packets.confirm(row, taken, actor(request), request.judged_at)  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse("reviews:expert_upload", args=[pk]))
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
    elif row.state == ScoreImport.State.DONE:
        messages.success(request, _("已读回，核对后全部提交"))
    facts = {
        "row": row,
        "job": job_of(row, packets),
        "refusals": [Refusal(*each) for each in row.report.get("refusals", [])],
        "figures": [{"label": word, "value": row.count(effect)} for effect, word in EFFECTS.items()],
        "lines": [_line(row, line) for line in row.rows if line[3] != packets.UNCHANGED],
        "verdict": verdict,
        "problems": verdict is not None,
    }
    status = verdict.status if verdict is not None else 200
    return render(request, "reviews/expert/upload.html", facts, status=status)


def _line(row: ScoreImport, line: list[Any]) -> dict[str, Any]:
    number, label, title, effect, changes, sheet = line
    conflict, kept = effect == packets.CONFLICT, row.report.get("taken")
    word = str(EFFECTS[effect])
    if conflict and kept is not None:
        word = _("以文件为准") if sheet in kept else _("保留网页上的")
    return {
        "number": number, "label": label, "title": title, "word": word, "changes": changes, "sheet": sheet,
        "conflict": conflict,
    }  # fmt: skip


@door(Role.EXPERT)
@require_safe
def upload_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for the script that waits for it."""
    row = _opened(request, pk)
    return progress_answer(job_of(row, packets), str(row.get_state_display()))
