"""The roles, in the field's terms. A person may have several; each comes from a membership."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    APPLICANT = "applicant", _("申报人")
    UNIT = "unit", _("推荐单位")
    BODY = "body", _("初评机构")
    EXPERT = "expert", _("评审专家")
    OFFICE = "office", _("秘书处")
    ADMIN = "admin", _("系统管理员")


TWO_STEPS = frozenset({Role.BODY, Role.OFFICE, Role.ADMIN})
"""Roles that work only behind a second factor (U2)."""


class Duty(models.TextChoices):
    """What a person does inside a recommending unit; each includes the ones before it."""

    HANDLE = "handle", _("经办")
    APPROVE = "approve", _("审批")
    ADMINISTER = "administer", _("管理员")

    def includes(self, needed: Duty) -> bool:
        """Whether this duty is enough where ``needed`` is asked for."""
        order = list(type(self))
        return order.index(self) >= order.index(needed)
