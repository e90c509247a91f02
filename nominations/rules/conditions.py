"""Rules: whether a nomination meets the conditions of annex 1, sentence by sentence.

Conditions are declared with the form; here they are held against answers, promises and last year's lists.
The applicant's self-check, the unit and the body's form check see the same list.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.utils.translation import gettext as _

from nominations.rules.completeness import applicable
from nominations.rules.likeness import NEAR, comparable, core, likeness


class State(StrEnum):
    """How a condition stands. Only NOT_MET stands in the way of a nomination."""

    MET = "met"
    NOT_MET = "not_met"
    DECLARED = "declared"
    REVIEWER = "reviewer"


class Condition(Protocol):
    """A declared condition, as far as these rules look at it (see nominations.fields.base.Condition)."""

    @property
    def key(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def arguments(self) -> tuple[str, ...]: ...
    @property
    def tracks(self) -> tuple[str, ...]: ...
    @property
    def categories(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Honoured:
    """A line of an earlier list: who was honoured, in which ranking (and field of it), and the line's source."""

    name: str
    ranking: str
    track: str = ""
    organisation: str = ""
    source: str = ""
    credit_code: str = ""


@dataclass(frozen=True)
class Facts:
    """What conditions are held against.

    ``promises`` holds the keys of the conditions that the applicant declared to meet. ``honoured`` is last
    year's lists; those that ``complete_lists`` names are whole, what another lacks proves nothing. Likewise
    the 试点城市（园区）. ``credit_code`` is the applicant's 统一社会信用代码, where it is known.
    """

    answers: Mapping[str, Any]
    promises: Collection[str] = ()
    honoured: Collection[Honoured] = ()
    complete_lists: Collection[str] = ()
    pilot_cities: Collection[str] = ()
    pilot_cities_complete: bool = False
    credit_code: str = ""


@dataclass(frozen=True)
class ConditionResult:
    condition: Condition
    state: State
    message: str = ""


Finding = tuple[State, str]
Rule = Callable[[Condition, Facts], Finding | None]
"""What a rule finds; None where it has nothing against the condition."""


def evaluate(
    conditions: Iterable[Any], facts: Facts, track: str = "", category: str = ""
) -> list[ConditionResult]:
    """Each condition of the track and category with its state, in the notice's order."""
    return [
        ConditionResult(condition, *_judge(condition, facts))
        for condition in applicable(conditions, track, category)
    ]


def hindering(results: Iterable[ConditionResult]) -> list[ConditionResult]:
    """The conditions that are not met."""
    return [result for result in results if result.state is State.NOT_MET]


def _judge(condition: Condition, facts: Facts) -> Finding:
    found = RULES[condition.rule](condition, facts) if condition.rule else None
    if condition.kind == "declared":
        if condition.key not in facts.promises:
            return State.NOT_MET, _("申报人尚未确认此项条件")
        return found or (State.DECLARED, _("申报人已承诺"))
    return found or (State.REVIEWER, _("由初评机构审查"))


def answered(condition: Condition, facts: Facts) -> Finding:
    """Met once the question has an answer."""
    value = facts.answers.get(condition.question)
    if not value:
        return State.NOT_MET, _("尚未填报")
    # Codes and lists are told where they are answered, with their names.
    in_words = isinstance(value, str) and not value.isascii()
    return State.MET, _("已填报：%(value)s") % {"value": value} if in_words else _("已填报")


def any_answered(condition: Condition, facts: Facts) -> Finding:
    """Met once one of the questions that ``arguments`` name has an answer."""
    if any(facts.answers.get(question) for question in condition.arguments):
        return State.MET, _("已填报")
    return State.NOT_MET, _("尚未填报")


def not_ticked(condition: Condition, facts: Facts) -> Finding | None:
    """An answer that contradicts the promise goes to the reviewer; it refuses nothing."""
    ticked = facts.answers.get(condition.question) or []
    contrary = [value for value in condition.arguments if value in ticked]
    if not contrary:
        return None
    return State.REVIEWER, _("已勾选“%(value)s”，与此项条件不一致") % {"value": "、".join(contrary)}


