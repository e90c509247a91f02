"""What a body does with its experts: takes them in, assigns with 回避, reminds the late ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import person_at
from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.models import ReviewBody, Track
from reviews import queries
from reviews.actions import conflicts, profiles
from reviews.actions.assigning import assign, suggest
from reviews.actions.preliminary import judge_track, required_plan
from reviews.models import Assignment, BodyExpert, Expert

__all__ = ["assign", "dropped_out", "owe_invitation", "remind", "reopen", "suggest", "take_in"]


@transaction.atomic
def take_in(
    track: Track,
    body: ReviewBody,
    person: Mapping[str, Any],
    by: Actor,
    at: datetime,
    compares: bool = True,
) -> Expert:
    """A body takes an expert in: an account by e-mail if there is none, the role, and the invitation.

    ``person``: name, email, employer, and, if known, the other ``profiles.FACTS``, ``group`` and ``most``. Only with
    a recorded plan (四.3). An account that is there keeps its name and its facts; the answer is the same either
    way, so it doesn't tell that there was one (P6). Who serves already, or waits to answer, gets no second letter.
    ``compares`` False: whoever takes in many compares them with the nominations once, afterwards.
    """
    may(by.user, "track.review", track).or_raise()
    if not track.bodies.filter(pk=body.pk, organisation__in=by.user.organisations_in(Role.BODY)).exists():
        raise Refused(NOT_FOUND)
    plan = required_plan(track)
    group, most = person.get("group", ""), person.get("most")
    profiles.judge_group(plan, group)
    expert = _expert_of(person)
    terms = {"group": group, "most": most, "invited_at": at}
    row, joined = BodyExpert.objects.get_or_create(body=body, expert=expert, defaults=terms)
    if not joined and not row.is_active:
        joined, row.group, row.most = True, group or row.group, most or row.most
        reopen(row, at)
    if joined:
        record("expert_taken_in", expert, by, at, season_year=track.ranking.season.year, body=body.pk)
        owe_invitation(row)
    if compares:
        conflicts.refresh_for_expert(expert, at, by)
    return expert


def owe_invitation(row: BodyExpert) -> None:
    """The letter that invites; owed once more it is another letter."""
    ids = {"user_id": row.expert.user_id, "body_id": row.body_id}
    owe("review_mail", f"review_mail:expert_invited:{row.pk}", again=True, name="expert_invited", **ids)


def reopen(row: BodyExpert, at: datetime) -> None:
    """The invitation waits for an answer, whatever the one before was; that one stays on record."""
    row.is_active, row.invited_at, row.note = True, at, ""
    row.accepted_at = row.declined_at = row.left_at = row.committed_at = row.consented_at = None
    row.commitment_version = row.consent_version = ""
    row.save()


def _expert_of(person: Mapping[str, Any]) -> Expert:
    user = person_at(person["email"], person["name"])
    standing = Expert.objects.filter(user=user).select_related("user").first()
    if standing is not None:
        return standing
    facts = {name: person[name] for name in profiles.FACTS if name in person}
    employer = profiles.employ(user, "", person["employer"])
    return Expert.objects.create(user=user, **{**facts, "employer": employer})


def dropped_out(row: BodyExpert, at: datetime) -> list[str]:
    """An expert serves a body no longer: lifts the tasks that aren't submitted. Returns the numbers of what lacks one.

    What another body of a joint track keeps the expert for stays. The body is told of the numbers, and its page of the
    assignment suggests who may take them over.
    """
    kept = BodyExpert.objects.filter(expert=row.expert, is_active=True, body__tracks__isnull=False)
    elsewhere = kept.exclude(pk=row.pk).values("body__tracks")
    tasks = Assignment.objects.filter(expert=row.expert, ended_at=None, submitted_at=None)
    tasks = tasks.filter(nomination__track__in=row.body.tracks.values("pk")).exclude(
        nomination__track__in=elsewhere
    )
    numbers = list(tasks.order_by("nomination__number").values_list("nomination__number", flat=True))
    tasks.update(ended_at=at)
    return numbers


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
