"""会议评审: call the meeting, keep who is there, hold its rounds, end it.

Locks: the track's row, then the meeting's. Ballots are cast in actions/votes.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.fields import characters
from nominations.models import Track
from nominations.rules import check_code
from reviews import meetings, queries
from reviews.actions import conflicts
from reviews.actions.preliminary import judge_track, required_plan
from reviews.models import Meeting, MeetingMember, PreliminaryResult, Round
from reviews.outputs import meeting as output
from reviews.rules import voting

LONGEST_REASON = 300
NOT_CLOSED = (Meeting.State.PLANNED, Meeting.State.OPEN)


def _said(text: str, name: str) -> str:
    """What was written, without the space around it; refused (422) where it is missing or can't be kept."""
    words = " ".join(text.split())
    if not words:
        raise Refused(refuse("reason_missing", _("填写%(name)s") % {"name": name}, status=422))
    if hindered := characters.refused(words, name):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
    if len(words) > LONGEST_REASON:
        facts = {"name": name, "limit": LONGEST_REASON, "now": len(words)}
        long = _("%(name)s不超过%(limit)d个字符，现为%(now)d个") % facts
        raise Refused(refuse("reason_too_long", long, status=422))
    return words


def held(track: Track, by: Actor, at: datetime, *states: str) -> Meeting:
    """The track's meeting, locked, for who acts for its body in time; refused (404, 409) in another state."""
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("plan", "track__ranking__season")
    found = rows.filter(track=track).last()
    if found is None:
        raise Refused(NOT_FOUND)
    if found.state not in states:
        words = _("会议评审%(state)s") % {"state": found.get_state_display()}
        raise Refused(refuse("wrong_state", words, _("刷新本页，查看最新状态"), status=409))
    return found


def open_round(meeting: Meeting) -> Round:
    """The round that is being voted on; refused (409) where there is none."""
    found = meeting.rounds.filter(closed_at=None, annulled_at=None).first()
    if found is None:
        words = _("没有正在进行的投票")
        raise Refused(refuse("no_round", words, _("刷新本页，查看最新状态"), status=409))
    return found


def _noted(name: str, row: Meeting | Round, track: Track, by: Actor, at: datetime, **facts: Any) -> None:
    record(name, row, by, at, season_year=track.ranking.season.year, **facts)


@transaction.atomic
def plan_meeting(
    track: Track, fields: Mapping[str, Any], members: Collection[int], chair: int, by: Actor, at: datetime
) -> Meeting:
    """Calls the meeting, or changes what was called; each member is told of when and where, and of a change.

    ``fields``: title, agenda, place, begins, ends, rounds_most. Any time before its first round, before the
    preliminary review begins, too. Members are experts who serve the track.
    """
    may(by.user, "track.review", track).or_raise()
    Track.objects.select_for_update().get(pk=track.pk)
    plan = required_plan(track)
    if not plan.meeting:
        raise Refused(refuse("no_meeting", _("已备案的方案没有会议评审"), status=409))
    found = _to_plan(track)
    if not found.is_planned:
        raise Refused(refuse("meeting_begun", _("投票已开始，会议安排不能再改"), status=409))
    serving = set(queries.experts_of(track).values_list("pk", flat=True))
    chosen = set(members)
    if not chosen <= serving:
        raise Refused(NOT_FOUND)
    if len(chosen) < voting.FEWEST:
        facts = {"least": voting.FEWEST, "now": len(chosen)}
        few = _("参会专家至少%(least)d名，现选%(now)d名") % facts
        raise Refused(refuse("too_few_members", few, status=422))
    if chair not in chosen:
        raise Refused(refuse("chair_missing", _("从参会专家中选一名主持人"), status=422))
    found.plan = plan
    for name, value in fields.items():
        setattr(found, name, value)
    if found.ends <= found.begins:
        raise Refused(refuse("ends_early", _("结束时间应晚于开始时间"), status=422))
    found.save()
    _seat(found, chosen, chair)
    _noted("meeting_planned", found, track, by, at, members=sorted(chosen), place=found.place)
    _call(found, chosen)
    return found


