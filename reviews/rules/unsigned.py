"""Unsigned comments in an order that tells nobody who wrote which."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def unsigned(texts: Iterable[str], number: str) -> list[str]:
    """The comments on a nomination, blank ones left out, sorted by the SHA-256 of its number and the text.

    So neither the order of experts nor of tasks shows, nor is the order alike from one nomination to the next.
    """
    kept = (text.strip() for text in texts)
    return sorted(filter(None, kept), key=lambda text: hashlib.sha256(f"{number}\n{text}".encode()).digest())
