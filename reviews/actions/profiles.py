"""What is known of an expert: typed by the body that invites, kept by the person from then on.

The facts decide about 回避 and about whom a nomination suits: each change is on record with what stood before, and
the conflicts are compared anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.actions.season import organisation_named
from nominations.models import ReviewBody, Season, Track
from reviews import queries
from reviews.actions import conflicts
from reviews.models import BodyExpert, Expert, PreliminaryResult, ReviewPlan

FACTS = (
    "employer",
    "parent_organisation",
    "address",
    "position",
    "expertise",
    "industries",
    "strategic",
    "tracks",
)
"""What an expert is known by; texts, and lists of codes in the last three."""


def is_open(row: BodyExpert) -> bool:
    """Whether the body may write the facts: not confirmed by the person, and no other body has invited them."""
    others = BodyExpert.objects.filter(expert=row.expert)
    others = others.exclude(body__organisation=row.body.organisation_id)
    return row.expert.confirmed_at is None and not others.exists()


def differing(expert: Expert, facts: Mapping[str, Any]) -> list[str]:
    """The names of those facts that are other than what stands."""
    return [name for name in FACTS if name in facts and facts[name] != getattr(expert, name)]


@transaction.atomic
def keep_own(expert: Expert, facts: Mapping[str, Any], season: Season, by: Actor, at: datetime) -> list[str]:
    """The person keeps their own facts, and so confirms them. Returns the names of what changed."""
    if by.user is None or expert.user_id != by.user.pk:
        raise Refused(NOT_FOUND)
    locked = Expert.objects.select_for_update(no_key=True).select_related(None).get(pk=expert.pk)
    first = locked.confirmed_at is None
    Expert.objects.filter(pk=expert.pk).update(confirmed_at=at)
    return _write(locked, facts, season, by, at, confirms=first)


@transaction.atomic
def correct(row: BodyExpert, facts: Mapping[str, Any], by: Actor, at: datetime) -> list[str]:
    """The body corrects what it typed; refused (409) once the facts are the person's. Returns what changed."""
    locked = Expert.objects.select_for_update(no_key=True).get(pk=row.expert_id)
    if not differing(locked, facts):
        return []
    if not is_open(row) or locked.confirmed_at is not None:
        words = _("%(name)s的信息已由本人确认或由其他机构登记") % {"name": row.expert}
        raise Refused(refuse("facts_are_theirs", words, _("由本人在“我的信息”中更正"), status=409))
    return _write(locked, facts, row.body.season, by, at)


def _write(
    expert: Expert, facts: Mapping[str, Any], season: Season, by: Actor, at: datetime, confirms: bool = False
) -> list[str]:
    changed = differing(expert, facts)
    before = {name: getattr(expert, name) for name in changed}
    for name in changed:
        setattr(expert, name, facts[name])
    if "employer" in changed:
        expert.employer = employ(expert.user, before["employer"], facts["employer"])
    expert.save(update_fields=changed)
    if changed or confirms:
        after = {name: getattr(expert, name) for name in changed}
        record("expert_facts_kept", expert, by, at, season_year=season.year, before=before, after=after)
    if changed:
        conflicts.refresh_for_expert(expert, at, by)
    return changed


def employ(user: User, before: str, after: str) -> str:
    """The person is an expert of this employer, and not of the one before; returns its name as it is known."""
    organisation = organisation_named(after.strip())
    here, _fresh = Membership.objects.get_or_create(user=user, organisation=organisation, role=Role.EXPERT)
    if not here.is_active:
        here.is_active = True
        here.save(update_fields=["is_active"])
    if before:
        others = Membership.objects.filter(user=user, role=Role.EXPERT, organisation__name=before)
        others.exclude(pk=here.pk).update(is_active=False)
    return organisation.name


@transaction.atomic
def set_terms(row: BodyExpert, track: Track, group: str, most: int | None, by: Actor, at: datetime) -> bool:
    """The body sets the group and the load limit of one of its experts; whether anything changed.

    Refused (422) for a group that the plan in force doesn't name, and (409) for another group once the scores of
    one of the body's tracks are closed: a result may be weighted by it.
    """
    may(by.user, "track.review", track).or_raise()
    Track.objects.select_for_update().get(pk=track.pk)
    locked = BodyExpert.objects.select_for_update().get(pk=row.pk)
    if group != locked.group and _is_closed(row.body):
        words = _("评分已结束，专家类别不能再改")
        raise Refused(refuse("scores_closed", words, status=409))
    judge_group(queries.plan_in_force(track), group, locked.group)
    before = {"group": locked.group, "most": locked.most}
    after = {"group": group, "most": most}
    if before == after:
        return False
    locked.group, locked.most = group, most
    locked.save(update_fields=["group", "most"])
    year = track.ranking.season.year
    record(
        "expert_terms_set", row.expert, by, at, season_year=year, body=row.body_id, before=before, after=after
    )
    return True


def _is_closed(body: ReviewBody) -> bool:
    return PreliminaryResult.standing.filter(track__in=body.tracks.all()).exists()


def judge_group(plan: ReviewPlan | None, group: str, standing: str = "") -> None:
    """Raises Refused for a group that neither the plan names nor stands already."""
    known = {each["key"] for each in plan.expert_groups} if plan is not None else set()
    if group not in known | {"", standing}:
        raise Refused(refuse("unknown_group", _("备案方案中没有此专家类别，重新选择"), status=422))
