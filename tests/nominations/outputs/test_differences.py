"""Differences: old and new can always be read back from the marks, and the marks are where a person would put them."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nominations.answers import walk
from nominations.outputs.differences import GONE, NEW, SAME, differences, marks
from nominations.rankings import DECLARATIONS
from tests.nominations.rankings.samples import full


def told(old, new):
    signs = {SAME: "{}", GONE: "[-{}-]", NEW: "[+{}+]"}
    return "".join(signs[mark.kind].format(mark.text) for mark in marks(old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "", ""),
        ("", "新写的", "[+新写的+]"),
        ("原有的", "", "[-原有的-]"),
        ("已授权专利3项。", "已授权专利12项。", "已授权专利[-3-][+12+]项。"),
        ("甲技术领先。乙技术成熟。", "甲技术领先。丙技术成熟。", "甲技术领先。[-乙-][+丙+]技术成熟。"),
        ("成本降低30%", "成本降低35.5%", "成本降低[-30-][+35.5+]%"),
        ("与MEMS厂商合作", "与MEMS和IC厂商合作", "与MEMS[+和IC+]厂商合作"),
        ("先有需求。后有技术。", "先有需求。已经验证。后有技术。", "先有需求。[+已经验证。+]后有技术。"),
        ("第一段\n第二段", "第一段\n第三段", "第一段\n第[-二-][+三+]段"),
        ("一甲二", "三甲四", "[-一甲二-][+三甲四+]"),
    ],
)
def test_marks_stand_where_a_person_would_put_them(old, new, words):
    assert told(old, new) == words


TEXT = st.text(alphabet="甲乙的。；\nab1 ", max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT)
def test_both_texts_are_read_back_from_the_marks(old, new):
    found = marks(old, new)
    assert "".join(m.text for m in found if m.kind != NEW) == old
    assert "".join(m.text for m in found if m.kind != GONE) == new
    assert all(m.text for m in found)
    assert all(a.kind != b.kind for a, b in pairwise(found))


@pytest.mark.parametrize(
    "alphabet", ["的", "的一", "。", "甲乙丙丁", "".join(chr(0x4E00 + n) for n in range(800))]
)
def test_I6_any_two_long_texts_are_compared_at_once(alphabet):
    chance = random.Random(2022)
    old, new = ("".join(chance.choices(alphabet, k=20_000)) for _ in range(2))
    begun = time.process_time()
    for _ in range(3):
        found = marks(old, new + "末")
    assert time.process_time() - begun < 3
    assert "".join(m.text for m in found if m.kind != GONE) == new + "末"


def test_sections_come_in_printed_order_with_old_and_new():
    before = full("integrated_innovation")
    after = before | {
        "profile_text": before["profile_text"] + "增",
        "full_time_staff": "64",
        "focus": "新材料",
    }
    trees = [walk(DECLARATIONS["integrated_innovation"], each, season_year=2022) for each in (before, after)]
    found = differences(*trees)
    order = [view.key for view in trees[1].sections]
    assert [part.section.key for part in found] == sorted((p.section.key for p in found), key=order.index)
    by_key = {d.change.question.key: d for part in found for d in part.differences}
    assert set(by_key) == {"full_time_staff", "profile_text", "focus"}
    staff = by_key["full_time_staff"]
    assert (staff.change.before, staff.change.after) == ("63", "64")
    assert [(m.kind, m.text) for m in by_key["profile_text"].marks][-1] == (NEW, "增")
    assert differences(trees[0], trees[0]) == []
