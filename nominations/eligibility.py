"""The one list of conditions (annex 1) of a nomination: the applicant, the unit and the body read the same.

The applicant's is live, from the draft as it stands; the unit's and the body's is of the version they decide on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from nominations.fields import kind_of, value_of
from nominations.fields.base import Condition, Declaration
from nominations.models import (
    PILOT_PLACES,
    Honouree,
    ListState,
    Nomination,
    PilotPlace,
    Ranking,
    Season,
    Version,
)
from nominations.rules import conditions
from nominations.rules.completeness import applicable
from nominations.rules.conditions import ConditionResult, Facts, Honoured, State
from nominations.rules.likeness import comparable

PLACE_KIND = "pilot_city"


@dataclass(frozen=True)
class Subject:
    """What conditions are held against: a draft, or a frozen version."""

    season: Season
    ranking: Ranking
    answers: Mapping[str, Any]
    promises: Collection[str]
    track: str
    category: str
    credit_code: str = ""

    @property
    def form(self) -> Declaration:
        return self.ranking.online_form.for_year(self.season.year)

    @property
    def declared(self) -> list[Condition]:
        """The conditions that the applicant promises to meet, in this track and category."""
        asked = applicable(self.form.conditions, self.track, self.category)
        return [condition for condition in asked if condition.kind == "declared"]


def of_draft(nomination: Nomination) -> Subject:
    """The nomination as it is written now."""
    return Subject(
        nomination.season,
        nomination.ranking,
        nomination.answers,
        nomination.promises,
        nomination.track.name if nomination.track else "",
        nomination.category,
        nomination.applicant.credit_code or "",
    )


def of_version(nomination: Nomination, version: Version) -> Subject:
    """What was submitted."""
    content = version.content
    return Subject(
        nomination.season,
        nomination.ranking,
        content["answers"],
        content["promises"],
        content["track"],
        content["category"],
        nomination.applicant.credit_code or "",
    )


def results(subject: Subject, lists: Facts | None = None) -> list[ConditionResult]:
    """Each condition as it stands: met, not met, declared, or to be seen by the reviewer.

    ``lists``: the season's, from ``lists_of``, where many are looked at; else they are read for this one.
    """
    facts = replace(
        lists or lists_of(subject.season),
        answers=subject.answers,
        promises=subject.promises,
        credit_code=subject.credit_code,
    )
    found = conditions.evaluate(subject.form.conditions, facts, subject.track, subject.category)
    return found + _places(subject, facts)


def facts_of(
    season: Season, answers: Mapping[str, Any], promises: Collection[str] = (), credit_code: str = ""
) -> Facts:
    """Answers and promises with the season's lists; three queries, whatever the lists hold."""
    return replace(lists_of(season), answers=answers, promises=promises, credit_code=credit_code)


def lists_of(season: Season) -> Facts:
    """The season's lists without anybody's answers."""
    complete = set(ListState.objects.filter(season=season, complete=True).values_list("key", flat=True))
    return Facts(
        answers={},
        honoured=[
            Honoured(r.name, r.ranking_name, r.track_name, r.organisation_name, r.source, r.credit_code)
            for r in Honouree.objects.filter(season=season)
        ],
        complete_lists=complete - {PILOT_PLACES},
        pilot_cities=list(PilotPlace.objects.filter(season=season).values_list("name", flat=True)),
        pilot_cities_complete=PILOT_PLACES in complete,
    )


def _places(subject: Subject, facts: Facts) -> list[ConditionResult]:
    """A place that no condition looks at is held against the list all the same; none is fine, one unknown is marked."""
    looked_at = {c.question for c in subject.form.conditions if c.rule == "pilot_city"}
    known = {comparable(name) for name in facts.pilot_cities}
    found = []
    for question in subject.form.questions():
        name = str(value_of(question, subject.answers) or "") if question.kind == PLACE_KIND else ""
        if not name or question.key in looked_at or comparable(name) in known:
            continue
        condition = Condition(
            f"place_{question.key}", question.label, "", kind="computed", question=question.key
        )
        words = _("%(name)s不在试点城市（园区）名单中，从名单中选择")
        if not facts.pilot_cities_complete:
            words = _("填报的试点城市（园区）为%(name)s，名单尚不完整，由初评机构核对")
        state = State.NOT_MET if facts.pilot_cities_complete else State.REVIEWER
        found.append(ConditionResult(condition, state, words % {"name": name}))
    return found


def unmet(subject: Subject) -> list[ConditionResult]:
    """The conditions that stand in the way of submission: a computed one that the answers, as they stand, don't meet.

    What isn't answered is no hindrance here: the form itself asks for it. What was promised against the answers
    (a place that is on no list) hinders, too; a promise that is missing is asked for by its own page.
    """
    form = subject.form
    return [
        result
        for result in conditions.hindering(results(subject))
        if (question := form.question(result.condition.question))
        and not kind_of(question).empty(value_of(question, subject.answers))
        and (result.condition.kind != "declared" or result.condition.key in subject.promises)
    ]


def missing_promises(subject: Subject) -> list[Condition]:
    """The promises of the track and category that were not given, as after a change of either."""
    return [condition for condition in subject.declared if condition.key not in subject.promises]
