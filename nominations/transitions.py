"""The only writer of a nomination's state: table → who → from where → when → compare-and-set → one event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.clock import gate_words
from kczg.kit.record import Actor, events_of, record
from kczg.kit.verdicts import ALLOWED, Refused, Verdict, refuse
from nominations import queries
from nominations.fields import characters
from nominations.models import Nomination
from nominations.openings import opening_of
from nominations.rules import calendar
from nominations.rules.calendar import GRACE
from nominations.states import MOVES, Move, State, Window


def judge(nomination: Nomination, key: str, by: Actor, at: datetime, permission: str = "") -> Verdict:
    """Whether this person may make this move now: who, from where, when. How many is asked by the quota.

    With ``permission`` the question is about what belongs to the move and asks for that right instead of its own.
    """
    move = MOVES[key]
    verdict = may(by.user, permission or f"nomination.{key}", nomination)
    if verdict:
        verdict = _judge_source(nomination, move)
    if verdict and move.window is not None:
        verdict = calendar.judge(opening_of(nomination, move.window), at)
    if verdict and nomination.state == State.CORRECTING and move.role == Role.BODY:
        verdict = _judge_waiting(nomination, at)
    return verdict


def _judge_waiting(nomination: Nomination, at: datetime) -> Verdict:
    """The body waits for a correction to its end; what was in time may still be at work a little later."""
    opening = opening_of(nomination, Window.CORRECTION)
    if opening is not None and opening.closes is not None and at < opening.closes + GRACE:
        until = gate_words(opening.closes)
        words = _("补正期限%(until)s未到，申报人尚未提交补正") % {"until": until}
        return refuse("correction_open", words, _("申报人提交补正后，或期限过后再审查"), status=409)
    return ALLOWED


def _judge_source(nomination: Nomination, move: Move) -> Verdict:
    separately = nomination.ranking.separately_organised
    if move.separately_organised not in (None, separately) or nomination.state not in move.sources:
        outside = move.role in (Role.APPLICANT, Role.UNIT)
        state = queries.label_told(nomination) if outside else nomination.state_label
        return refuse(
            "wrong_state",
            _("此申报现为“%(state)s”，不能%(move)s") % {"state": state, "move": move.label},
            _("刷新本页，查看最新状态"),
            status=409,
        )
    return ALLOWED


def repeated(nomination: Nomination, key: str, by: Actor, reason: str) -> bool:
    """Whether this very move, by this person and with these words, is the last thing that happened to it.

    A double click or a retry then has one effect and the same answer (Q2).
    """
    step = MOVES[key]
    if nomination.state != step.target or by.user is None:
        return False
    last = events_of(nomination).last()
    return last is not None and (last.name, last.actor_id, last.reason) == (
        step.event,
        by.user.pk,
        reason.strip(),
    )


@transaction.atomic
def move(
    nomination: Nomination,
    key: str,
    by: Actor,
    at: datetime,
    *,
    reason: str = "",
    version_code: str = "",
    fields: dict[str, Any] | None = None,
    **data: Any,
) -> None:
    """Makes one move of the table, or raises Refused and changes nothing.

    ``fields`` are further columns that belong to the move (such as ``submitted_at``), set in the same
    statement. Of two requests that arrive together one changes the row; the other is refused.
    """
    verdict = judge(nomination, key, by, at)
    step = MOVES[key]
    if verdict and step.needs_reason and not reason.strip():
        verdict = refuse("reason_missing", _("填写原因"), status=422)
    if verdict and (hindered := characters.refused(reason, _("原因"))):
        verdict = refuse("reason_unreadable", hindered, status=422)
    verdict.or_raise()
    source = nomination.state
    changed = Nomination.objects.filter(pk=nomination.pk, state=source).update(
        state=step.target, state_since=at, **(fields or {})
    )
    if changed != 1:
        raise Refused(
            refuse("changed_meanwhile", _("此申报刚刚由他人办理"), _("刷新本页，查看最新状态"), status=409)
        )
    for name, value in {"state": step.target, "state_since": at, **(fields or {})}.items():
        setattr(nomination, name, value)
    record(
        step.event,
        nomination,
        by,
        at,
        season_year=nomination.season.year,
        from_state=source,
        to_state=step.target,
        version_code=version_code,
        reason=reason.strip(),
        **data,
    )
