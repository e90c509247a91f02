"""What an expert agrees to with the answer to an invitation: the words, and the version that is kept with the tick.

Whoever changes a word gives it a new version: what was ticked before stays on record under the old one.
Consent to the use of personal data is asked for apart and never ticked beforehand (个人信息保护法 第十三条、第十七条).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

COMMITMENT_VERSION = "2022-1"
COMMITMENT = (
    _("独立、客观、公正评审，不受单位和个人影响。"),
    _("与申报单位、推荐单位或申报人有利害关系的，主动声明回避。"),
    _("不泄露申报内容、评分和评审意见，不留存、不使用申报材料。"),
)

CONSENT_VERSION = "2022-1"
CONSENT = (
    _("处理的信息：姓名、邮箱、工作单位、上级单位、单位地址、职称/职务、专业领域，以及评审记录。"),
    _(
        "用途：联系、分配评审任务、比对回避情形、留存评审记录。由秘书处和发出邀请的初评机构处理，不公开，不另作他用。"
    ),
    _("可随时在“我的信息”中更正，在“评审邀请”中退出评审；退出前的评审记录按评审档案保存。"),
)
