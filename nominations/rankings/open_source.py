"""Rankings: 开源创新榜, separately organised: its form follows its conditions (附件1 七), no sample is printed."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from nominations.fields.base import Condition, Declaration, Option, Question, Section, options

PRODUCT, COMMUNITY, INSTITUTION = "开源产品", "开源社区", "开源机构"
COUNTED = _("字数按字符计，不含空格")

BASICS = Section(
    key="basics",
    title="基本情况",
    questions=(
        Question(key="name", label="名称", kind="short_text"),
        Question(key="initiator", label="发起单位或个人", kind="short_text"),
        Question(
            key="initiator_kind",
            label="发起主体类型",
            kind="one_of",
            box="before",
            per_line=2,
            options=(
                *options("企事业单位", "高等院校", "科研院所", "社团组织"),
                Option("行业个人", categories=(PRODUCT, COMMUNITY)),
            ),
        ),
        Question(key="profile", label="简介", kind="long_text"),
    ),
)

PRODUCT_FACTS = Section(
    key="product",
    title="开源产品",
    categories=(PRODUCT,),
    questions=(
        Question(
            key="field",
            label="重点领域",
            kind="one_of",
            box="before",
            per_line=2,
            options=options(
                "人工智能（含：自动驾驶）",
                "数据库",
                "操作系统",
                "云原生",
                "大数据",
                "物联网",
                "芯片",
                "区块链",
                "工业互联网",
                "软件研发（含：低代码）",
            ),
        ),
        Question(
            key="licences",
            label="开源许可证",
            kind="licence",
            hint=_("OSI认证的开源许可证，可输入SPDX标识或名称查找，例如Apache-2.0"),
            catalogue="licences",
            levels=("{year}",),
            max_count=10,
        ),
        Question(
            key="repository",
            label="源代码仓库地址",
            kind="url",
            hint=_("公开的地址，例如https://gitee.com/example/project"),
        ),
        Question(
            key="part",
            label="参与方式",
            kind="one_of",
            box="before",
            per_line=3,
            options=options("发起", "主导", "二次开发"),
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
    ),
)

MERITS = Section(
    key="merits",
    title="创新性、贡献度与影响力",
    layout="block",
    questions=(
        Question(key="innovation_text", label="创新性", kind="long_text", hint=COUNTED, max_count=1000),
        Question(key="contribution_text", label="贡献度", kind="long_text", hint=COUNTED, max_count=1000),
        Question(key="influence_text", label="影响力", kind="long_text", hint=COUNTED, max_count=1000),
    ),
)

CONDITIONS = (
    Condition(
        key="purpose",
        text="面向中国开源行业领域，选出一批具有创新性、贡献度和影响力的开源产品、社区、机构。",
        clause="附件1 七",
        kind="reviewer",
    ),
    Condition(
        key="product_from_china",
        text=("由中国企事业单位、高等院校、科研院所、社团组织或行业个人发起、主导或二次开发的开源项目。"),
        clause="附件1 七（一）1",
        categories=(PRODUCT,),
    ),
    Condition(
        key="product_field",
        text=(
            "来自人工智能（含：自动驾驶）、数据库、操作系统、云原生、大数据、物联网、芯片、区块链、工业互联网、"
            "软件研发（含：低代码）十大国内开源重点领域。"
        ),
        clause="附件1 七（一）2",
        kind="computed",
        categories=(PRODUCT,),
        rule="answered",
        question="field",
    ),
    Condition(
        key="product_licence",
        text="机构或个人作品须有明确的开源许可证，并采用OSI认证开源许可证。",
        clause="附件1 七（一）3",
        kind="computed",
        categories=(PRODUCT,),
        rule="answered",
        question="licences",
    ),
    Condition(
        key="product_open",
        text="产品自建或托管在第三方平台，源代码开放。",
        clause="附件1 七（一）4",
        categories=(PRODUCT,),
    ),
    Condition(
        key="community_from_china",
        text="由中国企事业单位、高等院校、科研院所、社团组织或个人发起的开源社区。",
        clause="附件1 七（二）",
        categories=(COMMUNITY,),
    ),
    Condition(
        key="institution_from_china",
        text="由中国企事业单位、高等院校、科研院所、社团组织发起的开源机构。",
        clause="附件1 七（三）",
        categories=(INSTITUTION,),
    ),
)

DECLARATION = Declaration(
    key="open_source",
    name="开源创新榜",
    title="{year}年“科创中国”开源创新榜",
    title_question="name",
    separately_organised=True,
    categories=(Option(PRODUCT), Option(COMMUNITY), Option(INSTITUTION)),
    sections=(BASICS, PRODUCT_FACTS, CONTACT, MERITS),
    conditions=CONDITIONS,
)
