"""The secretariat reads: the master table with its export, any nomination, the papers of its versions."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.downloads import job_attachment
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, events_of, record
from kczg.kit.verdicts import NOT_FOUND, Refused
from kczg.kit.views import job_part
from nominations import queries, scans, twins
from nominations.answers import walk
from nominations.models import Nomination, Version
from nominations.outputs import page as on_page
from nominations.outputs import timeline
from nominations.outputs.holder import holder
from nominations.outputs.scan import shown
from nominations.rules import check_code
from nominations.views.office_forms import NominationFilter
from nominations.views.seal import picture_url
from nominations.views.seasons import chosen

A_PAGE = 50
OFFERED = ("q", "status", "ranking", "track", "unit")
"""The filters that the toolbar shows at once; the others come from the figures' links."""


@door(Role.OFFICE)
@require_safe
def nominations(request: HttpRequest) -> HttpResponse:
    """申报总表: filtered by the address, 50 a page, with the state of an export that was asked for."""
    season, context = chosen(request)
    form = NominationFilter(request.GET, season)
    wanted = form.wanted()
    rows = Paginator(queries.filtered(season, wanted).defer(*queries.NOT_LISTED), A_PAGE)
    context |= {
        "form": form,
        "shown": [form[name] for name in OFFERED],
        "more": [form[name] for name in form.fields if name not in OFFERED],
        "more_open": any(name in wanted for name in form.fields if name not in OFFERED),
        "wanted": wanted,
        "page_obj": rows.get_page(request.GET.get("page")),
        **export_of(request),
    }
    return render(request, "nominations/office/nominations.html", context)


def export_of(request: HttpRequest) -> dict[str, Any]:
    """The person's own export named by ``?job=``, with the addresses that its card needs."""
    asked = request.GET.get("job", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return {}
    job = Job.objects.filter(pk=int(asked), owner_id=request.user.pk).first()
    return job_part(job, request.get_full_path()) if job is not None else {}


@door(Role.OFFICE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Owes the spreadsheet of what is filtered, once a minute for the same filter, and shows how far it is."""
    season, _context = chosen(request)
    wanted = NominationFilter(request.GET, season).wanted()
    return _owed(request, "nominations_xlsx", "nominations:office_nominations", season.pk, wanted)


@door(Role.OFFICE)
@require_POST
def export_tallies(request: HttpRequest) -> HttpResponse:
    """Owes 统计汇总表 as spreadsheet or PDF and goes back to the dashboard, which shows how far it is."""
    season, _context = chosen(request)
    kind = "tallies_pdf" if request.POST.get("format") == "pdf" else "tallies_xlsx"
    return _owed(request, kind, "reviews:office_home", season.pk, {})


def _owed(request: HttpRequest, kind: str, page: str, season_id: int, wanted: dict[str, str]) -> HttpResponse:
    at = request.judged_at  # type: ignore[attr-defined]
    same = check_code.digest(wanted)[:12]
    key = f"{kind}:{season_id}:{request.user.pk}:{same}:{at:%Y%m%d%H%M}"
    args = {"season_id": season_id, "at": at.isoformat()} | ({"wanted": wanted} if wanted else {})
    with transaction.atomic():
        job = owe(kind, key, owner=request.user, **args)
        record("exported", job, Actor.of(request, Role.OFFICE), at, kind=kind, wanted=wanted)
    parameters = request.GET.copy()
    parameters["job"] = str(job.pk)
    parameters.pop("page", None)
    return redirect(f"{reverse(page)}?{parameters.urlencode()}")


@door(Role.OFFICE)
@require_safe
def nomination(request: HttpRequest, number: str) -> HttpResponse:
    """One nomination: its form as it stands, what happened to it, and its versions."""
    found = queries.nomination_for(request.user, Role.OFFICE, number)
    versions = list(found.versions.submitted().select_related("frozen_by").order_by("-number"))
    standing = found.recommendations.filter(ended_at=None).select_related("place__channel", "version").first()
    context = {
        "nomination": found,
        "blocks": _blocks(found),
        "files_at": f"{reverse('nominations:office_nomination', args=[number])}files/",
        "events": timeline.lines(events_of(found)),
        "holder": holder(found, request.judged_at, insider=True),  # type: ignore[attr-defined]
        "versions": versions,
        "papers": _papers(versions),
        "recommendation": standing,
        "twins": twins.sights(found),
        "scans": [shown(scan, picture_url) for scan in scans.standing_scans(versions[0])] if versions else [],
    }
    return render(request, "nominations/office/nomination.html", context)


def _blocks(nomination: Nomination) -> list[on_page.Block]:
    form = nomination.ranking.form
    if form is None:
        return []
    track = nomination.track.name if nomination.track else ""
    tree = walk(form, nomination.answers, track, nomination.category, nomination.season.year)
    return on_page.blocks(tree)


def _papers(versions: list[Version]) -> set[int]:
    """The numbers of the versions whose printed form is there."""
    keys = {f"form_pdf:{version.pk}": version.number for version in versions}
    done = Job.objects.filter(key__in=keys, state=Job.State.DONE).exclude(result="")
    return {keys[key] for key in done.values_list("key", flat=True)}


@door(Role.OFFICE)
@require_safe
def paper(request: HttpRequest, number: str, version: int) -> HttpResponseBase:
    """The printed form of a version; the download is on record."""
    found = queries.nomination_for(request.user, Role.OFFICE, number)
    frozen = found.versions.submitted().filter(number=version).first()
    if frozen is None:
        raise Refused(NOT_FOUND)
    job = Job.objects.filter(key=f"form_pdf:{frozen.pk}", state=Job.State.DONE).first()
    if job is None or not job.result:
        raise Refused(NOT_FOUND)
    answer = job_attachment(job)
    if request.method == "GET":
        at = request.judged_at  # type: ignore[attr-defined]
        by = Actor.of(request, Role.OFFICE)
        record("downloaded", found, by, at, season_year=found.season.year, version_code=frozen.check_code)
    return answer
