"""Fields: which characters an answer may hold, and how what was typed is brought into one spelling."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from kczg.kit.characters import refused

__all__ = ["LONGEST", "lines", "narrow", "one_line", "refused", "too_long"]

LONGEST = 20_000
"""No answer is longer than this many characters, white space included; it bounds work, not content."""

# Unpaired surrogates and code points that are no characters can't be written as UTF-8 or in a spreadsheet.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef]"
    "|[" + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)) + "]"
)
_DASHES = re.compile(r"[‐‑‒–—―−－﹣]")


def refused(text: str, name: str) -> str:
    """Why a text can't be kept, in the user's language; "" when every character can.

    Any character of GB 18030 is taken. Control characters and overrides of the direction of writing are not:
    they are invisible and make a text read differently from what is stored.
    """
    found = _REFUSED.search(text)
    if not found:
        return ""
    return _("%(name)s第%(place)d个字符是控制字符（U+%(code)04X），删去后再保存") % {
        "name": name,
        "place": found.start() + 1,
        "code": ord(found.group()),
    }


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
