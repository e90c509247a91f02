"""What the self-check (资格自查) finds before a form is begun: the conditions that stand in the way."""

from __future__ import annotations

from collections.abc import Collection

from nominations.fields.base import Condition
from nominations.models import Honouree, Ranking, Track
from nominations.rules import conditions
from nominations.rules.conditions import ConditionResult, Facts, Honoured

NOT_HONOURED = "not_honoured"


def asked(ranking: Ranking, track: Track | None) -> list[Condition]:
    """The conditions of the track that the applicant declares to meet, as printed (annex 1)."""
    return [c for c in _of_track(ranking, track) if c.kind == "declared"]


def held_against_lists(ranking: Ranking, track: Track | None) -> list[Condition]:
    """The conditions that the name is held against, with last year's lists."""
    return [c for c in _of_track(ranking, track) if c.rule == NOT_HONOURED]


def hindrances(
    ranking: Ranking, track: Track | None, title: str, promises: Collection[str]
) -> list[ConditionResult]:
    """The conditions of the track that are not met; empty when a form may be begun.

    Only what can be known now is asked: the promises, and the name against last year's lists. What the form
    asks later is judged later.
    """
    known = asked(ranking, track) + held_against_lists(ranking, track)
    lines = Honouree.objects.filter(season=ranking.season)
    honoured = [Honoured(r.name, r.ranking_name, r.track_name, r.organisation_name, r.source) for r in lines]
    answers = {condition.question: title for condition in known if condition.rule == NOT_HONOURED}
    facts = Facts(answers=answers, promises=promises, honoured=honoured)
    return conditions.hindering(conditions.evaluate(known, facts, track.name if track else ""))


def _of_track(ranking: Ranking, track: Track | None) -> list[Condition]:
    form = ranking.form
    if form is None:
        return []
    dated = form.for_year(ranking.season.year)
    return conditions.applicable(dated.conditions, track.name if track else "", "")
