"""The menu of each role, in the order of its work. Data only: a door decides who may enter."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Entry:
    """One line of a menu."""

    path: str
    word: str | Promise


MENU: dict[str, tuple[Entry, ...]] = {
    "public": (
        Entry("/rankings/", _("榜单目录")),
        Entry("/notices/", pgettext_lazy("several", "公示")),
        Entry("/lists/", pgettext_lazy("several", "入榜名单")),
        Entry("/verify/", _("核验")),
        Entry("/help/", _("填报说明")),
    ),
    "applicant": (
        Entry("/my/", _("我的申报")),
        Entry("/rankings/", _("榜单目录")),
        Entry("/help/", _("填报说明")),
    ),
    "unit": (
        Entry("/unit/", _("推荐工作台")),
        Entry("/unit/nominations/", _("申报列表")),
        Entry("/unit/summary/", _("推荐汇总与排序")),
        Entry("/unit/selection/", _("内部遴选")),
        Entry("/unit/deadline/", _("内部截止")),
        Entry("/unit/import/", _("批量导入")),
        Entry("/unit/people/", _("本单位人员")),
    ),
    "body": (
        Entry("/body/", _("初评工作台")),
        Entry("/body/plan/", _("初评方案备案")),
        Entry("/body/check/", _("形式审查")),
        Entry("/body/experts/", pgettext_lazy("several", "专家")),
        Entry("/body/assign/", _("专家与分配")),
        Entry("/body/conflicts/", _("回避")),
        Entry("/body/progress/", _("评审进度")),
        Entry("/body/results/", _("初评结果")),
    ),
    "expert": (
        Entry("/expert/", _("评审任务")),
        Entry("/expert/conflicts/", _("回避声明")),
        Entry("/expert/summary/", _("核对与提交")),
        Entry("/expert/invitations/", _("评审邀请")),
        Entry("/expert/profile/", _("我的信息")),
    ),
    "office": (
        Entry("/office/", _("数据大盘")),
        Entry("/office/season/", _("年度设置")),
        Entry("/office/nominations/", _("申报总表")),
        Entry("/office/twins/", _("相近申报")),
        Entry("/office/units/", _("单位、名额、账号")),
        Entry("/office/exceptions/", _("延期与例外")),
        Entry("/office/load/", _("预计负荷")),
        Entry("/office/exclusions/", _("往年入榜名单")),
        Entry("/office/pilot-places/", _("试点城市（园区）")),
        Entry("/office/conflicts/", _("回避")),
        Entry("/office/final/", _("终评")),
        Entry("/office/notices/", pgettext_lazy("several", "公示")),
        Entry("/office/publish/", _("发布入榜名单")),
        Entry("/office/audit/", _("操作记录")),
    ),
    "admin": (Entry("/admin/", _("系统管理")),),
}
