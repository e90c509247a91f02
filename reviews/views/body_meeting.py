"""会议评审 of the review body: call it, keep who is there, hold the rounds, end it, print the minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations.views.office import export_of
from reviews import meetings, queries
from reviews.actions import meetings as actions
from reviews.actions import votes
from reviews.forms.meeting import MeetingForm, ids
from reviews.models import Meeting, MeetingMember, Round
from reviews.rules import voting
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show

either = require_http_methods(["GET", "HEAD", "POST"])


def _found(page: BodyPage) -> Meeting:
    """The track's meeting; raises Refused (404) as long as none is called."""
    found = meetings.meeting_of(page.track)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def _done(
    request: HttpRequest, page: BodyPage, deed: Callable[..., Any], words: str, *given: Any
) -> HttpResponse | Verdict:
    """Does it and goes back to the meeting's page; or why not, for the page to tell."""
    try:
        deed(page.track, *given, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return refused.verdict
    messages.success(request, words)
    return page.go("body_meeting")


@door(Role.BODY)
@require_http_methods(["GET", "HEAD"])
@of_track
def meeting(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """The meeting as it stands: who is there, what is voted on, the open round, the tallies of the closed ones."""
    return _meeting(request, page)


def _meeting(request: HttpRequest, page: BodyPage, verdict: Verdict | None = None) -> HttpResponse:
    plan = queries.plan_in_force(page.track)
    found = meetings.meeting_of(page.track)
    facts: dict[str, Any] = {"plan": plan, "meeting": found, "verdict": verdict}
    if found is not None:
        facts |= _facts(page, found)
        facts |= export_of(request) if found.is_closed else {}
        facts["outdated"] = meetings.is_outdated(found)
    status = verdict.status if verdict is not None else 200
    return show(request, page, "meeting", status=status, **facts)


def _facts(page: BodyPage, found: Meeting) -> dict[str, Any]:
    rounds = list(found.rounds.all())
    members = list(found.members.select_related("expert__user"))
    facts: dict[str, Any] = {
        "members": members,
        "present": sum(member.present for member in members),
        "round": next((row for row in rounds if row.is_open), None),
        "rounds": list(reversed(meetings.told(found, rounds))),
        "annulled": [row for row in rounds if row.annulled_at],
        "next": len(rounds) + 1,
        "candidates": _candidates(page, found, members),
    }
    if facts["round"] is not None:
        facts["voting"] = _voting(facts["round"], members)
    if found.is_open:
        facts["standing"] = meetings.standing(found, rounds)
    if found.is_closed:
        known = {row["nomination"]: row for row in found.candidates}
        facts["elected"] = [known[pk] for pk in found.result["elected"]]
    return facts


def _candidates(page: BodyPage, found: Meeting, members: list[MeetingMember]) -> list[dict[str, Any]]:
    """What is voted on with who is recused from it; nothing before the scores are closed."""
    rows = found.candidates
    if found.is_planned:
        rows = meetings.starting_order(page.track) if page.begun else []
    away = meetings.recused(page.track, [m.expert_id for m in members], [row["nomination"] for row in rows])
    return [
        {**row, "recused": [str(m.expert) for m in members if row["nomination"] in away[m.expert_id]]}
        for row in rows
    ]


def _voting(row: Round, members: list[MeetingMember]) -> dict[str, Any]:
    """How far the round is; never what was voted."""
    voted = set(row.voted.values_list("expert", flat=True))
    able = set(voting.voters(row.candidates, row.recused))
    waiting = [str(m.expert) for m in members if m.expert_id in able - voted]
    return {"voted": len(voted), "all": len(able), "waiting": waiting}


@door(Role.BODY)
@either
@of_track
def plan(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """筹备会议: when, where, who; the members are told."""
    found, plan_now = meetings.meeting_of(page.track), queries.plan_in_force(page.track)
    if found is not None and meetings.is_outdated(found):
        found = None
    if plan_now is None or not plan_now.meeting or (found is not None and not found.is_planned):
        return page.go("body_meeting")
    experts = list(queries.experts_of(page.track))
    if request.method != "POST":
        title = _("%(track)s初评会议") % {"track": page.track}
        return show(request, page, "meeting_plan", form=MeetingForm.of(found, title, experts), meeting=found)
    form, verdict = MeetingForm(request.POST, experts=experts), None
    if form.is_valid():
        fields = dict(form.cleaned_data)
        members, chair = ids(fields.pop("members")), int(fields.pop("chair"))
        answer = _done(
            request, page, actions.plan_meeting, _("会议已筹备，已通知参会专家"), fields, members, chair
        )
        if isinstance(answer, HttpResponse):
            return answer
        verdict = answer
    status = verdict.status if verdict is not None else 422
    return show(request, page, "meeting_plan", status=status, form=form, meeting=found, verdict=verdict)


@door(Role.BODY)
@require_POST
@of_track
def present(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """登记到会: who of the members is there."""
    answer = _done(
        request, page, actions.keep_present, _("已登记到会专家"), ids(request.POST.getlist("present"))
    )
    return answer if isinstance(answer, HttpResponse) else _meeting(request, page, answer)


@door(Role.BODY)
@either
@of_track
@once_begun
def begin_round(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """开始一轮投票: says who stands, how many places are left and who may vote, then opens it."""
    found, verdict = _found(page), None
    if request.method == "POST":
        answer = _done(request, page, actions.begin_round, _("投票已开始，已通知到会专家"))
        if isinstance(answer, HttpResponse):
            return answer
        verdict = answer
    facts = _facts(page, found)
    if request.method != "POST" and (found.is_closed or facts["round"] is not None):
        return page.go("body_meeting")
    quorum = voting.judge_quorum(len(facts["members"]), facts["present"])
    now = facts.get("standing")
    standing_ids = now.candidates if now else [row["nomination"] for row in facts["candidates"]]
    facts["standing_now"] = [row for row in facts["candidates"] if row["nomination"] in set(standing_ids)]
    facts["seats"] = now.seats if now else (queries.plan_in_force(page.track) or found.plan).shortlist
    status = verdict.status if verdict is not None else 200
    return show(
        request, page, "meeting_round", status=status, meeting=found, quorum=quorum, verdict=verdict, **facts
    )


@door(Role.BODY)
@either
@of_track
@once_begun
def close_round(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """结束本轮, after which the tallies are seen; or 作废本轮 with its reason."""
    found, verdict, reason = _found(page), None, request.POST.get("reason", "")[:1000]
    if request.method == "POST":
        if "annul" in request.POST:
            answer = _done(request, page, actions.annul_round, _("本轮已作废"), reason)
        else:
            answer = _done(request, page, actions.close_round, _("本轮投票已结束"))
        if isinstance(answer, HttpResponse):
            return answer
        verdict = answer
    facts = _facts(page, found)
    if facts["round"] is None and verdict is None:
        return page.go("body_meeting")
    status = verdict.status if verdict is not None else 200
    return show(
        request,
        page,
        "meeting_round_close",
        status=status,
        meeting=found,
        verdict=verdict,
        reason=reason,
        **facts,
    )


@door(Role.BODY)
@either
@of_track
@once_begun
def ballots(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """录入纸质选票: who votes on paper, and what the papers say, apart from each other."""
    found, verdict = _found(page), None
    chosen = ids(request.POST.getlist("choice"))
    if request.method == "POST":
        answer = _paper(request, page, chosen)
        if isinstance(answer, HttpResponse):
            return answer
        verdict = answer
    row = found.rounds.filter(closed_at=None, annulled_at=None).first()
    if row is None:
        if verdict is None:
            return page.go("body_meeting")
        return _meeting(request, page, verdict)
    known = {candidate["nomination"]: candidate for candidate in found.candidates}
    voted = dict(row.voted.values_list("expert", "on_paper"))
    able = set(voting.voters(row.candidates, row.recused))
    members = found.members.select_related("expert__user").filter(expert__in=able)
    facts = {
        "round": row,
        "boxes": [{**known[pk], "ticked": pk in chosen} for pk in row.candidates],
        "people": [(m, voted.get(m.expert_id)) for m in members if voted.get(m.expert_id) is not False],
        "on_paper": sum(voted.values()),
        "entered": len(row.papers),
    }
    status = verdict.status if verdict is not None else 200
    return show(request, page, "meeting_ballots", status=status, meeting=found, verdict=verdict, **facts)


def _paper(request: HttpRequest, page: BodyPage, chosen: list[int]) -> HttpResponse | Verdict:
    if "voters" in request.POST:
        given = ids(request.POST.getlist("voter"))
        answer = _done(request, page, votes.keep_paper_voters, _("已登记纸质投票的专家"), given)
    elif "clear" in request.POST:
        answer = _done(request, page, votes.clear_papers, _("已清空录入的纸质选票"))
    else:
        answer = _done(request, page, votes.enter_paper, _("已录入一张纸质选票"), chosen)
    return page.go("body_meeting_ballots") if isinstance(answer, HttpResponse) else answer


@door(Role.BODY)
@either
@of_track
@once_begun
def close(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """结束会议: says what came out and what stays empty; before all rounds were held it asks why."""
    found, verdict, note = _found(page), None, request.POST.get("note", "")[:1000]
    if request.method == "POST":
        answer = _done(request, page, actions.close_meeting, _("会议已结束，可以打印纪要"), note)
        if isinstance(answer, HttpResponse):
            return answer
        verdict = answer
    facts = _facts(page, found)
    if verdict is None and (not found.is_open or facts["round"] is not None):
        return page.go("body_meeting")
    if "standing" in facts:
        known = {row["nomination"]: row for row in found.candidates}
        facts["elected"] = [known[pk] for pk in facts["standing"].elected]
    status = verdict.status if verdict is not None else 200
    return show(
        request, page, "meeting_close", status=status, meeting=found, verdict=verdict, note=note, **facts
    )


@door(Role.BODY)
@require_POST
@of_track
@once_begun
def minute(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """打印纪要: owes the paper, and shows how far it is."""
    job = actions.print_minute(page.track, actor(request), request.judged_at)  # type: ignore[attr-defined]
    answer = page.go("body_meeting")
    answer["Location"] += f"&job={job.pk}#minute"
    return answer
