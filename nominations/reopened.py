"""What of a nomination is open again after its return or for its correction: what was named, and what goes along."""

from __future__ import annotations

from collections.abc import Iterable

from nominations import eligibility
from nominations.answers import version_tree, walk
from nominations.fields import value_of
from nominations.models import Nomination
from nominations.rules.reopened import EVERYTHING, Open, open_parts
from nominations.states import State

SENT_BACK = frozenset({State.RETURNED, State.CORRECTING})
"""Where notes say what is open again: the unit's, or the body's."""
HELD = ("track",)
"""What no correction opens: the nomination keeps its place in the quota and its review body."""


def named_parts(nomination: Nomination) -> Open:
    """What the notes open; everything unless the nomination was sent back. Asks nothing of the database."""
    return _open(nomination) if nomination.state in SENT_BACK else EVERYTHING


def _open(nomination: Nomination, also: Iterable[str] = ()) -> Open:
    never = HELD if nomination.state == State.CORRECTING else ()
    return open_parts(nomination.returned_notes, also, never)


def parts_of(nomination: Nomination) -> Open:
    """What may be changed now, so that a change of an open answer never leaves its applicant stuck.

    Open besides what was named: a question with a problem, for the form had none when it was submitted; one
    that was changed since, so that it doesn't shut while somebody types; and one that the version didn't ask.
    """
    named = named_parts(nomination)
    if named.everything:
        return named
    return _open(nomination, _going_along(nomination))


def _going_along(nomination: Nomination) -> set[str]:
    version = nomination.latest_version
    then = version_tree(nomination, version)
    track = nomination.track.name if nomination.track else ""
    now = walk(
        nomination.ranking.online_form,
        nomination.answers,
        track,
        nomination.category,
        nomination.season.year,
    )
    wrong = {problem.question for problem in now.problems}
    wrong |= {result.condition.question for result in eligibility.unmet(eligibility.of_draft(nomination))}
    asked = {item.question.key for item in then.items}
    answers = version.content["answers"]
    changed = {
        item.question.key
        for item in now.items
        if item.question.key not in asked or item.value != value_of(item.question, answers)
    }
    return wrong | changed
