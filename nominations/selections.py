"""Reads: the selections of a unit, and whether the one of a track lets a nomination go up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from kczg.kit.verdicts import ALLOWED, Verdict, refuse
from nominations.models import Nomination, RecommendingUnit, Selection, Track
from nominations.rules import selection as rules
from nominations.states import HOLDS_PLACE, State


def standing(unit: RecommendingUnit, track: Track) -> Selection | None:
    """The selection of a track that is open, or closed and not cancelled."""
    rows = Selection.objects.filter(unit=unit, track=track).exclude(state=Selection.State.CANCELLED)
    return rows.first()


def lines(selection: Selection) -> list[rules.Line]:
    """The result of a closed selection, after the chair's decision where there was one."""
    return ordered(selection.lines, selection.decision)


def ordered(written: Sequence[Mapping[str, Any]], decision: Mapping[str, Any]) -> list[rules.Line]:
    """Lines and a decision as JSON keeps them → the result."""
    found = [rules.Line(**line) for line in written]
    order = decision.get("order")
    return rules.decided(found, order) if order else found


def judge_going_up(nomination: Nomination) -> Verdict:
    """Whether the selection of its track, if there is one, lets the unit recommend a nomination."""
    selection = standing(nomination.named_unit, nomination.named_track)
    if selection is None:
        return ALLOWED
    if selection.is_open:
        words = _("%(track)s的内部遴选还在投票") % {"track": nomination.named_track}
        return refuse("selection_open", words, _("遴选结束后按结果推荐"), status=409)
    here, up = positions(selection)
    return rules.judge_going_up(lines(selection), nomination.number, here, up, selection.places)


def positions(selection: Selection) -> tuple[set[str], set[str]]:
    """The numbers of candidates that wait at the unit in this track, and of those that it has recommended."""
    rows = Nomination.objects.filter(
        candidacies__selection=selection, unit=selection.unit_id, track=selection.track_id
    )
    here, up = set(), set()
    for number, state in rows.values_list("number", "state"):
        if state in HOLDS_PLACE:
            up.add(number)
        elif state == State.SUBMITTED:
            here.add(number)
    return here, up


def members(unit: RecommendingUnit) -> list[User]:
    """Who may vote: everybody who acts for the unit."""
    held = {"role": Role.UNIT, "organisation": unit.organisation_id, "is_active": True}
    rows = User.objects.filter(
        is_active=True, **{f"memberships__{key}": value for key, value in held.items()}
    )
    return list(rows.distinct().order_by("name", "pk"))
