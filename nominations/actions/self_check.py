"""What the self-check (资格自查) finds before a form is begun: the conditions that stand in the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from nominations.fields import kind_of, value_of
from nominations.fields.base import Condition, Question
from nominations.models import Honouree, Nomination, Ranking, Season, Track
from nominations.rules import conditions
from nominations.rules.conditions import ConditionResult, Facts, Honoured

NOT_HONOURED = "not_honoured"


def asked(ranking: Ranking, track: Track | None, category: str = "") -> list[Condition]:
    """The conditions of the track and category that the applicant declares to meet, as printed (annex 1)."""
    return [c for c in _of_track(ranking, track, category) if c.kind == "declared"]


def held_against_lists(ranking: Ranking, track: Track | None, category: str = "") -> list[Condition]:
    """The conditions that the name is held against, with last year's lists."""
    return [c for c in _of_track(ranking, track, category) if c.rule == NOT_HONOURED]


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
) -> list[ConditionResult]:
    """The conditions of the track and category that are not met; empty when a form may be begun.

    Only what can be known now is asked: the promises, the name against last year's lists, and the days in
    ``answers``, where given. What the form asks later is judged later.
    """
    given = {key: value for key, value in (answers or {}).items() if value}
    known = asked(ranking, track, category) + held_against_lists(ranking, track, category)
    known += [
        c
        for c in _of_track(ranking, track, category)
        if c.rule in conditions.DATE_RULES and c.question in given
    ]
    given |= {condition.question: title for condition in known if condition.rule == NOT_HONOURED}
    facts = Facts(answers=given, promises=promises, honoured=_honoured(ranking.season))
    return conditions.hindering(conditions.evaluate(known, facts, track.name if track else "", category))


def unmet(nomination: Nomination) -> list[ConditionResult]:
    """The computed conditions that the answers, as they stand, don't meet; what isn't answered is no hindrance here."""
    form = nomination.ranking.form
    assert form is not None  # only a ranking with a form has nominations
    known = [
        condition
        for condition in _of_track(nomination.ranking, nomination.track, nomination.category)
        if condition.kind == "computed"
        and (question := form.question(condition.question))
        and not kind_of(question).empty(value_of(question, nomination.answers))
    ]
    if not known:
        return []
    facts = Facts(nomination.answers, nomination.promises, _honoured(nomination.season))
    track = nomination.track.name if nomination.track else ""
    return conditions.hindering(conditions.evaluate(known, facts, track, nomination.category))


def _honoured(season: Season) -> list[Honoured]:
    lines = Honouree.objects.filter(season=season)
    return [Honoured(r.name, r.ranking_name, r.track_name, r.organisation_name, r.source) for r in lines]


def _of_track(ranking: Ranking, track: Track | None, category: str) -> list[Condition]:
    form = ranking.form
    if form is None:
        return []
    dated = form.for_year(ranking.season.year)
    return conditions.applicable(dated.conditions, track.name if track else "", category)
