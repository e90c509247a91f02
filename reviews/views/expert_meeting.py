"""会议评审 of the expert: what is voted on, the ballot, and a receipt that says nothing of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from nominations.models import Nomination
from reviews import blinding, meetings
from reviews.actions import votes
from reviews.forms.meeting import ids
from reviews.models import MeetingMember, Round, Voted
from reviews.rules import voting
from reviews.views.expert_tasks import actor


@door(Role.EXPERT)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting and, while a round is open, the ballot: ticked, read over once more, cast for good."""
    member = meetings.membership_for(request.user, pk)
    if request.method == "POST":
        return _post(request, member)
    return _shown(request, member)


def _post(request: HttpRequest, member: MeetingMember) -> HttpResponse:
    typed, row = request.POST.get("round", ""), _open_round(member)
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
    chosen = _chosen(request, member)
    try:
        if "back" in request.POST:
            return _shown(request, member, chosen)
        if "confirmed" not in request.POST:
            return _read_over(request, member, row, chosen)
        counts = votes.cast(member, number, chosen, actor(request), request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _shown(request, member, chosen, refused.verdict)
    if counts:
        messages.success(request, _("第%(number)d轮选票已收到") % {"number": number})
    return redirect("reviews:expert_meeting", member.meeting_id)


def _chosen(request: HttpRequest, member: MeetingMember) -> list[int]:
    """The ticked places in the order of discussion, which say nothing of a nomination, as its ids; 0 for no place."""
    order = [each["nomination"] for each in member.meeting.candidates]
    places = ids(request.POST.getlist("choice"))
    return [order[place - 1] if 1 <= place <= len(order) else 0 for place in places]


def _open_round(member: MeetingMember) -> Round | None:
    rows = Round.objects.select_related("meeting__track")
    return rows.filter(meeting=member.meeting_id, closed_at=None, annulled_at=None).first()


def _seen(member: MeetingMember) -> dict[int, dict[str, Any]]:
    """Nomination id → the candidate as this member may see it: none that is recused, no name where it is blind."""
    found = member.meeting
    order = [each["nomination"] for each in found.candidates]
    hidden = set(meetings.recused(found.track, [member.expert_id], order)[member.expert_id])
    related = Nomination.objects.select_related("season", "ranking", "applicant", "unit__organisation")
    rows = related.filter(pk__in=set(order) - hidden).defer("ranking__declaration")
    headings = blinding.headings(rows, meetings.scored_by(found))
    return {
        each["nomination"]: {
            **each,
            "place": place,
            "number": headings[each["nomination"]].label,
            "title": headings[each["nomination"]].title,
            "applicant": headings[each["nomination"]].applicant,
        }
        for place, each in enumerate(found.candidates, start=1)
        if each["nomination"] in headings
    }


def _shown(
    request: HttpRequest,
    member: MeetingMember,
    chosen: list[int] | None = None,
    verdict: Verdict | None = None,
) -> HttpResponse:
    found, row, seen = member.meeting, _open_round(member), _seen(member)
    facts: dict[str, Any] = {
        "meeting": found,
        "round": row,
        "candidates": list(seen.values()),
        "rounds": _told(member, seen),
        "verdict": verdict,
        "problems": verdict is not None,
    }
    if row is not None:
        facts |= _ballot(member, row, seen, chosen or [])
    status = verdict.status if verdict is not None else 200
    return render(request, "reviews/expert/meeting.html", facts, status=status)


def _told(member: MeetingMember, seen: dict[int, dict[str, Any]]) -> list[tuple[Round, list[dict[str, Any]]]]:
    rounds = list(member.meeting.rounds.all())
    return [
        (row, [{**line, **seen[line["nomination"]]} for line in lines if line["nomination"] in seen])
        for row, lines in reversed(meetings.told(member.meeting, rounds))
    ]


def _ballot(
    member: MeetingMember, row: Round, seen: dict[int, dict[str, Any]], chosen: list[int]
) -> dict[str, Any]:
    """The boxes, or why there are none."""
    if Voted.objects.filter(round=row, expert=member.expert_id).exists():
        return {"voted": True}
    try:
        own = votes.ballot_of(row, member.expert_id)
    except Refused as refused:
        return {"why_not": refused.verdict}
    return {"boxes": [{**seen[pk], "ticked": pk in chosen} for pk in own]}


def _read_over(
    request: HttpRequest, member: MeetingMember, row: Round | None, chosen: list[int]
) -> HttpResponse:
    """The page that confirms the ballot; raises Refused where it couldn't count."""
    if row is None or Voted.objects.filter(round=row, expert=member.expert_id).exists():
        return redirect("reviews:expert_meeting", member.meeting_id)
    own = votes.ballot_of(row, member.expert_id)
    voting.judge_ballot(own, row.seats, chosen).or_raise()
    seen = _seen(member)
    facts = {"meeting": member.meeting, "round": row, "chosen": [seen[pk] for pk in own if pk in chosen]}
    return render(request, "reviews/expert/meeting_confirm.html", facts)
