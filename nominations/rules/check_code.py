"""Rules: the digest of what was frozen, and the short check code that people compare by eye."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Any

# No 0, O, 1 or I: they are mistaken for one another on paper. 32 signs, five bits each.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−_.·]+")


def canonical(data: Any) -> bytes:
    """JSON-able data as the one sequence of bytes that stands for it: keys sorted, no spaces, UTF-8."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(data)).hexdigest()


def from_digest(hex_digest: str) -> str:
    """The check code of a digest: its first 40 bits, as in 7K3M-Q9TA."""
    bits = int(hex_digest[:10], 16)
    signs = [ALPHABET[(bits >> shift) & 31] for shift in range(35, -1, -5)]
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


def parse(typed: str) -> str | None:
    """The check code meant by what was typed, or None where it can't be one.

    Lower case, full width, spaces and a missing dash are forgiven; 0, O, 1 and I never occur in a code.
    """
    signs = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()
    if len(signs) != LENGTH or any(sign not in ALPHABET for sign in signs):
        return None
    return f"{signs[:4]}-{signs[4:]}"
