"""What must be true of the rows at every committed state; each room adds its own checks (A1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.utils.module_loading import autodiscover_modules

Check = Callable[[], Iterable[str]]
CHECKS: dict[str, Check] = {}


def invariant(name: str) -> Callable[[Check], Check]:
    """Registers a check: it yields one line for each fault, and counts from the rows, not by the guarding code."""

    def keep(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return keep


def faults() -> Iterator[tuple[str, str]]:
    """(name of the check, what is wrong) for everything that is wrong now."""
    autodiscover_modules("invariants")
    for name, check in CHECKS.items():
        for line in check():
            yield name, line