def _to_plan(track: Track) -> Meeting:
    """The track's meeting; the next one where the scores have changed since the last one voted."""
    found = meetings.meeting_of(track)
    if found is None:
        return Meeting(track=track)
    return Meeting(track=track, number=found.number + 1) if meetings.is_outdated(found) else found


def _seat(meeting: Meeting, chosen: set[int], chair: int) -> None:
    meeting.members.exclude(expert__in=chosen).delete()
    meeting.members.update(chair=False)
    for expert in sorted(chosen):
        MeetingMember.objects.get_or_create(meeting=meeting, expert_id=expert)
    meeting.members.filter(expert=chair).update(chair=True)


def _call(meeting: Meeting, chosen: set[int]) -> None:
    """One letter for each member and each time and place that was said."""
    said = [meeting.begins.isoformat(), meeting.ends.isoformat(), meeting.place]
    told = check_code.digest(said)[:16]
    for expert in sorted(chosen):
        key = f"review_mail:meeting_called:{meeting.pk}:{expert}:{told}"
        owe("review_mail", key, name="meeting_called", meeting_id=meeting.pk, expert_id=expert)


@transaction.atomic
def keep_present(track: Track, present: Collection[int], by: Actor, at: datetime) -> None:
    """Who of the members is there; refused while a round is on, for it counts those who were when it began."""
    meeting = held(track, by, at, *NOT_CLOSED)
    if meeting.rounds.filter(closed_at=None, annulled_at=None).exists():
        raise Refused(refuse("round_open", _("本轮投票结束后再改到会登记"), status=409))
    rows = {row.expert_id: row for row in meeting.members.all()}
    if not set(present) <= rows.keys():
        raise Refused(NOT_FOUND)
    changed = [row for pk, row in rows.items() if row.present != (pk in present)]
    for row in changed:
        row.present = not row.present
    MeetingMember.objects.bulk_update(changed, ["present"])
    if changed:
        _noted("attendance_kept", meeting, track, by, at, present=sorted(present))


@transaction.atomic
def begin_round(track: Track, by: Actor, at: datetime) -> Round:
    """Opens the next round among those who stand; the first one freezes what is voted on and how many are wanted.

    Refused (409) before the scores are closed, after the result was submitted, without a quorum, while a round
    is open, and where nothing is left to vote on.
    """
    meeting = held(track, by, at, *NOT_CLOSED)
    conflicts.refresh(track, at, by)
    members = list(meeting.members.all())
    present = [row.expert_id for row in members if row.present]
    voting.judge_quorum(len(members), len(present)).or_raise()
    if meeting.is_planned:
        _begin(meeting, at)
    rounds = list(meeting.rounds.all())
    if any(row.is_open for row in rounds):
        raise Refused(refuse("round_open", _("本轮投票还没有结束"), status=409))
    now = meetings.standing(meeting, rounds)
    if now.over:
        raise Refused(refuse("nothing_left", _("投票已全部进行完，可以结束会议"), status=409))
    electors = meetings.recused(track, present, now.candidates)
    row = Round.objects.create(
        meeting=meeting,
        number=len(rounds) + 1,
        candidates=now.candidates,
        seats=now.seats,
        electors=electors,
        opened_at=at,
        opened_by=by.user,
    )
    _noted(
        "round_opened", row, track, by, at, number=row.number, candidates=len(row.candidates), seats=row.seats
    )
    for expert in voting.voters(row.candidates, electors):
        key = f"review_mail:vote_opened:{row.pk}:{expert}"
        owe("review_mail", key, name="vote_opened", round_id=row.pk, expert_id=expert)
    return row


