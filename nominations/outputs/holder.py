"""Who holds a nomination now: who has it, since when, what happens next and by when; one line for every state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from nominations import queries
from nominations.models import Nomination
from nominations.openings import Openings
from nominations.rules.calendar import Opening
from nominations.states import ENDED, UNSUBMITTED, State, Window


@dataclass(frozen=True)
class Holder:
    """``who`` is "" where nobody has to do anything any more; ``until`` None where no day is set."""

    who: str
    since: datetime
    next: str
    until: datetime | None = None


def holder(nomination: Nomination, at: datetime, insider: bool = False) -> Holder:
    """Who has it at a moment. ``insider``: the secretariat, who reads results before they are published (S4)."""
    openings = Openings([nomination.season_id])
    state = State(nomination.state)
    if not insider and state in queries.RESULTS and not queries.told_rankings([nomination.ranking_id]):
        state = State.IN_REVIEW
    gate = openings.gate(nomination)
    if (
        state in UNSUBMITTED | {State.SUBMITTED}
        and gate is not None
        and gate.is_over(at)
        and not _counts(nomination)
    ):
        return Holder("", nomination.state_since, _("征集截止时未完成，不进入评审"))
    if state in ENDED:
        return Holder("", nomination.state_since, _ended(state))
    who, next_step, key = _holding(nomination, state)
    opening = openings.of(nomination, key)
    if state == State.CORRECTING and opening is not None and opening.is_over(at):
        who, next_step = _bodies(nomination), _("补正期限已过，按原版本形式审查")
        opening = openings.of(nomination, Window.PRELIMINARY)
    return Holder(who, nomination.state_since, next_step, _end(opening))


def _counts(nomination: Nomination) -> bool:
    return nomination.ranking.separately_organised and nomination.state == State.SUBMITTED


def _ended(state: State) -> str:
    words = {
        State.DECLINED: _("推荐单位不予推荐，已办结"),
        State.REJECTED: _("形式审查不通过，已办结"),
        State.NOT_SHORTLISTED: _("初评未通过，已办结"),
        State.NOT_LISTED: _("未入榜，已办结"),
        State.PUBLISHED: _("已入榜并发布，已办结"),
        State.WITHDRAWN: _("申报人已撤回，已办结"),
    }
    return words[state]


def _holding(nomination: Nomination, state: State) -> tuple[str, str, str]:
    """Who has it, what happens next, and the stage by whose end it does."""
    bodies = _bodies(nomination)
    office = _("秘书处")
    unit = str(nomination.unit) if nomination.unit else bodies
    if state == State.SUBMITTED and nomination.ranking.separately_organised:
        return bodies, _("征集截止后形式审查"), Window.PRELIMINARY
    return {
        State.DRAFT: (nomination.applicant.name, _("填写并提交"), Window.CALL),
        State.RETURNED: (nomination.applicant.name, _("修改后重新提交"), Window.CALL),
        State.SUBMITTED: (unit, _("推荐、退回修改或不予推荐"), Window.RECOMMENDATION),
        State.CORRECTING: (nomination.applicant.name, _("按要求补正后提交"), Window.CORRECTION),
        State.RECOMMENDED: (bodies, _("征集截止后形式审查"), Window.PRELIMINARY),
        State.ACCEPTED: (bodies, _("分配专家，开始初评"), Window.PRELIMINARY),
        State.IN_REVIEW: (bodies, _("评审并报送初评结果"), Window.PRELIMINARY),
        State.SHORTLISTED: (office, _("终评"), Window.FINAL),
        State.LISTED: (office, _("发布入榜名单"), Window.PUBLICATION),
    }[state]


def _bodies(nomination: Nomination) -> str:
    return "、".join(str(body) for body in nomination.track.bodies.all()) if nomination.track else ""


def _end(opening: Opening | None) -> datetime | None:
    return opening.closes if opening else None
