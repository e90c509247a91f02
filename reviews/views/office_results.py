"""The secretariat reads a submitted preliminary result, and sends it back where something is amiss."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import stored_attachment
from kczg.kit.forms import PlainWords
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.openings import opening_for
from nominations.states import Window
from nominations.views.exception_forms import hour_field, moment
from nominations.views.office_forms import day_field
from reviews.actions import results as actions
from reviews.models import PreliminaryResult, PublicNotice, ResultScan
from reviews.outputs.analysis import words
from reviews.outputs.result_scan import stamped


class SendBackForm(PlainWords, forms.Form):
    """退回: why, and until when the bodies submit anew."""

    reason = forms.CharField(
        label=gettext_lazy("退回原因"),
        help_text=gettext_lazy("初评机构将看到，记入操作记录"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=actions.LONGEST_REASON,
    )
    until_day = day_field(
        gettext_lazy("重新报送截止日期"), required=False, help_text=gettext_lazy("初评已截止时必填")
    )
    until_time = hour_field(
        gettext_lazy("截止时间"), required=False, help_text=gettext_lazy("北京时间；留空为当日24时")
    )

    @property
    def until(self) -> Any:
        day = self.cleaned_data["until_day"]
        return moment(day, self.cleaned_data["until_time"]) if day else None


def _result(pk: int) -> PreliminaryResult:
    rows = PreliminaryResult.objects.exclude(submitted_at=None)
    found = (
        rows.select_related("track__ranking__season", "plan", "submitted_by", "sent_back_by")
        .prefetch_related("track__bodies__organisation", "signatures__by", "signatures__body__organisation")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen rows with reasons, the signatures and stamped pages; 退回 with a reason."""
    found = _result(pk)
    form, status = SendBackForm(request.POST or None), 200
    if request.method == "POST":
        if form.is_valid():
            by, at = Actor.of(request, Role.OFFICE), request.judged_at  # type: ignore[attr-defined]
            try:
                actions.send_back(found, form.cleaned_data["reason"], form.until, by, at)
            except Refused as refused:
                field = "until_day" if refused.verdict.code.startswith("until") else "reason"
                form.add_error(field, refused.verdict.message)
                status = refused.verdict.status
            else:
                messages.success(request, _("已退回：%(track)s初评结果") % {"track": found.track})
                return redirect("reviews:office_result", pk)
        else:
            status = 422
    track = found.track
    notice = PublicNotice.objects.filter(ranking=track.ranking_id).exists()
    return render(
        request,
        "reviews/office/result.html",
        {
            "result": found,
            "track": track,
            "season": track.ranking.season,
            "plan": found.plan,
            "form": form,
            "analysis": words(found.analysis, found.rows, found.plan) if found.analysis else None,
            "stamped": stamped(found, track.bodies.all()),
            "office": True,
            "opening": opening_for(track.ranking.season, Window.PRELIMINARY, track),
            "open_to_send_back": found.sent_back_at is None and not notice,
            "notice": notice,
        },
        status=status,
    )


@door(Role.OFFICE)
@require_safe
def scan_file(request: HttpRequest, pk: int, public_id: str) -> HttpResponseBase:
    """A stamped page of a result; the download is on record."""
    scan = ResultScan.objects.filter(result=pk, file__public_id=public_id).select_related("file").first()
    if scan is None:
        raise Refused(NOT_FOUND)
    answer = stored_attachment(scan.file)
    if request.method == "GET":
        record(
            "downloaded",
            scan.result,
            Actor.of(request, Role.OFFICE),
            request.judged_at,  # type: ignore[attr-defined]
            file=public_id,
        )
    return answer
