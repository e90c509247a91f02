"""Who reviews what: the suggestion that the worker makes, and the assignment that the body publishes, with 回避."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations import transitions
from nominations.models import Track
from nominations.rules.check_code import digest
from nominations.states import State
from reviews import queries
from reviews.actions import conflicts
from reviews.actions.preliminary import judge_track, required_plan
from reviews.models import Assignment, AssignmentSuggestion, PreliminaryResult, ReviewPlan
from reviews.queries import Board
from reviews.rules import fit
from reviews.rules.assigning import Pair, Problem, solve


@dataclass(frozen=True)
class Proposal:
    """What a suggestion adds to what stands: pairs with their fit, and nomination → how many experts it still lacks."""

    pairs: dict[Pair, fit.Fit]
    shortages: dict[int, int]


def propose(track: Track, board: Board) -> Proposal:
    """The pairs that fill what is lacking: conflicts and load limits kept, loads even, fields that fit. Solves at once."""
    lacking = queries.under_review(track).filter(pk__in=list(board.lacking))
    known = {expert.pk: queries.knows(expert) for expert in board.experts if expert.pk in board.serving}
    asked = {row.pk: queries.asks(track, row) for row in lacking}
    fits = {(e, n): fit.fit(knows, asks) for e, knows in known.items() for n, asks in asked.items()}
    loads = Counter(expert for expert, _nomination in board.standing)
    given_up = {pair for pair, mark in board.sheets.items() if mark == queries.ABSTAINED}
    solved = solve(
        Problem(
            nominations=tuple(board.nominations),
            experts=tuple(known),
            wanted=board.wanted,
            kept=board.standing,
            blocked=frozenset(board.blocked) | given_up,
            room={pk: max(most - loads[pk], 0) for pk, most in board.limits.items()},
            costs={pair: found.cost for pair, found in fits.items()},
        )
    )
    return Proposal({pair: fits[pair] for pair in solved.pairs}, dict(solved.shortages))


def suggest(track: Track, plan: ReviewPlan) -> set[Pair]:
    """(expert, nomination) pairs: what stands, and with it what a suggestion made now would add."""
    board = queries.board(track, plan)
    return set(board.standing) | set(propose(track, board).pairs)


@transaction.atomic
def ask_suggestion(track: Track, by: Actor, at: datetime) -> AssignmentSuggestion:
    """Owes a suggestion for what is lacking; the one under way, or that still fits, if asked twice (Q2)."""
    plan = judge_open(track, by, at)
    latest = queries.latest_suggestion(track)
    if latest is not None and not latest.adopted_at and latest.plan_id == plan.pk:
        job = Job.objects.filter(key=suggestion_key(latest)).first()
        under_way = latest.made_at is None and job is not None and job.state != Job.State.FAILED
        if under_way or (latest.made_at and latest.digest == queries.board(track, plan).digest):
            return latest
    row = AssignmentSuggestion.objects.create(track=track, plan=plan, asked_by=by.user, asked_at=at)
    owe("assignment_suggestion", suggestion_key(row), owner=by.user, suggestion_id=row.pk)
    return row


def suggestion_key(row: AssignmentSuggestion) -> str:
    return f"assignment_suggestion:{row.pk}"


def make_suggestion(row: AssignmentSuggestion, at: datetime) -> None:
    """What the worker does: solves, and keeps pairs, reasons, shortages and the digest of what it was made from."""
    if row.made_at is not None:
        return
    conflicts.refresh(row.track, at)
    board = queries.board(row.track, row.plan)
    made = propose(row.track, board)
    row.pairs = [[*pair, found.points, found.reasons] for pair, found in sorted(made.pairs.items())]
    row.shortages = sorted(map(list, made.shortages.items()))
    row.digest, row.made_at = board.digest, at
    row.save(update_fields=["pairs", "shortages", "digest", "made_at"])


def judge_open(track: Track, by: Actor, at: datetime) -> ReviewPlan:
    """Locks the track; the plan in force where its tasks may be given now, by this person."""
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    plan = required_plan(track)
    if PreliminaryResult.standing.filter(track=track).exists():
        raise Refused(refuse("scores_closed", _("评分已结束，不能再分配"), status=409))
    latest = queries.latest_plan(track)
    if latest is not None and latest.state == ReviewPlan.State.FILED:
        raise Refused(refuse("plan_filed", _("新方案待备案，秘书处备案或退回后再分配"), status=409))
    return plan


@transaction.atomic
def assign(
    track: Track,
    pairs: Iterable[Pair],
    by: Actor,
    at: datetime,
    adopted: AssignmentSuggestion | None = None,
    read: str | None = None,
) -> int:
    """Assigns (expert, nomination) pairs; lifts unscored assignments that aren't among them. Returns how many.

    Refused where a pair has a conflict or was given up, names a stranger to the track, passes a load limit, or where
    scores were submitted for what would be lifted. A nomination's first assignment begins its review; experts with
    new tasks are told. ``adopted``: the suggestion that part of the pairs comes from; refused (409) where what it was
    made from has changed. ``read``: digest of the tasks that the
    page showed; refused (409) where they are others now. In a joint track the other body's share stays as it is, whatever is sent.
    """
    plan = judge_open(track, by, at)
    conflicts.refresh(track, at, by)
    board = queries.board(track, plan)
    wanted = _within_share(track, board, set(pairs), by)
    if read is not None and read != board.standing_digest:
        words, hint = _("分配刚刚由他人改动"), _("本页的勾选已保留，核对后再次保存")
        raise Refused(refuse("assigned_meanwhile", words, hint, status=409))
    if adopted is not None:
        _adopt(adopted, board, at)
    _judge_pairs(board, wanted)
    _lift(track, wanted, at)
    told = _give(wanted, by, at)
    fresh = {nomination for _expert, nomination in wanted}
    for nomination in queries.under_review(track).filter(pk__in=fresh, state=State.ACCEPTED):
        transitions.move(nomination, "assign", by, at)
    event = record("assigned", track, by, at, season_year=track.ranking.season.year, pairs=sorted(wanted))
    for expert in sorted(told):
        key = f"review_mail:assigned:{event.pk}:{expert}"
        owe("review_mail", key, name="assigned", expert_id=expert, track_id=track.pk)
    return len(wanted)


def _within_share(track: Track, board: Board, pairs: set[Pair], by: Actor) -> set[Pair]:
    """What is wanted of the person's own share; what the split leaves to another body stays as it stands."""
    others = queries.others_share(by.user, track)
    if not others:
        return pairs
    own = {pair for pair in pairs if pair[1] not in others}
    return own | {pair for pair in board.standing if pair[1] in others}


