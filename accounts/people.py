"""Who acts for a recommending unit, with which duty: invited, let in, given another duty, let go.

The unit's administrator does it, and the secretariat, which invites its first one. The organisation's row is held
meanwhile, so that two who act at once can't leave a unit without an administrator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actions import person_at
from accounts.models import Invitation, Membership, Organisation, User
from accounts.permissions import may
from accounts.roles import Duty, Role
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse

MOST_OPEN = 50
"""Invitations of a unit that wait for an answer."""
PAUSE = timedelta(minutes=10)
"""Between two letters to one address."""


@dataclass(frozen=True)
class Invited:
    """Whom somebody names: the address is the account's once the invitation is accepted."""

    name: str
    email: str
    duty: Duty


def judge(organisation: Organisation, by: Actor) -> None:
    """Raises Refused unless the person may set the unit's people: its administrator, or the secretariat."""
    if not may(by.user, "season.manage"):
        may(by.user, "unit.set_people", organisation).or_raise()


def _lock(organisation_id: int) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation_id)


@transaction.atomic
def invite(organisation: Organisation, person: Invited, by: Actor, at: datetime) -> Invitation:
    """Invites a person by mail; asking twice sends one letter (Q2). No account is looked up or made yet (P6).

    Refused for who acts for the unit already (409), beyond MOST_OPEN open invitations (409), and for everybody
    but the unit's administrator and the secretariat.
    """
    judge(organisation, by)
    _lock(organisation.pk)
    email = person.email.strip().lower()
    if members(organisation).filter(user__email__iexact=email).exists():
        words = _("此邮箱的人员已在本单位")
        raise Refused(refuse("acts_already", words, _("在人员列表中修改职责"), status=409))
    waiting = open_invitations(organisation)
    standing = waiting.filter(email=email).first()
    if standing is not None:
        if (standing.name, standing.duty) == (person.name.strip(), person.duty):
            return standing
        words = _("已向此邮箱发出邀请")
        raise Refused(refuse("invited_already", words, _("撤回邀请后重新填写"), status=409))
    if waiting.count() >= MOST_OPEN:
        words = _("尚未接受的邀请已有%(most)d个") % {"most": MOST_OPEN}
        raise Refused(refuse("too_many", words, _("撤回不需要的邀请后再邀请"), status=409))
    row = Invitation.objects.create(
        organisation=organisation,
        name=person.name.strip(),
        email=email,
        duty=person.duty,
        made_by=by.user,
        sent_at=at,
    )
    record("person_invited", organisation, by, at, person=row.name, duty=row.duty, invitation=row.pk)
    _owe_letter(row)
    return row


def _owe_letter(row: Invitation) -> None:
    owe("unit_invitation", f"unit_invitation:{row.pk}:{row.sent}", invitation_id=row.pk, sent=row.sent)


def _open(invitation: Invitation, by: Actor) -> Invitation:
    """The invitation as it is, held; raises Refused where it has ended or isn't this person's to deal with."""
    judge(invitation.organisation, by)
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=invitation.pk)
    )
    if locked.ended_at is not None:
        words = _("邀请已被接受或撤回")
        raise Refused(refuse("invitation_ended", words, _("刷新本页，查看最新状态"), status=409))
    return locked


@transaction.atomic
def send_again(invitation: Invitation, by: Actor, at: datetime) -> None:
    """Sends a new letter; the link of the earlier one is void. Refused (409) within PAUSE of the last letter."""
    row = _open(invitation, by)
    if at - row.sent_at < PAUSE:
        words = _("邀请刚刚发送过")
        raise Refused(refuse("sent_just_now", words, _("10分钟后可再次发送"), status=409))
    row.sent, row.sent_at = row.sent + 1, at
    row.save(update_fields=["sent", "sent_at"])
    record("invitation_sent_again", row.organisation, by, at, person=row.name, invitation=row.pk)
    _owe_letter(row)


@transaction.atomic
def withdraw(invitation: Invitation, by: Actor, at: datetime) -> None:
    """Takes an invitation back: its link is void."""
    row = _open(invitation, by)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record("invitation_withdrawn", row.organisation, by, at, person=row.name, invitation=row.pk)


@transaction.atomic
def accept(invitation: Invitation, at: datetime, ip: str | None = None) -> User:
    """The person acts for the unit from now on; makes the account where there is none. Works once.

    Whoever calls it has seen the letter's key and, where the account has a password, its owner signed in.
    """
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=invitation.pk)
    )
    if locked.ended_at is not None or locked.sent != invitation.sent:
        raise Refused(NOT_FOUND)
    user = person_at(locked.email, locked.name)
    membership, fresh = Membership.objects.get_or_create(
        user=user, organisation=locked.organisation, role=Role.UNIT, defaults={"duty": locked.duty}
    )
    if not fresh and not membership.is_active:
        membership.is_active, membership.duty = True, locked.duty
        membership.save(update_fields=["is_active", "duty"])
    locked.ended_at = at
    locked.save(update_fields=["ended_at"])
    by = Actor(user=user, role=Role.UNIT, organisation=locked.organisation, ip=ip)
    record("invitation_accepted", locked.organisation, by, at, duty=membership.duty, invitation=locked.pk)
    return user


@transaction.atomic
def set_duty(membership: Membership, duty: Duty, by: Actor, at: datetime) -> None:
    """Gives one of the unit's people another duty; their sessions end (U4). Safe to repeat.

    Refused (409) where the unit would be left without an administrator.
    """
    row = _member(membership, by)
    if row.duty == duty:
        return
    if duty != Duty.ADMINISTER:
        _keep_an_administrator(row)
    before, row.duty = row.duty, duty
    row.save(update_fields=["duty"])
    _end_sessions(row.user_id)
    record("duty_set", row.organisation, by, at, person=row.user.name, before=before, after=str(duty))


@transaction.atomic
def remove(membership: Membership, by: Actor, at: datetime) -> None:
    """Ends one person's acting for the unit, from the next request on (S6). Safe to repeat.

    Refused (409) where the unit would be left without an administrator.
    """
    row = _member(membership, by)
    if not row.is_active:
        return
    _keep_an_administrator(row)
    row.is_active = False
    row.save(update_fields=["is_active"])
    _end_sessions(row.user_id)
    record("person_removed", row.organisation, by, at, person=row.user.name, duty=row.duty)


def _member(membership: Membership, by: Actor) -> Membership:
    """The membership as it is, with the organisation held; raises Refused for who may not set it."""
    judge(membership.organisation, by)
    _lock(membership.organisation_id)
    rows = Membership.objects.select_related("user", "organisation")
    return rows.get(pk=membership.pk, role=Role.UNIT)


def _keep_an_administrator(row: Membership) -> None:
    others = members(row.organisation).filter(duty=Duty.ADMINISTER).exclude(pk=row.pk)
    if row.duty == Duty.ADMINISTER and not others.exists():
        words = _("%(name)s是本单位唯一的管理员") % {"name": row.user.name}
        raise Refused(refuse("last_administrator", words, _("先将另一人设为管理员"), status=409))


def _end_sessions(user_id: int) -> None:
    User.objects.filter(pk=user_id).update(rights_changed=F("rights_changed") + 1)


def members(organisation: Organisation):
    """Those who act for a unit now."""
    rows = Membership.objects.filter(
        organisation=organisation, role=Role.UNIT, is_active=True, user__is_active=True
    )
    return rows.select_related("user", "organisation").order_by("pk")


def open_invitations(organisation: Organisation):
    """Those that were neither accepted nor withdrawn; one that is too old can be sent again."""
    return Invitation.objects.filter(organisation=organisation, ended_at=None)
