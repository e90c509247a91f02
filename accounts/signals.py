"""What follows from a proven step of an account: a password set by a mailed link proves the address."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.dispatch import receiver

from accounts.models import User


@receiver(password_reset)
def prove_address(user: User, **_rest: Any) -> None:
    """Who used a link that went to ``user.email`` has that address: no second code is asked for.

    An invited expert comes this way (accounts.invitations), and whoever forgot the password.
    """
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
