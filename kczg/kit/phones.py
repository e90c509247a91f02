"""Mobile numbers: one rule for the forms' telephone questions and for a person's own number."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

MOBILE = re.compile(r"1[3-9]\d{9}\Z")
_ABROAD = re.compile(r"\A(\+|00)86-?")


def bare(text: str) -> str:
    """A number without white space, brackets and the country's code, full-width digits as plain ones."""
    return _ABROAD.sub("", re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", text)))


def mobile_fault(digits: str) -> str:
    """What is wrong with digits that begin like a mobile number and aren't one."""
    if len(digits) != 11:
        return _("手机号码应为11位，现有%(now)d位") % {"now": len(digits)}
    return _("手机号码应以13—19开头，现为%(now)s") % {"now": digits[:2]}


def masked(number: str) -> str:
    """138****8000: enough for its owner to know it by."""
    return f"{number[:3]}****{number[-4:]}" if number else ""
