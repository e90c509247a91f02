"""Rules: what answers to several questions must agree on. Declared with the form, held against its answers here.

A problem stands in the way of submission; a warning goes along to the reviewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from nominations.rules.completeness import Problem, applies
from nominations.rules.counting import count_characters
from nominations.rules.figures import number

TOLERANCE = Decimal(1)
"""A share that was typed and one that was computed may differ by this many 百分点."""


class Check(Protocol):
    """A declared check, as far as these rules look at it (see nominations.fields.base.Check)."""

    @property
    def key(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def questions(self) -> tuple[str, ...]: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def limit(self) -> int: ...
    @property
    def arguments(self) -> tuple[str, ...]: ...
    @property
    def tracks(self) -> tuple[str, ...]: ...
    @property
    def categories(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Answers:
    """The answers by question, as their kinds read them, and what messages call the questions."""

    values: Mapping[str, Any]
    names: Mapping[str, str]


Found = list[tuple[str, str]]
"""The key of the control and the words, for each thing that doesn't agree."""
Rule = Callable[[Check, Answers], Found]


def evaluate(
    checks: Iterable[Any], answers: Answers, track: str, category: str
) -> list[tuple[Check, Problem]]:
    """What doesn't agree, in declared order; checks of which a question isn't asked are left out."""
    found: list[tuple[Check, Problem]] = []
    for check in checks:
        if applies(check, track, category) and all(key in answers.names for key in check.questions):
            place = check.questions[0]
            for control, message in RULES[check.rule](check, answers):
                found.append((check, Problem(control, check.key, message, place)))
    return found


def at_most(check: Check, answers: Answers) -> Found:
    """The first figure is a part of the second and can't be more."""
    part, whole = check.questions
    one, other = number(answers.values.get(part)), number(answers.values.get(whole))
    if one is None or other is None or one <= other:
        return []
    words = {
        "part": answers.names[part],
        "whole": answers.names[whole],
        "one": answers.values[part],
        "other": answers.values[whole],
    }
    return [(part, _("%(part)s不能多于%(whole)s，现为%(one)s和%(other)s") % words)]


def together_at_most(check: Check, answers: Answers) -> Found:
    """Texts that share one limit in 字."""
    texts = [answers.values.get(key) for key in check.questions]
    now = sum(count_characters(text) for text in texts if isinstance(text, str))
    if now <= check.limit:
        return []
    words = {"name": check.name, "now": now, "surplus": now - check.limit}
    return [(check.questions[0], _("%(name)s合计现有%(now)d字，需删减%(surplus)d字") % words)]


def at_least_one(check: Check, answers: Answers) -> Found:
    """One of the questions has an answer, whichever."""
    if any(answers.values.get(key) for key in check.questions):
        return []
    names = "、".join(answers.names[key] for key in check.questions)
    return [(check.questions[0], _("%(names)s，合计至少勾选一种") % {"names": names})]


def share_of(check: Check, answers: Answers) -> Found:
    """A share that was typed beside the one that follows from two other rows of the same year.

    ``questions``: the year table with the share and the part, the one with the whole. ``arguments``: the keys
    of share, part and whole, then the years' headings.
    """
    first, second = check.questions
    share, part, whole, *years = check.arguments
    rows = [
        (answers.values.get(table) or {}).get(row) or []
        for table, row in ((first, share), (first, part), (second, whole))
    ]
    found: Found = []
    for place, (year, *cells) in enumerate(zip(years, *rows, strict=False)):
        typed, amount, total = map(number, cells)
        if typed is None or amount is None or total is None or total <= 0:
            continue
        computed = amount * 100 / total
        if abs(computed - typed) > TOLERANCE:
            shown = computed.quantize(Decimal("0.1"), ROUND_HALF_UP)
            words = {"year": year, "name": check.name, "typed": cells[0], "computed": shown}
            message = _("%(year)s%(name)s填报为%(typed)s%%，按金额计算为%(computed)s%%，核对是否一致") % words
            found.append((f"{first}-{share}-{place}", message))
    return found


RULES: dict[str, Rule] = {
    "at_most": at_most,
    "together_at_most": together_at_most,
    "at_least_one": at_least_one,
    "share_of": share_of,
}
