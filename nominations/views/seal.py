"""盖章扫描件: what to stamp and where, the upload, what was read; a page confirmed by eye; back to a version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.doors import SIGNED_IN, door
from kczg.kit.models import Job
from kczg.kit.record import Actor
from kczg.kit.storage import fetch
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations import frozen, queries, scans
from nominations.actions import papers
from nominations.actions import seal as actions
from nominations.models import Nomination, ScanFile, SealedScan, Version
from nominations.outputs import scan as outputs
from nominations.rules.scan import outdated_words
from nominations.views.overview import gate_notice, overview

FOLDER = "nominations/applicant"


def picture_url(public_id: str, page: int) -> str:
    return reverse("nominations:scan_picture", args=[public_id, page])


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: HttpRequest, number: str) -> HttpResponse:
    """盖章扫描件 of the version that stands; posts add files to it or take one out."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    if not frozen.asks_seal(nomination, frozen.APPLICANT):
        return redirect("nominations:tasks", number)
    problems: list[str] = []
    refusal = None
    if request.method == "POST":
        try:
            problems = posted(request, nomination, frozen.APPLICANT, Actor.of(request, Role.APPLICANT))
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            refusal = refused.verdict
        if not problems and refusal is None:
            return redirect(reverse("nominations:seal", args=[number]) + "#scan")
    version = papers.paper_version(nomination)
    lifted = scans.lifted_version(nomination) if version is None else None
    shown = overview(nomination, request.judged_at)  # type: ignore[attr-defined]
    context = {
        "nomination": nomination,
        "overview": shown,
        "gate": gate_notice(shown),
        "version": version,
        "lifted": lifted,
        "lifted_words": outdated_words(lifted.check_code, lifted.frozen_at) if lifted else "",
        "can_restore": lifted is not None and scans.may_return_to(nomination, lifted),
        "problems": problems,
        "refusal": refusal,
        "most": actions.MOST_FILES,
        **(_scan(nomination, version, shown.writable) if version else {}),
    }
    status = refusal.status if refusal is not None else 422 if problems else 200
    return render(request, f"{FOLDER}/seal.html", context, status=status)


def posted(request: HttpRequest, nomination: Nomination, key: str, by: Actor) -> list[str]:
    """What was posted to a scan's page is done; returns what is amiss with the files that were sent."""
    at = request.judged_at  # type: ignore[attr-defined]
    if request.POST.get("remove"):
        name = actions.remove(nomination, key, request.POST["remove"][:64], by, at)
        messages.success(request, _("已移除“%(name)s”") % {"name": name})
        return []
    files = request.FILES.getlist("files")
    if not files:
        actions.version_to_seal(nomination, key, by, at)
        return [_("选择要上传的文件")]
    refused = actions.take_in(nomination, key, files, by, at)
    if len(files) > len(refused):
        messages.success(request, _("已上传%(count)d个文件，正在读取") % {"count": len(files) - len(refused)})
    return refused


def _scan(nomination: Nomination, version: Version, writable: bool) -> dict[str, Any]:
    found = scans.scan_of(version, frozen.APPLICANT)
    if found is None:
        return {"scan": None, "box": version.seal_pages.get(frozen.APPLICANT)}

    def confirm(public_id: str, page: int) -> str:
        return reverse("nominations:seal_confirm", args=[nomination.number, public_id, page])

    shown = outputs.shown(found, picture_url, confirm if writable else None)
    job_url = reverse("nominations:seal_reading", args=[nomination.number])
    box = version.seal_pages.get(frozen.APPLICANT)
    return {"scan": shown, "box": box, "job": job_of(found), "job_url": job_url}


def job_of(scan: SealedScan) -> dict[str, Any] | None:
    """How far the reading is, as the part of a page that shows it wants it; None once it is over."""
    row = Job.objects.filter(key=f"read_scan:{scan.pk}").first()
    if row is None or scan.state != SealedScan.State.READING:
        return None
    return {"state": row.state, "done": row.done, "total": row.total, "url": ""}


def reading_answer(scan: SealedScan | None) -> JsonResponse:
    """The same for the script that waits; done means that the page is to be loaded anew."""
    if scan is None:
        raise Refused(NOT_FOUND)
    job = job_of(scan) or {"state": Job.State.DONE, "done": 1, "total": 1, "url": ""}
    failed = job["state"] == Job.State.FAILED
    error = _("未能读取扫描件，移除后重新上传") if failed else ""
    response = JsonResponse({**job, "error": error})
    response.headers["Cache-Control"] = "no-store"
    return response


