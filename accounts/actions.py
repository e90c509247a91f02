"""What happens to accounts: a person registers and acts for an organisation of their own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.kinds import KINDS, Kind, Way
from accounts.models import Membership, Notice, Organisation, User
from accounts.roles import Role
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse


@transaction.atomic
def register_applicant(user: User, organisation_name: str, by: Actor, at: datetime) -> Membership:
    """Makes a newly registered person an applicant, for the organisation they name or else in their own name.

    The organisation is always a row of its own. Whoever types the name of an organisation that others act for
    must not become one of them: colleagues are joined by somebody who may, never by a name.
    """
    organisation = Organisation.objects.create(name=organisation_name.strip() or user.name)
    membership = Membership.objects.create(user=user, organisation=organisation, role=Role.APPLICANT)
    record("registered", user, by, at, organisation=organisation.pk)
    return membership


def person_at(email: str, name: str) -> User:
    """The person with this e-mail, or a new account without a password for whom somebody else names.

    An account that is there keeps its name; who asks gets the same answer either way (P6).
    """
    email = email.strip().lower()
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User(username=_account_name(email), email=email, name=name.strip())
        user.set_unusable_password()
        user.save()
    return user


def _account_name(email: str) -> str:
    """The address as the account's name; a random one where it is too long, or already somebody's."""
    too_long = len(email) > (User._meta.get_field("username").max_length or 0)
    if too_long or User.objects.filter(username__iexact=email).exists():
        return f"person-{secrets.token_hex(8)}"
    return email


@transaction.atomic
def describe_organisation(
    organisation: Organisation, credit_code: str, province_code: str, by: Actor, at: datetime
) -> None:
    """Keeps an organisation's own facts; one of its applicants says them. Both may be empty.

    Raises Refused (404) for anybody who doesn't act for it. ``credit_code`` has been judged before.
    """
    if not any(own.pk == organisation.pk for own in by.user.organisations_in(Role.APPLICANT)):
        raise Refused(NOT_FOUND)
    organisation.credit_code, organisation.province_code = credit_code or None, province_code
    organisation.save(update_fields=["credit_code", "province_code"])
    record("organisation_described", organisation, by, at, credit_code=credit_code, province=province_code)


@transaction.atomic
def choose_notices(
    language: str,
    ways: Mapping[str, str],
    by: Actor,
    at: datetime,
    mobile: str | None = None,
    sms: bool = False,
) -> None:
    """Keeps how a person wants to be told: in which language, which kind in which way, whether by text message.

    ``mobile`` None leaves the number as it is, "" forgets it. Raises Refused for a way that a kind doesn't have:
    what must be mailed is mailed. The record says what was chosen, and never the number (A5).
    """
    person = User.objects.select_for_update().get(pk=by.user.pk)
    for name, way in ways.items():
        if name not in KINDS or KINDS[name].must or way not in KINDS[name].ways:
            hint = _("在通知设置中选择可以更改的通知")
            raise Refused(refuse("must_be_mailed", _("此类通知必须发送"), hint, 422))
    person.language = language
    person.mobile = person.mobile if mobile is None else mobile
    person.wants_sms = sms and bool(person.mobile)
    _set_ways(person, ways)
    person.save(update_fields=["language", "mobile", "wants_sms"])
    chosen = {"language": language, "ways": person.ways, "sms": person.wants_sms}
    record("notices_chosen", person, by, at, **chosen)


@transaction.atomic
def stop_mail(person_id: int, kind: Kind, by: Actor, at: datetime) -> None:
    """Stops mails of a kind, for whoever has the link from one of them; once more changes nothing.

    Nothing happens where the person is no more: the answer must not tell (P6).
    """
    person = User.objects.select_for_update().filter(pk=person_id).first()
    if person is None or Way.PRODUCT not in kind.ways or person.way_for(kind) == Way.PRODUCT:
        return
    _set_ways(person, {kind.name: str(Way.PRODUCT)})
    record("mail_stopped", person, by, at, kind=kind.name)


def _set_ways(person: User, ways: Mapping[str, str]) -> None:
    changed = [name for name, way in ways.items() if person.way_for(KINDS[name]) != way]
    person.ways = {**person.ways, **ways}
    person.save(update_fields=["ways"])
    # What waited for a digest that isn't wanted any more stands in the product.
    waiting = person.notices.filter(kind__in=changed, mail=Notice.Post.DIGEST)
    waiting.update(mail=Notice.Post.NONE)


def read_notice(notice_id: int, by: Actor, at: datetime) -> Notice:
    """Marks one of the person's own notices as read; the row itself keeps when, the first time counts.

    Raises Refused (404) for another's, as for one that doesn't exist (S3).
    """
    notice = by.user.notices.filter(pk=notice_id).first()
    if notice is None:
        raise Refused(NOT_FOUND)
    by.user.notices.filter(pk=notice_id, read_at=None).update(read_at=at)
    return notice


def read_all_notices(by: Actor, at: datetime) -> int:
    """Marks all that the person hasn't read as read; returns how many those were."""
    return by.user.notices.filter(read_at=None, created_at__lte=at).update(read_at=at)
