"""Invariants of accounts: what people are told, and how they chose to be told."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.kinds import KINDS
from accounts.models import User
from kczg.kit.invariants import invariant
from kczg.kit.phones import MOBILE


@invariant("letters")
def letters() -> Iterator[str]:
    """Nobody switched off what must be mailed; who wants text messages has a number, and a number is one."""
    for person in User.objects.exclude(ways={}).iterator():
        for name, way in sorted(person.ways.items()):
            if name in KINDS and way not in KINDS[name].ways:
                yield f"person {person.pk}: {name} can't come as {way}"
    for person in User.objects.exclude(mobile="", wants_sms=False).iterator():
        if not MOBILE.match(person.mobile):
            yield f"person {person.pk}: wants text messages without a mobile number, or has none that is one"
