"""Receipts: the applicant's own, and the public page on which anybody verifies one."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit import signing
from kczg.kit.doors import PUBLIC, door
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused
from kczg.kit.views import job_part
from nominations import queries
from nominations.actions import papers
from nominations.outputs import receipt as output
from nominations.views.overview import overview

LONGEST = 20_000
"""Characters of a receipt; the longest real one has about 4,000."""


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """回执: what it proves, as JSON at once and as PDF from the worker."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    found = output.receipt_of(nomination)
    if found is None:
        return redirect("nominations:tasks", number)
    if request.method == "POST":
        papers.request_receipt(nomination, Actor.of(request, Role.APPLICANT))
        return redirect(reverse("nominations:receipt", args=[number]) + "#pdf")
    context = {
        "nomination": nomination,
        "overview": overview(nomination, request.judged_at),  # type: ignore[attr-defined]
        "facts": output.facts_of(found),
        "closing": output.closing_line(nomination) is not None,
        **job_part(papers.receipt_job(nomination, request.user)),
    }
    return render(request, "nominations/applicant/receipt.html", context)


@door(Role.APPLICANT)
@require_safe
def receipt_json(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as data, to be kept; verifying needs nothing else but the site's public key."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    found = output.receipt_of(nomination)
    if found is None:
        raise Refused(NOT_FOUND)
    if request.method == "GET":
        record("downloaded", nomination, Actor.of(request, Role.APPLICANT), request.judged_at, kind="receipt")  # type: ignore[attr-defined]
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{nomination.number}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """核验回执: the text of a receipt is pasted; the answer says what it proves. Nothing is kept."""
    typed = request.POST.get("receipt", "") if request.method == "POST" else ""
    context: dict[str, Any] = {"typed": typed[:LONGEST], "key": signing.public_key()}
    if request.method != "POST":
        return render(request, "nominations/public/verify_receipt.html", context)
    given, problem = _read(typed)
    if problem:
        return render(
            request, "nominations/public/verify_receipt.html", {**context, "problem": problem}, status=422
        )
    found = output.verify(given)
    context |= {"found": found, "facts": output.facts_of(given) if found.is_genuine else []}
    return render(request, "nominations/public/verify_receipt.html", context)


def _read(typed: str) -> tuple[Any, str]:
    if not typed.strip():
        return None, _("粘贴回执的全部内容")
    if len(typed) > LONGEST:
        return None, _("内容过长，只粘贴一份回执")
    try:
        return json.loads(typed), ""
    except (ValueError, RecursionError):
        return None, _("内容不完整或有改动，粘贴回执文件的全部内容")
