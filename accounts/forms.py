"""Forms of the account pages: those of allauth with our labels and messages."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm as GenerateRecoveryCodes
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import register_applicant
from accounts.kinds import chosen_by, of_roles
from accounts.models import User
from accounts.roles import Role
from kczg.kit import sms
from kczg.kit.forms import PlainWords
from kczg.kit.phones import MOBILE, bare, masked, mobile_fault
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


class NoticeFields(forms.Form):
    """The questions of 通知设置: only what this person can choose."""

    language = forms.ChoiceField(
        label=_("邮件和站内通知的语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = person.language
        self.person, self.kinds = person, chosen_by(person.roles)
        for kind in self.kinds:
            self.fields[f"way_{kind.name}"] = forms.ChoiceField(
                label=str(kind.word),
                help_text=str(kind.hint),
                choices=[(str(way), way.label) for way in kind.ways],
                initial=person.way_for(kind),
                widget=forms.RadioSelect,
            )
        if sms.offered() and any(kind.sms_within for kind in of_roles(person.roles)):
            self._texts()

    def _texts(self) -> None:
        known = _("现为%(number)s，不填则不变") % {"number": masked(self.person.mobile)}
        self.fields["mobile"] = forms.CharField(
            label=_("手机号码"),
            help_text=known if self.person.mobile else _("只用于短信提醒"),
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "w-name"}),
        )
        self.fields["mobile"].widget.attrs.pop("maxlength", None)
        if self.person.mobile:
            self.fields["forget"] = forms.BooleanField(label=_("删除此号码"), required=False)
        self.fields["sms"] = forms.BooleanField(
            label=_("短信提醒"),
            help_text=_("截止前3小时工作未完成的，或截止前24小时内被退回修改的，发送短信"),
            initial=self.person.wants_sms,
            required=False,
        )


class NoticesForm(PlainWords, NoticeFields):
    """How a person wants to be told."""

    def clean_mobile(self) -> str:
        """The number bare of what people write around it."""
        number = bare(self.cleaned_data["mobile"]).replace("-", "")
        if number and not MOBILE.match(number):
            is_near = number.isascii() and number.isdigit() and number.startswith("1")
            words = _("只能填一个手机号码，例如13800138000")
            raise forms.ValidationError(mobile_fault(number) if is_near else words)
        return number

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        has_number = given.get("mobile") or (self.person.mobile and not given.get("forget"))
        if given.get("sms") and not has_number and "mobile" not in self.errors:
            self.add_error("mobile", _("填写手机号码，或不勾选短信提醒"))
        return given

    def choice(self) -> dict[str, Any]:
        """What ``actions.choose_notices`` is told."""
        given = self.cleaned_data
        ways = {kind.name: given[f"way_{kind.name}"] for kind in self.kinds}
        number = given.get("mobile") or ("" if given.get("forget") else None)
        return {
            "language": given["language"],
            "ways": ways,
            "mobile": number,
            "sms": bool(given.get("sms", self.person.wants_sms)),
        }


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
