"""Selection inside a unit (内部遴选): open it, cast and enter ballots, close it, decide ties, cancel it.

Locks: nominations' rows, the unit's, then the selection's. While a ballot is cast nobody closes, and one closes once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations import queries, selections
from nominations.fields import characters
from nominations.models import Ballot, Candidate, Nomination, RecommendingUnit, Selection, Track
from nominations.openings import opening_for
from nominations.rules import calendar
from nominations.rules import selection as rules
from nominations.states import State, Window


def _lock(unit: RecommendingUnit) -> None:
    RecommendingUnit.objects.select_for_update().get(pk=unit.pk)


def _locked(selection: Selection, state: str) -> Selection:
    """The row as it is, held to the end of the deed; refused (409) in another state."""
    _lock(selection.unit)
    rows = Selection.objects.select_for_update(of=("self",)).select_related("unit__season", "track__ranking")
    found = rows.get(pk=selection.pk)
    if found.state != state:
        words = _("此次遴选%(state)s") % {"state": found.get_state_display()}
        raise Refused(refuse("wrong_state", words, _("刷新本页，查看最新状态"), status=409))
    return found


def _said(text: str, name: str, code: str) -> str:
    """What was written, without the space around it; refused (422) where it is missing or can't be read."""
    words = " ".join(text.split())
    if not words:
        raise Refused(refuse(code, _("填写%(name)s") % {"name": name}, status=422))
    if hindered := characters.refused(words, name):
        raise Refused(refuse(code, hindered, status=422))
    return words


@transaction.atomic
def open_selection(
    unit: RecommendingUnit,
    track: Track,
    numbers: Sequence[str],
    manner: str,
    named: bool,
    by: Actor,
    at: datetime,
) -> Selection:
    """Opens a selection among waiting nominations of a track, each in the version submitted last.

    Refused where one stands already, outside the time of recommending (notice 三), for what doesn't wait at
    the unit, and unless there are more candidates than free places: all of them could go up.
    """
    may(by.user, "unit.select", unit).or_raise()
    candidates = _hold_waiting(unit, track, numbers)
    _lock(unit)
    calendar.judge(opening_for(unit.season, Window.RECOMMENDATION, track), at).or_raise()
    if selections.standing(unit, track) is not None:
        words = _("%(track)s已有遴选，取消后才能再发起") % {"track": track}
        raise Refused(refuse("selection_stands", words, status=409))
    if len(candidates) != len(set(numbers)):
        words = _("所选申报中有已不在待推荐状态的")
        raise Refused(refuse("not_waiting", words, _("刷新本页后重新勾选"), status=409))
    places = queries.standing_in(unit, track).remaining
    if places < 1 or len(candidates) <= places:
        raise Refused(_nothing_to_select(places, len(candidates)))
    row = Selection.objects.create(
        unit=unit, track=track, manner=manner, named=named, places=places, opened_at=at, opened_by=by.user
    )
    Candidate.objects.bulk_create(
        Candidate(selection=row, nomination=one, version=one.latest_version) for one in candidates
    )
    facts: dict[str, Any] = {"track": str(track), "manner": manner, "named": named, "places": places}
    chosen = [one.number for one in candidates]
    record("selection_opened", row, by, at, season_year=unit.season.year, candidates=chosen, **facts)
    return row


def _hold_waiting(unit: RecommendingUnit, track: Track, numbers: Sequence[str]) -> list[Nomination]:
    """Those of these nominations that wait at the unit, the oldest first; held before the unit's row is.

    Whoever recommends one holds it and waits for the unit: a candidate's row names it, so the other way round
    each would wait for the other.
    """
    rows = Nomination.objects.select_for_update(of=("self",)).order_by("pk").defer("answers")
    held = rows.filter(unit=unit, track=track, state=State.SUBMITTED, number__in=list(numbers))
    return sorted(held, key=lambda row: (row.submitted_at or row.state_since, row.pk))


def _nothing_to_select(places: int, count: int):
    if places < 1:
        return refuse(
            "no_place", _("没有剩余名额，不用遴选"), _("撤回已推荐的，名额空出后再发起"), status=409
        )
    words = _("剩余名额%(places)d，候选项至少%(least)d项，现选%(now)d项")
    facts = {"places": places, "least": places + 1, "now": count}
    return refuse("too_few", words % facts, status=422)


def numbers_of(selection: Selection) -> list[str]:
    """The candidates' numbers, in the order in which they were submitted."""
    return list(selection.candidates.values_list("nomination__number", flat=True))


@transaction.atomic
def cast_ballot(selection: Selection, choices: Sequence[str], by: Actor, at: datetime) -> Ballot:
    """A member's own ballot; as long as the selection is open it may be cast anew, and the last one counts."""
    may(by.user, "unit.vote", selection.unit).or_raise()
    locked = _locked(selection, Selection.State.OPEN)
    rules.judge_ballot(locked.manner, numbers_of(locked), locked.places, choices).or_raise()
    kept = {"choices": list(choices), "cast_at": at, "entered_by": by.user, "name": by.user.name[:60]}
    row, _fresh = Ballot.objects.update_or_create(selection=locked, user=by.user, defaults=kept)
    # What was chosen stays out of the record: a ballot may be secret.
    record("ballot_cast", locked, by, at, season_year=locked.unit.season.year)
    return row


