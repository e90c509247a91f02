"""What the rules of the two wide matrices are made of: who, in which states and phases, with which answer.

A rule is data that a person writes and reads. Nothing in this room is taken from the table of moves, the
permissions or the calendar of the product: a wrong change of one of those shows as a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests import cast

BEFORE, CALL, PRELIMINARY, FINAL, PUBLICATION = "before", "call", "preliminary", "final", "publication"
PHASES = {
    BEFORE: cast.BEFORE_CALL,
    CALL: cast.DURING_CALL,
    PRELIMINARY: cast.IN_PRELIMINARY,
    FINAL: cast.IN_FINAL,
    PUBLICATION: cast.IN_PUBLICATION,
}
"""Phase → a moment inside it, in the windows of 2022 as printed (notice 三)."""
ALWAYS = frozenset(PHASES)
FROM_PRELIMINARY = frozenset({PRELIMINARY, FINAL, PUBLICATION})
FROM_FINAL = frozenset({FINAL, PUBLICATION})

Things = Mapping[str, Any]
"""What an address or a form names in this world, by name; 0 and "x" where there is no such thing yet."""
Typed = Callable[[Things], dict[str, Any]]

OK = frozenset({200, 302})
NOT_NOW = frozenset({409})
NO_METHOD = frozenset({405})
PAPER = frozenset({200, 302, 404})
"""A page, or nothing where the file hasn't been made."""


@dataclass(frozen=True)
class Deed:
    """A post: who has it done, from which states and in which phases, and what is sent.

    ``again``: where it was done already, or there is nothing to do: a good answer, and no effect.
    ``refused``: the answers to those who see the address and can't do it now.
    """

    who: tuple[str, ...]
    states: frozenset[str]
    phases: frozenset[str]
    typed: Typed
    again: frozenset[str] = frozenset()
    again_in: frozenset[str] = ALWAYS
    refused: frozenset[int] = NOT_NOW

    def telling(self, state: str, turn: str) -> frozenset[str]:
        """The phases worth a try by who sees the thing: where the state must refuse, those that would not.

        What hangs on no phase is tried in one, ``turn``: another one in each world.
        """
        in_time = frozenset({turn}) if self.phases == ALWAYS else self.phases
        return ALWAYS if state in self.states and self.phases != ALWAYS else in_time


@dataclass(frozen=True)
class Address:
    """A thing's address: for whom it is there, in which states and phases; what they may post to it.

    ``args``: the things that it names; ``pk=plan`` where the address calls the thing otherwise.
    Where ``who`` has the anonymous, it is everybody's.

    ``shut``: before ``phases`` these people get a page (a post: 409) that tells nothing of the thing.
    """

    name: str
    who: tuple[str, ...]
    states: frozenset[str]
    deeds: tuple[Deed, ...] = ()
    get: frozenset[int] = OK
    args: tuple[str, ...] = ("number",)
    query: str = ""
    phases: frozenset[str] = ALWAYS
    shut: tuple[str, ...] = field(default=())

    @property
    def doers(self) -> set[str]:
        return {key for deed in self.deeds for key in deed.who}

    def opened_in(self, turn: str) -> frozenset[str]:
        """When those who may open it: in one phase where it hangs on none, else before, within and late."""
        return frozenset({turn}) if self.phases == ALWAYS else frozenset({CALL, PRELIMINARY, PUBLICATION})

    @property
    def is_public(self) -> bool:
        return "anonymous" in self.who

    def seen_by(self, who: str, state: str, phase: str) -> bool:
        return (self.is_public or who in self.who) and state in self.states and phase in self.phases

    def shut_to(self, who: str, phase: str) -> bool:
        return who in self.shut and phase not in self.phases