@door(Role.APPLICANT)
@require_safe
def reading(request: HttpRequest, number: str) -> HttpResponse:
    """How far the worker is with the scan."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    version = papers.paper_version(nomination)
    return reading_answer(scans.scan_of(version, frozen.APPLICANT) if version else None)


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, number: str, public_id: str, page: int) -> HttpResponse:
    """核对扫描页: the picture, and which page of the form it shows, said by whoever looks at it."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    back = reverse("nominations:seal", args=[number])
    return confirmation(request, nomination, frozen.APPLICANT, (public_id, page), back)


def confirmation(
    request: HttpRequest, nomination: Nomination, key: str, picture: tuple[str, int], back: str
) -> HttpResponse:
    """The page that asks what a picture shows; on to ``back`` once it is said."""
    public_id, page = picture
    role = Role.APPLICANT if key == frozen.APPLICANT else Role.UNIT
    scan = _named(nomination, key, public_id)
    problems: list[str] = []
    if request.method == "POST":
        shows = request.POST.get("shows", "")
        shown = int(shows) if shows.isascii() and shows.isdigit() and len(shows) < 4 else -1
        by, at = Actor.of(request, role), request.judged_at  # type: ignore[attr-defined]
        try:
            actions.confirm(nomination, key, public_id, page, shown, by, at)
            return redirect(back + "#scan")
        except Refused as refused:
            if refused.verdict.status != 422:
                raise
            problems = [refused.verdict.message]
    if not any(row["page"] == page for row in scan.pictures if row["file"] == _pk(scan, public_id)):
        raise Refused(NOT_FOUND)
    context = {
        "nomination": nomination,
        "picture": picture_url(public_id, page),
        "code": scan.version.check_code,
        "pages": range(1, (scan.version.pages or 0) + 1),
        "problems": problems,
        "back": back,
        "file": scan.files.get(file__public_id=public_id).file,
        "page": page,
    }
    return render(request, "nominations/confirm_page.html", context, status=422 if problems else 200)


def _pk(scan: SealedScan, public_id: str) -> int | None:
    return scan.files.filter(file__public_id=public_id).values_list("file_id", flat=True).first()


def _named(nomination: Nomination, key: str, public_id: str) -> SealedScan:
    rows = SealedScan.objects.filter(version__nomination=nomination, seal=key, lifted_at=None)
    scan = rows.filter(files__file__public_id=public_id).select_related("version").first()
    if scan is None:
        raise Refused(NOT_FOUND)
    return scan


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """恢复为该版本: a page of its own, for what was typed since is replaced."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    found = nomination.versions.filter(number=version).first()
    if found is None or not scans.may_return_to(nomination, found):
        raise Refused(NOT_FOUND)
    shown = overview(nomination, request.judged_at)  # type: ignore[attr-defined]
    context = {"nomination": nomination, "overview": shown, "gate": gate_notice(shown), "version": found}
    if request.method != "POST":
        return render(request, f"{FOLDER}/restore.html", context)
    try:
        by, at = Actor.of(request, Role.APPLICANT), request.judged_at  # type: ignore[attr-defined]
        actions.restore(nomination, version, by, at)
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        context["refusal"] = refused.verdict
        return render(request, f"{FOLDER}/restore.html", context, status=refused.verdict.status)
    messages.success(request, _("已恢复为核验码%(code)s的版本") % {"code": found.check_code})
    return redirect("nominations:seal", number)


@door(SIGNED_IN)
@require_safe
def picture(request: HttpRequest, public_id: str, page: int) -> HttpResponse:
    """The small copy of a scan's page, for its applicant, its unit and the secretariat."""
    rows = ScanFile.objects.select_related("scan__version__nomination__unit", "file")
    row = rows.filter(file__public_id=public_id, file__state="ready").first()
    if row is None or not _may_see(request.user, row.scan):
        raise Refused(NOT_FOUND)
    return picture_answer(row.scan, row.file_id, page)


def _may_see(user: Any, scan: SealedScan) -> bool:
    nomination, version = scan.version.nomination, scan.version
    if may(user, "nomination.view_as_applicant", nomination):
        return True
    if version.submitted_at is None:
        return False
    return bool(
        may(user, "nomination.view_as_office", nomination) or may(user, "nomination.view_as_unit", nomination)
    )


def picture_answer(scan: SealedScan, file_id: int, page: int) -> HttpResponse:
    """The small copy itself; raises Refused (404) where there is none, or the store is away."""
    keys = (row["preview"] for row in scan.pictures if (row["file"], row["page"]) == (file_id, page))
    key = next(keys, None)
    if key is None:
        raise Refused(refuse("not_found", NOT_FOUND.message, status=404))
    with fetch(key) as copy:
        response = HttpResponse(copy.read(), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
