"""How somebody whom another person named gets in: an account by e-mail, and a mailed link to set a password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import User


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
