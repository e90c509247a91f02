"""What the public reads: home, notices, published lists with their files, and the check of a code."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kczg.kit.doors import PUBLIC, door
from kczg.kit.downloads import job_attachment
from kczg.kit.models import Job
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import queries
from nominations.models import Ranking, Season, Stage, UnitPaper, Version
from nominations.outputs import unit_paper
from nominations.outputs.season import publication_words, words
from nominations.rules import check_code
from nominations.states import State, Window
from reviews.models import Meeting, PreliminaryResult, PublicNotice, PublishedList
from reviews.outputs import list as listed
from reviews.outputs import meeting as minute

LATEST = 5
A_PAGE = 50
KEPT = "public, max-age=300"
"""A published file may be kept for five minutes by whoever passes it on: a rush of readers asks once."""


@door(PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """首页: what it is, the season's clock, the rankings, the latest notices and lists, a door for each role."""
    at = request.judged_at  # type: ignore[attr-defined]
    season = queries.current_season()
    stages = list(Stage.objects.filter(season=season, track=None)) if season else []
    published = PublishedList.objects.filter(published_at__isnull=False)
    context = {
        "season": season,
        "stages": stages,
        "clock_words": words(season, stages, at) if season else "",
        "call": next((stage for stage in stages if stage.key == Window.CALL), None),
        "rankings": queries.open_rankings(season) if season else [],
        "notices": PublicNotice.objects.select_related("ranking__season")[:LATEST],
        "lists": published.select_related("ranking__season").order_by("-published_at")[:LATEST],
        "at": at,
    }
    return render(request, "reviews/public/home.html", context)


