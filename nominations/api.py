"""The API of an applicant: own nominations as JSON, read, changed and submitted (docs/api.md).

Every deed goes through the actions that pages use. Who is asked for by the session; an unsafe method needs the CSRF
token. Whatever goes wrong is answered as JSON: ``code``, ``message``, ``hint``, ``details``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Role
from kczg.kit.doors import View, door
from kczg.kit.middleware import as_json
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused, refuse
from kczg.kit.workbooks import Unreadable
from nominations import queries
from nominations.actions import applicant
from nominations.actions.answers import save_answers
from nominations.fields import kind_of
from nominations.fields.base import Declaration
from nominations.forms import read_json
from nominations.inputs.answers import load_json
from nominations.models import Nomination
from nominations.views.data import document_of
from nominations.views.overview import Overview, overview, overviews

A_PAGE = 50
Answer = dict[str, Any]
Handler = Callable[..., Answer]


def api(**methods: Handler) -> View:
    """An address that answers JSON, by method. A handler returns the answer's content or raises Refused."""

    @door(Role.APPLICANT)
    def behind_the_door(request: HttpRequest, **named: Any) -> HttpResponse:
        handler = methods.get("GET" if request.method == "HEAD" else str(request.method))
        if handler is None:
            raise Refused(refuse("method", _("此地址不支持这个方法"), "、".join(methods), status=405))
        return _said(handler(request, **named))

    @wraps(behind_the_door)
    def view(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            return behind_the_door(request, **named)  # type: ignore[return-value]
        except Http404:
            refused = Refused(refuse("not_found", _("没有找到此申报"), status=404))
        except Unreadable as unreadable:
            refused = Refused(refuse("unreadable", str(unreadable), status=400))
        except Refused as fault:
            refused = fault
        if refused.verdict.status == 404:
            # Another's nomination and none are answered alike (S3).
            refused = Refused(refuse("not_found", _("没有找到此申报"), status=404))
        return _said(as_json(refused), refused.verdict.status)

    return view


def _said(content: Any, status: int = 200) -> JsonResponse:
    response = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    return response


def _body(request: HttpRequest) -> dict[str, Any]:
    """What was sent: a JSON object, or the fields of an ordinary form."""
    if request.content_type != "application/json":
        return {name: request.POST[name] for name in request.POST}
    sent = load_json(request.body)
    if not isinstance(sent, dict):
        raise Refused(refuse("shape", _("内容应是一个JSON对象"), status=400))
    return sent


def _opened(request: HttpRequest, number: str) -> tuple[Nomination, Overview]:
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    return nomination, overview(nomination, request.judged_at)  # type: ignore[attr-defined]


def _list(request: HttpRequest) -> Answer:
    """The person's own nominations, newest first."""
    page = Paginator(queries.visible_to(request.user, Role.APPLICANT), A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = overviews(page.object_list, request.judged_at)  # type: ignore[attr-defined]
    pages = {"page": page.number, "pages": page.paginator.num_pages, "count": page.paginator.count}
    return {**pages, "nominations": [_line(shown) for shown in rows]}


def _line(shown: Overview) -> Answer:
    row = shown.nomination
    return {
        "number": row.number,
        "season": row.season.year,
        "ranking": row.ranking.key,
        "track": row.track.name if row.track else "",
        "category": row.category,
        "title": row.title,
        "state": str(shown.state),
        "state_word": shown.state_word,
        "version": row.edit_version,
        "edited_at": row.edited_at.isoformat(),
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
        "url": reverse("nominations:api_nomination", args=[row.number]),
    }


def _read(request: HttpRequest, number: str) -> Answer:
    """The whole nomination; ``version`` is sent back with a change."""
    nomination, shown = _opened(request, number)
    return document_of(nomination, shown)


def _change(request: HttpRequest, number: str) -> Answer:
    """Changes the answers that are sent, and leaves the others."""
    return _save(request, number, replace=False)


def _replace(request: HttpRequest, number: str) -> Answer:
    """Changes all answers that are asked: what isn't sent becomes empty."""
    return _save(request, number, replace=True)


def _save(request: HttpRequest, number: str, replace: bool) -> Answer:
    nomination, _shown = _opened(request, number)
    sent = _body(request)
    answers, version = sent.get("answers"), str(sent.get("version", ""))
    if not isinstance(answers, dict) or not (version.isascii() and version.isdigit() and len(version) < 10):
        hint = _("先读取申报，把其中的version随改动一起发回")
        raise Refused(refuse("shape", _("内容应含version和answers"), hint, status=400))
    form = nomination.ranking.online_form.for_year(nomination.season.year)
    updates = read_json(form, answers)
    if updates.problems:
        problems = [{"key": p.key, "code": p.code, "message": p.message} for p in updates.problems]
        words = _("有%(n)d处不能保存") % {"n": len(problems)}
        raise Refused(refuse("unreadable", words, status=422, problems=problems))
    values = {**_emptied(form), **updates.values} if replace else updates.values
    by = Actor.of(request, Role.APPLICANT)
    saved = save_answers(nomination, values, int(version), by, request.judged_at)  # type: ignore[attr-defined]
    fresh = queries.nomination_for(request.user, Role.APPLICANT, saved.number)
    return document_of(fresh, overview(fresh, request.judged_at))  # type: ignore[attr-defined]


def _emptied(form: Declaration) -> dict[str, Any]:
    """No answer to any question; files have pages of their own and stay."""
    return {q.key: kind_of(q).blank() for q in form.questions() if q.kind != "files"}


def _submit(request: HttpRequest, number: str) -> Answer:
    """Submits with the promise; asking twice has one effect and one answer (Q2)."""
    nomination, _shown = _opened(request, number)
    promised = _body(request).get("promised") in (True, "1")
    by = Actor.of(request, Role.APPLICANT)
    version = applicant.submit(nomination, by, request.judged_at, promised=promised)  # type: ignore[attr-defined]
    return {
        "number": nomination.number,
        "version": version.number,
        "check_code": version.check_code,
        "digest": version.digest,
        "submitted_at": version.frozen_at.isoformat(),
    }


nominations = api(GET=_list)
nomination = api(GET=_read, PUT=_replace, PATCH=_change)
submit = api(POST=_submit)
