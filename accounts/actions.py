"""What happens to accounts: a person registers and acts for an organisation of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from kczg.kit.record import Actor, record


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
