"""Papers: what happened, in words. One wording for each event of a nomination and of its season."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from kczg.kit.models import Event
from nominations.states import MOVES

WORDS: dict[str, str | Promise] = {
    **{move.event: move.label for move in MOVES.values()},  # type: ignore[dict-item]
    "begun": _("建立申报表"),
    "review_begun": _("进入初评"),
    "notice_issued": _("发布公示"),
    "season_loaded": _("载入年度"),
    "stage_set": _("修改阶段日期"),
    "unit_channels_set": _("设定推荐渠道"),
    "registered": _("注册账号"),
}
"""Event name → the word that every page uses for it."""


@dataclass(frozen=True)
class Line:
    """One event as a timeline shows it."""

    word: str
    at: datetime
    who: str
    reason: str
    version_code: str


def who(event: Event) -> str:
    """Who acted, with the organisation: 李静（北京云脉传感科技有限公司）."""
    if not event.actor_name:
        return str(_("系统"))
    behind = event.organisation_name or (str(Role(event.role).label) if event.role in Role.values else "")
    return f"{event.actor_name}（{behind}）" if behind else event.actor_name


def lines(
    events: Iterable[Event], more_words: Mapping[str, str | Promise] | None = None, newest_first: bool = True
) -> list[Line]:
    """Events as lines, newest first; ``more_words`` are the words of events that other rooms add."""
    words = {**WORDS, **(more_words or {})}
    found = [
        Line(str(words.get(e.name, e.name)), e.at, who(e), e.reason, e.version_code)
        for e in sorted(events, key=lambda event: event.pk)
    ]
    return found[::-1] if newest_first else found
