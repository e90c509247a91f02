"""Which characters a text may hold that people typed."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# Unpaired surrogates and code points that are no characters can't be written as UTF-8 or in a spreadsheet.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef]"
    "|[" + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)) + "]"
)


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
