"""Rules: 统一社会信用代码 (GB 32100-2015): its length, its signs and both its check digits."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

LENGTH = 18
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The signs of the code; I, O, S, V and Z are left out."""
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_INNER_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def plain(text: str) -> str:
    """A code as it is kept: full-width signs and small letters made plain, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def fault(code: str) -> str:
    """What is wrong with a plain code; "" for a right one."""
    if len(code) != LENGTH:
        return _("统一社会信用代码应为18位，现有%(now)d位") % {"now": len(code)}
    if any(sign not in _SIGNS for sign in code) or _last(code) != code[-1] or _inner(code) != code[16]:
        return _("统一社会信用代码校验位不符，对照营业执照检查（不含字母I、O、S、V、Z）")
    return ""


def _last(code: str) -> str:
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(code, _WEIGHTS, strict=False))
    return _SIGNS[-total % 31]


def _inner(code: str) -> str:
    """The check digit of the organisation code within (GB 11714): places 9 to 17."""
    signs = zip(code[8:16], _INNER_WEIGHTS, strict=True)
    rest = -sum(_INNER_SIGNS.index(sign) * weight for sign, weight in signs) % 11
    return "X" if rest == 10 else str(rest)
