"""Complete answers to the form of 先导技术榜, always the same; part of the cast."""

from __future__ import annotations

from typing import Any

_SENTENCES = (
    "该技术面向工业现场的微弱信号检测需求，提出了低噪声传感芯片与边缘计算相结合的整体方案。",
    "研发团队完成了器件、算法和系统三个层面的自主设计，关键指标经第三方检测机构测试确认。",
    "与现有产品相比，检测灵敏度提高一个数量级，整机功耗下降约四成，单点部署成本明显降低。",
    "成果已在装备状态监测、城市管网巡检等场景完成早期验证，连续运行时间超过八千小时。",
    "技术接口开放，可与主流工业互联网平台对接，具备规模化转化和推广应用的条件。",
    "下一步将联合产业链上下游单位开展中试，形成标准规范，带动区域产业集群发展。",
)


def chinese(length: int, start: int = 0) -> str:
    """A text of exactly ``length`` 字 without white space, always the same for the same arguments."""
    words = "".join(_SENTENCES[(start + n) % len(_SENTENCES)] for n in range(length // 30 + 2))
    return words[: length - 1] + "。" if length else ""


_BY_TRACK = {"green": {"green_direction": "工业"}, "foundation": {"foundation_kind": "基础材料"}}
TRACK_NAMES = {
    "information": "电子信息",
    "biomedicine": "生物医药",
    "equipment": "装备制造",
    "materials": "先进材料",
    "green": "绿色低碳",
    "foundation": "产业基础",
}


def full_answers(track: str = "information", title: str = "低噪声微机电传感芯片") -> dict[str, Any]:
    """Complete answers to the form of 先导技术榜 that may be submitted; ``track`` is the track's key."""
    return {
        "technology_name": title,
        "holder_name": "北京云脉传感科技有限公司",
        "track": TRACK_NAMES[track],
        "industries": ["397", "6513"],
        "readiness": "TRL7",
        "transfer_forms": ["可进行交易", "已经有合作"],
        "contact_name": "李静",
        "phone": "010-62550001",
        "address": "北京市海淀区中关村东路1号院8号楼",
        "email": "lijing@example.org",
        "team_profile": chinese(180, 1),
        **({} if track == "foundation" else {"pilot_city": "苏州工业园区"}),
        **_BY_TRACK.get(track, {}),
        "introduction_text": chinese(500, 0),
        "scenarios_text": chinese(450, 3),
        "rights_text": chinese(150, 1),
        "rights_rows": [
            {
                "kind": "发明专利",
                "title": "一种低噪声电容检测电路及其校准方法",
                "number": "ZL202010123456.7",
                "date": "2021-06",
                "holder": "北京云脉传感科技有限公司",
            }
        ],
        "awards_rows": [{"name": "中国电子学会科学技术奖二等奖", "level": "全国学会奖", "date": "2021-11"}],
        "economy_text": chinese(220, 2),
        "society_text": chinese(220, 4),
    }
