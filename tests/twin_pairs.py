"""Invented entries in pairs: the same entry as two people hand it in, and different ones that look alike. Seeded.

Half-way between the rule's test and its benchmark (benchmarks/twins.py): the same seed gives the same pairs.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from nominations.rules.twins import Entry, Features, Kind, features

PLACES = [
    "北京",
    "上海",
    "深圳市",
    "苏州市",
    "广东省",
    "成都",
    "武汉市",
    "西安",
    "杭州",
    "合肥市",
    "无锡市",
    "青岛",
]
HEARTS = ["云脉", "拓维", "清江", "东湖", "启明", "瀚海", "星辰", "华岳", "格物", "明德", "锐进", "远景", "安澜", "天枢",
          "博远", "恒睿", "鼎新", "凌云", "智源", "汇川"]  # fmt: skip
TRADES = [
    "传感科技",
    "新材料",
    "智能装备",
    "生物医药",
    "信息技术",
    "机器人",
    "新能源",
    "微电子",
    "环境工程",
    "数据科技",
]
FORMS = ["有限公司", "股份有限公司", "有限责任公司"]
FAMILY = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = [
    "静",
    "敏",
    "伟",
    "洋",
    "志远",
    "海涛",
    "晓波",
    "令仪",
    "若谷",
    "思源",
    "建国",
    "雅文",
    "子轩",
    "明哲",
]
SUBJECTS = ["低噪声微机电", "高精度激光", "长效缓释", "超高强度铝合金", "燃料电池", "碳化硅功率", "水下声学", "工业视觉",
            "单光子阵列", "固态锂电", "柔性电子", "微流控", "毫米波成像", "稀土永磁", "高温超导", "量子测距"]  # fmt: skip
THINGS = [
    "传感芯片",
    "测距系统",
    "微球制剂",
    "锻造工艺",
    "电堆装置",
    "封装技术",
    "探测平台",
    "检测算法",
    "合成方法",
    "控制器",
]
FIRST = (
    "稀疏梯度双通相变模态陶瓷离子旋转边缘温控透镜导热电容反馈多级孔径滤波阵列界面晶圆"
    "磁控射频脉冲激发惯性催化光栅薄膜应变谐振熔盐吸附量热编码聚焦偏振弥散冷凝载流锁相"
)
SECOND = (
    "检测校准缓存涂层光路填料分解基板交换密封推理腔体整形耦合补偿屏蔽采样汇聚沉积分选"
    "定标融合萃取烧结键合隔离调制均衡复用巡检剥离浸润裁剪预警追踪配准雾化拉伸淬火回收"
)
THIRD = (
    "电路回路单元模块组件网络机构流程工艺算法平台装置接口方案通道试样界限周期剂量频段"
    "曲面台架节点支架探头样机膜层芯体线圈滑环"
)
"""Words of two signs each, one after the other."""
USES = ["城市管网", "船舶推进", "锂电产线", "手术导航", "矿区车辆", "高铁轴承", "海上风电", "光伏组件", "数控机床", "冷链运输",
        "隧道监测", "电网调度", "水泥窑炉", "制药车间", "半导体前道"]  # fmt: skip
VERBS = ["提出", "建立", "验证", "重构", "标定", "固化", "优化", "拆分", "简化", "实测", "复现", "推广"]
GAINS = [
    "灵敏度",
    "良品率",
    "循环寿命",
    "响应速度",
    "抗干扰能力",
    "能量密度",
    "定位精度",
    "单位能耗",
    "装配效率",
]


def thing(chance: random.Random) -> str:
    """What a technical text speaks of: one of some forty thousand compounds."""
    starts = [2 * chance.randrange(len(words) // 2) for words in (FIRST, SECOND, THIRD)]
    return "".join(words[n : n + 2] for words, n in zip((FIRST, SECOND, THIRD), starts, strict=True))


SETS = (
    "本项目面向世界科技前沿和国家重大需求，坚持创新驱动发展，技术路线成熟可靠，具有自主知识产权。",
    "项目团队长期从事相关领域的研究开发，承担过多项国家和省部级科研任务，产学研合作基础扎实。",
    "成果具备可转化、可转移、可交易的条件，愿意与试点城市（园区）共同推动规模化应用。",
    "项目实施后可带动上下游企业协同发展，促进区域产业结构优化升级，经济效益和社会效益显著。",
)
"""Set phrases that half of all entries have."""
SHAPES: tuple[Callable[[random.Random], str], ...] = (
    lambda c: f"针对{c.choice(USES)}里{thing(c)}不稳，{c.choice(VERBS)}了{thing(c)}与{thing(c)}并用的办法。",
    lambda c: f"{thing(c)}经{c.randrange(3, 400)}组样本比对，{c.choice(GAINS)}由{c.randrange(10, 60)}%升至{c.randrange(61, 99)}%。",
    lambda c: f"{thing(c)}改用{c.choice(SUBJECTS)}结构后，{thing(c)}缩到原来的{c.randrange(2, 9)}分之一。",
    lambda c: f"{c.randrange(2015, 2023)}年起在{c.choice(PLACES)}装配{thing(c)}，{c.randrange(100, 9999)}小时后{thing(c)}仍完好。",
    lambda c: f"{c.choice(VERBS)}{thing(c)}时发现{thing(c)}占去大半时间，于是先做{thing(c)}。",
    lambda c: f"同类产品的{thing(c)}偏重，本例以{thing(c)}代替，{c.choice(GAINS)}高{c.randrange(5, 80)}%。",
    lambda c: f"{c.choice(USES)}的用户要求{thing(c)}可更换，{thing(c)}因此单独封装。",
    lambda c: f"{thing(c)}与{thing(c)}之间留有余量，便于{c.choice(USES)}改造。",
    lambda c: f"第{c.randrange(2, 30)}轮试制把{thing(c)}并入{thing(c)}，{c.choice(VERBS)}后定型。",
    lambda c: f"除{thing(c)}外，{thing(c)}也可由{c.choice(PLACES)}的厂家供应。",
)  # fmt: skip

WORK = Entry(Kind.WORK, holders=("holder",), texts=("text",))
ORGANISATION = Entry(Kind.ORGANISATION, texts=("text",))
PERSON = Entry(Kind.PERSON, holders=("employer",), signs=("phone",), texts=("text",))


@dataclass(frozen=True)
class Handed:
    """One entry as it was handed in."""

    entry: Entry
    title: str
    applicant: str
    code: str
    text: str
    phone: str = ""

    @property
    def features(self) -> Features:
        answers = {"holder": "", "employer": "", "phone": self.phone, "text": self.text}
        return features(self.entry, self.title, self.applicant, self.code, answers)


@dataclass(frozen=True)
class Pair:
    """Two entries, what makes them a case, and whether they are one entry."""

    case: str
    one: Handed
    other: Handed
    is_one_entry: bool


# --- Texts and names ---------------------------------------------------------------------------------------


def sentences(chance: random.Random, count: int) -> list[str]:
    return [chance.choice(SHAPES)(chance) for _ in range(count)]


def text(chance: random.Random, own: int = 22, sets: int = 2) -> str:
    """A text of about a thousand 字, of which ``sets`` sentences are set phrases."""
    found = sentences(chance, own)
    for phrase in chance.sample(SETS, sets):
        found.insert(chance.randrange(len(found)), phrase)
    return "".join(found)


def again(written: str, share: float, chance: random.Random) -> str:
    """The same text as another person hands it in: ``share`` of its sentences rewritten, others moved, mistyped."""
    parts = [part + "。" for part in written.split("。") if part]
    for place in chance.sample(range(len(parts)), round(share * len(parts))):
        parts[place] = chance.choice(SHAPES)(chance)
    at = chance.randrange(len(parts))
    moved = "".join(parts[at:] + parts[:at])
    return "".join(chance.choice("的了在") if chance.random() < 0.005 else _width(s, chance) for s in moved)


def _width(sign: str, chance: random.Random) -> str:
    """Digits and letters in full width, now and then."""
    return chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() and chance.random() < 0.3 else sign


def company(chance: random.Random) -> str:
    return chance.choice(PLACES) + chance.choice(HEARTS) + chance.choice(TRADES) + chance.choice(FORMS)


def renamed(name: str, chance: random.Random) -> str:
    """A company's name as another person writes it."""
    ways = (
        lambda: name.replace("股份有限公司", "有限公司"),
        lambda: f"（{name[:2]}）{name[2:]}",
        lambda: name.replace("有限公司", "有限责任公司").replace("有限责任责任", "有限责任"),
        lambda: f" {name[:4]} {name[4:]}",
    )
    return chance.choice(ways)()


