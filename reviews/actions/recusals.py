"""What a body says about 回避: that a pair is in conflict, or that what the comparison found is none."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.fields import characters
from nominations.models import Nomination, Track
from reviews import queries
from reviews.actions import conflicts
from reviews.actions.preliminary import judge_track
from reviews.models import Expert, LiftedRecusal, PreliminaryResult, Recusal

LONGEST_REASON = 300


def judge_reason(reason: str, label: str) -> str:
    """The reason as it is kept; raises Refused (422) where there is none, or one that can't be read."""
    text = characters.one_line(reason)
    if not text:
        raise Refused(refuse("reason_missing", _("填写%(name)s") % {"name": label}, status=422))
    if hindered := characters.refused(text, label):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
    if len(text) > LONGEST_REASON:
        words = _("%(name)s不超过%(limit)d个字符，现为%(now)d个")
        facts = {"name": label, "limit": LONGEST_REASON, "now": len(text)}
        raise Refused(refuse("reason_too_long", words % facts, status=422))
    return text


def _hold(track: Track, expert: Expert, nomination: Nomination, by: Actor, at: datetime) -> None:
    """Holds the track; raises Refused unless the body may say something of this pair now (404, 409)."""
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    ours = queries.experts_of(track).filter(pk=expert.pk).exists()
    if not ours or not queries.in_scope(track).filter(pk=nomination.pk).exists():
        raise Refused(NOT_FOUND)
    if PreliminaryResult.standing.filter(track=track).exists():
        raise Refused(refuse("scores_closed", _("评分已结束，不能再更改回避"), status=409))


@transaction.atomic
def recognise(
    track: Track, expert: Expert, nomination: Nomination, reason: str, by: Actor, at: datetime
) -> bool:
    """认定回避: keeps the expert from the nomination, and ends the task at once. Twice has one effect (Q2).

    Returns whether it is new. Refused: 404 for what isn't the track's, 409 once the scores are closed, 422
    without a reason.
    """
    _hold(track, expert, nomination, by, at)
    text = judge_reason(reason, _("回避原因"))
    facts = {"reason": text, "at": at, "by": by.user}
    _row, fresh = Recusal.objects.get_or_create(
        expert=expert, nomination=nomination, kind=Recusal.Kind.BODY, defaults=facts
    )
    if fresh:
        year = track.ranking.season.year
        record("recusal_recognised", nomination, by, at, season_year=year, reason=text, expert=expert.pk)
        conflicts.end_tasks(track, by, at, tell=False)
    return fresh


@transaction.atomic
def lift(
    track: Track, expert: Expert, nomination: Nomination, kind: str, reason: str, by: Actor, at: datetime
) -> bool:
    """解除回避: the body's own word, or what the comparison found and isn't sure of. Twice has one effect (Q2).

    Returns whether there was one. A lifted task doesn't come back; the pair may be assigned again. Refused as
    ``recognise``, and 409 for what is certain, what the expert declared and what the applicant asked for.
    """
    _hold(track, expert, nomination, by, at)
    text = judge_reason(reason, _("解除原因"))
    row = Recusal.objects.filter(expert=expert, nomination=nomination, kind=kind).first()
    if row is None:
        return False
    if not row.may_be_lifted:
        words = _("此项回避依据明确或由当事人提出，不能解除")
        raise Refused(refuse("recusal_stands", words, status=409))
    if row.kind == Recusal.Kind.COMPUTED:
        facts = {"found": row.reason, "reason": text, "at": at, "by": by.user}
        LiftedRecusal.objects.update_or_create(expert=expert, nomination=nomination, defaults=facts)
    row.delete()
    year = track.ranking.season.year
    record(
        "recusal_lifted",
        nomination,
        by,
        at,
        season_year=year,
        reason=text,
        expert=expert.pk,
        kind=row.kind,
        found=row.reason,
    )
    return True
