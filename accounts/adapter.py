"""How allauth speaks and what it keeps: our words for its refusals, and the person's name at registration."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from kczg.menu import MENU

# One message for an unknown account and for a wrong password: nobody learns which accounts exist (P6).
WRONG = _("账号或密码不对，检查大小写后重新输入")


def home_of(user: Any) -> str:
    """The first page of the person's first role; the public home where there is no role."""
    entries = [entry for role in user.roles for entry in MENU[role]]
    return entries[0].path if entries else "/"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("此账号已停用。如需恢复，拨打010-56057633"),
        "cannot_remove_primary_email": _("主要邮箱不能删除，先把另一个邮箱设为主要"),
        "duplicate_email": _("此邮箱已登记在本账号"),
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "email_taken": _("此邮箱已注册，直接登录或重设密码"),
        "enter_current_password": _("现在的密码不对，重新输入"),
        "incorrect_code": _("验证码不对，对照邮件重新输入"),
        "incorrect_password": _("密码不对，重新输入"),
        "invalid_or_expired_key": _("链接已用过或已过期，重新发送"),
        "invalid_password_reset": _("链接已用过或已过期，重新发送"),
        "max_email_addresses": _("一个账号最多登记%d个邮箱"),
        "too_many_login_attempts": _("登录失败次数过多，5分钟后再试，或重设密码"),
        "unverified_primary_email": _("主要邮箱应先验证"),
        "username_blacklisted": _("此账号名不能使用，换一个"),
        "username_taken": _("此账号名已有人使用，换一个"),
        "select_only_one": _("只能选择一项"),
        "same_as_current": _("与现在的相同，换一个"),
        "rate_limited": _("操作太频繁，稍等几分钟再试"),
    }

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """The new account, with the name that others will see; letters come in the language of the page."""
        user.name = form.cleaned_data["name"]
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """An account's name is no e-mail address.

        Else whoever registers could take another person's address for a name, and learn from 已有人使用 that an
        invited expert, whose name it is, has an account (P6).
        """
        if "@" in username:
            raise self.validation_error("username_blacklisted")
        return super().clean_username(username, shallow)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The person's home; where their role lacks its second factor, the page that sets it up (U2)."""
        user: Any = request.user
        if any(user.lacks_second_factor(role) for role in user.roles) or (
            user.is_staff and user.lacks_second_factor(Role.ADMIN)
        ):
            return reverse("mfa_activate_totp")
        return home_of(user)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("动态码不对或已用过，等下一个动态码再输入"),
    }