def retitled(title: str, chance: random.Random) -> str:
    """A work's name as another person writes it."""
    ways = (
        lambda: "新型" + title,
        lambda: title + "项目",
        lambda: title + "（升级版）",
        lambda: title.replace("与", "及"),
        lambda: title[:4] + " " + title[4:],
        lambda: title.replace("面向", "用于"),
    )
    return chance.choice(ways)()


def work_title(chance: random.Random) -> str:
    return f"面向{chance.choice(USES)}的{chance.choice(SUBJECTS)}{chance.choice(THINGS)}"


def code(chance: random.Random) -> str:
    return "91" + "".join(chance.choice("0123456789ABCDEFGH") for _ in range(16))


def phone(chance: random.Random) -> str:
    return "139" + "".join(chance.choice("0123456789") for _ in range(8))


def person(chance: random.Random) -> str:
    return chance.choice(FAMILY) + chance.choice(GIVEN)


# --- One entry, twice --------------------------------------------------------------------------------------


def _share(chance: random.Random) -> float:
    return chance.uniform(0.1, 0.4)


def _work(chance: random.Random) -> Handed:
    return Handed(WORK, work_title(chance), company(chance), code(chance), text(chance))


def _twice(first: Handed, chance: random.Random, **changed: str) -> Handed:
    given = {"title": first.title, "applicant": first.applicant, "code": first.code, "phone": first.phone}
    return Handed(first.entry, text=again(first.text, _share(chance), chance), **{**given, **changed})