def _adopt(row: AssignmentSuggestion, board: Board, at: datetime) -> None:
    if row.made_at is None or row.digest != board.digest:
        words, hint = _("建议生成后，专家、申报、回避或任务已有变化"), _("重新生成建议，或只保存本页的勾选")
        raise Refused(refuse("suggestion_stale", words, hint, status=409))
    row.adopted_at = at
    row.save(update_fields=["adopted_at"])


def _judge_pairs(board: Board, wanted: set[Pair]) -> None:
    experts = {expert.pk: expert for expert in board.experts}
    for expert, nomination in sorted(wanted):
        if expert not in experts or nomination not in board.nominations:
            raise Refused(refuse("unknown_pair", _("专家或申报不在本领域"), status=422))
        pair = expert, nomination
        facts = {"expert": experts[expert], "number": board.nominations[nomination]}
        if pair in board.blocked:
            words = _("%(expert)s应回避%(number)s：%(reason)s")
            raise Refused(refuse("conflict", words % {**facts, "reason": board.blocked[pair]}, status=422))
        if board.sheets.get(pair) == queries.ABSTAINED:
            words = _("%(expert)s已对%(number)s弃权，改选其他专家")
            raise Refused(refuse("abstained", words % facts, status=422))
        if expert not in board.serving and pair not in board.standing:
            words = _("%(expert)s已不在专家名单中，改选其他专家")
            raise Refused(refuse("unknown_pair", words % facts, status=422))
    loads = Counter(expert for expert, _nomination in wanted)
    before = Counter(expert for expert, _nomination in board.standing)
    for expert, most in sorted(board.limits.items()):
        # What was given before the limit was lowered may stay.
        if loads[expert] > max(most, before[expert]):
            words = _("%(expert)s最多评审%(most)d项，现为%(now)d项，减少%(over)d项")
            now = {"most": most, "now": loads[expert], "over": loads[expert] - most}
            raise Refused(refuse("over_limit", words % {"expert": experts.get(expert), **now}, status=422))


def _lift(track: Track, wanted: set[Pair], at: datetime) -> None:
    # Locked: of an expert who submits at this moment the sheet is read as submitted, and stays.
    rows = queries.standing_assignments(track).prefetch_related(None).filter(abstained_at=None)
    lifted = []
    for row in rows.select_for_update(of=("self",)):
        if (row.expert_id, row.nomination_id) in wanted:
            continue
        if row.submitted_at is not None:
            words = _("%(expert)s已提交%(number)s的评分，不能取消分配")
            facts = {"expert": row.expert, "number": row.nomination.number}
            raise Refused(refuse("already_scored", words % facts, status=409))
        lifted.append(row.pk)
    Assignment.objects.filter(pk__in=lifted).update(ended_at=at)


def _give(wanted: set[Pair], by: Actor, at: datetime) -> set[int]:
    """Makes or renews the assignments; returns the experts who have a task that they had not."""
    rows = Assignment.objects.filter(nomination__in={nomination for _expert, nomination in wanted})
    standing = {(row.expert_id, row.nomination_id): row for row in rows}
    given: dict[str, Any] = {"assigned_at": at, "assigned_by": by.user}
    fresh = [Assignment(expert_id=e, nomination_id=n, **given) for e, n in sorted(wanted - standing.keys())]
    # The number of a sheet stands in the expert's address: it must not tell the order of the nominations (P4).
    SystemRandom().shuffle(fresh)
    Assignment.objects.bulk_create(fresh)
    told = {row.expert_id for row in fresh}
    for pair in sorted(wanted & standing.keys()):
        row = standing[pair]
        if row.ended_at is not None:
            # It begins anew: what was given before the assignment was lifted doesn't count unseen.
            row.ended_at, row.submitted_at, row.abstained_at, row.abstain_reason = None, None, None, ""
            row.save(update_fields=["ended_at", "submitted_at", "abstained_at", "abstain_reason"])
            told.add(row.expert_id)
    return told


def tell_shortage(track: Track) -> None:
    """Owes the body a letter where tasks are out and nominations lack experts; once for the same nominations.

    For whoever ends a task: an expert who leaves, declines, abstains or comes into conflict.
    """
    plan = queries.plan_in_force(track)
    is_out = Assignment.objects.filter(nomination__track=track).exists()
    if plan is None or not is_out or PreliminaryResult.standing.filter(track=track).exists():
        return
    if short := queries.short_numbers(track, plan):
        key = f"review_mail:short_of_experts:{track.pk}:{digest(short)[:16]}"
        owe("review_mail", key, name="short_of_experts", track_id=track.pk)
