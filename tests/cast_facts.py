"""Moments and people of the tests: data alone; part of the cast."""

from __future__ import annotations

from datetime import UTC, datetime

from accounts.roles import Duty, Role

# --- Moments of the season of 2022 -------------------------------------------------------------------------

BEFORE_CALL = datetime(2022, 9, 1, 2, 0, tzinfo=UTC)
DURING_CALL = datetime(2022, 10, 20, 2, 0, tzinfo=UTC)
LAST_INSTANT = datetime(2022, 10, 31, 15, 59, 59, 999999, tzinfo=UTC)
GATE = datetime(2022, 10, 31, 16, 0, tzinfo=UTC)
IN_PRELIMINARY = datetime(2022, 11, 10, 2, 0, tzinfo=UTC)
IN_FINAL = datetime(2022, 12, 12, 2, 0, tzinfo=UTC)
IN_PUBLICATION = datetime(2023, 1, 10, 2, 0, tzinfo=UTC)

PASSWORD = "云山-赤水-2022-推介"
ADDRESS = "203.0.113.7"

PEOPLE: dict[str, tuple[str, str, str, str]] = {
    "applicant": ("lijing", "李静", Role.APPLICANT, "北京云脉传感科技有限公司"),
    "colleague": ("zhouyan", "周岩", Role.APPLICANT, "北京云脉传感科技有限公司"),
    "stranger": ("hexiaobo", "何晓波", Role.APPLICANT, "苏州拓维材料有限公司"),
    "unit_person": ("wangmin", "王敏", Role.UNIT, "中国电子学会"),
    "handler": ("sunli", "孙丽", Role.UNIT, "中国电子学会"),
    "other_unit_person": ("chengang", "陈刚", Role.UNIT, "广东省科学技术协会"),
    "body_person": ("zhangwei", "张伟", Role.BODY, "中国科协信息科技学会联合体"),
    "other_body_person": ("liufang", "刘芳", Role.BODY, "中国科协生命科学学会联合体"),
    "office_a": ("zhaolei", "赵磊", Role.OFFICE, "“科创中国”联合体秘书处"),
    "office_b": ("sunyue", "孙悦", Role.OFFICE, "“科创中国”联合体秘书处"),
    "admin": ("yunwei", "钱运", Role.ADMIN, "“科创中国”联合体秘书处"),
}
"""Fixture → account, name, role, organisation."""

DUTIES = {"handler": Duty.HANDLE}
"""Who of them isn't an administrator of the unit."""

EXPERTS: dict[str, dict[str, str]] = {
    "expert_a": {
        "name": "吴志远",
        "email": "wuzhiyuan@example.org",
        "employer": "清江大学",
        "position": "教授",
        "expertise": "集成电路",
    },
    "expert_b": {
        "name": "郑海涛",
        "email": "zhenghaitao@example.org",
        "employer": "东湖信息研究院",
        "position": "研究员",
        "expertise": "传感网络",
    },
}
