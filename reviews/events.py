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
    "expert_invited_again": _("重新邀请专家"),
    "expert_accepted": _("接受评审邀请"),
    "expert_declined": _("谢绝评审邀请"),
    "expert_left": _("退出评审"),
    "expert_removed": _("移出专家"),
    "expert_terms_set": _("设定专家类别和最多评审项数"),
    "expert_facts_kept": _("更新专家信息"),
    "experts_imported": _("导入专家"),
    "commitment_given": _("确认评审承诺"),
    "assigned": _("分配专家"),
    "experts_reminded": _("提醒专家"),
    "recused": _("回避"),
    "conflicts_computed": _("比对回避"),
    "recusal_recognised": _("认定回避"),
    "recusal_lifted": _("解除回避"),
    "conflict_found_late": _("评分结束后发现回避"),
    "abstained": _("弃权"),
    "abstention_taken_back": _("撤回弃权"),
    "scores_imported": _("读回离线评分"),
    "scores_submitted": _("提交评分"),
    "scores_closed": pgettext_lazy("event", "结束评分"),
    "meeting_planned": _("筹备评审会"),
    "attendance_kept": _("登记到会"),
    "round_opened": _("开始一轮投票"),
    "vote_cast": _("投票"),
    "papers_kept": _("录入纸质选票"),
    "round_closed": _("结束一轮投票"),
    "round_annulled": _("一轮投票作废"),
    "meeting_closed": _("结束评审会"),
    "result_submitted": pgettext_lazy("event", "报送初评结果"),
    "share_proposed": _("提出分工"),
    "share_agreed": _("同意分工"),
    "share_declined": _("不同意分工"),
    "reasons_saved": _("填写评审结论"),
    "result_signed": _("签署初评结果"),
    "signature_withheld": _("不予签署初评结果"),
    "result_sent_back": _("初评结果退回修改"),
    "sheet_reopened": _("评分退回专家修改"),
    "result_scanned": _("上传结果盖章页"),
    "blind_file_given": _("匿名评审附件放行"),
    "blind_file_held": _("匿名评审附件不提供"),
    "marked": _("终评标记"),
    "comments_released": _("转达评审意见"),
    "list_prepared": _("准备入榜名单"),
    "list_published": pgettext_lazy("event", "发布入榜名单"),
}
"""Event name → what people read. Those of a nomination's own way stand in nominations.events."""
