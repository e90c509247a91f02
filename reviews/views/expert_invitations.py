"""评审邀请 and 我的信息: the expert's answers to the bodies, and what is known of the expert."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations import queries as nomination_queries
from nominations.states import Window
from reviews import queries
from reviews.actions import invitations as actions
from reviews.actions import profiles
from reviews.forms.experts import FactsForm
from reviews.forms.picks import is_search
from reviews.models import BodyExpert
from reviews.rules import promises


def _actor(request: HttpRequest) -> Actor:
    return Actor.of(request, Role.EXPERT)


def _here() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("reviews:expert_invitations"))


@door(Role.EXPERT)
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """评审邀请: what waits for an answer first, then what was answered."""
    return _shown(request)


def _shown(request: HttpRequest, pk: int = 0, verdict: Verdict | None = None) -> HttpResponse:
    season = nomination_queries.current_season()
    rows = queries.invitations_of(request.user, season) if season else []
    windows = nomination_queries.windows(season) if season else {}
    lines = []
    for row in rows:
        openings = [
            (track, windows.get((track.pk, Window.PRELIMINARY)) or windows.get((None, Window.PRELIMINARY)))
            for track in row.body.tracks.all()
        ]
        lines.append({"row": row, "tracks": openings, "verdict": verdict if row.pk == pk else None})
    facts = {
        "lines": lines,
        "typed": request.POST,
        "verdict": verdict,
        "problems": verdict is not None,
        "commitment": promises.COMMITMENT,
        "consent": promises.CONSENT,
    }
    return render(
        request, "reviews/expert/invitations.html", facts, status=200 if verdict is None else verdict.status
    )


@door(Role.EXPERT)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """接受 with the two ticks, or 谢绝 with a reason."""
    row, at = queries.own_invitation(request.user, pk), request.judged_at  # type: ignore[attr-defined]
    try:
        if "decline" in request.POST:
            actions.decline(row, request.POST.get("reason", ""), _actor(request), at)
            messages.success(request, _("已谢绝邀请，初评机构将看到原因"))
            return _here()
        consents, commits = (request.POST.get(name) == "on" for name in ("consents", "commits"))
        actions.accept(row, consents, commits, _actor(request), at)
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _shown(request, pk, refused.verdict)
    messages.success(request, _("已接受邀请，并确认评审承诺"))
    return HttpResponseRedirect(reverse("reviews:expert_home"))


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """退出评审: a page of its own that says what is lifted and what stays."""
    row, verdict = queries.own_invitation(request.user, pk), None
    if request.method == "POST":
        reason, at = request.POST.get("reason", ""), request.judged_at  # type: ignore[attr-defined]
        try:
            count = actions.leave(row, reason, _actor(request), at)
            words = _("已退出评审，取消%(count)d项未提交的任务，初评机构将收到通知")
            messages.success(request, words % {"count": count})
            return _here()
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
    elif row.state != BodyExpert.State.ACCEPTED:
        return _here()
    facts = {"row": row, "verdict": verdict, "problems": verdict is not None, "typed": request.POST}
    return render(
        request, "reviews/expert/leave.html", facts, status=200 if verdict is None else verdict.status
    )


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """我的信息: the person keeps and so confirms what the 回避 and the assignment look at."""
    expert = queries.own_entry(request.user)
    season = nomination_queries.current_season()
    if expert is None or season is None:
        raise Refused(NOT_FOUND)
    form, status = FactsForm(expert, queries.fields_of(season), request.POST or None), 200
    if request.method == "POST" and not is_search(request.POST):
        status = 422
        if form.is_valid():
            at = request.judged_at  # type: ignore[attr-defined]
            changed = profiles.keep_own(expert, form.cleaned_data, season, _actor(request), at)
            messages.success(request, _("已保存") if changed else _("已确认，没有改动"))
            return HttpResponseRedirect(reverse("reviews:expert_profile"))
    elif request.method == "POST":
        form.errors.clear()  # It was only a search: what is typed is judged when it is kept.
    return render(request, "reviews/expert/profile.html", {"expert": expert, "form": form}, status=status)


def waiting_for(user: Any) -> list[BodyExpert]:
    """The invitations of this season that a person hasn't answered."""
    season = nomination_queries.current_season()
    rows = queries.invitations_of(user, season) if season else []
    return [row for row in rows if row.state == BodyExpert.State.INVITED]
