"""Rules: how long a text is. One count for page, server and paper."""

from __future__ import annotations

import re

# The white space of ECMAScript's \s, spelled out so that Python's wider notion can't creep in, and the
# zero-width characters that a paste brings along. static/js counts by the same set.
_UNCOUNTED = re.compile(
    "[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u200b-\u200d\u2060\ufeff]"
)


def count_characters(text: str) -> int:
    """The 字数 of a text: CJK characters, letters, digits and marks, each Unicode code point once.

    White space and zero-width characters don't count. Limits such as 400—600字 (annex 2) are in this unit.
    """
    return len(_UNCOUNTED.sub("", text))
