"""Rules: the exact number that an answer stands for. Figures are kept as text, so that no digit is lost."""

from __future__ import annotations

import re
from decimal import Decimal

_FIGURE = re.compile(r"-?\d{1,15}(\.\d{1,6})?\Z", re.ASCII)


def number(text: object) -> Decimal | None:
    """The exact number that a kept answer stands for; None where it is none."""
    return Decimal(text) if isinstance(text, str) and _FIGURE.match(text) else None
