"""The unit's stamped page: upload beside the form that it reads, progress, a page confirmed by eye."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import job_attachment
from kczg.kit.models import Job
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import frozen, scans
from nominations.views import seal, unit_page, unit_recommend


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_seal(request: HttpRequest, number: str) -> HttpResponse:
    """Takes files in or out; the page itself is the nomination's."""
    nomination = unit_page.nomination_of(request, number)
    back = reverse("nominations:unit_nomination", args=[number]) + "#stamp"
    if request.method != "POST":
        return redirect(back)
    try:
        problems = seal.posted(request, nomination, frozen.RECOMMENDER, Actor.of(request, Role.UNIT))
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        problems, status = [refused.verdict.sentence], refused.verdict.status
    else:
        status = 422
    return unit_recommend.with_problems(request, nomination, problems, status) if problems else redirect(back)


@door(Role.UNIT)
@require_safe
def paper(request: HttpRequest, number: str) -> HttpResponseBase:
    """The printed form of the version that was submitted, to be stamped; back to the page while it is made."""
    nomination = unit_page.nomination_of(request, number)
    version = nomination.latest_version
    job = Job.objects.filter(key=f"form_pdf:{version.pk}", state=Job.State.DONE).first()
    if job is None or not job.result:
        messages.info(request, _("申报表PDF正在生成，稍后再下载"))
        return redirect("nominations:unit_nomination", number)
    answer = job_attachment(job)
    if request.method == "GET":
        by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
        year, code = nomination.season.year, version.check_code
        record("downloaded", nomination, by, at, season_year=year, version_code=code)
    return answer


@door(Role.UNIT)
@require_safe
def reading(request: HttpRequest, number: str) -> HttpResponse:
    """How far the worker is with the unit's page."""
    nomination = unit_page.nomination_of(request, number)
    return seal.reading_answer(scans.scan_of(nomination.latest_version, frozen.RECOMMENDER))


@door(Role.UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, number: str, public_id: str, page: int) -> HttpResponse:
    """核对扫描页 of the unit's own scan."""
    nomination = unit_page.nomination_of(request, number)
    back = reverse("nominations:unit_nomination", args=[number])
    return seal.confirmation(request, nomination, frozen.RECOMMENDER, (public_id, page), back)
