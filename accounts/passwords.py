"""What a password must be (U1), in our words: long enough, not common, not the account's own name or ours."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation as django
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CONTEXT = ("科创中国", "kczg", "kechuang")
"""Words of this product, which are the first that are guessed."""


class LongEnough(django.MinimumLengthValidator):
    """At least ``min_length`` characters."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            words = _("密码至少%(least)d个字符，现有%(now)d个") % {
                "least": self.min_length,
                "now": len(password),
            }
            raise ValidationError(words, code="password_too_short")


class NotTheAccount(django.UserAttributeSimilarityValidator):
    """Not like the account, the person's name or the e-mail."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "name", "email"))

    def get_error_message(self) -> str:
        return _("密码与账号、姓名或邮箱相近，换一个密码")


class NotCommon(django.CommonPasswordValidator):
    """Not one of the passwords that everybody tries, nor one with this product's name in it."""

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        if any(word in password.casefold() for word in CONTEXT):
            raise ValidationError(_("密码不含本系统的名称，换一个密码"), code="password_context")

    def get_error_message(self) -> str:
        return _("密码过于常见，换一个密码")
