"""Ballots of a meeting's round: cast by the members, or entered from paper. Who voted is kept, what was voted is not tied to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.models import Track
from nominations.openings import opening_for
from nominations.rules import calendar
from nominations.states import Window
from reviews import meetings
from reviews.actions.meetings import held, open_round
from reviews.actions.scores import has_committed
from reviews.models import Meeting, MeetingMember, Round, Voted
from reviews.rules import voting


def ballot_of(row: Round, expert: int) -> list[int]:
    """What a member has to vote on in a round, in its order; raises Refused (409) for who wasn't there."""
    if expert not in row.recused:
        words = _("本轮投票开始时未登记到会，不能投票")
        raise Refused(refuse("not_present", words, _("到会后由初评机构登记，参加下一轮投票"), status=409))
    track = row.meeting.track
    hidden = {*row.recused[expert], *meetings.recused(track, [expert], row.candidates)[expert]}
    return [pk for pk in row.candidates if pk not in hidden]


@transaction.atomic
def cast(member: MeetingMember, number: int, choices: Sequence[int], by: Actor, at: datetime) -> bool:
    """A member's ballot in the round of this number: who is approved, none is allowed. One a round, for good.

    True when it counts; False when the member had voted already and nothing was changed (Q2).
    """
    may(by.user, "meeting.vote", member).or_raise()
    track = member.meeting.track
    calendar.judge(opening_for(track.ranking.season, Window.PRELIMINARY, track), at).or_raise()
    if not has_committed(member.expert, track):
        raise Refused(refuse("no_commitment", _("先确认评审承诺，再投票"), status=409))
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=member.meeting_id)
    row = open_round(meeting)
    if row.number != number:
        words = _("第%(number)d轮投票已结束") % {"number": number}
        raise Refused(refuse("round_over", words, _("刷新本页，在新的一轮投票"), status=409))
    if Voted.objects.filter(round=row, expert=member.expert_id).exists():
        return False
    own = ballot_of(row, member.expert_id)
    if not own:
        raise Refused(refuse("nothing_to_vote", _("本轮候选项均须回避，不用投票"), status=409))
    voting.judge_ballot(own, row.seats, choices).or_raise()
    Voted.objects.create(round=row, expert=member.expert)
    row.ballots = sorted([*row.ballots, _in_order(row, choices)])
    row.save(update_fields=["ballots"])
    record("vote_cast", row, by, at, season_year=track.ranking.season.year, number=row.number)
    return True


def _in_order(row: Round, choices: Sequence[int]) -> list[int]:
    """In the candidates' order, so that the order in which they were ticked tells nothing."""
    return [pk for pk in row.candidates if pk in set(choices)]


def _paper_voters(row: Round) -> dict[int, list[int]]:
    """Who voted on paper in a round, with what each is recused from."""
    ids = row.voted.filter(on_paper=True).values_list("expert", flat=True)
    return {pk: row.recused[pk] for pk in ids}


@transaction.atomic
def keep_paper_voters(track: Track, experts: Collection[int], by: Actor, at: datetime) -> None:
    """Who of those present votes on paper; not who has voted on the page, and not fewer than there are papers."""
    row = open_round(held(track, by, at, Meeting.State.OPEN))
    able = set(voting.voters(row.candidates, row.recused))
    online = set(row.voted.filter(on_paper=False).values_list("expert", flat=True))
    if not set(experts) <= able - online:
        raise Refused(NOT_FOUND)
    electors = {pk: row.recused[pk] for pk in experts}
    voting.judge_papers(row.candidates, electors, row.seats, row.papers).or_raise()
    row.voted.filter(on_paper=True).exclude(expert__in=experts).delete()
    for expert in sorted(experts):
        Voted.objects.get_or_create(round=row, expert_id=expert, defaults={"on_paper": True})
    _noted(row, track, by, at, voters=sorted(experts))


@transaction.atomic
def enter_paper(track: Track, choices: Sequence[int], by: Actor, at: datetime) -> None:
    """One ballot from paper, without a name; no more of them than members who vote on paper."""
    row = open_round(held(track, by, at, Meeting.State.OPEN))
    papers = sorted([*row.papers, _in_order(row, choices)])
    voting.judge_ballot(row.candidates, row.seats, choices).or_raise()
    voting.judge_papers(row.candidates, _paper_voters(row), row.seats, papers).or_raise()
    row.papers = papers
    row.save(update_fields=["papers"])
    _noted(row, track, by, at, papers=len(papers))


@transaction.atomic
def clear_papers(track: Track, by: Actor, at: datetime) -> None:
    """Takes out all ballots entered from paper, to enter them anew after a slip."""
    row = open_round(held(track, by, at, Meeting.State.OPEN))
    row.papers = []
    row.save(update_fields=["papers"])
    _noted(row, track, by, at, papers=0)


def _noted(row: Round, track: Track, by: Actor, at: datetime, **facts: Any) -> None:
    record("papers_kept", row, by, at, season_year=track.ranking.season.year, number=row.number, **facts)
