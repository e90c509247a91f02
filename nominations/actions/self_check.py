"""What the self-check (资格自查) finds before a form is begun: the conditions that stand in the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from nominations import eligibility
from nominations.fields.base import Condition, Question
from nominations.models import Ranking, Track
from nominations.rules import conditions
from nominations.rules.conditions import LIST_RULES, ConditionResult


def asked(ranking: Ranking, track: Track | None, category: str = "") -> list[Condition]:
    """The conditions of the track and category that the applicant declares to meet, as printed (annex 1)."""
    return [c for c in _of_track(ranking, track, category) if c.kind == "declared"]


def held_against_lists(ranking: Ranking, track: Track | None, category: str = "") -> list[Condition]:
    """The conditions that the name is held against, with last year's lists."""
    return [c for c in _of_track(ranking, track, category) if c.rule in LIST_RULES]


def days(ranking: Ranking, track: Track | None, category: str = "") -> list[Question]:
    """The questions for days that decide on a condition (成立年限, annex 1), asked before a form is begun."""
    form = ranking.form
    decided = [c for c in _of_track(ranking, track, category) if c.rule in conditions.DATE_RULES]
    found = [form.question(c.question) for c in decided] if form else []
    return [question for question in found if question is not None]


def hindrances(
    ranking: Ranking,
    track: Track | None,
    title: str,
    promises: Collection[str],
    category: str = "",
    answers: Mapping[str, Any] | None = None,
    credit_code: str = "",
) -> list[ConditionResult]:
    """The conditions of the track and category that are not met; empty when a form may be begun.

    Only what can be known now is asked: the promises, the name against last year's lists, and the days in
    ``answers``, where given; ``credit_code`` is the applicant's. What the form asks later is judged later.
    """
    given = {key: value for key, value in (answers or {}).items() if value}
    known = asked(ranking, track, category) + held_against_lists(ranking, track, category)
    known += [
        c
        for c in _of_track(ranking, track, category)
        if c.rule in conditions.DATE_RULES and c.question in given
    ]
    given |= {condition.question: title for condition in known if condition.rule in LIST_RULES}
    facts = eligibility.facts_of(ranking.season, given, promises, credit_code)
    return conditions.hindering(conditions.evaluate(known, facts, track.name if track else "", category))


def _of_track(ranking: Ranking, track: Track | None, category: str) -> list[Condition]:
    form = ranking.form
    if form is None:
        return []
    dated = form.for_year(ranking.season.year)
    return conditions.applicable(dated.conditions, track.name if track else "", category)
