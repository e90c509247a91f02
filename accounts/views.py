"""Pages of accounts: allauth's views behind doors of ours, and only those that are used."""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.adapter import home_of
from kczg.kit.doors import PUBLIC, SIGNED_IN, door

login = door(PUBLIC)(allauth.login)
register = door(PUBLIC)(allauth.signup)
logout = door(PUBLIC)(allauth.logout)
inactive = door(PUBLIC)(allauth.account_inactive)
reset_password = door(PUBLIC)(allauth.password_reset)
reset_password_sent = door(PUBLIC)(allauth.password_reset_done)
set_new_password = door(PUBLIC)(allauth.password_reset_from_key)
new_password_set = door(PUBLIC)(allauth.password_reset_from_key_done)
again = door(SIGNED_IN)(allauth.reauthenticate)
# The second step of a login comes before anybody is signed in.
second_step_code = door(PUBLIC)(mfa.authenticate)
second_step_again = door(SIGNED_IN)(mfa.reauthenticate)
second_step = door(SIGNED_IN)(mfa.index)
second_step_on = door(SIGNED_IN)(totp.activate_totp)
second_step_off = door(SIGNED_IN)(totp.deactivate_totp)
recovery_codes = door(SIGNED_IN)(recovery.view_recovery_codes)
new_recovery_codes = door(SIGNED_IN)(recovery.generate_recovery_codes)
recovery_file = door(SIGNED_IN)(recovery.download_recovery_codes)


@door(PUBLIC)
def confirm_email(request: HttpRequest) -> HttpResponse:
    """The code from the mail; who is signed in already has nothing to confirm here."""
    if request.user.is_authenticated:
        return redirect(home_of(request.user))
    return allauth.email_verification_sent(request)


@door(PUBLIC)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Where allauth sends a person who has left one of its pages."""
    return redirect(home_of(request.user) if request.user.is_authenticated else "account_login")
