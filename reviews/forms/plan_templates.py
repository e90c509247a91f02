"""初评方案样例: a sensible plan of our own for each ranking, to start from. Official drafts, and so in Chinese alone."""

from __future__ import annotations

from typing import Any

WORK_PLAN = """一、程序。形式审查；按回避规定分配专家；专家独立评分；结束评分，核对结果；签署并报送秘书处。
二、时间。11月1日至7日形式审查，11月8日至10日分配专家，11月11日至25日专家评审，11月28日前报送初评结果。
三、纪律。专家签署评审承诺，遵守回避和保密规定，不得与申报单位接触；评分结束前不互相查看评分。
四、监督。评审过程留有记录，结果可以复算；对评审的意见由本机构受理。"""

EXPERT_PLAN = """一、人数。每项申报由{each}名专家评审，专家总数按申报数量和专业领域确定。
二、构成。{who}
三、遴选。从本机构专家库中按专业领域选取，同一单位的专家不超过总数的五分之一。
四、回避。专家与申报单位、推荐单位有人事、合作或利益关系的回避；系统比对和专家声明并用。"""


def _criteria(*rows: tuple[str, int, str]) -> list[dict[str, Any]]:
    return [{"name": name, "weight": weight, "meaning": meaning} for name, weight, meaning in rows]


def _plan(each: int, who: str, recipe: str, criteria: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "work_plan": WORK_PLAN,
        "expert_plan": EXPERT_PLAN.format(each=each, who=who),
        "experts_each": each,
        "recipe": recipe,
        "criteria": criteria,
        "scale": 100,
        "shortlist": 10,
        "ties": ["heaviest", "next", "median", "spread"],
        **more,
    }


TEMPLATES: dict[str, dict[str, Any]] = {
    "pioneer_technology": _plan(
        5,
        "技术专家不少于三分之二，产业和投资专家不少于四分之一，覆盖本领域主要方向。",
        "trimmed",
        _criteria(
            ("技术先进性", 40, "原理或方法有创新，主要指标与国内外同类技术相比"),
            ("产业带动性", 30, "对产业链的带动作用，市场需求和规模"),
            ("转化可行性", 30, "验证程度，转化、转移、交易的条件和计划"),
        ),
    ),
    "emerging_enterprise": _plan(
        5,
        "产业专家、投资专家和技术专家各不少于四分之一。",
        "standardised",
        _criteria(
            ("创新能力", 35, "研发投入、核心技术、知识产权"),
            ("成长性", 35, "近年营业收入、市场和团队的增长"),
            ("带动作用", 30, "对产业和地方创新创业的带动"),
        ),
    ),
    "integrated_innovation": _plan(
        5,
        "高校院所、企业和服务机构的专家各不少于四分之一。",
        "mean",
        _criteria(
            ("融通机制", 40, "组织方式、利益分配、长期合作的安排"),
            ("合作成效", 40, "共同研发和转化的成果"),
            ("示范作用", 20, "做法可供其他地方和单位借鉴"),
        ),
    ),
    "startup_employment": _plan(
        5,
        "创业导师、产业专家和投资专家各不少于四分之一。",
        "trimmed",
        _criteria(
            ("创业创新", 35, "创业项目的创新程度和市场表现"),
            ("带动就业", 40, "直接和间接带动就业的人数和质量"),
            ("社会影响", 25, "示范作用和社会评价"),
        ),
    ),
    "technology_manager": _plan(
        5,
        "技术转移机构、高校院所和企业的专家各不少于四分之一。",
        "median",
        _criteria(
            ("专业能力", 30, "从业经历、培训和资质"),
            ("转化业绩", 50, "促成的技术合同、金额和落地情况"),
            ("服务评价", 20, "委托方的评价和行业影响"),
        ),
    ),
    "international_cooperation": _plan(
        5,
        "技术专家不少于二分之一，国际合作和产业专家不少于四分之一。",
        "mean",
        _criteria(
            ("合作基础", 30, "合作各方的实力和合作历史"),
            ("合作成果", 45, "共同取得的成果及其应用"),
            ("合作前景", 25, "继续合作的计划和条件"),
        ),
    ),
    "open_source": _plan(
        5,
        "开源技术专家不少于二分之一，产业用户和社区代表不少于四分之一。",
        "weighted",
        _criteria(
            ("技术与质量", 35, "代码、文档和架构的质量，许可证合规"),
            ("社区活跃度", 35, "贡献者、版本和治理"),
            ("应用与影响", 30, "使用范围和产业影响"),
        ),
        expert_groups=[
            {"key": "g1", "name": "技术专家", "weight": 60},
            {"key": "g2", "name": "用户与社区代表", "weight": 40},
        ],
    ),
}
"""Ranking key → what a plan's form starts with."""
