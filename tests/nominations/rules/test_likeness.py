"""Names that mean one thing are found, names that don't are left alone: measured on a seeded set."""

import random

import pytest

from nominations.rules.likeness import NEAR, comparable, core, likeness

PLACES = ["北京", "上海", "深圳市", "苏州市", "广东省", "成都", "武汉市", "西安", "杭州", "合肥市"]
HEARTS = [
    "云脉", "拓维", "清江", "东湖", "启明", "瀚海", "星辰", "华岳", "格物", "明德", "锐进", "远景", "安澜", "天枢",
    "博远", "恒睿", "鼎新", "凌云", "智源", "汇川",
]  # fmt: skip
FIELDS = [
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
SUBJECTS = [
    "低噪声微机电",
    "高精度激光",
    "长效缓释",
    "超高强度铝合金",
    "燃料电池",
    "碳化硅功率",
    "水下声学",
    "工业视觉",
]
THINGS = ["传感芯片", "测距系统", "微球制剂", "锻造工艺", "电堆装置", "模块封装技术", "探测平台", "检测算法"]


def companies():
    return [place + heart + field + FORMS[(n + m) % 3]
            for n, place in enumerate(PLACES) for m, heart in enumerate(HEARTS) for field in FIELDS[n % 3::3]]  # fmt: skip


def technologies():
    return [subject + thing for subject in SUBJECTS for thing in THINGS]


def rewritten(name, chance):
    """The same name as another person writes it."""
    ways = [
        lambda: (
            name.replace("股份有限公司", "有限公司")
            if "股份" in name
            else name.replace("有限", "股份有限", 1)
        ),
        lambda: name.removesuffix("有限公司") or name,
        lambda: "（" + name[:2] + "）" + name[2:],
        lambda: name[:4] + " · " + name[4:],
        lambda: name.replace("科技", "技术") if "科技" in name else name + "（升级版）",
        lambda: name[: len(name) // 2] + chance.choice("新型高") + name[len(name) // 2 :],
        lambda: name + "项目",
        lambda: (lambda at: name[:at] + name[at + 1 :])(chance.randrange(3, len(name) - 1)),
    ]
    return chance.choice(ways)()


def near(one, other):
    return likeness(core(one), core(other)) >= NEAR


def measured(names, seed):
    """Recall over rewritten names, and the share of pairs of different names that are told as near."""
    chance = random.Random(seed)
    again = [(name, rewritten(name, chance)) for name in names]
    recall = sum(near(name, other) for name, other in again) / len(again)
    pairs = [chance.sample(names, 2) for _ in range(5000)]
    alarms = sum(near(one, other) for one, other in pairs) / len(pairs)
    return recall, alarms


@pytest.mark.parametrize(("names", "recall", "alarms"), [(companies, 0.8, 0.01), (technologies, 0.8, 0.01)])
@pytest.mark.parametrize("seed", [2022, 2023])
def test_recall_and_false_alarms_on_a_seeded_set(names, recall, alarms, seed, record_property):
    found, false = measured(names(), seed)
    record_property("recall", found)
    record_property("false_alarms", false)
    print(f"{names.__name__}: recall {found:.3f}, false alarms {false:.4f}")
    assert found >= recall
    assert false <= alarms


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("北京云脉传感科技有限公司", "云脉传感科技股份有限公司", True),
        ("北京云脉传感科技有限公司", "云脉传感（北京）科技有限公司", True),
        ("北京云脉传感科技有限公司", "北京拓维传感科技有限公司", False),
        ("苏州市产业技术研究院", "无锡市产业技术研究院", False),
        ("高精度激光测距芯片", "高精度激光测距芯片2", True),
        ("高精度激光测距芯片", "低噪声微机电传感芯片", False),
        ("云", "云", True),
        ("有限公司", "股份有限公司", False),
        ("", "", True),
    ],
)
def test_pairs_that_a_person_would_judge(one, other, alike):
    assert near(one, other) is alike


def test_a_core_leaves_out_the_legal_form_and_brackets_and_never_all():
    assert core("拓维智能（苏州）科技有限责任公司") == "拓维智能科技"
    assert core("有限公司") == comparable("有限公司")
    assert core("（）") == ""
