"""形式审查: the queue, and one nomination beside its conditions."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import scans
from nominations.models import Nomination
from nominations.outputs.page import blocks
from nominations.outputs.scan import shown
from nominations.queries import attached
from nominations.views.files import deliver
from nominations.views.seal import picture_answer
from reviews import queries
from reviews.actions import preliminary
from reviews.forms.check import FormCheckForm
from reviews.outputs import steps
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

A_PAGE = 50


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def queue(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """What waits first, then what was checked, by number."""
    now = steps.standing(page.track)
    pages = Paginator(queries.received_waiting_first(page.track), A_PAGE)
    first = queries.to_check(page.track).first()
    return show(
        request, page, "check_queue", now=now, first=first, page_obj=pages.get_page(request.GET.get("page"))
    )


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def check(request: HttpRequest, page: BodyPage, number: str) -> HttpResponse:
    """The frozen form, and for each condition what the system found and a place for the reason."""
    nomination = queries.received_one([page.track.pk], number)
    version, tree = queries.frozen(nomination)
    results = queries.condition_results(nomination, version)
    form = FormCheckForm(request.POST if request.method == "POST" else None, results=results)
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, page, nomination, form)
        except Refused as fault:
            if fault.verdict.status == NOT_FOUND.status:
                raise
            refused = fault

    def address(public_id: str, number: int) -> str:
        return page.url("body_scan", nomination.number, public_id, number)

    now = steps.standing(page.track)
    status = (refused.verdict.status if refused else 422) if request.method == "POST" else 200
    return show(
        request,
        page,
        "check",
        status=status,
        nomination=nomination,
        version=version,
        blocks=blocks(tree),
        scans=[shown(scan, address) for scan in scans.standing_scans(version)],
        files_at=f"{reverse('reviews:body_check', args=[number])}files/",
        files_query=f"?track={page.track.pk}",
        form=form,
        now=now,
        waits=nomination.state == page.waiting,
        reasons=queries.check_reasons(nomination),
        verdict=refused.verdict if refused else None,
        problems=refused is not None or bool(form.errors),
    )


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def scan_picture(
    request: HttpRequest, page: BodyPage, number: str, public_id: str, sheet: int
) -> HttpResponse:
    """The small copy of a stamped page, for the body that checks the form."""
    nomination = queries.received_one([page.track.pk], number)
    version, _tree = queries.frozen(nomination)
    rows = scans.standing_scans(version).filter(files__file__public_id=public_id)
    scan = rows.first()
    if scan is None:
        raise Refused(NOT_FOUND)
    file = scan.files.get(file__public_id=public_id)
    return picture_answer(scan, file.file_id, sheet)


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def file(request: HttpRequest, page: BodyPage, number: str, file_id: str) -> HttpResponseBase:
    """A file that the frozen form names."""
    nomination = queries.received_one([page.track.pk], number)
    version, _tree = queries.frozen(nomination)
    stored = attached(nomination, file_id, version.content["answers"])
    return deliver(request, nomination, stored, Role.BODY)


def _decide(
    request: HttpRequest, page: BodyPage, nomination: Nomination, form: FormCheckForm
) -> HttpResponse:
    passed = request.POST.get("verdict") == "pass"
    at = request.judged_at  # type: ignore[attr-defined]
    preliminary.check_form(nomination, passed, form.findings(), actor(request), at)
    words = _("%(number)s形式审查通过") if passed else _("%(number)s形式审查不通过")
    messages.success(request, words % {"number": nomination.number})
    following = queries.next_to_check(page.track, nomination.number)
    return page.go("body_check", following) if following else page.go("body_check_queue")
