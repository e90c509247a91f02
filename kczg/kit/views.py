"""Pages of the frame: the switches of language and large type, and the jobs that a person waits for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from kczg.kit.context import LARGE_TYPE
from kczg.kit.doors import PUBLIC, SIGNED_IN, door
from kczg.kit.downloads import job_attachment
from kczg.kit.models import Job
from kczg.kit.outbox import READERS, expired
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused

A_YEAR = 365 * 24 * 3600


@door(PUBLIC)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the language of the pages in a cookie and goes back to where the person was.

    Whoever is signed in gets their letters in it, too.
    """
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        request.user.speak(chosen)
    return set_language(request)


@door(PUBLIC)
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switches 大字版 on or off, remembers it for a year and goes back to where the person was."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if request.POST.get("on") == "1":
        response.set_cookie(
            LARGE_TYPE, "1", max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(LARGE_TYPE, samesite="Lax")
    return response


def job_part(row: Job | None, page: str = "") -> dict[str, Any]:
    """What ``parts/job.html`` shows of a person's own job; ``page`` is where to look again without script."""
    if row is None:
        return {"job": None}
    link = reverse("job_file", args=[row.pk]) if row.state == Job.State.DONE and row.result else ""
    shown = {"id": row.pk, "state": row.state, "done": row.done, "total": row.total, "url": link}
    return {"job": shown, "job_url": reverse("job", args=[row.pk]), "job_page": page}


def _job_of(request: HttpRequest, job_id: int) -> Job:
    """The job, if it was done for this person, who may still read it; no other exists for them (S6)."""
    found = Job.objects.filter(pk=job_id, owner_id=request.user.pk).first()
    reader = READERS.get(found.kind) if found is not None else None
    at = request.judged_at  # type: ignore[attr-defined]
    if found is None or reader is None or expired(found, at) or not reader(request.user, found.args):
        raise Refused(NOT_FOUND)
    return found


@door(SIGNED_IN)
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a job is, for the script that waits for it; what went wrong stays in the log."""
    row = _job_of(request, job_id)
    ready = row.state == Job.State.DONE and bool(row.result)
    response = JsonResponse(
        {
            "state": row.state,
            "done": row.done,
            "total": row.total,
            "url": reverse("job_file", args=[row.pk]) if ready else "",
            "error": _("未能生成文件，稍后重试") if row.state == Job.State.FAILED else "",
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@door(SIGNED_IN)
@require_safe
def job_file(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The file that a job made, for its owner; the download is on record."""
    row = _job_of(request, job_id)
    if row.state != Job.State.DONE or not row.result:
        raise Refused(NOT_FOUND)
    answer = job_attachment(row)
    if request.method == "GET":
        record("downloaded", row, Actor.of(request), request.judged_at, kind=row.kind)  # type: ignore[attr-defined]
    return answer
