"""Events: one wording for each thing that happens to a nomination, and its timeline as a reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from kczg.kit.models import Event
from kczg.kit.record import events_of
from nominations import queries
from nominations.models import Nomination

WORDS: dict[str, Any] = {
    "season_loaded": _("载入年度设置"),
    "unit_channels_set": _("设定推荐渠道和名额"),
    "track_limit_set": _("设定名额"),
    "list_imported": _("导入名单"),
    "list_state_set": _("设定名单是否完整"),
    "list_lines_checked": _("核对名单"),
    "list_lines_removed": _("移除名单中的行"),
    "options_set": _("设定年度选项"),
    "correction_set": _("设定补正"),
    "units_imported": _("导入推荐单位"),
    "units_checked": _("核对推荐单位"),
    "begun": pgettext_lazy("event", "建立申报表"),
    "imported": _("推荐单位代为填写"),
    "nominations_imported": _("批量导入申报"),
    "submitted": pgettext_lazy("event", "提交"),
    "withdrawn": pgettext_lazy("event", "申报人撤回"),
    "avoidance_asked": _("提出回避申请"),
    "returned": pgettext_lazy("event", "退回修改"),
    "declined": pgettext_lazy("event", "不予推荐"),
    "recommended": pgettext_lazy("event", "推荐"),
    "recommendation_taken_back": pgettext_lazy("event", "撤回推荐"),
    "order_saved": _("保存推荐排序"),
    "frozen": _("生成盖章版"),
    "scan_uploaded": _("上传盖章扫描件"),
    "scan_removed": _("移除扫描件文件"),
    "page_confirmed": _("人工确认扫描页"),
    "restored": _("恢复为此前版本"),
    "correction_asked": pgettext_lazy("event", "要求补正"),
    "corrected": pgettext_lazy("event", "提交补正"),
    "accepted": pgettext_lazy("event", "形式审查通过"),
    "rejected": pgettext_lazy("event", "形式审查不通过"),
    "review_begun": _("开始初评"),
    "shortlisted": pgettext_lazy("event", "初评通过"),
    "not_shortlisted": pgettext_lazy("event", "初评未通过"),
    "review_reopened": _("初评结果退回，重新评审"),
    "notice_issued": pgettext_lazy("event", "发布公示"),
    "listed": pgettext_lazy("event", "入榜"),
    "not_listed": pgettext_lazy("event", "未入榜"),
    "published": pgettext_lazy("event", "发布入榜名单"),
    "deadline_extended": _("批准延期"),
    "left_unfinished": _("征集截止时未完成"),
    "twin_found": _("发现相近申报"),
    "twin_noted": _("说明相近申报的核实情况"),
    "twin_resolved": _("认定相近申报"),
    "twin_closed": _("相近申报自动关闭"),
}
"""Event name → what people read. Events of the reviews stand in reviews.events."""

OWN = frozenset({"frozen", "scan_uploaded", "scan_removed", "page_confirmed", "restored"})
"""What is done on the way to a stamped paper, with versions that perhaps are never submitted."""
OF_THE_SEASON = frozenset(
    {
        "season_loaded",
        "unit_channels_set",
        "track_limit_set",
        "list_imported",
        "list_state_set",
        "list_lines_checked",
        "list_lines_removed",
        "options_set",
        "correction_set",
        "units_imported",
        "units_checked",
    }
)
OF_REVIEWS = frozenset({"avoidance_asked", "review_reopened"})
"""Between the applicant and those who review, or among the latter, and nobody else's: a result that the secretariat
sent back, and why, tells of scores."""
OF_PAIRS = frozenset({"twin_found", "twin_noted", "twin_resolved", "twin_closed"})
"""What happens to a pair of nominations: for their units and the secretariat, on the pair's own page."""
SHOWN = (
    frozenset(WORDS) - OF_THE_SEASON - OF_PAIRS - OF_REVIEWS - {"order_saved", "nominations_imported"} - OWN
)
"""What applicants and units read of a nomination; anything else (who is recused from it, say) is not theirs."""
COMMENTS = "comments_released"
"""The event that holds what experts wrote to the applicant; not a line of the timeline, which units read, too."""
NAMED_ROLES = frozenset({Role.APPLICANT, Role.UNIT})
"""Applicants and units see each other's names; of bodies, experts and the secretariat the organisation alone (P4)."""


@dataclass(frozen=True)
class Line:
    """One line of a timeline: what, when, who with the organisation, why, and the version it was about."""

    name: str
    word: str
    at: datetime
    who: str
    reason: str
    version_code: str


def word(name: str) -> str:
    """What people read for an event; raises KeyError for one without a wording."""
    return str(WORDS[name])


def timeline(nomination: Nomination, told: bool) -> list[Line]:
    """All that happened to a nomination as its applicant and its unit may read it, newest first. One query.

    ``told``: the ranking's list is published; until then the results of the reviews are left out (S4).
    """
    names = SHOWN if told else SHOWN - {str(state) for state in queries.RESULTS}
    shown = events_of(nomination).filter(name__in=names).order_by("-id")
    return [Line(e.name, word(e.name), e.at, _who(e), e.reason, e.version_code) for e in shown]


def comments(nomination: Nomination, told: bool) -> list[str]:
    """What the experts wrote to the applicant, unsigned and in an order that tells nothing; ``told`` as above."""
    last = events_of(nomination).filter(name=COMMENTS).last() if told else None
    return list(last.data["texts"]) if last else []


def _who(event: Event) -> str:
    if event.role not in NAMED_ROLES or not event.actor_name:
        return event.organisation_name
    return f"{event.actor_name}（{event.organisation_name}）" if event.organisation_name else event.actor_name
