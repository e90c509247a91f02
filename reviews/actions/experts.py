"""Experts: taken in by a body, assigned, recused, and what they give: scores, comments, the submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations import queries as nomination_queries
from nominations import transitions
from nominations.actions.season import organisation_named
from nominations.models import Nomination, ReviewBody, Track
from nominations.rules import calendar
from nominations.states import State, Window
from reviews import queries
from reviews.actions.preliminary import judge_track, required_plan
from reviews.models import Assignment, BodyExpert, Expert, PreliminaryResult, Recusal, ReviewPlan, Score
from reviews.rules import conflicts


@transaction.atomic
def take_in(track: Track, body: ReviewBody, person: Mapping[str, str], by: Actor, at: datetime) -> Expert:
    """A body takes an expert in: an account by e-mail if there is none, the role, and the invitation.

    ``person``: name, email, employer, position, expertise. Only with a recorded plan (四.3).
    """
    may(by.user, "track.review", track).or_raise()
    required_plan(track)
    email = person["email"].strip().lower()
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User(username=email, email=email, name=person["name"].strip())
        user.set_unusable_password()
        user.save()
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
    _row, joined = BodyExpert.objects.get_or_create(body=body, expert=expert)
    if joined:
        record("expert_taken_in", expert, by, at, season_year=track.ranking.season.year, body=body.pk)
        owe("notice_mail", f"notice:expert_invited:{body.pk}:{expert.pk}", name="expert_invited", user_id=user.pk)
    return expert


def conflict_reasons(expert: Expert, nomination: Nomination) -> list[str]:
    """Why the expert must not review the nomination, as computed from the facts on record."""
    return conflicts.reasons(
        conflicts.ExpertFacts(name=expert.user.name, employer=expert.employer),
        conflicts.NominationFacts(
            applicant=nomination.applicant.name,
            holder=str(nomination.answers.get("holder_name", "")),
            unit=nomination.unit.organisation.name if nomination.unit else "",
            text=" ".join(_texts(nomination.answers)),
        ),
    )


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def conflict_matrix(track: Track) -> dict[tuple[int, int], str]:
    """(expert, nomination) → reason, for every pair that may not be assigned: recusals and computed ones."""
    experts, nominations = list(queries.experts_of(track)), list(queries.under_review(track))
    found = {
        (row.expert_id, row.nomination_id): row.reason
        for row in Recusal.objects.filter(nomination__track=track)
    }
    for expert in experts:
        for nomination in nominations:
            if (expert.pk, nomination.pk) not in found:
                why = conflict_reasons(expert, nomination)
                if why:
                    found[expert.pk, nomination.pk] = "；".join(why)
    return found


def suggest(track: Track, plan: ReviewPlan) -> set[tuple[int, int]]:
    """(expert, nomination) pairs so that each nomination has the plan's number of experts, loads even.

    What is assigned stays; conflicts are never suggested; the least loaded expert comes first.
    """
    blocked = conflict_matrix(track)
    pairs = {(a.expert_id, a.nomination_id) for a in queries.standing_assignments(track)}
    experts = [expert.pk for expert in queries.experts_of(track)]
    load = Counter(expert for expert, _nomination in pairs)
    for nomination in queries.under_review(track):
        have = sum(1 for _expert, pk in pairs if pk == nomination.pk)
        free = [e for e in experts if (e, nomination.pk) not in pairs and (e, nomination.pk) not in blocked]
        for expert in sorted(free, key=lambda pk: (load[pk], pk))[: max(plan.experts_each - have, 0)]:
            pairs.add((expert, nomination.pk))
            load[expert] += 1
    return pairs


@transaction.atomic
def assign(track: Track, pairs: Iterable[tuple[int, int]], by: Actor, at: datetime) -> int:
    """Assigns (expert, nomination) pairs; lifts unscored assignments that aren't among them. Returns how many.

    Refused where a pair has a conflict, names a stranger to the track, or scores were submitted for what
    would be lifted. A nomination's first assignment begins its review.
    """
    judge_track(track, by, at)
    required_plan(track)
    Track.objects.select_for_update().get(pk=track.pk)
    if PreliminaryResult.objects.filter(track=track).exists():
        raise Refused(refuse("scores_closed", _("评分已结束，不能再分配"), status=409))
    wanted = set(pairs)
    experts = {e.pk: e for e in queries.experts_of(track)}
    nominations = {n.pk: n for n in queries.under_review(track)}
    blocked = conflict_matrix(track)
    for expert, nomination in sorted(wanted):
        if expert not in experts or nomination not in nominations:
            raise Refused(refuse("unknown_pair", _("专家或申报不在本领域"), status=422))
        if (expert, nomination) in blocked:
            words = _("%(expert)s应回避%(number)s：%(reason)s")
            facts = {"expert": experts[expert], "number": nominations[nomination].number}
            raise Refused(refuse("conflict", words % {**facts, "reason": blocked[expert, nomination]}, status=422))
    for row in queries.standing_assignments(track):
        if (row.expert_id, row.nomination_id) not in wanted:
            if row.submitted_at is not None:
                words = _("%(expert)s已提交%(number)s的评分，不能取消分配")
                facts = {"expert": row.expert, "number": row.nomination.number}
                raise Refused(refuse("already_scored", words % facts, status=409))
            row.ended_at = at
            row.save(update_fields=["ended_at"])
    for expert, nomination in sorted(wanted):
        row, _fresh = Assignment.objects.get_or_create(
            expert_id=expert, nomination_id=nomination, defaults={"assigned_at": at, "assigned_by": by.user}
        )
        if row.ended_at is not None:
            row.ended_at = None
            row.save(update_fields=["ended_at"])
    for pk in sorted({nomination for _expert, nomination in wanted}):
        if nominations[pk].state == State.ACCEPTED:
            transitions.move(nominations[pk], "assign", by, at)
    record("assigned", track, by, at, season_year=track.ranking.season.year, pairs=sorted(wanted))
    return len(wanted)


@transaction.atomic
def recuse(expert: Expert, nomination: Nomination, reason: str, by: Actor, at: datetime) -> None:
    """An expert declares a conflict: the nomination leaves the list at once and its scores don't count."""
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("填写回避原因"), status=422))
    Recusal.objects.get_or_create(
        expert=expert,
        nomination=nomination,
        defaults={"kind": Recusal.Kind.DECLARED, "reason": reason.strip(), "at": at},
    )
    Assignment.objects.filter(expert=expert, nomination=nomination, ended_at=None).update(ended_at=at)
    year = nomination.season.year
    record("recused", nomination, by, at, season_year=year, reason=reason.strip(), expert=expert.pk)