@door(PUBLIC)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All public notices, the latest first."""
    rows = PublicNotice.objects.select_related("ranking__season")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "at": request.judged_at}  # type: ignore[attr-defined]
    return render(request, "reviews/public/notices.html", context)


@door(PUBLIC)
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A public notice as it was issued; after its period it says so and leads to the list."""
    found = PublicNotice.objects.select_related("ranking__season").filter(pk=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    over = request.judged_at >= found.closes  # type: ignore[attr-defined]
    context = {
        "notice": found,
        "season": found.ranking.season,
        "groups": listed.groups(found.entries),
        "over": over,
        "published": listed.published_of(found.ranking) if over else None,
    }
    return render(request, "reviews/public/notice.html", context)


@door(PUBLIC)
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """The lists by year: published ones with their number of entries, the others with when they will be out."""
    at = request.judged_at  # type: ignore[attr-defined]
    published: dict[int, PublishedList] = {}
    for row in PublishedList.objects.filter(published_at__isnull=False).order_by("version"):
        published[row.ranking_id] = row
    years = []
    opening = {stage.season_id: stage for stage in Stage.objects.filter(key=Window.PUBLICATION, track=None)}
    for season in Season.objects.prefetch_related("rankings"):
        rows = [(ranking, published.get(ranking.pk)) for ranking in season.rankings.all()]
        years.append((season, rows, publication_words(opening.get(season.pk), at)))
    return render(request, "reviews/public/lists.html", {"years": years})


def _ranking(year: int, key: str) -> Ranking:
    found = Ranking.objects.select_related("season").filter(season__year=year, key=key).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@door(PUBLIC)
@require_safe
def published_list(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """入榜名单 of a ranking, to be searched and filtered; before publication only when it will be out (P5)."""
    ranking = _ranking(year, key)
    found = listed.published_of(ranking)
    context: dict[str, Any] = {"ranking": ranking, "season": ranking.season, "published": found}
    if found is None:
        opening = Stage.objects.filter(season=ranking.season, key=Window.PUBLICATION, track=None).first()
        context["when"] = publication_words(opening, request.judged_at)  # type: ignore[attr-defined]
        return render(request, "reviews/public/list.html", context)
    names = list(dict.fromkeys(entry["track"] for entry in found.entries if entry["track"]))
    text = request.GET.get("q", "").strip()[:100]
    track = request.GET.get("track", "")
    track = track if track in names else ""
    found.ranking = ranking
    context |= {
        "title": listed.title(found),
        "names": names,
        "track": track,
        "q": text,
        "entries": listed.matching(found.entries, track, text),
        "files": _files(found),
    }
    return render(request, "reviews/public/list.html", context)


def _files(published: PublishedList) -> list[str]:
    """The kinds of file that the worker has finished."""
    keys = {f"list_{suffix}:{published.pk}": suffix for suffix in ("xlsx", "pdf")}
    done = set(Job.objects.filter(key__in=keys, state=Job.State.DONE).values_list("key", flat=True))
    return [suffix for key, suffix in keys.items() if key in done]


@door(PUBLIC)
@require_safe
def list_file(request: HttpRequest, year: int, key: str, suffix: str) -> HttpResponseBase:
    """The published list as a file; there is none before publication."""
    found = listed.published_of(_ranking(year, key))
    job = found and Job.objects.filter(key=f"list_{suffix}:{found.pk}", state=Job.State.DONE).first()
    if not job or not job.result:
        raise Refused(NOT_FOUND)
    response = job_attachment(job)
    response.headers["Cache-Control"] = KEPT
    return response


@door(PUBLIC)
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """核验: a code is typed; one that can be a code leads to what it certifies."""
    typed = request.GET.get("code", "").strip()
    code = check_code.parse(typed) if typed else None
    if code:
        return redirect("reviews:verified", code)
    context = {"typed": typed[:40], "problem": _("未找到此核验码，检查0/O、1/I") if typed else ""}
    return render(request, "reviews/public/verify.html", context, status=404 if typed else 200)


@door(PUBLIC)
@require_safe
def mark(request: HttpRequest, code: str, page: str) -> HttpResponse:
    """The address in the QR at a page's foot, in capitals: on to what its check code certifies."""
    return redirect("reviews:verified", check_code.parse(code) or code[:40])


@door(PUBLIC)
@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """What a check code certifies: a form's version, a unit's paper, a body's result or minute, or a published list.

    No personal content, and no entry that isn't published (P4, P5).
    """
    parsed = check_code.parse(code)
    context = {"typed": code[:40], **(_certified(parsed) if parsed else {})}
    if "kind" not in context:
        context["problem"] = _("未找到此核验码，检查0/O、1/I")
        return render(request, "reviews/public/verify.html", context, status=404)
    return render(request, "reviews/public/verified.html", context)


def _certified(code: str) -> dict[str, Any]:
    version = Version.objects.select_related("nomination__ranking__season").filter(check_code=code).first()
    if version is not None:
        latest = version.nomination.versions.submitted().last()
        withdrawn = version.nomination.state == State.WITHDRAWN
        number = latest.number if latest else 0
        return {"kind": "version", "version": version, "latest": number, "withdrawn": withdrawn}
    paper = UnitPaper.objects.select_related("unit__season", "unit__organisation", "selection")
    if (printed := paper.filter(check_code=code).first()) is not None:
        return {"kind": "unit_paper", "paper": printed, **unit_paper.certified(printed)}
    reported = PreliminaryResult.objects.exclude(frozen_at=None).filter(check_code=code)
    if (row := reported.select_related("track__ranking__season").order_by("-number").first()) is not None:
        return {"kind": "result", "result": row}
    held = Meeting.objects.filter(check_code=code, state=Meeting.State.CLOSED).first()
    if held is not None:
        return {"kind": "meeting", "meeting": held, **minute.certified(held)}
    rows = PublishedList.objects.filter(check_code=code, published_at__isnull=False)
    found = rows.select_related("ranking__season").first()
    if found is None:
        return {}
    standing = listed.published_of(found.ranking)
    superseded = standing is not None and standing.pk != found.pk
    return {"kind": "list", "published": found, "title": listed.title(found), "superseded": superseded}
