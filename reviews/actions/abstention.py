"""弃权: an expert can't judge a nomination though nothing conflicts; it may be taken back until 全部提交.

It is not 回避: the nomination stays on the expert's list, and its scores come back with the expert.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.fields import characters
from reviews import queries
from reviews.actions import assigning
from reviews.actions.scores import LONGEST_REASON, judge_track_scoring, own_sheet
from reviews.models import Assignment


@transaction.atomic
def abstain(assignment: Assignment, reason: str, by: Actor, at: datetime) -> None:
    """Answers a task without a score; the body reads the reason at once. Twice has one effect (Q2).

    Refused without a readable reason (422), once submitted, and outside the scoring (409).
    """
    sheet = own_sheet(assignment, by)
    if sheet.abstained_at is not None:
        return
    _judge(sheet, by, at)
    text = _reason(reason)
    sheet.abstained_at, sheet.abstain_reason = at, text
    sheet.opened_at, sheet.saved_at = sheet.opened_at or at, at
    sheet.edit_version += 1
    sheet.save(update_fields=["abstained_at", "abstain_reason", "opened_at", "saved_at", "edit_version"])
    _record("abstained", sheet, by, at, text)
    assigning.tell_shortage(queries.track_of(sheet))


@transaction.atomic
def take_back(assignment: Assignment, by: Actor, at: datetime) -> None:
    """The expert judges it after all; what was scored before stands again. Twice has one effect (Q2)."""
    sheet = own_sheet(assignment, by)
    if sheet.abstained_at is None:
        return
    _judge(sheet, by, at)
    sheet.abstained_at, sheet.abstain_reason = None, ""
    sheet.saved_at, sheet.edit_version = at, sheet.edit_version + 1
    sheet.save(update_fields=["abstained_at", "abstain_reason", "saved_at", "edit_version"])
    _record("abstention_taken_back", sheet, by, at)


def _judge(sheet: Assignment, by: Actor, at: datetime) -> None:
    may(by.user, "assignment.score", sheet).or_raise()
    if sheet.submitted_at is not None:
        raise Refused(refuse("scores_locked", _("评分已提交，不能修改"), status=409))
    judge_track_scoring(sheet.expert, queries.track_of(sheet), at)


def _reason(typed: str) -> str:
    text = typed.strip()
    if not text:
        raise Refused(refuse("reason_missing", _("填写弃权原因"), status=422))
    if hindered := characters.refused(text, _("弃权原因")):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
    if len(text) > LONGEST_REASON:
        facts = {"limit": LONGEST_REASON, "now": len(text)}
        words = _("弃权原因不超过%(limit)d个字符，现为%(now)d个") % facts
        raise Refused(refuse("reason_too_long", words, status=422))
    return text


def _record(name: str, sheet: Assignment, by: Actor, at: datetime, reason: str = "") -> None:
    year = sheet.nomination.season.year
    record(name, sheet.nomination, by, at, season_year=year, reason=reason, expert=sheet.expert_id)
