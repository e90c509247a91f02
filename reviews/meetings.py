"""Reads: the meeting of a track (会议评审), where its vote stands, and what it means for the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from kczg.kit.verdicts import ALLOWED, NOT_FOUND, Refused, Verdict, refuse
from nominations.models import Season, Track
from reviews import queries
from reviews.models import BodyExpert, Meeting, MeetingMember, PreliminaryResult, ReviewPlan, Round
from reviews.rules import voting

if TYPE_CHECKING:
    from reviews.queries import ResultRow


def meeting_of(track: Track) -> Meeting | None:
    """The track's latest meeting, if one has been planned."""
    return Meeting.objects.filter(track=track).select_related("plan", "track__ranking__season").last()


def wanted_by(track: Track) -> bool:
    """Whether the plan in force has a meeting."""
    plan = queries.plan_in_force(track)
    return plan is not None and plan.meeting


def stands(meeting: Meeting, rows: Sequence[ResultRow]) -> bool:
    """Whether a closed meeting voted on these rows, the ranking by the scores as they are now."""
    voted_on = [(each["nomination"], each["rank"], each["figure"]) for each in meeting.candidates]
    return meeting.is_closed and voted_on == [(r.nomination.pk, r.rank, r.figure_shown) for r in rows]


def is_outdated(meeting: Meeting) -> bool:
    """Whether what a closed meeting voted on has changed since, so that another one is held.

    The scores, the number wanted by the plan in force, or who had to leave the count of a round that counts.
    """
    if not meeting.is_closed:
        return False
    plan = queries.plan_in_force(meeting.track)
    return (
        not stands(meeting, ranking_of(meeting.track))
        or plan is None
        or meeting.wanted != plan.shortlist
        or any(
            recused(meeting.track, row.recused, row.candidates) != row.recused
            for row in meeting.rounds.filter(annulled_at=None)
        )
    )


def ranking_of(track: Track) -> list[ResultRow]:
    """The ranking by the scores alone; empty before they are closed."""
    result = PreliminaryResult.standing.select_related("plan").filter(track=track).first()
    return queries.by_scores(track, result.plan) if result is not None else []


def scored_by(meeting: Meeting) -> ReviewPlan:
    """The plan that the scores were given by: it says whether the experts see names."""
    return queries.scoring_plan(meeting.track) or meeting.plan


def outcome(track: Track) -> list[int] | None:
    """The ids of the nominations voted in, in order; None where no meeting is wanted, or none stands that ended."""
    return _elected(track, ranking_of(track)) if wanted_by(track) else None


def _elected(track: Track, rows: Sequence[ResultRow]) -> list[int] | None:
    meeting = meeting_of(track)
    return list(meeting.result["elected"]) if meeting is not None and stands(meeting, rows) else None


def judge_ended(track: Track) -> Verdict:
    """Whether the result may be submitted: refused (409) while a meeting that the plan wants isn't closed."""
    if not wanted_by(track):
        return ALLOWED
    meeting = meeting_of(track)
    if meeting is None or not meeting.is_closed:
        words = _("方案中有会议评审，会议评审尚未结束")
        return refuse("meeting_open", words, _("会议评审结束后再报送初评结果"), status=409)
    if is_outdated(meeting):
        words = _("会议投票之后评分有改动")
        return refuse("meeting_outdated", words, _("重新召开会议评审，再报送初评结果"), status=409)
    return ALLOWED


def behind(result: PreliminaryResult) -> Meeting | None:
    """The meeting that decided a frozen result; None where the scores alone did."""
    ended = Meeting.objects.filter(track=result.track_id, closed_at__lte=result.frozen_at).last()
    passed = [row["nomination"] for row in result.rows if row["shortlisted"]]
    return ended if ended is not None and ended.result["elected"] == passed else None


def by_vote(track: Track, rows: Sequence[ResultRow]) -> list[ResultRow]:
    """Ranked rows as the meeting decided: those voted in first, in its order; the others by their scores behind.

    As they are where no meeting is wanted, and as long as none has ended.
    """
    elected = _elected(track, rows) if wanted_by(track) else None
    if elected is None:
        return list(rows)
    by_id = {row.nomination.pk: row for row in rows}
    chosen = [
        replace(by_id[pk], rank=rank, tied=False, shortlisted=True)
        for rank, pk in enumerate(elected, start=1)
    ]
    others = [row for row in rows if row.nomination.pk not in set(elected)]
    ranks = [row.rank for row in others]
    return chosen + [
        replace(
            row,
            rank=len(chosen) + 1 + ranks.index(row.rank),
            tied=ranks.count(row.rank) > 1,
            shortlisted=False,
        )
        for row in others
    ]