def same_work(chance: random.Random) -> Pair:
    one = _work(chance)
    return Pair("one work, same name", one, _twice(one, chance), True)


def same_work_retitled(chance: random.Random) -> Pair:
    one = _work(chance)
    return Pair("one work, name altered", one, _twice(one, chance, title=retitled(one.title, chance)), True)


def same_work_renamed(chance: random.Random) -> Pair:
    one = _work(chance)
    changed = {"applicant": renamed(one.applicant, chance), "title": retitled(one.title, chance), "code": ""}
    return Pair("one work, both names altered, no code", one, _twice(one, chance, **changed), True)


def same_work_of_partner(chance: random.Random) -> Pair:
    one = _work(chance)
    changed = {"applicant": company(chance), "code": code(chance), "title": work_title(chance)}
    return Pair("one work, partner and name of its own", one, _twice(one, chance, **changed), True)


def same_company(chance: random.Random) -> Pair:
    name = company(chance)
    one = Handed(ORGANISATION, name, name, code(chance), text(chance))
    other = renamed(name, chance)
    return Pair("one company by its code", one, _twice(one, chance, title=other, applicant=other), True)


def same_company_without_code(chance: random.Random) -> Pair:
    name = company(chance)
    one = Handed(ORGANISATION, name, name, code(chance), text(chance))
    other = renamed(name, chance)
    twice = _twice(one, chance, title=other, applicant=other, code="")
    return Pair("one company, no code", one, twice, True)


def same_person(chance: random.Random) -> Pair:
    one = Handed(PERSON, person(chance), company(chance), code(chance), text(chance), phone(chance))
    changed = {"applicant": company(chance), "code": ""}
    return Pair("one person by telephone", one, _twice(one, chance, **changed), True)


def same_person_moved(chance: random.Random) -> Pair:
    one = Handed(PERSON, person(chance), company(chance), code(chance), text(chance), phone(chance))
    changed = {"applicant": company(chance), "code": code(chance), "phone": phone(chance)}
    return Pair("one person, all signs altered", one, _twice(one, chance, **changed), True)


# --- Two entries that look alike ---------------------------------------------------------------------------


def two_works_of_one(chance: random.Random) -> Pair:
    """The company tells of itself in the same six sentences in both."""
    one = _work(chance)
    itself = "".join(sentences(chance, 6))
    first = Handed(WORK, one.title, one.applicant, one.code, itself + text(chance, 18))
    title = work_title(chance)
    return Pair(
        "two works of one company",
        first,
        Handed(WORK, title, one.applicant, one.code, itself + text(chance, 18)),
        False,
    )


def two_works_of_one_series(chance: random.Random) -> Pair:
    """One company, names that differ in a word, texts of their own."""
    one = _work(chance)
    use = chance.choice([use for use in USES if use not in one.title])
    title = f"面向{use}{one.title[one.title.index('的') :]}"
    return Pair(
        "two works of one series", one, Handed(WORK, title, one.applicant, one.code, text(chance)), False
    )


def two_works_of_one_field(chance: random.Random) -> Pair:
    """A quarter of both texts are the same phrases of the trade."""
    trade = "".join(sentences(chance, 6))
    one, other = _work(chance), _work(chance)
    return Pair(
        "two works of one trade",
        Handed(WORK, one.title, one.applicant, one.code, trade + text(chance, 18)),
        Handed(WORK, other.title, other.applicant, other.code, text(chance, 18) + trade),
        False,
    )


def two_companies_of_like_names(chance: random.Random) -> Pair:
    name = company(chance)
    first = next(place for place in PLACES if name.startswith(place))
    other = chance.choice([place for place in PLACES if place != first]) + name[len(first) :]
    return Pair(
        "two companies of like names",
        Handed(ORGANISATION, name, name, code(chance), text(chance)),
        Handed(ORGANISATION, other, other, code(chance), text(chance)),
        False,
    )


def two_namesakes(chance: random.Random) -> Pair:
    name = person(chance)
    return Pair(
        "two namesakes",
        Handed(PERSON, name, company(chance), code(chance), text(chance), phone(chance)),
        Handed(PERSON, name, company(chance), code(chance), text(chance), phone(chance)),
        False,
    )


CASES: dict[Callable[[random.Random], Pair], int] = {
    same_work: 15,
    same_work_retitled: 15,
    same_work_renamed: 15,
    same_work_of_partner: 15,
    same_company: 15,
    same_company_without_code: 15,
    same_person: 15,
    same_person_moved: 15,
    two_works_of_one: 20,
    two_works_of_one_series: 15,
    two_works_of_one_field: 15,
    two_companies_of_like_names: 15,
    two_namesakes: 15,
}
"""Case → how many of the two hundred."""


def pairs(seed: int, part: float = 1.0) -> list[Pair]:
    """Two hundred pairs, 120 of them one entry; or so large a part of each case."""
    chance = random.Random(seed)
    return [make(chance) for make, count in CASES.items() for _ in range(max(1, round(count * part)))]
