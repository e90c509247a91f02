"""Rules: whether two names are the same, or so alike that a person should look.

Plain arithmetic on characters, so that it finds the same on every database.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

NEAR = 0.75
"""Cores at least this alike (0 to 1) are shown to the reviewer; tests/nominations/rules/test_likeness.py measures it."""

_BRACKETS = re.compile(r"[（(《“\"][^（()）]*?[）)》”\"]")
_LEGAL = re.compile(
    r"(集团股份有限公司|集团有限责任公司|集团有限公司|股份有限公司|有限责任公司|有限公司|股份公司|总公司|分公司|公司|集团)\Z"
)


def comparable(name: str) -> str:
    """A name as it is compared: NFKC, lower case, letters and digits alone."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def core(name: str) -> str:
    """What tells a name from others: without its legal form and what stands in brackets.

    A name of nothing else stays whole.
    """
    bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", name).strip())
    return _LEGAL.sub("", comparable(bare)) or comparable(name)


def likeness(one: str, other: str) -> float:
    """How alike two cores are, 0 to 1: the share of their pairs of neighbouring characters that both have (Dice)."""
    if one == other:
        return 1.0
    first, second = _pairs(one), _pairs(other)
    total = first.total() + second.total()
    # The cheap bound first: lists hold thousands, and most names differ in length.
    if not total or 2 * min(first.total(), second.total()) < NEAR * total:
        return 0.0
    return 2 * (first & second).total() / total


def _pairs(text: str) -> Counter[str]:
    # The ends count as neighbours of nothing, so that short names have enough pairs to compare.
    framed = f" {text} "
    return Counter(framed[n : n + 2] for n in range(len(framed) - 1))
