"""S2, S7: a nomination in each of its states, in each phase, as everybody. Rules: by_state.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nominations.models import Nomination
from tests import cast
from tests.authz import by_state
from tests.authz.knocking import World
from tests.reviews import correcting

pytestmark = pytest.mark.django_db


def withdrawn_draft() -> Nomination:
    nomination = cast.draft()
    by = cast.acting(cast.cast("applicant"), "applicant")
    cast.applicant_actions.withdraw(nomination, "内部评估后暂不申报", by, cast.DURING_CALL)
    return cast.reread(nomination)


def moved() -> Nomination:
    """Returned by its unit; the applicant then names another one and hasn't submitted to it yet."""
    nomination = cast.returned(parts=[""])
    by = cast.acting(cast.cast("applicant"), "applicant")
    cast.applicant_actions.choose_unit(nomination, cast.unit_of_two_channels(), by, cast.DURING_CALL)
    return cast.reread(nomination)


def listed() -> Nomination:
    """A state that lasts for a moment inside the publication alone; brought about by hand."""
    nomination = cast.noticed()
    Nomination.objects.filter(pk=nomination.pk).update(state="listed")
    return cast.reread(nomination)


BUILDERS: dict[str, Callable[[], Nomination]] = {
    **{str(state): build for state, build in cast.BUILDERS.items()},
    "withdrawn_draft": withdrawn_draft,
    "moved": moved,
    "listed": listed,
    "correcting": correcting.asked,
}


def world(state: str) -> World:
    nomination = BUILDERS[state]()
    correcting.allow()
    version = nomination.versions.last()
    standing = nomination.recommendations.filter(ended_at=None).first()
    cast.unit_of_two_channels()
    third = cast.unit("中国化学会")
    things = {
        "nomination": nomination,
        "number": nomination.number,
        "section": "introduction",
        "elsewhere": "team",
        "saved_elsewhere": str(nomination.section_version("team")),
        "edited": str(nomination.edit_version),
        "saved": str(nomination.section_version("introduction")),
        "version": version.number if version else 1,
        "recommendation": standing.pk if standing else 0,
        "third_unit": str(third.pk),
        "year": 2022,
        "key": "pioneer_technology",
        "secrets": (nomination.title, nomination.applicant.name),
    }
    return World(state, things, list(BUILDERS).index(state))


ROLES = ("applicant", "colleague", "stranger", *by_state.UNITS, *by_state.BODIES, "office_a")


def test_S2_the_rules_know_every_state():
    assert set(BUILDERS) == by_state.STATES


@pytest.mark.parametrize("state", BUILDERS)
def test_S2_S4_S7_a_nomination_is_seen_told_of_and_dealt_with_by_the_rules(season, state):
    met = world(state)
    met.try_all(by_state.ADDRESSES)
    shown = met.things["nomination"]
    met.look_for((shown.number, shown.title), by_state.TOLD, ROLES)
    assert met.wrong == []