@transaction.atomic
def commit_to_rules(expert: Expert, by: Actor, at: datetime) -> None:
    """评审承诺, given once for all bodies that the expert serves."""
    if BodyExpert.objects.filter(expert=expert, committed_at=None).update(committed_at=at):
        record("commitment_given", expert, by, at)


def has_committed(expert: Expert) -> bool:
    return not BodyExpert.objects.filter(expert=expert, committed_at=None).exists()


def judge_scoring(assignment: Assignment, by: Actor, at: datetime) -> ReviewPlan:
    """The plan to score by; raises Refused when this person can't score this now."""
    may(by.user, "assignment.score", assignment).or_raise()
    track = assignment.nomination.track
    calendar.judge(nomination_queries.window(track.ranking.season, Window.PRELIMINARY, track), at).or_raise()
    if not has_committed(assignment.expert):
        raise Refused(refuse("no_commitment", _("先确认评审承诺，再开始评审"), status=409))
    if assignment.submitted_at is not None or PreliminaryResult.objects.filter(track=track).exists():
        raise Refused(refuse("scores_locked", _("评分已提交，不能修改"), status=409))
    return required_plan(track)


def read_score(typed: str, scale: int, criterion: str) -> Decimal | None:
    """A typed score as a decimal with one place; None when empty; raises Refused (422) when it is no score."""
    text = typed.strip()
    if not text:
        return None
    words = _("%(criterion)s应在0—%(scale)d之间，最多1位小数，现为%(typed)s")
    wrong = refuse("score_range", words % {"criterion": criterion, "scale": scale, "typed": text[:20]}, status=422)
    try:
        value = Decimal(text)
    except InvalidOperation as fault:
        raise Refused(wrong) from fault
    exponent = value.as_tuple().exponent
    if not value.is_finite() or not 0 <= value <= scale or not isinstance(exponent, int) or exponent < -1:
        raise Refused(wrong)
    return value


@transaction.atomic
def save_scores(
    assignment: Assignment, typed: Mapping[str, str], comment: str, by: Actor, at: datetime
) -> Assignment:
    """Keeps what an expert typed: criterion key → text. Declared criteria only; empty ones stay open."""
    locked = Assignment.objects.select_for_update().get(pk=assignment.pk)
    plan = judge_scoring(locked, by, at)
    for criterion in plan.criteria:
        key = criterion["key"]
        if key not in typed:
            continue
        value = read_score(typed[key], plan.scale, criterion["name"])
        if value is None:
            Score.objects.filter(assignment=locked, criterion=key).delete()
        else:
            Score.objects.update_or_create(assignment=locked, criterion=key, defaults={"value": value})
    locked.comment, locked.saved_at = comment, at
    locked.edit_version += 1
    locked.save(update_fields=["comment", "saved_at", "edit_version"])
    return locked


def missing_in(assignment: Assignment, plan: ReviewPlan) -> list[str]:
    """What an expert's sheet still lacks, in words; empty when it is complete."""
    scored = {score.criterion for score in assignment.scores.all()}
    lacking = [
        _("%(criterion)s未打分") % {"criterion": criterion["name"]}
        for criterion in plan.criteria
        if criterion["key"] not in scored
    ]
    if not assignment.comment.strip():
        lacking.append(_("未填写评审意见"))
    return lacking


@transaction.atomic
def submit_scores(expert: Expert, track: Track, by: Actor, at: datetime) -> int:
    """全部提交: locks all of an expert's sheets in a track. Refused while one lacks something. Returns how many."""
    rows = list(queries.assignments_of(by.user).filter(expert=expert, nomination__track=track, submitted_at=None))
    lacking: dict[str, list[str]] = {}
    for row in rows:
        plan = judge_scoring(row, by, at)
        missing = missing_in(row, plan)
        if missing:
            lacking[row.nomination.number] = missing
    if lacking:
        words = _("还有%(count)d项未评完") % {"count": len(lacking)}
        raise Refused(refuse("sheets_open", words, status=422, items=lacking))
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(submitted_at=at)
    if rows:
        record(
            "scores_submitted", expert, by, at, season_year=track.ranking.season.year, track=track.pk, count=len(rows)
        )
    return len(rows)
