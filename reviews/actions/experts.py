"""What a body does with its experts: takes them in, assigns with 回避, reminds the late ones."""

from __future__ import annotations

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
from nominations.actions.season import organisation_named
from nominations.models import ReviewBody, Track
from reviews import queries
from reviews.actions import conflicts
from reviews.actions.assigning import assign, suggest
from reviews.actions.preliminary import judge_track, required_plan
from reviews.models import BodyExpert, Expert

__all__ = ["assign", "remind", "suggest", "take_in"]


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