def pilot_city(condition: Condition, facts: Facts) -> Finding:
    """A name on the list counts at once. While the list isn't whole, any other is for the reviewer.

    Once it is whole, a name that isn't on it meets no condition; a preference is no bar even then.
    """
    name = str(facts.answers.get(condition.question) or "").strip()
    bar = condition.kind != "preference"
    if not name:
        return State.REVIEWER, _("尚未填写") if bar else _("未填写试点城市（园区），不影响申报")
    if comparable(name) in {comparable(city) for city in facts.pilot_cities}:
        return State.MET, _("试点城市（园区）：%(name)s") % {"name": name}
    if facts.pilot_cities_complete:
        state = State.NOT_MET if bar else State.REVIEWER
        return state, _("%(name)s不在试点城市（园区）名单中") % {"name": name}
    return State.REVIEWER, _("填报的试点城市（园区）为%(name)s，名单尚不完整，由初评机构核对") % {
        "name": name
    }


def not_honoured(condition: Condition, facts: Facts) -> Finding:
    """Whoever was on last year's list is no candidate: the same name refuses, one much like it is for the reviewer.

    ``arguments`` names the list and, where only a part of it counts, the field.
    """
    lines = _lines(condition, facts)
    name = str(facts.answers.get(condition.question) or "")
    plain, heart = comparable(name), core(name)
    same = next((line for line in lines if plain and comparable(line.name) == plain), None)
    if same:
        return State.NOT_MET, _("“%(name)s”已在上年名单中（出处：%(source)s）") % _told(same)
    near = [line.name for line in lines if plain and likeness(heart, core(line.name)) >= NEAR]
    if near:
        return State.REVIEWER, _("与上年名单中的“%(name)s”相近，由初评机构核对") % {
            "name": "”“".join(dict.fromkeys(near[:3]))
        }
    if not plain:
        return State.REVIEWER, _("尚未填写名称")
    if condition.arguments[0] not in facts.complete_lists:
        return State.REVIEWER, _("上年名单尚不完整，由初评机构核对")
    return State.MET, _("不在上年名单中")


def organisation_not_honoured(condition: Condition, facts: Facts) -> Finding:
    """The same where organisations are honoured: the same 统一社会信用代码 refuses, whatever the name."""
    code = facts.credit_code.strip().upper()
    same = next(
        (line for line in _lines(condition, facts) if code and line.credit_code.upper() == code), None
    )
    if same:
        words = _("统一社会信用代码与上年名单中的“%(name)s”相同（出处：%(source)s）")
        return State.NOT_MET, words % _told(same)
    return not_honoured(condition, facts)


def _lines(condition: Condition, facts: Facts) -> list[Honoured]:
    """The lines of the list that the condition names, or of one field of it."""
    ranking, *track = condition.arguments
    return [
        line for line in facts.honoured if line.ranking == ranking and (not track or line.track == track[0])
    ]


def _told(line: Honoured) -> dict[str, str]:
    return {"name": line.name, "source": line.source or _("未注明")}


def _day(condition: Condition, facts: Facts) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(facts.answers.get(condition.question) or ""))
    except ValueError:
        return None


def not_before(condition: Condition, facts: Facts) -> Finding:
    """The day of the answer is the day of the argument or a later one."""
    day, first = _day(condition, facts), datetime.date.fromisoformat(condition.arguments[0])
    if day is None:
        return State.NOT_MET, _("尚未填报")
    words = {"day": day.isoformat(), "first": first.isoformat()}
    if day >= first:
        return State.MET, _("填报的日期为%(day)s，不早于%(first)s") % words
    return State.NOT_MET, _("填报的日期为%(day)s，应不早于%(first)s") % words


def before(condition: Condition, facts: Facts) -> Finding:
    """The day of the answer lies before the day of the argument."""
    day, last = _day(condition, facts), datetime.date.fromisoformat(condition.arguments[0])
    if day is None:
        return State.NOT_MET, _("尚未填报")
    words = {"day": day.isoformat(), "last": last.isoformat()}
    if day < last:
        return State.MET, _("填报的日期为%(day)s，早于%(last)s") % words
    return State.NOT_MET, _("填报的日期为%(day)s，应早于%(last)s") % words


RULES: dict[str, Rule] = {
    "answered": answered,
    "any_answered": any_answered,
    "not_ticked": not_ticked,
    "pilot_city": pilot_city,
    "not_honoured": not_honoured,
    "organisation_not_honoured": organisation_not_honoured,
    "not_before": not_before,
    "before": before,
}
LIST_RULES = frozenset({"not_honoured", "organisation_not_honoured"})
"""Rules that hold the name against last year's lists."""
DATE_RULES = frozenset({"not_before", "before"})
"""Rules that look at a day, which the self-check can ask for before a form is begun."""
