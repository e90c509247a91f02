"""Forms of the account pages: those of allauth with our labels and messages."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm as GenerateRecoveryCodes
from allauth.mfa.totp import forms as totp
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import register_applicant
from accounts.models import User
from accounts.roles import Role
from kczg.kit.forms import PlainWords
from kczg.kit.record import Actor, client_address

PASSWORD_HINT = _("至少10个字符，建议15个以上；不用常见密码，不含账号和姓名")


class AccountWords(PlainWords):
    """One name for each field on every account page."""

    labels = {
        "login": _("账号或邮箱"),
        "username": _("账号"),
        "email": _("邮箱"),
        "password": _("密码"),
        "password1": _("密码"),
        "password2": _("再输入一次密码"),
        "oldpassword": _("现在的密码"),
        "code": _("验证码"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            if name in ("password", "password1"):
                field.help_text = PASSWORD_HINT if name == "password1" else ""
            if name == "password2":
                field.error_messages["required"] = field.label
            if name == "code":
                field.widget.attrs.update({"class": "w-code", "inputmode": "text", "autocapitalize": "off"})


class LoginForm(AccountWords, account.LoginForm):
    pass


class SignupForm(AccountWords, account.SignupForm):
    """Asks for the person's name and organisation as well; the adapter keeps the name."""

    name = forms.CharField(
        label=_("姓名"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    organisation = forms.CharField(
        label=_("单位名称"),
        max_length=200,
        required=False,
        help_text=_("填写全称；以个人或团队名义申报的，可不填"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    field_order = ["username", "name", "organisation", "email", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("登录用，由字母、数字和. + - _组成")
        self.fields["email"].help_text = _("接收验证码和申报通知")
        for field in self.fields.values():
            # A pasted text is never cut: what is too long is said instead.
            field.widget.attrs.pop("maxlength", None)

    def save(self, request: HttpRequest) -> User:
        """The account, its organisation and its role, or nothing of them."""
        with transaction.atomic():
            user = super().save(request)
            by = Actor(user=user, role=Role.APPLICANT, ip=client_address(request))
            register_applicant(user, self.cleaned_data["organisation"], by, request.judged_at)  # type: ignore[attr-defined]
        return user


class EmailCodeForm(AccountWords, account.ConfirmEmailVerificationCodeForm):
    pass


class ChangeEmailForm(AccountWords, account.ChangeEmailForm):
    pass


class AddEmailForm(AccountWords, account.AddEmailForm):
    pass


class ChangePasswordForm(AccountWords, account.ChangePasswordForm):
    labels = AccountWords.labels | {"password1": _("新密码"), "password2": _("再输入一次新密码")}


class SetPasswordForm(AccountWords, account.SetPasswordForm):
    pass


class ResetPasswordForm(AccountWords, account.ResetPasswordForm):
    pass


class NewPasswordForm(AccountWords, account.ResetPasswordKeyForm):
    labels = ChangePasswordForm.labels


class ReauthenticateForm(AccountWords, account.ReauthenticateForm):
    pass


class SecondFactorForm(AccountWords, mfa.AuthenticateForm):
    labels = {"code": _("动态码或恢复码")}


class SecondFactorAgainForm(AccountWords, mfa.ReauthenticateForm):
    labels = {"code": _("动态码")}


class ActivateTOTPForm(AccountWords, totp.ActivateTOTPForm):
    labels = {"code": _("动态码")}


class DeactivateTOTPForm(AccountWords, totp.DeactivateTOTPForm):
    pass


class RecoveryCodesForm(AccountWords, GenerateRecoveryCodes):
    pass
