"""回避申请: an applicant names up to three experts who should not review the nomination, each with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import ALLOWED, Refused, Verdict, refuse
from nominations.fields import characters
from nominations.models import AvoidanceRequest, Nomination
from nominations.openings import opening_of
from nominations.states import State, Window

MOST = 3
LONGEST = {"name": 100, "organisation": 200, "reason": 300}
STANDING = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.RECOMMENDED})


class Wish(NamedTuple):
    """Whom to avoid, and why; all three are needed."""

    name: str
    organisation: str
    reason: str


def labels() -> dict[str, str]:
    """What a wish's parts are called, in the order in which they are asked."""
    return {"name": _("专家姓名"), "organisation": _("工作单位"), "reason": _("回避原因")}


def judge(nomination: Nomination, at: datetime) -> Verdict:
    """Whether the applicant may change the requests now: until the preliminary review begins, whatever the form's state."""
    if nomination.state not in STANDING:
        words = _("此申报现为“%(state)s”，不能再更改回避申请") % {"state": nomination.state_label}
        return refuse("wrong_state", words, status=409)
    opening = opening_of(nomination, Window.PRELIMINARY)
    if opening is not None and at >= opening.opens:
        return refuse("review_begun", _("初评已开始，不能再更改回避申请"), status=409)
    return ALLOWED


def problems(wish: Wish) -> dict[str, str]:
    """What hinders a wish from being kept: its part → words."""
    found = {}
    for part, label in labels().items():
        text = getattr(wish, part).strip()
        if not text:
            found[part] = _("填写%(name)s") % {"name": label}
        elif hindered := characters.refused(text, label):
            found[part] = hindered
        elif len(text) > LONGEST[part]:
            words = _("%(name)s不超过%(limit)d个字符，现为%(now)d个")
            found[part] = words % {"name": label, "limit": LONGEST[part], "now": len(text)}
    return found


@transaction.atomic
def ask(nomination: Nomination, wishes: Sequence[Wish], by: Actor, at: datetime) -> bool:
    """Keeps these wishes instead of the earlier ones. Returns whether anything changed; the same again does nothing.

    Raises Refused: 409 once the review has begun, 422 for more than MOST or for one that is incomplete.
    """
    may(by.user, "nomination.edit", nomination).or_raise()
    locked = (
        Nomination.objects.select_for_update(of=("self",)).select_related("ranking").get(pk=nomination.pk)
    )
    judge(locked, at).or_raise()
    if len(wishes) > MOST:
        raise Refused(refuse("too_many", _("最多申请回避%(most)d名专家") % {"most": MOST}, status=422))
    plain = [Wish(*(characters.one_line(part) for part in wish)) for wish in wishes]
    for wish in plain:
        for message in problems(wish).values():
            raise Refused(refuse("incomplete", message, status=422))
    kept = [Wish(row.name, row.organisation, row.reason) for row in locked.avoidance_requests.all()]
    if kept == plain:
        return False
    locked.avoidance_requests.all().delete()
    AvoidanceRequest.objects.bulk_create(
        AvoidanceRequest(nomination=locked, at=at, by=by.user, **wish._asdict()) for wish in plain
    )
    asked = [wish._asdict() for wish in plain]
    record("avoidance_asked", locked, by, at, season_year=locked.season.year, asked=asked)
    return True
