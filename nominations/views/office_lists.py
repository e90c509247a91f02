"""The secretariat's lists: earlier honourees (no candidates again) and 试点城市（园区）; imported, checked, called whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.actions import lists as actions
from nominations.inputs.lists import HONOUREES, MOST_TOLD, excluding_lists, read_list
from nominations.models import PILOT_PLACES, ListImport, ListState, Season
from nominations.views.office_forms import ListFileForm
from nominations.views.seasons import chosen

A_PAGE = 50
SAMPLE = 20
PAGES = {HONOUREES: "nominations:office_exclusions", PILOT_PLACES: "nominations:office_pilot_places"}


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def exclusions(request: HttpRequest) -> HttpResponse:
    """往年入榜名单: whoever is on it is no candidate again (annex 1)."""
    return _list(request, HONOUREES)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def pilot_places(request: HttpRequest) -> HttpResponse:
    """试点城市（园区）, 65 in the notice."""
    return _list(request, PILOT_PLACES)


def _list(request: HttpRequest, kind: str) -> HttpResponse:
    season, context = chosen(request)
    form = ListFileForm()
    extra: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            answer = _act(request, kind, season)
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            extra, status = {"refusal": refused.verdict}, refused.verdict.status
        else:
            if isinstance(answer, HttpResponse):
                return answer
            form, extra, status = answer["form"], answer, 422
    return render(
        request,
        "nominations/office/list.html",
        {**context, **_shown(request, kind, season), "form": form, **extra},
        status=status,
    )


def _shown(request: HttpRequest, kind: str, season: Season) -> dict[str, Any]:
    """The lines as filtered, and of each list how many lines it has and whether it is whole; fixed queries."""
    rows = actions.MODELS[kind].objects.filter(season=season)
    key = "ranking_name" if kind == HONOUREES else "season_id"
    counted = {row[key]: row for row in rows.order_by().values(key).annotate(
        lines=Count("pk"), unchecked=Count("pk", filter=Q(checked_by="")))}  # fmt: skip
    whole = set(ListState.objects.filter(season=season, complete=True).values_list("key", flat=True))
    names = excluding_lists(season) if kind == HONOUREES else [PILOT_PLACES]
    none = {"lines": 0, "unchecked": 0}
    found = [
        {
            "key": name,
            "name": _("试点城市（园区）") if kind == PILOT_PLACES else name,
            "whole": name in whole,
            **counted.get(name if kind == HONOUREES else season.pk, none),
        }
        for name in names
    ]
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    wanted = request.GET.get("list", "")
    if text:
        rows = rows.filter(name__icontains=text)
    if kind == HONOUREES and wanted in names:
        rows = rows.filter(ranking_name=wanted)
    if request.GET.get("unchecked") == "1":
        rows = rows.filter(checked_by="")
    return {
        "kind": kind,
        "lists": found,
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "q": text,
        "wanted": wanted,
        "unchecked": request.GET.get("unchecked") == "1",
        "here": f"{reverse(PAGES[kind])}?year={season.year}",
    }


def _act(request: HttpRequest, kind: str, season: Season) -> HttpResponse | dict[str, Any]:
    """What was pressed, done; or what the page shows about a file that can't be taken."""
    by, at = Actor.of(request, Role.OFFICE), request.judged_at  # type: ignore[attr-defined]
    sent = request.POST
    if "upload" in sent:
        return _upload(request, kind, season)
    reason = sent.get("reason", "")[:1000]
    if "key" in sent:
        actions.set_whole(season, sent["key"], sent.get("whole") == "1", reason, by, at)
        messages.success(request, _("已设定名单是否完整"))
        return redirect(f"{reverse(PAGES[kind])}?year={season.year}")
    ids = [int(pk) for pk in sent.getlist("line") if pk.isascii() and pk.isdigit() and len(pk) < 16][:A_PAGE]
    if not ids:
        messages.error(request, _("先勾选名单中的行"))
    elif "remove" in sent:
        count = actions.remove_lines(season, kind, ids, reason, by, at)
        messages.success(request, _("已移除%(count)d行") % {"count": count})
    else:
        count = actions.check_lines(season, kind, ids, by, at)
        messages.success(request, _("已核对%(count)d行") % {"count": count})
    return redirect(request.get_full_path())


def _upload(request: HttpRequest, kind: str, season: Season) -> HttpResponse | dict[str, Any]:
    form = ListFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return {"form": form}
    found = read_list(kind, form.cleaned_data["file"], season)
    if found.problems:
        return {
            "form": ListFileForm(),
            "problems_found": found.problems[:MOST_TOLD],
            "problem_count": len(found.problems),
        }
    waiting = ListImport.objects.create(
        season=season,
        kind=kind,
        rows=found.rows,
        made_by=request.user,
        made_at=request.judged_at,  # type: ignore[attr-defined, misc]
    )
    if found.ignored:
        messages.info(request, _("未读取的列：%(names)s") % {"names": "、".join(found.ignored[:20])})
    return redirect("nominations:office_list_import", waiting.pk)


@door(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def list_import(request: HttpRequest, pk: int) -> HttpResponse:
    """核对后导入: how many lines are new, changed, unchanged; confirmed, they are written."""
    waiting = ListImport.objects.select_related("season").filter(pk=pk).first()
    if waiting is None:
        raise Refused(NOT_FOUND)
    home = f"{reverse(PAGES[waiting.kind])}?year={waiting.season.year}"
    if request.method == "POST":
        by, at = Actor.of(request, Role.OFFICE), request.judged_at  # type: ignore[attr-defined]
        done = actions.confirm(waiting, by, at)
        words = _("已新增%(new)d行，修改%(changed)d行，不变%(unchanged)d行")
        messages.success(request, words % vars(done))
        return redirect(home)
    context = {
        "waiting": waiting,
        "season": waiting.season,
        "counts": actions.preview(waiting.season, waiting.kind, waiting.rows),
        "rows": waiting.rows[:SAMPLE],
        "total": len(waiting.rows),
        "kind": waiting.kind,
        "home": home,
    }
    return render(request, "nominations/office/list_import.html", context)
