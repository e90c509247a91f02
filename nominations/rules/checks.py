"""Rules: what answers to several questions must agree on. Declared with the form, held against its answers here.

A problem stands in the way of submission; a warning goes along to the reviewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
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


@dataclass(frozen=True)
class _Year:
    """One year of some rows: its place and heading, what was typed and the figures; None where there is none."""

    place: int
    name: str
    typed: list[Any]
    figures: list[Decimal | None]


def _years(answers: Answers, rows: Iterable[tuple[str, str]], names: Iterable[str]) -> list[_Year]:
    """The years of rows, each given by its table and its key."""
    kept = [(answers.values.get(table) or {}).get(row) or [] for table, row in rows]
    columns = zip(names, *kept, strict=False)
    return [
        _Year(n, name, typed, [number(each) for each in typed]) for n, (name, *typed) in enumerate(columns)
    ]


def _shown(figure: Decimal) -> Decimal:
    return figure.quantize(Decimal("0.1"), ROUND_HALF_UP)


def share_of(check: Check, answers: Answers) -> Found:
    """A share that was typed beside the one that follows from two other rows of the same year.

    ``questions``: the year table with the share and the part, the one with the whole. ``arguments``: the keys
    of share, part and whole, then the years' headings.
    """
    return _share(check, answers, lambda typed, computed: abs(computed - typed) > TOLERANCE)


def share_at_least(check: Check, answers: Answers) -> Found:
    """The same where the whole is at most the row that stands for it: the share can't be less than what follows."""
    return _share(check, answers, lambda typed, computed: computed - typed > TOLERANCE)


def _share(check: Check, answers: Answers, differs: Callable[[Decimal, Decimal], bool]) -> Found:
    first, second = check.questions
    share, part, whole, *names = check.arguments
    found: Found = []
    for year in _years(answers, ((first, share), (first, part), (second, whole)), names):
        typed, amount, total = year.figures
        if typed is None or amount is None or total is None or total <= 0:
            continue
        computed = amount * 100 / total
        if differs(typed, computed):
            words = {
                "year": year.name,
                "name": check.name,
                "typed": year.typed[0],
                "computed": _shown(computed),
            }
            message = _("%(year)s%(name)s填报为%(typed)s%%，按金额计算为%(computed)s%%，核对是否一致") % words
            found.append((f"{first}-{share}-{year.place}", message))
    return found


def growth_of(check: Check, answers: Answers) -> Found:
    """A growth that was typed beside the one that follows from the figures of the year and the one before.

    ``arguments``: the keys of the growth and of the figures, then the years' headings. A growth from nothing or
    from a loss is no number: it is left alone.
    """
    (table,) = check.questions
    growth, figure, *names = check.arguments
    found: Found = []
    for before, year in pairwise(_years(answers, ((table, growth), (table, figure)), names)):
        typed, base, now = year.figures[0], before.figures[1], year.figures[1]
        if typed is None or base is None or now is None or base <= 0:
            continue
        computed = (now - base) * 100 / base
        if abs(computed - typed) > TOLERANCE:
            words = {
                "year": year.name,
                "name": check.name,
                "typed": year.typed[0],
                "before": before.name,
                "computed": _shown(computed),
            }
            message = _(
                "%(year)s%(name)s填报为%(typed)s%%，按%(before)s和%(year)s的数据计算为%(computed)s%%，核对是否一致"
            )
            found.append((f"{table}-{growth}-{year.place}", message % words))
    return found


def growth_within(check: Check, answers: Answers) -> Found:
    """A growth in percent that can't be, or that looks like a count: nothing shrinks by more than all of it.

    ``arguments``: the key of the growth, then the years' headings; ``limit`` is the most that is plausible.
    """
    (table,) = check.questions
    growth, *names = check.arguments
    found: Found = []
    for year in _years(answers, ((table, growth),), names):
        (typed,) = year.figures
        if typed is None or -100 <= typed <= check.limit:
            continue
        words = {"year": year.name, "name": check.name, "typed": year.typed[0]}
        if typed < -100:
            message = _("%(year)s%(name)s填报为%(typed)s%%，减少不会超过100%%，核对是否填错单位") % words
        else:
            message = _("%(year)s%(name)s填报为%(typed)s%%，应填增长率，核对是否填成了人数") % words
        found.append((f"{table}-{growth}-{year.place}", message))
    return found


def row_at_most(check: Check, answers: Answers) -> Found:
    """In each year one row is a part of another one. ``arguments``: part, whole, their names, the years' headings."""
    (table,) = check.questions
    part, whole, part_name, whole_name, *names = check.arguments
    found: Found = []
    for year in _years(answers, ((table, part), (table, whole)), names):
        one, other = year.figures
        if one is None or other is None or one <= other:
            continue
        words = {
            "year": year.name,
            "part": part_name,
            "whole": whole_name,
            "one": year.typed[0],
            "other": year.typed[1],
        }
        message = _("%(year)s%(part)s多于%(whole)s，现为%(one)s和%(other)s，核对是否填反") % words
        found.append((f"{table}-{part}-{year.place}", message))
    return found


RULES: dict[str, Rule] = {
    "at_most": at_most,
    "together_at_most": together_at_most,
    "at_least_one": at_least_one,
    "share_of": share_of,
    "share_at_least": share_at_least,
    "growth_of": growth_of,
    "growth_within": growth_within,
    "row_at_most": row_at_most,
}
