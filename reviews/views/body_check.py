"""形式审查: the queue, and one nomination beside its conditions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

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
from nominations import scans, transitions
from nominations.actions import correction
from nominations.answers import version_tree
from nominations.models import Correction, Nomination
from nominations.outputs.page import blocks
from nominations.outputs.scan import shown
from nominations.outputs.supplement import supplement
from nominations.queries import attached
from nominations.states import State
from nominations.views.files import deliver
from nominations.views.seal import picture_answer
from reviews import queries
from reviews.actions import preliminary
from reviews.forms.check import FormCheckForm
from reviews.outputs import findings, steps
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

A_PAGE = 50


@door(Role.BODY)
@require_safe
@of_track
@once_begun
def queue(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """What waits first, then what was checked, by number; with what the system found, and a filter."""
    at = request.judged_at  # type: ignore[attr-defined]
    now, others = steps.standing(page.track), queries.others_share(request.user, page.track)
    wanted = request.GET.get("check", "")
    wanted = wanted if wanted in queries.CHECKS else ""
    pages = Paginator(queries.received_waiting_first(page.track, wanted), A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    rows = list(shown)
    told = findings.found(page.track, rows)
    lines = [{"row": row, "found": told.get(row.pk, []), "check": _word(page, row, at)} for row in rows]
    return show(
        request,
        page,
        "check_queue",
        now=now,
        first=queries.to_check(page.track, at).exclude(pk__in=others).first(),
        page_obj=shown,
        lines=lines,
        wanted=wanted,
        filters=_filters(page, now),
    )


def _word(page: BodyPage, row: Nomination, at: datetime) -> tuple[str, str]:
    """Code and word of where a nomination stands in the form check."""
    if row.state == page.waiting:
        corrected = getattr(row, "correction", None) is not None
        return State.SUBMITTED, _("待审查，已补正") if corrected else _("待审查")
    if row.state == State.CORRECTING:
        return State.CORRECTING, _("补正期满") if row.correction.until <= at else _("补正中")
    return ("", _("不通过")) if row.state == State.REJECTED else ("", _("通过"))


def _filters(page: BodyPage, now: steps.Standing) -> list[dict[str, Any]]:
    words = {
        "": (_("全部"), now.all),
        "waiting": (_("待审查"), now.waiting),
        "correcting": (_("补正中"), now.correcting),
        "passed": (_("通过"), now.passed),
        "rejected": (_("不通过"), now.rejected),
    }
    address = page.url("body_check_queue")
    return [
        {"key": key, "word": word, "count": count, "url": f"{address}&check={key}" if key else address}
        for key, (word, count) in words.items()
    ]


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def check(request: HttpRequest, page: BodyPage, number: str) -> HttpResponse:
    """The frozen form, and for each condition what the system found and a place for the reason."""
    nomination = queries.received_one([page.track.pk], number)
    version, _tree = queries.frozen(nomination)
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
    status = (refused.verdict.status if refused else 422) if request.method == "POST" else 200
    return show(
        request,
        page,
        "check",
        status=status,
        **_paper(page, nomination),
        **_standing(request, page, nomination),
        form=form,
        verdict=refused.verdict if refused else None,
        problems=refused is not None or bool(form.errors),
    )


def _paper(page: BodyPage, nomination: Nomination) -> dict[str, Any]:
    """The frozen form with its stamped papers; after a correction what differs from the version before."""
    version, tree = queries.frozen(nomination)
    sheet = supplement(version)
    sheet = sheet if sheet and sheet.correction else None
    before = nomination.versions.get(number=sheet.before) if sheet else None

    def address(public_id: str, number: int) -> str:
        return page.url("body_scan", nomination.number, public_id, number)

    return {
        "nomination": nomination,
        "version": version,
        "supplement": sheet,
        "blocks": blocks(tree, version_tree(nomination, before) if before else None),
        "scans": [shown(scan, address) for scan in scans.shown_with([version])],
        "files_at": f"{reverse('reviews:body_check', args=[nomination.number])}files/",
        "files_query": f"?track={page.track.pk}",
    }


def _standing(request: HttpRequest, page: BodyPage, nomination: Nomination) -> dict[str, Any]:
    """Where it stands in the form check, and what can be done."""
    at = request.judged_at  # type: ignore[attr-defined]
    decided = transitions.judge(nomination, preliminary.move_of(nomination, True), actor(request), at)
    asked = Correction.objects.filter(nomination=nomination).first()
    return {
        "now": steps.standing(page.track),
        "waits": nomination.state == page.waiting or (nomination.state == State.CORRECTING and bool(decided)),
        "check": _word(page, nomination, at),
        "correction": asked,
        "may_ask": bool(correction.judge(nomination, actor(request), at)),
        "reasons": queries.check_reasons(nomination),
    }


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
    rows = scans.shown_with([version]).filter(files__file__public_id=public_id)
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
    seen = request.POST.get("seen", "")
    read = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else None
    preliminary.check_form(nomination, passed, form.findings(), actor(request), at, seen=read)
    words = _("%(number)s形式审查通过") if passed else _("%(number)s形式审查不通过")
    messages.success(request, words % {"number": nomination.number})
    return to_next(page, nomination, at, queries.others_share(request.user, page.track))


def to_next(page: BodyPage, nomination: Nomination, at: datetime, others: Iterable[int] = ()) -> HttpResponse:
    """On to the heading of the next one that waits, to the list when none does."""
    following = queries.next_to_check(page.track, nomination.number, at, others)
    return page.go("body_check", following, place="item") if following else page.go("body_check_queue")
