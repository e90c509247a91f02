"""Rules: 补正, asked of an applicant once, with whole days to answer that end inside the preliminary review.

The notice says nothing of it; whether a ranking has it, and for how many days, the secretariat sets.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from kczg.kit.clock import SHANGHAI, gate_words, local
from kczg.kit.verdicts import ALLOWED, Verdict, refuse

MOST_DAYS = 15


def until(asked_at: datetime, days: int) -> datetime:
    """The end, exclusive: 24时 in Beijing of the day that lies ``days`` after the day of the request."""
    return datetime.combine(local(asked_at).date() + timedelta(days=days + 1), time(), SHANGHAI)


def judge(days: int, asked_before: bool, asked_at: datetime, review_closes: datetime | None) -> Verdict:
    """Whether a body may ask now. Refused (409) where the ranking has none, it was asked already, or time is short.

    The answer is due before ``review_closes``, the end of the body's own window, so that it can still decide.
    """
    if not days:
        words = _("此榜单本年度不设补正")
        return refuse("no_correction", words, _("按现有材料通过或不通过"), status=409)
    if asked_before:
        words = _("此申报已要求过补正，每项申报只能补正一次")
        return refuse("corrected_once", words, _("按现有材料通过或不通过"), status=409)
    due = until(asked_at, days)
    if review_closes is not None and due >= review_closes:
        facts = {"due": gate_words(due), "closes": gate_words(review_closes)}
        words = _("补正期限为%(due)s，不早于初评评审截止%(closes)s，不能再要求补正") % facts
        return refuse("no_time_to_correct", words, _("按现有材料通过或不通过"), status=409)
    return ALLOWED


def judge_days(days: int) -> Verdict:
    """Whether the secretariat may set so many days; 0 means that a ranking has no correction."""
    if not 0 <= days <= MOST_DAYS:
        words = _("补正期限应在0—%(most)d日之间，0表示不设补正") % {"most": MOST_DAYS}
        return refuse("correction_days", words, status=422)
    return ALLOWED
