"""Papers: what happened, as the secretariat reads it: every event, with the names of those who acted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Role
from kczg.kit.models import Event
from nominations import events

WORDS: dict[str, Any] = {
    **events.WORDS,
    "units_stage_set": _("单独设定推荐审核的日期"),
    "stage_set": _("修改阶段日期"),
    "registered": _("注册账号"),
    "notices_chosen": _("更改通知设置"),
    "mail_stopped": _("停止邮件通知"),
    "extension_proposed": _("提出延期"),
    "extension_approved": _("批准延期"),
    "extension_refused": _("不同意延期"),
    "quota_change_proposed": _("提出改动名额或推荐渠道"),
    "quota_change_approved": _("批准改动名额或推荐渠道"),
    "quota_change_refused": _("不同意改动名额或推荐渠道"),
    "gate_closed": _("生成截止清单"),
    "organisation_described": _("填写单位信息"),
    "downloaded": _("下载文件"),
    "file_added": _("上传文件"),
    "opinion_prepared": _("拟写推荐意见并报审"),
    "person_invited": _("邀请单位人员"),
    "invitation_sent_again": _("再次发送邀请"),
    "invitation_withdrawn": pgettext_lazy("event", "撤回邀请"),
    "invitation_accepted": _("接受邀请"),
    "duty_set": _("修改人员职责"),
    "person_removed": _("移出单位人员"),
    "exported": _("导出表格"),
    "unit_paper_frozen": _("推荐单位生成盖章版"),
    "inner_deadline_set": _("设定内部截止"),
    "selection_opened": _("发起内部遴选"),
    "ballot_cast": _("提交选票"),
    "ballot_entered": _("录入选票"),
    "ballot_removed": _("删去录入的选票"),
    "selection_closed": _("结束内部遴选"),
    "ties_decided": _("裁定并列的先后"),
    "selection_cancelled": _("取消内部遴选"),
}
"""Event name → the word, for the secretariat, who reads all of them."""


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
    happened: Iterable[Event], more_words: Mapping[str, Any] | None = None, newest_first: bool = True
) -> list[Line]:
    """Events as lines, newest first; ``more_words`` are the words of events that other rooms add."""
    words = {**WORDS, **(more_words or {})}
    found = [
        Line(str(words.get(e.name, e.name)), e.at, who(e), e.reason, e.version_code)
        for e in sorted(happened, key=lambda event: event.pk)
    ]
    return found[::-1] if newest_first else found
