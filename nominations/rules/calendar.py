"""When: half-open windows in exact instants. The only place that decides whether a gate is open (D1, D2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from kczg.kit.clock import gate_words, local
from kczg.kit.verdicts import ALLOWED, Verdict, refuse

GRACE = timedelta(seconds=120)
"""A request that arrived before a gate may still be at work: twice the longest that a web process lets one."""


@dataclass(frozen=True)
class Opening:
    """A window from ``opens``, inclusive, to ``closes``, exclusive; both aware. ``closes`` None: no end."""

    name: str
    opens: datetime
    closes: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.opens <= at and (self.closes is None or at < self.closes)

    def is_over(self, at: datetime) -> bool:
        return self.closes is not None and at >= self.closes


def extended(window: Opening | None, untils: Iterable[datetime]) -> Opening | None:
    """The window with its end moved to the latest of ``untils`` (延期); an extension never ends it earlier."""
    latest = max(untils, default=None)
    if window is None or window.closes is None or latest is None or latest <= window.closes:
        return window
    return replace(window, closes=latest)


def judge(window: Opening | None, at: datetime) -> Verdict:
    """Whether an act that belongs to ``window`` may happen at ``at``, the moment the request was received.

    Refused with ``too_early`` or ``too_late`` (notice 三, 四.4); the words name the moment and the gate.
    """
    if window is None:
        return refuse("no_window", _("本年度日程中没有这个阶段"), _("联系秘书处：010-56057633"), status=409)
    if at < window.opens:
        return refuse(
            "too_early",
            _("%(stage)s尚未开始，开始时间%(opens)s")
            % {"stage": window.name, "opens": moment_words(window.opens)},
            status=409,
        )
    if window.is_over(at):
        return refuse(
            "too_late",
            _("未能提交：服务器收到时间%(at)s，%(stage)s已于%(gate)s截止")
            % {"at": moment_words(at), "stage": stage_word(window.name), "gate": gate_words(window.closes)},
            _("草稿已保留，可下载"),
            status=409,
        )
    return ALLOWED


def stage_word(name: str) -> str:
    """The short word for a stage in a sentence: 征集 for 组织征集."""
    return name.removeprefix("组织")


def moment_words(at: datetime) -> str:
    """2022-11-01 00:00:02, in Beijing time."""
    return local(at).strftime("%Y-%m-%d %H:%M:%S")


def remaining(closes: datetime | None, at: datetime) -> timedelta | None:
    """The time left to a gate; None when there is no gate or it is shut."""
    return closes - at if closes is not None and at < closes else None
