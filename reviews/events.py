"""Events: one wording for each thing that happens in the reviews, as the secretariat's record shows it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "plan_filed": _("报送初评方案"),
    "plan_recorded": _("方案备案"),
    "plan_sent_back": _("方案退回修改"),
    "expert_taken_in": _("邀请专家"),
    "commitment_given": _("确认评审承诺"),
    "assigned": _("分配专家"),
    "experts_reminded": _("提醒专家"),
    "recused": _("回避"),
    "scores_submitted": _("提交评分"),
    "scores_closed": pgettext_lazy("event", "结束评分"),
    "result_submitted": pgettext_lazy("event", "报送初评结果"),
    "marked": _("终评标记"),
    "list_prepared": _("准备入榜名单"),
    "list_published": pgettext_lazy("event", "发布入榜名单"),
}
"""Event name → what people read. Those of a nomination's own way stand in nominations.events."""
