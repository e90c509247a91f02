"""One entry handed in twice is found and different ones are left alone: by case, and measured on a seeded set."""

import random

import pytest

from nominations.rankings import DECLARATIONS
from nominations.rules import twins
from nominations.rules.twins import ENTRIES, Degree, Kind, features, nearest
from tests import twin_pairs

CODE, OTHER = "91110108MA01A2B3C4", "91320505MA02B3C4D5"
NAME, ELSE = "北京云脉传感科技有限公司", "苏州拓维材料有限公司"
LONG = "".join(twin_pairs.sentences(random.Random(1), 24))
FOREIGN = "".join(twin_pairs.sentences(random.Random(2), 24))


def of(ranking, title, applicant=NAME, code="", text="", **answers):
    entry = ENTRIES[ranking]
    return features(entry, title, applicant, code, {entry.texts[0]: text, **answers})


def told(one, other):
    found = nearest(one, [(7, other)])
    assert nearest(other, [(7, one)]).keys() == found.keys()
    return (found[7].degree, found[7].reasons, found[7].percent) if found else None


def test_every_ranking_says_what_its_entry_is_by_questions_that_it_has():
    assert set(ENTRIES) == set(DECLARATIONS)
    for key, entry in ENTRIES.items():
        form = DECLARATIONS[key]
        for name in (*entry.holders, *entry.signs, *entry.texts):
            assert form.question(name), (key, name)
        assert {form.question(name).kind for name in entry.texts} == {"long_text"}
    kinds = {key: entry.kind for key, entry in ENTRIES.items()}
    assert kinds == {
        "pioneer_technology": Kind.WORK,
        "emerging_enterprise": Kind.ORGANISATION,
        "integrated_innovation": Kind.ORGANISATION,
        "startup_employment": Kind.PERSON,
        "technology_manager": Kind.PERSON,
        "international_cooperation": Kind.WORK,
        "open_source": Kind.WORK,
    }


WORK, COMPANY, PERSON, SOURCE = (
    "pioneer_technology",
    "emerging_enterprise",
    "technology_manager",
    "open_source",
)
SAME, NEAR = Degree.SAME, Degree.NEAR


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # A company may have several works: its code alone says nothing.
        (of(WORK, "甲技术", code=CODE), of(WORK, "乙工艺", code=CODE), None),
        (of(WORK, "低噪声芯片", code=CODE), of(WORK, "低噪声 芯片", ELSE, CODE), (SAME, ("title", "credit_code"), 0)),
        (of(WORK, "低噪声芯片ＡＢ"), of(WORK, "低噪声芯片ab"), (SAME, ("title", "holder"), 0)),
        (of(WORK, "低噪声芯片"), of(WORK, "低噪声芯片", ELSE, holder_name=NAME), (SAME, ("title", "holder"), 0)),
        (of(WORK, "低噪声芯片"), of(WORK, "低噪声芯片", ELSE), (NEAR, ("title",), 0)),
        (of(WORK, "低噪声微机电芯片", text=LONG), of(WORK, "新型低噪声微机电芯片", ELSE, text=LONG), (NEAR, ("title_alike", "texts"), 100)),
        (of(WORK, "低噪声微机电芯片", text=LONG), of(WORK, "新型低噪声微机电芯片", ELSE, text=FOREIGN), None),
        (of(WORK, "甲技术", text=LONG), of(WORK, "乙工艺", ELSE, text=LONG), (NEAR, ("texts",), 100)),
        (of(WORK, "甲技术", text=LONG), of(WORK, "乙工艺", text=LONG), (NEAR, ("holder", "texts"), 100)),
        (of(WORK, "！！"), of(WORK, "？？", ELSE), None),
        # The entry is the company: the code decides, without one the name.
        (of(COMPANY, NAME, code=CODE), of(COMPANY, NAME, code=CODE), (SAME, ("credit_code", "title"), 0)),
        (of(COMPANY, NAME, code=CODE), of(COMPANY, ELSE, ELSE, CODE), (NEAR, ("credit_code",), 0)),
        (of(COMPANY, NAME, code=CODE), of(COMPANY, NAME), (SAME, ("title",), 0)),
        (of(COMPANY, NAME, code=CODE), of(COMPANY, NAME, code=OTHER), (NEAR, ("title",), 0)),
        (of(COMPANY, NAME, code=CODE), of(COMPANY, "（北京）云脉传感科技股份有限公司"), None),
        (of(COMPANY, NAME, code=CODE), of(COMPANY, "北京云脉传感科技（集团）股份有限公司"), (NEAR, ("title_alike",), 0)),
        (of(COMPANY, NAME, code=CODE), of(COMPANY, ELSE, ELSE, OTHER), None),
        # A name is many people's; a second sign makes it one person.
        (of(PERSON, "李静"), of(PERSON, "李静", ELSE), None),
        (of(PERSON, "李静", phone="010-6255 0001"), of(PERSON, "李 静", ELSE, phone="01062550001"), (SAME, ("name", "phone"), 0)),
        (of(PERSON, "李静"), of(PERSON, "李静", ELSE, employer=NAME), (SAME, ("name", "employer"), 0)),
        (of(PERSON, "李静", phone="01062550001"), of(PERSON, "周岩", ELSE, phone="01062550001"), None),
        (of(PERSON, "李静", text=LONG), of(PERSON, "李静", ELSE, text=LONG), (NEAR, ("name", "texts"), 100)),
        (of(SOURCE, "甲库", repository="a.org/x"), of(SOURCE, "乙库", ELSE, repository="a.org/x"), (SAME, ("repository",), 0)),
    ],
)  # fmt: skip
def test_what_one_entry_is_in_each_ranking(one, other, expected):
    assert told(one, other) == expected


def test_a_set_phrase_of_many_tells_nobody_apart():
    """As few as these may have copied from each other; beyond, everybody writes so."""
    own = of(WORK, "甲技术", text=LONG)
    same = [of(WORK, f"乙工艺{n}", f"第{n}公司", text=LONG) for n in range(twins.COMMON + 1)]
    assert len(nearest(own, list(enumerate(same[:-1])))) == twins.COMMON
    assert nearest(own, list(enumerate(same))) == {}


def test_at_most_so_many_are_told_the_clearest_first():
    own = of(WORK, "甲技术")
    others = [of(WORK, "甲技术", ELSE) for _ in range(30)] + [of(WORK, "甲技术")]
    found = nearest(own, list(enumerate(others)))
    assert (len(found), next(iter(found))) == (twins.MOST, 30)


def test_words_and_no_telephone_number_is_kept():
    assert twins.words(["name", "phone", "texts", "nonsense"], 82) == [
        "姓名相同",
        "联系电话相同",
        "文字相近82%",
    ]
    kept = of(PERSON, "李静", phone="010-62550001")
    assert "62550001" not in str(kept)
    assert len(kept.signature) == 2 * twins.PLACES


@pytest.mark.parametrize("seed", [2022, 2023])
def test_recall_and_false_alarms_on_a_seeded_set(seed, record_property):
    made = twin_pairs.pairs(seed, part=0.2)
    hits = [bool(nearest(pair.one.features, [(1, pair.other.features)])) for pair in made]
    planted = [hit for hit, pair in zip(hits, made, strict=True) if pair.is_one_entry]
    others = [hit for hit, pair in zip(hits, made, strict=True) if not pair.is_one_entry]
    recall, alarms = sum(planted) / len(planted), sum(others) / len(others)
    record_property("recall", recall)
    record_property("false_alarms", alarms)
    assert (len(planted), len(others)) == (24, 16)
    assert recall >= 0.9
    assert alarms <= 0.1
