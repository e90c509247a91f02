"""The states of a nomination, and the one table of moves between them: from, to, who, window, event.

The diagram in docs/states.md is drawn from this table. Words stand in the product's vocabulary; rules in
annex 1 and clauses 二 to 四 of the notice.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待推荐")
    RETURNED = "returned", _("退回修改")
    RECOMMENDED = "recommended", _("已推荐")
    CORRECTING = "correcting", _("补正中")
    DECLINED = "declined", _("不予推荐")
    ACCEPTED = "accepted", _("形式审查通过")
    REJECTED = "rejected", _("形式审查不通过")
    IN_REVIEW = "in_review", _("初评中")
    SHORTLISTED = "shortlisted", _("初评通过")
    NOT_SHORTLISTED = "not_shortlisted", _("初评未通过")
    LISTED = "listed", _("入榜")
    NOT_LISTED = "not_listed", _("未入榜")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


class Window(models.TextChoices):
    """The stages of the season's calendar (notice 三).

    The units' window is the call's where the season sets none of its own (openings.py).
    """

    CALL = "call", _("组织征集")
    RECOMMENDATION = "recommendation", _("推荐审核")
    PRELIMINARY = "preliminary", _("初评评审")
    FINAL = "final", _("终评评审")
    PUBLICATION = "publication", _("发布推介")
    CORRECTION = "correction", _("补正")
    """No stage of the calendar: a nomination's own, from the body's request to the day that it names."""


STAGES = [(key, label) for key, label in Window.choices if key != Window.CORRECTION]
"""The windows that a calendar sets, for a choice."""
UNSUBMITTED = frozenset({State.DRAFT, State.RETURNED})
"""The applicant writes in these during the call."""
EDITABLE = UNSUBMITTED | {State.CORRECTING}
"""The applicant may write in these."""
WITH_UNIT = frozenset({State.SUBMITTED, State.RECOMMENDED, State.DECLINED, State.RETURNED})
HOLDS_PLACE = frozenset(
    {
        State.RECOMMENDED,
        State.CORRECTING,
        State.ACCEPTED,
        State.REJECTED,
        State.IN_REVIEW,
        State.SHORTLISTED,
        State.NOT_SHORTLISTED,
        State.LISTED,
        State.NOT_LISTED,
        State.PUBLISHED,
    }
)
"""A nomination in these holds a numbered place of its unit, where its ranking has quotas."""
IN_REVIEW_OR_LATER = frozenset(
    {
        State.IN_REVIEW,
        State.SHORTLISTED,
        State.NOT_SHORTLISTED,
        State.LISTED,
        State.NOT_LISTED,
        State.PUBLISHED,
    }
)
ENDED = frozenset(
    {
        State.DECLINED,
        State.REJECTED,
        State.NOT_SHORTLISTED,
        State.NOT_LISTED,
        State.PUBLISHED,
        State.WITHDRAWN,
    }
)


@dataclass(frozen=True)
class Move:
    """One allowed step. ``window`` names the stage in which it may happen; None means at any time.

    A body's step from CORRECTING waits besides until the correction is over (transitions.judge).
    """

    key: str
    label: object
    sources: frozenset[State]
    target: State
    role: str
    window: Window | None
    event: str
    needs_reason: bool = False
    separately_organised: bool | None = None
    """None: for every ranking; True or False: only where the ranking is (not) separately organised."""


def _move(key, label, sources, target, role, window, event, needs_reason=False, separately=None) -> Move:
    return Move(key, label, frozenset(sources), target, role, window, event, needs_reason, separately)


S = State
MOVES: dict[str, Move] = {
    move.key: move
    for move in (
        _move("submit", _("提交"), [S.DRAFT, S.RETURNED], S.SUBMITTED, "applicant", Window.CALL, "submitted"),
        _move(
            "withdraw",
            pgettext_lazy("applicant", "撤回"),
            [S.DRAFT, S.SUBMITTED, S.RETURNED, S.RECOMMENDED],
            S.WITHDRAWN,
            "applicant",
            Window.CALL,
            "withdrawn",
            needs_reason=True,
        ),
        _move(
            "return",
            pgettext_lazy("move", "退回修改"),
            [S.SUBMITTED, S.RECOMMENDED],
            S.RETURNED,
            "unit",
            Window.RECOMMENDATION,
            "returned",
            needs_reason=True,
            separately=False,
        ),
        _move(
            "decline",
            pgettext_lazy("move", "不予推荐"),
            [S.SUBMITTED],
            S.DECLINED,
            "unit",
            Window.RECOMMENDATION,
            "declined",
            needs_reason=True,
            separately=False,
        ),
        _move(
            "recommend",
            _("推荐"),
            [S.SUBMITTED],
            S.RECOMMENDED,
            "unit",
            Window.RECOMMENDATION,
            "recommended",
            separately=False,
        ),
        _move(
            "take_back",
            _("撤回推荐"),
            [S.RECOMMENDED],
            S.SUBMITTED,
            "unit",
            Window.RECOMMENDATION,
            "recommendation_taken_back",
            needs_reason=True,
            separately=False,
        ),
        _move(
            "ask_correction",
            pgettext_lazy("move", "要求补正"),
            [S.RECOMMENDED],
            S.CORRECTING,
            "body",
            Window.PRELIMINARY,
            "correction_asked",
            needs_reason=True,
            separately=False,
        ),
        _move(
            "ask_correction_direct",
            pgettext_lazy("move", "要求补正"),
            [S.SUBMITTED],
            S.CORRECTING,
            "body",
            Window.PRELIMINARY,
            "correction_asked",
            needs_reason=True,
            separately=True,
        ),
        _move(
            "correct",
            pgettext_lazy("move", "提交补正"),
            [S.CORRECTING],
            S.RECOMMENDED,
            "applicant",
            Window.CORRECTION,
            "corrected",
            separately=False,
        ),
        _move(
            "correct_direct",
            pgettext_lazy("move", "提交补正"),
            [S.CORRECTING],
            S.SUBMITTED,
            "applicant",
            Window.CORRECTION,
            "corrected",
            separately=True,
        ),
        _move(
            "accept",
            pgettext_lazy("move", "形式审查通过"),
            [S.RECOMMENDED, S.CORRECTING],
            S.ACCEPTED,
            "body",
            Window.PRELIMINARY,
            "accepted",
            separately=False,
        ),
        _move(
            "accept_direct",
            pgettext_lazy("move", "形式审查通过"),
            [S.SUBMITTED, S.CORRECTING],
            S.ACCEPTED,
            "body",
            Window.PRELIMINARY,
            "accepted",
            separately=True,
        ),
        _move(
            "reject",
            pgettext_lazy("move", "形式审查不通过"),
            [S.RECOMMENDED, S.CORRECTING],
            S.REJECTED,
            "body",
            Window.PRELIMINARY,
            "rejected",
            needs_reason=True,
            separately=False,
        ),
        _move(
            "reject_direct",
            pgettext_lazy("move", "形式审查不通过"),
            [S.SUBMITTED, S.CORRECTING],
            S.REJECTED,
            "body",
            Window.PRELIMINARY,
            "rejected",
            needs_reason=True,
            separately=True,
        ),
        _move("assign", _("分配"), [S.ACCEPTED], S.IN_REVIEW, "body", Window.PRELIMINARY, "review_begun"),
        _move(
            "shortlist",
            pgettext_lazy("move", "初评通过"),
            [S.IN_REVIEW],
            S.SHORTLISTED,
            "body",
            Window.PRELIMINARY,
            "shortlisted",
        ),
        _move(
            "pass_over",
            _("初评未通过"),
            [S.IN_REVIEW],
            S.NOT_SHORTLISTED,
            "body",
            Window.PRELIMINARY,
            "not_shortlisted",
        ),
        _move(
            "reopen_review",
            _("退回初评"),
            [S.SHORTLISTED, S.NOT_SHORTLISTED],
            S.IN_REVIEW,
            "office",
            None,
            "review_reopened",
            needs_reason=True,
        ),
        _move(
            "list",
            pgettext_lazy("move", "入榜"),
            [S.SHORTLISTED],
            S.LISTED,
            "office",
            Window.PUBLICATION,
            "listed",
        ),
        _move(
            "leave_out",
            pgettext_lazy("move", "未入榜"),
            [S.SHORTLISTED],
            S.NOT_LISTED,
            "office",
            Window.PUBLICATION,
            "not_listed",
        ),
        _move("publish", _("发布"), [S.LISTED], S.PUBLISHED, "office", Window.PUBLICATION, "published"),
    )
}


def moves_from(state: str, role: str) -> list[Move]:
    """The moves that the table offers a role in a state, in the table's order."""
    return [move for move in MOVES.values() if state in move.sources and move.role == role]
