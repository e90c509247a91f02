"""How somebody whom another person named gets in: an account by e-mail, and a mailed link to set a password."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Invitation, User

LIVES = timedelta(days=7)
"""So long an invitation to a unit can be accepted after its letter was sent."""


def password_link(user: User) -> str:
    """A link to set a password: it works once, for as long as a reset link does (U4)."""
    key = default_token_generator.make_token(user)
    where = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
    )
    return settings.SITE_URL + where


def first_steps(user: User) -> dict[str, object]:
    """What a letter to an invited person says of the account; the link is "" for who has a password already."""
    return {
        "link": "" if user.has_usable_password() else password_link(user),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "reset": settings.SITE_URL + reverse("account_reset_password"),
    }


def key_of(invitation: Invitation) -> str:
    """The key in a unit's letter: it works for the letter that was sent last, and until it is used."""
    sealed = salted_hmac("accounts.invitations", f"{invitation.pk}:{invitation.sent}", algorithm="sha256")
    return f"{invitation.pk}-{sealed.hexdigest()[:40]}"


def invitation_link(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("invitation", kwargs={"key": key_of(invitation)})


def invitation_of(key: str, at: datetime) -> Invitation | None:
    """The invitation that a key opens now; None where it was used, withdrawn, sent anew, or is too old."""
    number = key.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    found = (
        Invitation.objects.select_related("organisation", "made_by").filter(pk=number, ended_at=None).first()
    )
    if found is None or not constant_time_compare(key, key_of(found)) or found.sent_at + LIVES <= at:
        return None
    return found