# --- The vote ----------------------------------------------------------------------------------------------


def poll_of(row: Round) -> voting.Poll:
    """A closed round's votes as the rules read them."""
    return voting.Poll(row.candidates, row.recused, row.ballots)


def standing(meeting: Meeting, rounds: Iterable[Round]) -> voting.Standing:
    """Where the vote stands after the rounds that were closed."""
    order = [candidate["nomination"] for candidate in meeting.candidates]
    polls = [poll_of(row) for row in rounds if row.closed_at is not None]
    return voting.standing(meeting.wanted, meeting.rounds_most, order, polls)


def recused(track: Track, experts: Iterable[int], nominations: Iterable[int]) -> dict[int, list[int]]:
    """Expert id → which of these nominations the expert is recused from, in their order."""
    conflicts = queries.conflict_matrix(track).keys()
    wanted = list(nominations)
    return {expert: [pk for pk in wanted if (expert, pk) in conflicts] for expert in experts}


def starting_order(track: Track) -> list[dict[str, Any]]:
    """What the meeting votes on, in the order of the scores, as ``Meeting.candidates`` keeps it."""
    return [
        {
            "nomination": row.nomination.pk,
            "number": row.nomination.number,
            "title": row.nomination.shown_title,
            "applicant": row.nomination.applicant.name,
            "rank": row.rank,
            "figure": row.figure_shown,
        }
        for row in ranking_of(track)
    ]


def lines(row: Round, known: Mapping[int, Mapping[str, Any]], after: voting.Turn) -> list[dict[str, Any]]:
    """A closed round's tallies with what they mean; ``known``: id → the candidate as the meeting keeps it."""
    return [
        {
            **known[tally.candidate],
            "votes": tally.votes,
            "entitled": tally.entitled,
            "word": _word(tally.candidate, after),
            "elected": tally.candidate in after.elected,
        }
        for tally in voting.tallies(poll_of(row))
    ]


def _word(candidate: int, after: voting.Turn) -> str:
    if candidate in after.elected:
        return _("入选")
    return _("继续投票") if candidate in after.following else _("未入选")


def told(meeting: Meeting, rounds: Iterable[Round]) -> list[tuple[Round, list[dict[str, Any]]]]:
    """Each round that was closed with its tallies; behind the last one nobody stands again."""
    known = {candidate["nomination"]: candidate for candidate in meeting.candidates}
    closed = [row for row in rounds if row.closed_at is not None]
    found, seats = [], meeting.wanted
    for number, row in enumerate(closed, start=1):
        after = voting.turn(seats, poll_of(row))
        if number == len(closed) and (meeting.is_closed or number >= meeting.rounds_most):
            after = replace(after, following=[])
        seats -= len(after.elected)
        found.append((row, lines(row, known, after)))
    return found


# --- The members -------------------------------------------------------------------------------------------


def _serving() -> Exists:
    """The member still serves a body of the meeting's track (S6)."""
    return Exists(
        BodyExpert.objects.filter(
            expert=OuterRef("expert"), is_active=True, body__tracks=OuterRef("meeting__track")
        )
    )


def memberships_of(user: Any) -> QuerySet[MeetingMember]:
    """The meetings that a person is called to as an expert, the next first."""
    rows = MeetingMember.objects.filter(_serving(), expert__user=user)
    related = rows.select_related("expert__user", "meeting__plan", "meeting__track__ranking__season")
    return related.order_by(F("meeting__begins").desc(), "pk")


def called_to(user: Any, season: Season) -> list[MeetingMember]:
    """The meetings of a season that a person is called to."""
    return list(memberships_of(user).filter(meeting__track__ranking__season=season))


def membership_for(user: Any, pk: int) -> MeetingMember:
    """A person's place in a meeting; raises Refused (404) for any meeting that the person isn't called to."""
    found = memberships_of(user).filter(meeting=pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found
