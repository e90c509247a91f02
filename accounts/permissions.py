"""The one list of who may do what. A predicate looks at the person and at the thing, never at the time.

Things are read by their attributes (a nomination has an applicant, a unit and a track), so that this room
knows no other. Anything that isn't listed is refused (S1).
"""

from __future__ import annotations

from typing import Any

import rules
from django.utils.translation import gettext_lazy as _

from accounts.roles import Duty, Role
from kczg.kit.verdicts import ALLOWED, Verdict, refuse


def _acts_for(user: Any, role: str, organisation_id: int | None) -> bool:
    return organisation_id is not None and any(
        organisation.pk == organisation_id for organisation in user.organisations_in(role)
    )


@rules.predicate
def is_applicant(user: Any, nomination: Any) -> bool:
    return _acts_for(user, Role.APPLICANT, nomination.applicant_id)


@rules.predicate
def is_its_unit(user: Any, nomination: Any) -> bool:
    """The unit that the nomination names, once it has been submitted: a draft is the applicant's alone."""
    unit = nomination.unit
    return (
        unit is not None
        and nomination.submitted_at is not None
        and _acts_for(user, Role.UNIT, unit.organisation_id)
    )


@rules.predicate
def is_unit_of_pair(user: Any, twin: Any) -> bool:
    """The unit of either of two nominations that seem to be one entry."""
    return is_its_unit.test(user, twin.one) or is_its_unit.test(user, twin.other)


@rules.predicate
def is_own_unit(user: Any, unit: Any) -> bool:
    return _acts_for(user, Role.UNIT, unit.organisation_id)


@rules.predicate
def is_of_the_unit(user: Any, organisation: Any) -> bool:
    return _acts_for(user, Role.UNIT, organisation.pk)


@rules.predicate
def is_its_body(user: Any, nomination: Any) -> bool:
    return nomination.track_id is not None and acts_for_track(user, nomination.track)


@rules.predicate
def reviews_track(user: Any, track: Any) -> bool:
    return acts_for_track(user, track)


@rules.predicate
def is_office(user: Any) -> bool:
    return user.has_role(Role.OFFICE)


@rules.predicate
def is_assigned_expert(user: Any, assignment: Any) -> bool:
    return user.has_role(Role.EXPERT) and assignment.expert.user_id == user.pk and assignment.ended_at is None


@rules.predicate
def is_member(user: Any, member: Any) -> bool:
    """Whom a meeting has called, for that person's own vote."""
    return user.has_role(Role.EXPERT) and member.expert.user_id == user.pk


def acts_for_track(user: Any, track: Any) -> bool:
    """Whether the person acts for one of the track's review bodies."""
    ours = {organisation.pk for organisation in user.organisations_in(Role.BODY)}
    return bool(ours) and any(body.organisation_id in ours for body in track.bodies.all())


PERMISSIONS: dict[str, rules.predicates.Predicate] = {
    "nomination.view_as_applicant": is_applicant,
    "nomination.edit": is_applicant,
    "nomination.submit": is_applicant,
    "nomination.correct": is_applicant,
    "nomination.correct_direct": is_applicant,
    "nomination.withdraw": is_applicant,
    "nomination.view_as_unit": is_its_unit,
    "nomination.return": is_its_unit,
    "nomination.decline": is_its_unit,
    "nomination.prepare": is_its_unit,
    "nomination.recommend": is_its_unit,
    "nomination.take_back": is_its_unit,
    "unit.order": is_own_unit,
    "unit.import": is_own_unit,
    "twin.view": is_office | is_unit_of_pair,
    "twin.note": is_unit_of_pair,
    "twin.resolve": is_office,
    "unit.recommend": is_own_unit,
    "unit.see_people": is_of_the_unit,
    "unit.set_people": is_of_the_unit,
    "unit.print": is_own_unit,
    "unit.set_deadline": is_own_unit,
    "unit.select": is_own_unit,
    "unit.vote": is_own_unit,
    "nomination.view_as_body": is_its_body,
    "nomination.ask_correction": is_its_body,
    "nomination.ask_correction_direct": is_its_body,
    "nomination.accept": is_its_body,
    "nomination.accept_direct": is_its_body,
    "nomination.reject": is_its_body,
    "nomination.reject_direct": is_its_body,
    "nomination.assign": is_its_body,
    "nomination.shortlist": is_its_body,
    "nomination.pass_over": is_its_body,
    "nomination.view_as_office": is_office,
    "nomination.reopen_review": is_office,
    "nomination.list": is_office,
    "nomination.leave_out": is_office,
    "nomination.publish": is_office,
    "track.review": reviews_track,
    "assignment.score": is_assigned_expert,
    "meeting.vote": is_member,
    "season.manage": is_office,
}


DUTIES: dict[str, Duty] = {
    "nomination.recommend": Duty.APPROVE,
    "nomination.decline": Duty.APPROVE,
    "nomination.take_back": Duty.APPROVE,
    "unit.recommend": Duty.APPROVE,
    "unit.set_people": Duty.ADMINISTER,
}
"""What only some of a unit's people do; anything else that its people may do is everybody's there."""
LACKING = {
    Duty.APPROVE: (_("此操作由本单位审批人办理"), _("经办人可填写推荐意见后报审")),
    Duty.ADMINISTER: (_("此操作由本单位管理员办理"), _("本单位管理员列在“本单位人员”中")),
}


def duty_in(user: Any, organisation_id: int | None) -> Duty | None:
    """The duty of a person inside a recommending unit; None for who doesn't act for it."""
    for held in user.active_memberships:
        if (held.role, held.organisation_id) == (Role.UNIT, organisation_id):
            return Duty(held.duty)
    return None


def _whose(thing: Any) -> int | None:
    """The organisation that a nomination names as its unit, that a unit is, or the organisation itself."""
    thing = getattr(thing, "unit", None) or thing
    return getattr(thing, "organisation_id", thing.pk)


def may(user: Any, permission: str, thing: Any = None) -> Verdict:
    """Whether ``user`` may do ``permission`` to ``thing``; a permission that isn't listed is a no.

    Who may see the thing and lacks the duty inside the unit is told so (403); for anybody else it isn't there.
    """
    predicate = PERMISSIONS.get(permission)
    allowed = predicate is not None and user is not None and user.is_active and predicate.test(user, thing)
    if not allowed:
        return refuse("not_allowed", str(_("这项操作由其他角色办理")), status=404)
    needed = DUTIES.get(permission)
    if needed is not None:
        held = duty_in(user, _whose(thing))
        if held is None or not held.includes(needed):
            message, hint = LACKING[needed]
            return refuse("other_duty", str(message), str(hint), status=403)
    return ALLOWED
