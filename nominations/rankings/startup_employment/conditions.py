"""Rankings: the conditions of 创业就业先锋榜 (附件1 四), for both categories."""

from __future__ import annotations

from nominations.fields.base import Condition

STARTUP, EMPLOYMENT = "创业先锋", "就业先锋"
LAWFUL = "创办的企业须符合国家法律法规和产业政策，具有良好的经济效益、社会效益。"
YOUNG = "创办的企业为工商注册5年以内，"

CONDITIONS = (
    Condition(
        key="startup_purpose",
        text=(
            "以科技创新为驱动，聚焦热点领域或关键核心技术领域突破，拥有核心专有技术和优势竞争力，"
            "具备高成长性的科创型企业的优秀创业者。"
        ),
        clause="附件1 四（创业先锋）",
        kind="reviewer",
        categories=(STARTUP,),
    ),
    Condition(
        key="startup_founder",
        text="候选人在科技创业项目中担任创始人角色，",
        clause="附件1 四（创业先锋）1",
        categories=(STARTUP,),
    ),
    # Counted back from the season's year, as 二1 counts for enterprises.
    Condition(
        key="startup_young",
        text=YOUNG,
        clause="附件1 四（创业先锋）1",
        kind="computed",
        categories=(STARTUP,),
        rule="not_before",
        question="registered_on",
        arguments=("{year-5}-01-01",),
    ),
    Condition(
        key="startup_technology",
        text="拥有核心专有技术（或产品）和优势竞争力，处于初创期或快速成长期。",
        clause="附件1 四（创业先锋）1",
        categories=(STARTUP,),
    ),
    Condition(
        key="startup_industry",
        text=(
            "创办的企业主要聚焦战略性新兴产业，包含但不限于新一代信息技术、生物、新能源、新材料、高端装备、"
            "新能源、新能源汽车、节能环保、航空航天等领域。"
        ),
        clause="附件1 四（创业先锋）2",
        kind="computed",
        categories=(STARTUP,),
        rule="answered",
        question="emerging_industry",
    ),
    Condition(key="startup_lawful", text=LAWFUL, clause="附件1 四（创业先锋）3", categories=(STARTUP,)),
    Condition(
        key="employment_purpose",
        text=(
            "积极推进技术创新和管理创新，通过科创型创业扩大就业机会，依托大数据、人工智能等技术优势，"
            "构建“互联网+”就业创业网络体系和平台的优秀创业者。"
        ),
        clause="附件1 四（就业先锋）",
        kind="reviewer",
        categories=(EMPLOYMENT,),
    ),
    Condition(
        key="employment_founder",
        text="候选人在科创型就业服务项目中担任创始人角色，",
        clause="附件1 四（就业先锋）1",
        categories=(EMPLOYMENT,),
    ),
    Condition(
        key="employment_young",
        text=YOUNG,
        clause="附件1 四（就业先锋）1",
        kind="computed",
        categories=(EMPLOYMENT,),
        rule="not_before",
        question="registered_on",
        arguments=("{year-5}-01-01",),
    ),
    Condition(
        key="employment_services",
        text=("紧扣就业市场需求，稳定提供就业指导、岗位精准推送，就业进展跟踪，重点群体定向帮扶等服务。"),
        clause="附件1 四（就业先锋）1",
        categories=(EMPLOYMENT,),
    ),
    Condition(
        key="employment_results",
        text="创办的企业在稳就业、保就业工作方面取得卓有成效的贡献。",
        clause="附件1 四（就业先锋）2",
        categories=(EMPLOYMENT,),
    ),
    Condition(key="employment_lawful", text=LAWFUL, clause="附件1 四（就业先锋）3", categories=(EMPLOYMENT,)),
)
