"""Files of a nomination: sent by the applicant's page, and read by whoever may read the form that names them."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import stored_attachment
from kczg.kit.models import StoredFile
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations import queries
from nominations.actions.sending import add
from nominations.fields.files import SENT, Kept, shown
from nominations.models import Nomination
from nominations.views import unit_page

CONTROL = re.compile(r"([a-z][a-z0-9_]*)(?:-\d{1,6}-([a-z][a-z0-9_]*))?\Z", re.ASCII)
"""The name of a control: ``attachments``, or ``certificates-0-scan`` in a row."""


def address_of(nomination: Nomination) -> str:
    """Where the applicant's page sends files, and under which it has them."""
    return reverse("nominations:files", args=[nomination.number])


def kept_by(nomination: Nomination) -> Kept:
    """The files that a nomination has, for the form of a section."""
    return Kept(queries.files_of(nomination), address_of(nomination))


def place_of_control(control: str) -> str:
    """The place that a control is for: ``certificates.scan`` for ``certificates-0-scan``; "" for no control."""
    match = CONTROL.match(control)
    return ".".join(filter(None, match.groups())) if match else ""


@door(Role.APPLICANT)
@require_POST
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Takes in one file while the page stays; answers with its line for the list."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    sent, control = request.FILES.get("file"), request.POST.get("control", "")
    if sent is None:
        raise Refused(refuse("no_file", _("选择文件后再上传"), status=422))
    at = request.judged_at  # type: ignore[attr-defined]
    row = add(nomination, place_of_control(control), sent, Actor.of(request, Role.APPLICANT), at)
    return JsonResponse(_line(nomination, row.file, control), status=201)


def _line(nomination: Nomination, stored: StoredFile, control: str) -> dict[str, Any]:
    entry = shown(queries.entry_of(stored))
    context = {"entry": entry, "name": control, "address": address_of(nomination)}
    return {
        "id": stored.public_id,
        "state": stored.state,
        "message": f"{stored.name}{_('：')}{entry['state_words']}",
        "html": render_to_string("fields/files/entry.html", context),
    }


@door(Role.APPLICANT)
@require_safe
def state(request: HttpRequest, number: str, file_id: str) -> HttpResponse:
    """How far the check of a file is, for the script that waits for it."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    control = request.GET.get("control", "")
    stored = queries.attached(nomination, file_id)
    response = JsonResponse(_line(nomination, stored, control if CONTROL.match(control) else ""))
    response.headers["Cache-Control"] = "no-store"
    return response


def take_in(request: HttpRequest, nomination: Nomination) -> tuple[Any, list[tuple[str, str]]]:
    """What a section's form was posted with, its files taken in: the data that names them, and what was refused.

    A refusal is (control, words); one of the whole form (the gate, the state) is left to the save that follows.
    """
    data, refusals = request.POST.copy(), []
    at, by = request.judged_at, Actor.of(request, Role.APPLICANT)  # type: ignore[attr-defined]
    for name in request.FILES:
        control = name.removesuffix(SENT)
        for sent in request.FILES.getlist(name):
            try:
                row = add(nomination, place_of_control(control), sent, by, at)
            except Refused as refused:
                if refused.verdict.status in (422, 503):
                    refusals.append((control, f"{sent.name}{_('：')}{refused.verdict.message}"))
            else:
                data.appendlist(control, row.file.public_id)
    return data, refusals


def deliver(request: HttpRequest, nomination: Nomination, stored: StoredFile, role: str) -> HttpResponseBase:
    """A file as a download, on record like every other."""
    answer = stored_attachment(stored)
    if request.method == "GET":
        by, at = Actor.of(request, role), request.judged_at  # type: ignore[attr-defined]
        year = nomination.season.year
        record("downloaded", nomination, by, at, season_year=year, kind="file", file=stored.public_id)
    return answer


@door(Role.APPLICANT)
@require_safe
def file(request: HttpRequest, number: str, file_id: str) -> HttpResponseBase:
    """One of the applicant's own files, as long as it is kept."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    return deliver(request, nomination, queries.attached(nomination, file_id), Role.APPLICANT)


@door(Role.UNIT)
@require_safe
def unit_file(request: HttpRequest, number: str, file_id: str) -> HttpResponseBase:
    """A file that the version submitted last names."""
    nomination = unit_page.nomination_of(request, number)
    stored = queries.attached(nomination, file_id, nomination.latest_version.content["answers"])
    return deliver(request, nomination, stored, Role.UNIT)


@door(Role.OFFICE)
@require_safe
def office_file(request: HttpRequest, number: str, file_id: str) -> HttpResponseBase:
    """A file that the form names as it stands, which is what the secretariat's page shows."""
    nomination = queries.nomination_for(request.user, Role.OFFICE, number)
    return deliver(
        request, nomination, queries.attached(nomination, file_id, nomination.answers), Role.OFFICE
    )
