"""The invitation of an expert: sent again, accepted or declined by the person, ended by leaving or removal.

A letter names the body, its tracks and the dates, never a nomination: what an expert may be given is compared with
the conflicts first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.people import PAUSE
from accounts.permissions import may
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.fields import characters
from nominations.models import Track
from reviews.actions.experts import dropped_out, owe_invitation, reopen
from reviews.actions.preliminary import required_plan
from reviews.models import BodyExpert
from reviews.rules.promises import COMMITMENT_VERSION, CONSENT_VERSION

LONGEST_REASON = 300


def _own(row: BodyExpert, by: Actor) -> BodyExpert:
    if by.user is None or row.expert.user_id != by.user.pk:
        raise Refused(NOT_FOUND)
    return _held(row)


def _held(row: BodyExpert) -> BodyExpert:
    rows = BodyExpert.objects.select_for_update(of=("self",))
    return rows.select_related("expert__user", "body__season").get(pk=row.pk)


def _judge_open(row: BodyExpert) -> None:
    if not row.is_active:
        words = _("此邀请已结束：%(state)s") % {"state": row.state.label}
        raise Refused(refuse("invitation_ended", words, _("仍可评审的，联系初评机构重新邀请"), status=409))


def _reason(typed: str, name: str) -> str:
    reason = typed.strip()
    if not reason:
        raise Refused(refuse("reason_missing", _("填写%(name)s") % {"name": name}, status=422))
    if hindered := characters.refused(reason, name):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
    if len(reason) > LONGEST_REASON:
        words = _("%(name)s不超过%(limit)d个字符，现为%(now)d个")
        facts = {"name": name, "limit": LONGEST_REASON, "now": len(reason)}
        raise Refused(refuse("reason_too_long", words % facts, status=422))
    return reason


@transaction.atomic
def accept(row: BodyExpert, consents: bool, commits: bool, by: Actor, at: datetime) -> None:
    """接受: the person agrees to the use of personal data and gives the 评审承诺; twice has one effect (Q2).

    Refused (422) without either tick, and (409) for an invitation that has ended.
    """
    locked = _own(row, by)
    _judge_open(locked)
    if locked.committed_at is not None:
        return
    lacking = []
    if not consents:
        lacking.append(_("勾选同意处理个人信息后再接受"))
    if not commits:
        lacking.append(_("勾选评审承诺后再接受"))
    if lacking:
        raise Refused(refuse("not_ticked", _("；").join(lacking), status=422))
    locked.accepted_at = locked.committed_at = locked.consented_at = at
    locked.commitment_version, locked.consent_version = COMMITMENT_VERSION, CONSENT_VERSION
    locked.save(
        update_fields=["accepted_at", "committed_at", "consented_at", "commitment_version", "consent_version"]
    )
    versions = {"commitment": COMMITMENT_VERSION, "consent": CONSENT_VERSION}
    _tell(locked, "expert_accepted", by, at, **versions)


@transaction.atomic
def decline(row: BodyExpert, reason: str, by: Actor, at: datetime) -> None:
    """谢绝 with a reason, before an acceptance; tasks that were given meanwhile are lifted."""
    locked = _own(row, by)
    if locked.declined_at is not None and not locked.is_active:
        return
    _judge_open(locked)
    if locked.committed_at is not None:
        words = _("已接受此邀请")
        raise Refused(refuse("accepted_already", words, _("不再参加的，退出评审"), status=409))
    locked.declined_at, locked.note = at, _reason(reason, _("谢绝原因"))
    _end(locked, "expert_declined", by, at)


@transaction.atomic
def leave(row: BodyExpert, reason: str, by: Actor, at: datetime) -> int:
    """退出评审 with a reason: what isn't submitted is lifted, what is stays. Returns how many tasks were lifted."""
    locked = _own(row, by)
    if locked.left_at is not None and not locked.is_active:
        return 0
    _judge_open(locked)
    if locked.committed_at is None:
        raise Refused(refuse("not_accepted", _("还没有接受此邀请"), _("不参加的，谢绝邀请"), status=409))
    locked.left_at, locked.note = at, _reason(reason, _("退出原因"))
    return _end(locked, "expert_left", by, at)


@transaction.atomic
def remove(row: BodyExpert, track: Track, reason: str, by: Actor, at: datetime) -> int:
    """移出 by the body, with a reason. Returns how many tasks were lifted; twice has one effect."""
    may(by.user, "track.review", track).or_raise()
    locked = _held(row)
    if not locked.is_active:
        return 0
    locked.note = _reason(reason, _("移出原因"))
    return _end(locked, "expert_removed", by, at)


def _end(row: BodyExpert, name: str, by: Actor, at: datetime) -> int:
    row.is_active = False
    row.save(update_fields=["is_active", "declined_at", "left_at", "note"])
    lifted = dropped_out(row, at)
    _tell(row, name, by, at, reason=row.note, lifted=lifted)
    return len(lifted)


def _tell(row: BodyExpert, name: str, by: Actor, at: datetime, **told: Any) -> None:
    """On record, and by letter to the body where the person did it."""
    year = row.body.season.year
    event = record(name, row.expert, by, at, season_year=year, body=row.body_id, **told)
    if name != "expert_removed":
        owe("review_mail", f"review_mail:{name}:{event.pk}", name=name, row_id=row.pk, event_id=event.pk)


@transaction.atomic
def invite_again(row: BodyExpert, track: Track, by: Actor, at: datetime) -> None:
    """重新邀请: another letter; who had declined, left or been removed may answer anew.

    Refused (409) within ``PAUSE`` of the last letter, for who has accepted, and without a recorded plan.
    """
    may(by.user, "track.review", track).or_raise()
    required_plan(track)
    locked = _held(row)
    if locked.state == BodyExpert.State.ACCEPTED:
        raise Refused(refuse("accepted_already", _("已接受邀请，不需要重新邀请"), status=409))
    if locked.invited_at is not None and at - locked.invited_at < PAUSE:
        raise Refused(refuse("sent_just_now", _("邀请刚刚发送过"), _("10分钟后可再次发送"), status=409))
    reopen(locked, at)
    year = track.ranking.season.year
    record("expert_invited_again", locked.expert, by, at, season_year=year, body=locked.body_id)
    owe_invitation(locked)
