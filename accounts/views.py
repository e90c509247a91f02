"""Pages of accounts: allauth's views behind doors of ours, and only those that are used."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib import messages as flash
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, people, stopping
from accounts.adapter import home_of
from accounts.forms import NoticesForm
from accounts.invitations import invitation_of, password_link
from accounts.kinds import always_mailed
from accounts.models import Notice, User
from kczg.kit.doors import PUBLIC, SIGNED_IN, door
from kczg.kit.record import Actor, client_address

A_PAGE = 30
"""Notices on one page."""

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


@door(SIGNED_IN)
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """站内通知: what this person was told, first what they haven't read."""
    own = Notice.objects.filter(person=request.user.pk)
    rows = own.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "account/messages.html", {"page_obj": page})


@door(SIGNED_IN)
@require_POST
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one as read, and goes on to the page that it names or stays among the others."""
    notice = actions.read_notice(pk, Actor.of(request), request.judged_at)  # type: ignore[attr-defined]
    return redirect(notice.page if "open" in request.POST else "messages")


@door(SIGNED_IN)
def notices(request: HttpRequest) -> HttpResponse:
    """通知设置: the language of letters, the way of each kind that has a choice, and text messages."""
    person: Any = request.user
    form = NoticesForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.choose_notices(by=Actor.of(request), at=request.judged_at, **form.choice())  # type: ignore[attr-defined]
        flash.success(request, _("通知设置已保存"))
        return redirect("notice_choices")
    always = [kind.word for kind in always_mailed(person.roles)]
    context = {"form": form, "always": always}
    return render(request, "account/notices.html", context, status=422 if form.errors else 200)


@door(PUBLIC)
@csrf_exempt  # The mailbox posts by itself and without a cookie (RFC 8058); the signed token is the proof.
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest) -> HttpResponse:
    """The link of a mail that stops its kind: a page that asks, and a post that does it."""
    found = stopping.read(request.GET.get("t", ""))
    if found is None:
        return render(request, "account/stop_mail.html", status=400)
    person_id, kind = found
    done = request.method == "POST"
    if done:
        # Whoever has the link; who is signed in here need not be whom it was sent to.
        by = Actor(ip=client_address(request))
        actions.stop_mail(person_id, kind, by, request.judged_at)  # type: ignore[attr-defined]
    return render(request, "account/stop_mail.html", {"kind": kind, "done": done})


@door(SIGNED_IN)
@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    """Marks all as read."""
    count = actions.read_all_notices(Actor.of(request), request.judged_at)  # type: ignore[attr-defined]
    if count:
        flash.success(request, _("已将%(count)d条通知标为已读") % {"count": count})
    return redirect("messages")


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """An invitation to act for a unit, as its letter opens it; a post accepts it and leads on.

    Who has no password yet sets one; whoever has one signs in first, and as nobody else.
    """
    at = request.judged_at  # type: ignore[attr-defined]
    found = invitation_of(key, at)
    if found is None:
        return render(request, "account/invitation.html", {"invitation": None}, status=404)
    owner = User.objects.filter(email__iexact=found.email).first()
    known = owner is not None and owner.has_usable_password()
    other = request.user.is_authenticated and request.user != owner
    if request.method == "POST" and not other:
        if known and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        accepted = people.accept(found, at, client_address(request))
        if not known:
            return redirect(password_link(accepted))
        request.session.cycle_key()  # A session with other rights than before (U4).
        return redirect("account_email")
    facts = {"invitation": found, "known": known, "other": other}
    return render(request, "account/invitation.html", facts, status=409 if request.method == "POST" else 200)