def _begin(meeting: Meeting, at: datetime) -> None:
    result = PreliminaryResult.standing.filter(track=meeting.track).first()
    if result is None:
        words = _("评分尚未结束，先结束评分")
        raise Refused(refuse("scores_open", words, _("会议按评分结束后的名次讨论和投票"), status=409))
    if result.frozen_at is not None:
        raise Refused(refuse("result_signed", _("初评结果已签署，不能再投票"), status=409))
    plan = required_plan(meeting.track)
    if not plan.meeting:
        raise Refused(refuse("no_meeting", _("已备案的方案没有会议评审"), status=409))
    meeting.plan, meeting.wanted = plan, plan.shortlist
    meeting.candidates = meetings.starting_order(meeting.track)
    meeting.state, meeting.opened_at = Meeting.State.OPEN, at
    meeting.save()


@transaction.atomic
def close_round(track: Track, by: Actor, at: datetime) -> Round:
    """Ends a round: its tallies may be read. Who hasn't voted counts as not approving.

    Refused (409) while paper ballots are fewer than those who voted on paper, and where a recusal has come
    meanwhile: such a round is annulled and held again.
    """
    meeting = held(track, by, at, Meeting.State.OPEN)
    row = open_round(meeting)
    on_paper = row.voted.filter(on_paper=True).count()
    if len(row.papers) != on_paper:
        facts = {"all": on_paper, "now": len(row.papers)}
        words = _("登记纸质投票%(all)d人，已录入%(now)d张，录完后再结束本轮") % facts
        raise Refused(refuse("papers_missing", words, status=409))
    if meetings.recused(track, row.recused, row.candidates) != row.recused:
        words = _("本轮投票期间有新的回避")
        raise Refused(refuse("recusals_changed", words, _("作废本轮，重新投票"), status=409))
    row.ballots, row.papers, row.closed_at = sorted([*row.ballots, *row.papers]), [], at
    row.save(update_fields=["ballots", "papers", "closed_at"])
    _noted("round_closed", row, track, by, at, number=row.number, ballots=len(row.ballots))
    return row


@transaction.atomic
def annul_round(track: Track, reason: str, by: Actor, at: datetime) -> Round:
    """An open round doesn't count, for a reason: its ballots are gone unread, and the next has the same candidates."""
    meeting = held(track, by, at, Meeting.State.OPEN)
    row = open_round(meeting)
    row.reason = _said(reason, _("作废原因"))
    row.ballots, row.papers, row.annulled_at = [], [], at
    row.save(update_fields=["reason", "ballots", "papers", "annulled_at"])
    _noted("round_annulled", row, track, by, at, number=row.number, reason=row.reason)
    return row


@transaction.atomic
def close_meeting(track: Track, note: str, by: Actor, at: datetime) -> Meeting:
    """Ends the meeting, once, and freezes its minute. Before all rounds were held it takes a reason (422)."""
    meeting = held(track, by, at, Meeting.State.OPEN)
    rounds = list(meeting.rounds.all())
    if any(row.is_open for row in rounds):
        raise Refused(refuse("round_open", _("本轮投票还没有结束"), status=409))
    if not meetings.standing(meeting, rounds).over:
        meeting.note = _said(note, _("提前结束的原因"))
    meeting.state, meeting.closed_at, meeting.closed_by = Meeting.State.CLOSED, at, by.user
    meeting.result = output.content(meeting, rounds)
    meeting.digest = check_code.digest(meeting.result)
    meeting.check_code = check_code.from_digest(meeting.digest)
    meeting.save()
    facts = {"elected": len(meeting.result["elected"]), "digest": meeting.digest}
    _noted(
        "meeting_closed",
        meeting,
        track,
        by,
        at,
        version_code=meeting.check_code,
        reason=meeting.note,
        **facts,
    )
    return meeting


@transaction.atomic
def print_minute(track: Track, by: Actor, at: datetime) -> Job:
    """打印纪要: owes the paper of a closed meeting to the person who asks (S6); it can be asked for at any time."""
    may(by.user, "track.review", track).or_raise()
    meeting = meetings.meeting_of(track)
    if meeting is None or not meeting.is_closed:
        raise Refused(NOT_FOUND)
    key = f"meeting_minute:{meeting.pk}:{by.user.pk}"
    failed = Job.objects.filter(key=key, state=Job.State.FAILED).exists()
    return owe("meeting_minute", key, owner=by.user, again=failed, meeting_id=meeting.pk)
