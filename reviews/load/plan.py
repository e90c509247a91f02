"""What the made-up season holds: whose nomination, where, how far, when; the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from reviews.demo.texts import TECHNOLOGIES
from reviews.load.samples import CASES

TRACKS = {
    "电子信息": "information",
    "生物医药": "biomedicine",
    "装备制造": "equipment",
    "先进材料": "materials",
    "绿色低碳": "green",
    "产业基础": "foundation",
}
SEPARATE = frozenset({"international_cooperation", "open_source"})
"""Rankings that no unit recommends for."""
CHANNELS = ("society", "province", "pilot_city", "consortium", "central_enterprise", "other")
HARD = 0
"""The unit that gets a tenth of all nominations."""
HARD_SHARE = 10
SEPARATE_SHARE = 12
DAYS = 38
"""The nominations are spread over so many days of the call."""

WAYS = {
    "drafted": 12,
    "submitted": 30,
    "returned": 8,
    "resubmitted": 8,
    "recommended": 22,
    "recommended_again": 6,
    "taken_back": 3,
    "declined": 6,
    "withdrawn": 3,
    "withdrawn_draft": 2,
}
"""How far a nomination is → how often of a hundred."""
ALONE = {"drafted": 30, "submitted": 60, "withdrawn": 7, "withdrawn_draft": 3}
"""The same where no unit recommends."""
TAKES = frozenset({"recommended", "recommended_again"})
NO_PLACE_LEFT = "submitted"


@dataclass(frozen=True)
class Case:
    """A ranking with a track or a category: forms of one case have the same answers but for the names in them."""

    ranking: str
    track: str = "all"
    category: str = ""


FIELDS = tuple(Case("pioneer_technology", key) for key in TRACKS.values())
OTHERS = tuple(Case(key, category=category) for key, category in CASES if key not in SEPARATE)
DIRECT = tuple(Case(key, category=category) for key, category in CASES if key in SEPARATE)


@dataclass(frozen=True)
class Wanted:
    """One nomination that is to be: its case, its way, its unit and applicant by number, when it was begun."""

    case: Case
    way: str
    unit: int | None
    applicant: int
    title: str
    after: timedelta


_FOR = ("港口机械", "城市管网", "精密机床", "海上风电", "轨道交通", "锂电产线", "智慧矿山", "航空结构件",
        "医学影像", "设施农业", "建筑工地", "危化品仓储", "半导体产线", "乡镇供水", "高压输电", "冷链物流")  # fmt: skip
_BY = ("自适应滤波", "多源融合", "稀疏重建", "数字孪生", "柔性传感", "增量学习", "声学成像", "微流控",
       "激光熔覆", "相变储能", "分布式光纤", "联邦计算", "超构表面", "动态共价网络", "存算一体", "弱监督识别")  # fmt: skip
_WHAT = ("状态监测系统", "检测装备", "控制器", "修复工艺", "预警平台", "节能改造技术", "设计软件", "诊断终端",
         "传感芯片", "制备方法", "调度引擎", "安全网关")  # fmt: skip


def title(number: int) -> str:
    """The title of this number: 3,072 of them, then with a serial number."""
    rest, what = divmod(number, len(_WHAT))
    rest, by = divmod(rest, len(_BY))
    serial, place = divmod(rest, len(_FOR))
    return f"面向{_FOR[place]}的{_BY[by]}{_WHAT[what]}" + (f"（{serial + 1}型）" if serial else "")


def technology(track: str):
    """The demo's first technology of a track."""
    return next(one for one in TECHNOLOGIES if TRACKS[one.track] == track)


def channels_of(unit: int) -> Sequence[str]:
    """One to three channels; the hard unit has three."""
    count = 3 if unit == HARD else 1 + (unit % 3 == 1) + (unit % 6 == 1)
    return [CHANNELS[(unit + place) % len(CHANNELS)] for place in range(count)]


def wanted(units: int, nominations: int, quotas: dict[tuple[str, str], int], seed: int) -> Iterator[Wanted]:
    """All nominations of a season of so many units, none of which recommends beyond its quota.

    ``quotas``: (ranking, track) → places that each channel gives.
    """
    chance = random.Random(seed)
    used: Counter[tuple[int, Case]] = Counter()
    people = max(1, nominations // 3)
    for number in range(nominations):
        unit = HARD if number % HARD_SHARE == 0 or units == 1 else chance.randrange(1, units)
        alone = number % SEPARATE_SHARE == 1
        case = chance.choice(DIRECT) if alone else chance.choice(FIELDS if chance.random() < 0.7 else OTHERS)
        ways = ALONE if alone else WAYS
        way = chance.choices(list(ways), list(ways.values()))[0]
        if way in TAKES:
            place = (unit, Case(case.ranking, case.track))
            if used[place] >= quotas[case.ranking, case.track] * len(channels_of(unit)):
                way = NO_PLACE_LEFT
            else:
                used[place] += 1
        yield Wanted(
            case=case,
            way=way,
            unit=None if alone else unit,
            applicant=chance.randrange(people),
            title=title(number),
            after=timedelta(minutes=chance.randrange(DAYS * 24 * 60)),
        )
