"""Rankings: 国际创新合作榜, separately organised: its form follows its conditions (附件1 六), no sample is printed."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from nominations.fields.base import Check, Condition, Declaration, Question, Section, options

COUNTED = _("字数按字符计，不含空格")

PROJECT = Section(
    key="project",
    title="项目基本情况",
    questions=(
        Question(key="project_name", label="项目名称", kind="short_text"),
        Question(key="applicant_name", label="申报单位名称", kind="short_text"),
        Question(key="partner_country", label="合作国家或地区", kind="short_text", width="half"),
        Question(key="partner_name", label="境外合作方名称", kind="short_text", width="half"),
        # The notice names three of the ten yearly fields; the season's own copy holds the list that counts.
        Question(
            key="direction",
            label="年度重点领域方向",
            kind="one_of",
            yearly=True,
            box="before",
            per_line=2,
            options=options("新一代信息技术", "创新药与大健康", "绿色能源与节能环保"),
        ),
        Question(
            key="subject_forms",
            label="标的形式",
            kind="any_of",
            hint=_("以非工业产权标的形式参与"),
            box="before",
            per_line=3,
            options=options("人才智力", "装备实物", "专业服务"),
        ),
        Question(
            key="direct_modes",
            label="直接交易模式",
            kind="any_of",
            hint=_("直接、间接交易模式合计至少勾选一种"),
            required=False,
            box="before",
            per_line=2,
            options=options(
                "技术服务",
                "技术咨询",
                "技术（合作、委托）开发",
                "技术秘密转让",
                "专利权转让",
                "专利申请权转让",
                "专利权（专利申请技术）实施许可（独占、排他、普通、可转让、交叉）",
                "知识产权租赁",
            ),
        ),
        Question(
            key="indirect_modes",
            label="间接交易模式",
            kind="any_of",
            hint=_("直接、间接交易模式合计至少勾选一种"),
            required=False,
            box="before",
            per_line=2,
            options=options(
                "合作生产",
                "工程承包",
                "设备引进",
                "公共工程特许权（BOT）",
                "特许经营",
                "补偿贸易",
                "人才交流",
                "跨境直接投资",
                "创新技术产品市场开拓",
                "合同研发外包",
                "创新技术供应链合作",
            ),
        ),
        Question(
            key="pilot_city",
            label="服务的试点城市（园区）",
            kind="pilot_city",
            hint=_("填写“科创中国”试点城市（园区）的全称"),
        ),
    ),
)

CONTACT = Section(
    key="contact",
    title="联系方式",
    questions=(
        Question(key="contact_name", label="联系人", kind="short_text", width="half"),
        Question(
            key="phone",
            label="电话",
            kind="phone",
            hint=_("手机或座机均可，座机写区号，例如010-56057633"),
            width="half",
        ),
        Question(key="email", label="邮箱", kind="email"),
        Question(key="address", label="地址", kind="short_text"),
    ),
)

INTRODUCTION = Section(
    key="introduction",
    title="项目介绍",
    layout="block",
    questions=(
        Question(key="introduction_text", label="项目介绍", kind="long_text", hint=COUNTED, max_count=1000),
        Question(key="progress_text", label="合作进展与成效", kind="long_text", hint=COUNTED, max_count=1000),
        Question(
            key="prospects_text",
            label="可参会、可跨境、可转移、可交易、可转化、可落地情况",
            kind="long_text",
            hint=COUNTED,
            max_count=1000,
        ),
    ),
)

CONDITIONS = (
    Condition(
        key="purpose",
        text=(
            "围绕“科创中国”试点城市（园区）需求，聚焦“新一代信息技术、创新药与大健康、绿色能源与节能环保”等"
            "十个年度重点领域方向，面向全球征集遴选可参会、可跨境、可转移、可交易、可转化、可落地的"
            "高质量国际技术转化成果。"
        ),
        clause="附件1 六",
        kind="reviewer",
    ),
    Condition(
        key="subject",
        text=(
            "以非工业产权标的形式参与国际技术交易与跨境技术商业化合作的产业创新技术合作项目，"
            "可具体体现于人才智力、装备实物、专业服务等形式。"
        ),
        clause="附件1 六1",
        kind="computed",
        rule="answered",
        question="subject_forms",
    ),
    Condition(
        key="direct_modes",
        text=(
            "参与合作项目，应明确表达意向合作模式，包括并不限于：技术服务、技术咨询、技术（合作、委托）开发、"
            "技术秘密转让、专利权转让、专利申请权转让、专利权（专利申请技术）实施许可"
            "（独占、排他、普通、可转让、交叉）、知识产权租赁等直接交易模式。"
        ),
        clause="附件1 六2",
        kind="computed",
        rule="any_answered",
        question="direct_modes",
        arguments=("direct_modes", "indirect_modes"),
    ),
    Condition(
        key="indirect_modes",
        text=(
            "以及合作生产、工程承包、设备引进、公共工程特许权（BOT）、特许经营、补偿贸易、人才交流、跨境直接投资、"
            "创新技术产品市场开拓、合同研发外包、创新技术供应链合作等间接交易模式。"
        ),
        clause="附件1 六2",
        kind="computed",
        rule="any_answered",
        question="indirect_modes",
        arguments=("direct_modes", "indirect_modes"),
    ),
)

CHECKS = (Check(key="some_mode", rule="at_least_one", questions=("direct_modes", "indirect_modes")),)

DECLARATION = Declaration(
    key="international_cooperation",
    name="国际创新合作榜",
    title="{year}年“科创中国”国际创新合作榜",
    title_question="project_name",
    separately_organised=True,
    sections=(PROJECT, CONTACT, INTRODUCTION),
    conditions=CONDITIONS,
    checks=CHECKS,
)
