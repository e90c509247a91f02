"""Fields: which characters an answer may hold, and how what was typed is brought into one spelling."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from kczg.kit.characters import refused

__all__ = ["LONGEST", "lines", "narrow", "one_line", "refused", "too_long"]

LONGEST = 20_000
"""No answer is longer than this many characters, white space included; it bounds work, not content."""

_DASHES = re.compile(r"[‐‑‒–—―−－﹣]")


def too_long(text: str, name: str) -> str:
    """Why a text is too long to be kept at all; "" when it isn't."""
    if len(text) <= LONGEST:
        return ""
    return _("%(name)s超过%(limit)d个字符，未保存，删减后再保存") % {"name": name, "limit": LONGEST}


def one_line(text: str) -> str:
    """Without line breaks and tabs, which a paste brings along, and without white space around."""
    return re.sub(r"[\t\r\n\u2028\u2029]+", " ", text).strip()


def lines(text: str) -> str:
    """With every line break as one \\n; nothing else is touched."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def narrow(text: str) -> str:
    """Full-width digits, letters and marks in their plain form, all dashes alike: for phones, codes, figures."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()