@transaction.atomic
def enter_ballot(selection: Selection, name: str, choices: Sequence[str], by: Actor, at: datetime) -> Ballot:
    """The ballot that a member without an account gave on paper; entered anew under one name it is replaced.

    Refused (409) for who has an account of the unit: that person's ballot is cast by that person.
    """
    may(by.user, "unit.select", selection.unit).or_raise()
    locked = _locked(selection, Selection.State.OPEN)
    words = _said(name, _("姓名"), "name_missing")[:60]
    if any(member.name == words for member in selections.members(locked.unit)):
        given = {"name": words}
        raise Refused(
            refuse("has_account", _("%(name)s有本单位账号，由本人登录提交选票") % given, status=409)
        )
    rules.judge_ballot(locked.manner, numbers_of(locked), locked.places, choices).or_raise()
    kept = {"choices": list(choices), "cast_at": at, "entered_by": by.user}
    row, _fresh = Ballot.objects.update_or_create(selection=locked, user=None, name=words, defaults=kept)
    record("ballot_entered", locked, by, at, season_year=locked.unit.season.year, voter=words)
    return row


@transaction.atomic
def remove_ballot(selection: Selection, name: str, by: Actor, at: datetime) -> None:
    """Takes an entered ballot out again, as after a slip; nobody takes out what a member has cast."""
    may(by.user, "unit.select", selection.unit).or_raise()
    locked = _locked(selection, Selection.State.OPEN)
    if not Ballot.objects.filter(selection=locked, user=None, name=name).delete()[0]:
        raise Refused(NOT_FOUND)
    record("ballot_removed", locked, by, at, season_year=locked.unit.season.year, voter=name)


@transaction.atomic
def close_selection(selection: Selection, chair: str, by: Actor, at: datetime) -> None:
    """Ends the vote, once, and freezes the result. Secret ballots lose their names for good.

    Refused (409) without a ballot, and (422) without the name of who chaired it.
    """
    may(by.user, "unit.select", selection.unit).or_raise()
    locked = _locked(selection, Selection.State.OPEN)
    words = _said(chair, _("主持人"), "chair_missing")[:60]
    ballots = list(locked.ballots.order_by("name", "pk"))
    if not ballots:
        raise Refused(refuse("no_ballot", _("还没有选票，有选票后再结束"), status=409))
    locked.result = frozen_result(locked.manner, locked.named, numbers_of(locked), ballots)
    locked.state, locked.chair, locked.closed_at, locked.closed_by = (
        Selection.State.CLOSED,
        words,
        at,
        by.user,
    )
    locked.save(update_fields=["result", "state", "chair", "closed_at", "closed_by"])
    if not locked.named:
        locked.ballots.update(choices=[])
    facts: dict[str, Any] = {"ballots": len(ballots), "lines": locked.lines}
    record("selection_closed", locked, by, at, season_year=locked.unit.season.year, **facts)
    selection.refresh_from_db()


def frozen_result(manner: str, named: bool, numbers: Sequence[str], ballots: Sequence[Ballot]) -> dict:
    """Ballots, voters and lines as JSON; secret ballots in the order of what they say, not of who gave them."""
    said = [{"choices": row.choices, **({"name": row.name} if named else {})} for row in ballots]
    if not named:
        said.sort(key=lambda ballot: ballot["choices"])
    lines = rules.tally(manner, numbers, [row.choices for row in ballots])
    voters = [row.name for row in ballots]
    return {"ballots": said, "voters": voters, "lines": [asdict(line) for line in lines]}


@transaction.atomic
def decide_ties(selection: Selection, order: Sequence[str], reason: str, by: Actor, at: datetime) -> None:
    """The chair orders those whom points and first places don't tell apart; said once, with a reason.

    ``order`` names every tied candidate, those of one group the better first.
    """
    may(by.user, "unit.select", selection.unit).or_raise()
    locked = _locked(selection, Selection.State.CLOSED)
    lines = [rules.Line(**line) for line in locked.lines]
    if locked.decision or not any(line.tied for line in lines):
        words = _("并列的先后已裁定") if locked.decision else _("没有并列的候选项")
        raise Refused(refuse("no_ties", words, _("刷新本页，查看最新状态"), status=409))
    words = _said(reason, _("裁定的理由"), "reason_missing")
    rules.judge_decision(lines, order).or_raise()
    locked.decision = {"order": list(order), "reason": words, "by": by.user.name, "at": at.isoformat()}
    locked.save(update_fields=["decision"])
    record(
        "ties_decided", locked, by, at, season_year=locked.unit.season.year, reason=words, order=list(order)
    )
    selection.refresh_from_db()


@transaction.atomic
def cancel_selection(selection: Selection, reason: str, by: Actor, at: datetime) -> None:
    """Cancels an open or closed selection with a reason; the unit then recommends as if there had been none.

    Secret ballots of an open one lose what they say, for nothing was told from them.
    """
    may(by.user, "unit.select", selection.unit).or_raise()
    locked = _locked(selection, selection.state)
    if locked.state == Selection.State.CANCELLED:
        raise Refused(refuse("cancelled", _("此次遴选已取消"), _("刷新本页，查看最新状态"), status=409))
    words = _said(reason, _("取消原因"), "reason_missing")
    locked.state, locked.reason, locked.cancelled_at = Selection.State.CANCELLED, words, at
    locked.save(update_fields=["state", "reason", "cancelled_at"])
    if not locked.named:
        locked.ballots.update(choices=[])
    record("selection_cancelled", locked, by, at, season_year=locked.unit.season.year, reason=words)
    selection.refresh_from_db()
