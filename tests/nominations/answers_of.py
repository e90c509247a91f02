"""A full set of answers for 先导技术榜, for tests to start from and to spoil on purpose."""

from typing import Any


def full(**changes: Any) -> dict[str, Any]:
    """Answers with which the form may be submitted, in the track 电子信息."""
    return {
        "technology_name": "高精度激光测距芯片",
        "holder_name": "示例光电研究院",
        "track": "电子信息",
        "industries": ["397", "3971"],
        "readiness": "TRL6",
        "transfer_forms": ["可进行交易", "已经有合作"],
        "contact_name": "王𡃁",
        "phone": "010-56057633",
        "address": "北京市海淀区学院路1号",
        "email": "lidar@example.cn",
        "team_profile": "团" * 200,
        "pilot_city": "",
        "introduction_text": "介" * 400,
        "scenarios_text": "景" * 600,
        "rights_text": "已获发明专利两项。",
        "rights_rows": [
            {
                "kind": "发明专利",
                "title": "一种测距芯片",
                "number": "ZL201910000001.2",
                "date": "2021-06",
                "holder": "示例光电研究院",
            }
        ],
        "awards_rows": [],
        "economy_text": "预期占有率百分之十。",
        "society_text": "解决行业关键技术问题。",
        **changes,
    }
