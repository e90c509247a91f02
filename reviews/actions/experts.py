"""What a body does with its experts: takes them in, assigns with 回避, reminds the late ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import person_at
from accounts.models import Membership
from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations import transitions
from nominations.actions.season import organisation_named
from nominations.models import Nomination, ReviewBody, Track
from nominations.states import State
from reviews import queries
from reviews.actions import conflicts
from reviews.actions.preliminary import judge_track, required_plan
from reviews.models import Assignment, BodyExpert, Expert, PreliminaryResult, ReviewPlan

Pair = tuple[int, int]
"""(expert, nomination) ids."""


@transaction.atomic
def take_in(track: Track, body: ReviewBody, person: Mapping[str, str], by: Actor, at: datetime) -> Expert:
    """A body takes an expert in: an account by e-mail if there is none, the role, and the invitation.

    ``person``: name, email, employer, position, expertise. Only with a recorded plan (四.3). An account that
    is there keeps its name; the answer is the same either way, so it doesn't tell that there was one (P6).
    """
    may(by.user, "track.review", track).or_raise()
    if not track.bodies.filter(pk=body.pk, organisation__in=by.user.organisations_in(Role.BODY)).exists():
        raise Refused(NOT_FOUND)
    required_plan(track)
    expert = _expert_of(person)
    row, joined = BodyExpert.objects.get_or_create(body=body, expert=expert)
    if not joined and not row.is_active:
        row.is_active, joined = True, True
        row.save(update_fields=["is_active"])
    if joined:
        record("expert_taken_in", expert, by, at, season_year=track.ranking.season.year, body=body.pk)
        key = f"review_mail:expert_invited:{row.pk}"
        owe("review_mail", key, again=True, name="expert_invited", user_id=expert.user_id, body_id=body.pk)
    conflicts.refresh_for_expert(expert, at, by)
    return expert


def _expert_of(person: Mapping[str, str]) -> Expert:
    user = person_at(person["email"], person["name"])
    employer = organisation_named(person["employer"].strip())
    Membership.objects.get_or_create(user=user, organisation=employer, role=Role.EXPERT)
    expert, _fresh = Expert.objects.get_or_create(
        user=user,
        defaults={
            "employer": employer.name,
            "position": person.get("position", ""),
            "expertise": person.get("expertise", ""),
        },
    )
    return expert


def suggest(track: Track, plan: ReviewPlan) -> set[Pair]:
    """(expert, nomination) pairs so that each nomination has the plan's number of experts, loads even.

    What is assigned stays; conflicts are never suggested; the least loaded expert comes first.
    """
    blocked = queries.conflict_matrix(track)
    pairs = {(a.expert_id, a.nomination_id) for a in queries.standing_assignments(track)} - blocked.keys()
    experts = [expert.pk for expert in queries.experts_of(track)]
    load = Counter(expert for expert, _nomination in pairs)
    have = Counter(nomination for _expert, nomination in pairs)
    for nomination in queries.under_review(track):
        free = [e for e in experts if (e, nomination.pk) not in pairs and (e, nomination.pk) not in blocked]
        wanting = max(plan.experts_each - have[nomination.pk], 0)
        for expert in sorted(free, key=lambda pk: (load[pk], pk))[:wanting]:
            pairs.add((expert, nomination.pk))
            load[expert] += 1
    return pairs


@transaction.atomic
def assign(track: Track, pairs: Iterable[Pair], by: Actor, at: datetime) -> int:
    """Assigns (expert, nomination) pairs; lifts unscored assignments that aren't among them. Returns how many.

    Refused where a pair has a conflict, names a stranger to the track, or scores were submitted for what
    would be lifted. A nomination's first assignment begins its review; experts with new tasks are told.
    """
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    required_plan(track)
    conflicts.refresh(track, at, by)
    if PreliminaryResult.standing.filter(track=track).exists():
        raise Refused(refuse("scores_closed", _("评分已结束，不能再分配"), status=409))
    latest = queries.latest_plan(track)
    if latest is not None and latest.state == ReviewPlan.State.FILED:
        raise Refused(refuse("plan_filed", _("新方案待备案，秘书处备案或退回后再分配"), status=409))
    wanted = set(pairs)
    nominations = {n.pk: n for n in queries.under_review(track)}
    _judge_pairs(track, wanted, nominations)
    _lift(track, wanted, at)
    told = _give(wanted, by, at)
    for pk in sorted({nomination for _expert, nomination in wanted}):
        if nominations[pk].state == State.ACCEPTED:
            transitions.move(nominations[pk], "assign", by, at)
    event = record("assigned", track, by, at, season_year=track.ranking.season.year, pairs=sorted(wanted))
    for expert in sorted(told):
        key = f"review_mail:assigned:{event.pk}:{expert}"
        owe("review_mail", key, name="assigned", expert_id=expert, track_id=track.pk)
    return len(wanted)


def _judge_pairs(track: Track, wanted: set[Pair], nominations: Mapping[int, Nomination]) -> None:
    experts = {e.pk: e for e in queries.experts_of(track)}
    blocked = queries.conflict_matrix(track)
    for expert, nomination in sorted(wanted):
        if expert not in experts or nomination not in nominations:
            raise Refused(refuse("unknown_pair", _("专家或申报不在本领域"), status=422))
        if (expert, nomination) in blocked:
            words = _("%(expert)s应回避%(number)s：%(reason)s")
            facts = {"expert": experts[expert], "number": nominations[nomination].number}
            raise Refused(
                refuse("conflict", words % {**facts, "reason": blocked[expert, nomination]}, status=422)
            )


def _lift(track: Track, wanted: set[Pair], at: datetime) -> None:
    # Locked: of an expert who submits at this moment the sheet is read as submitted, and stays.
    for row in queries.standing_assignments(track).select_for_update(of=("self",)):
        if (row.expert_id, row.nomination_id) in wanted:
            continue
        if row.submitted_at is not None:
            words = _("%(expert)s已提交%(number)s的评分，不能取消分配")
            facts = {"expert": row.expert, "number": row.nomination.number}
            raise Refused(refuse("already_scored", words % facts, status=409))
        row.ended_at = at
        row.save(update_fields=["ended_at"])


def _give(wanted: set[Pair], by: Actor, at: datetime) -> set[int]:
    """Makes or renews the assignments; returns the experts who have a task that they had not."""
    standing = {
        (row.expert_id, row.nomination_id): row
        for row in Assignment.objects.filter(nomination__in={nomination for _expert, nomination in wanted})
    }
    told = set()
    for expert, nomination in sorted(wanted):
        row = standing.get((expert, nomination))
        if row is None:
            Assignment.objects.create(
                expert_id=expert, nomination_id=nomination, assigned_at=at, assigned_by=by.user
            )
        elif row.ended_at is not None:
            # It begins anew: what was given before the assignment was lifted doesn't count unseen.
            row.ended_at, row.submitted_at = None, None
            row.save(update_fields=["ended_at", "submitted_at"])
        else:
            continue
        told.add(expert)
    return told


@transaction.atomic
def remind(track: Track, expert_ids: Iterable[int], by: Actor, at: datetime) -> int:
    """Reminds chosen experts who have open tasks in the track, each once a day. Returns how many were told now."""
    judge_track(track, by, at)
    chosen = set(expert_ids)
    if not chosen:
        raise Refused(refuse("nobody_chosen", _("先勾选专家再提醒"), status=422))
    Track.objects.select_for_update().get(pk=track.pk)
    late = [e.pk for e in queries.progress_by_expert(track) if e.pk in chosen and e.submitted < e.assigned]
    reminded = queries.reminded_today(track, at)
    now = [expert for expert in late if expert not in reminded]
    for expert in now:
        key = queries.reminder_key(track, expert, at)
        owe("review_mail", key, name="reminder", expert_id=expert, track_id=track.pk)
    if now:
        record("experts_reminded", track, by, at, season_year=track.ranking.season.year, experts=now)
    return len(now)
