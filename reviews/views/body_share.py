"""分工 of a joint track: who deals with what now, a proposal, its answer."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations.models import Nomination
from reviews import queries
from reviews.actions import shares as actions
from reviews.models import ShareProposal
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

A_PAGE = 100
"""Nominations on one page: a row of choices each, within what a request may hold."""


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def share(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """The split in force, the one that waits, and the choices for the next one."""
    if request.method != "POST":
        return _shown(request, page)
    typed = {
        int(found[1]): int(str(value))
        for name, value in request.POST.items()
        if (found := re.fullmatch(r"body-([0-9]{1,15})", name)) and re.fullmatch(r"[0-9]{1,15}", str(value))
    }
    # What stands on the other pages of the list stays as it is.
    split = {**_standing(page), **typed}
    try:
        actions.propose(page.track, split, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _shown(request, page, refused.verdict, typed)
    messages.success(request, _("已提出分工，联合初评机构同意后生效"))
    return page.go("body_share")


def _standing(page: BodyPage) -> dict[int, int]:
    """What a new proposal starts from: the own one that waits, else the split in force, else turn by turn."""
    waiting = queries.open_proposal(page.track)
    if waiting is not None:
        return {int(key): body for key, body in waiting.split.items()}
    split = queries.shares_of(page.track)
    bodies = [body.pk for body in page.bodies]
    rows = queries.received(page.track).values_list("pk", flat=True)
    return {pk: split.get(pk, bodies[turn % len(bodies)]) for turn, pk in enumerate(rows)}


def _shown(
    request: HttpRequest,
    page: BodyPage,
    verdict: Verdict | None = None,
    typed: dict[int, int] | None = None,
) -> HttpResponse:
    rows = Paginator(queries.received(page.track), A_PAGE).get_page(request.GET.get("page"))
    in_force, chosen = queries.shares_of(page.track), {**_standing(page), **(typed or {})}
    names = {body.pk: str(body) for body in page.bodies}
    lines = [_line(row, page, names, in_force, chosen) for row in rows]
    waiting = queries.open_proposal(page.track)
    ours = {organisation.pk for organisation in request.user.organisations_in(Role.BODY)}  # type: ignore[union-attr]
    last = ShareProposal.objects.filter(track=page.track).exclude(agreed=None).select_related("answered_by")
    facts: dict[str, Any] = {
        "lines": lines,
        "page_obj": rows,
        "waiting": waiting,
        "own": waiting is not None and waiting.body.organisation_id in ours,
        "counts": [
            {"body": body, "n": sum(value == body.pk for value in chosen.values())} for body in page.bodies
        ],
        "last": last.first(),
        "split_holds": bool(in_force),
        "verdict": verdict,
        "problems": verdict is not None,
    }
    return show(request, page, "share", status=verdict.status if verdict is not None else 200, **facts)


def _line(
    row: Nomination, page: BodyPage, names: dict[int, str], in_force: dict[int, int], chosen: dict[int, int]
) -> dict[str, Any]:
    return {
        "nomination": row,
        "now": names.get(in_force.get(row.pk, 0), ""),
        "choices": [{"body": body, "chosen": chosen.get(row.pk) == body.pk} for body in page.bodies],
        "proposed": names.get(chosen.get(row.pk, 0), ""),
    }


@door(Role.BODY)
@require_POST
@of_track
@once_begun
def answer(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """同意分工 or 不同意, with a reason."""
    asked = request.POST.get("proposal", "")
    pk = int(asked) if re.fullmatch(r"[0-9]{1,15}", asked) else 0
    agreed, reason = request.POST.get("answer") == "agree", request.POST.get("reason", "")
    try:
        actions.answer(page.track, pk, agreed, reason, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _shown(request, page, refused.verdict)
    messages.success(request, _("已同意，分工生效") if agreed else _("已答复不同意"))
    return page.go("body_share")
