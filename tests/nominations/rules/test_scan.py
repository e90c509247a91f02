"""The rules of a stamped paper's scan: what is missing, doubled, foreign, outdated, unreadable, and the words."""

from datetime import datetime

import pytest

from kczg.kit.clock import SHANGHAI
from nominations.rules.scan import (
    NOT_OF_THE_FORM,
    Mark,
    Paper,
    Picture,
    Spot,
    judge,
    pages_of,
    parse,
    words,
)

DIGEST = "0123456789abcdef" * 4
PAPER = Paper("2022XD00017", "7K3M-Q9TA", DIGEST, 4, frozenset({1, 2, 3, 4}))
VERSIONS = {
    "7K3M-Q9TA": datetime(2022, 10, 30, 9, tzinfo=SHANGHAI),
    "AAAA-2222": datetime(2022, 10, 28, 9, tzinfo=SHANGHAI),
}
FILES = ["正面.pdf", "补拍.jpg"]


def mark(page: int, **other) -> Mark:
    facts = {"code": "7K3M-Q9TA", "number": "2022XD00017", "version": 2, "digest": DIGEST[:16]}
    return Mark(**{**facts, "page": page, "pages": 4, **other})


def pictures(*shown, file: int = 1) -> list[Picture]:
    """A picture for each: a page, several pages, marks, or nothing."""
    made = []
    for number, pages in enumerate(shown, start=1):
        listed = pages if isinstance(pages, tuple) else (pages,) if pages else ()
        marks = tuple(mark(each) if isinstance(each, int) else each for each in listed)
        made.append(Picture(Spot(file, number), marks))
    return made


def found(shown, confirmed=None, paper=PAPER) -> list[str]:
    return [words(finding, FILES) for finding in judge(paper, shown, VERSIONS, confirmed or {})]


@pytest.mark.parametrize(
    "shown",
    [
        pictures(1, 2, 3, 4),
        pictures(4, 2, 1, 3),
        pictures((1, 2), (3, 4)),
        [*pictures(1, 2), *pictures(4, 3, file=2)],
        [*pictures(1, 2, 3, 4), Picture(Spot(1, 5), (), blank=True)],
        pictures((1, 1), 2, 3, 4),
    ],
    ids=["in order", "swapped", "two in a picture", "two files", "a blank back", "read twice in one picture"],
)
def test_a_whole_paper_hinders_nothing(shown):
    assert found(shown) == []


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (pictures(1, 3, 4), ["缺第2页"]),
        (pictures(1, 2, 2, 3, 4), ["第2页重复：“正面.pdf”第2页、“正面.pdf”第3页"]),
        (pictures(1, 2, 3, mark(4, number="2022XD00018")), ["“正面.pdf”第4页不是本申报表的页", "缺第4页"]),
        (pictures(1, 2, 3, mark(4, digest="f" * 16)), ["“正面.pdf”第4页不是本申报表的页", "缺第4页"]),
        (pictures(1, 2, 3, 4, mark(5)), ["“正面.pdf”第5页不是本申报表的页"]),
        (pictures(1, 2, 3, 4, mark(1, code="ZZZZ-9999")), ["“正面.pdf”第5页不是本申报表的页"]),
        (
            pictures(1, 2, 3, mark(4, code="AAAA-2222")),
            [
                "扫描件的核验码是AAAA-2222（10月28日版），申报表之后改过。重新打印盖章，或恢复为该版本",
                "缺第4页",
            ],
        ),
        (pictures(1, 2, 3, None), ["“正面.pdf”第4页的二维码无法识别", "缺第4页"]),
        ([], ["缺第1页", "缺第2页", "缺第3页", "缺第4页"]),
    ],
)
def test_what_is_amiss_is_said_with_its_place(shown, told):
    assert found(shown) == told


def test_another_nominations_number_or_code_is_never_told():
    told = "".join(found(pictures(1, 2, 3, 4, mark(1, number="2022XD00018", code="AAAA-2222"))))
    assert "2022XD00018" not in told and "AAAA-2222" not in told and told


def test_a_person_confirms_what_nothing_was_read_on():
    shown = pictures(1, 2, 3, None)
    assert found(shown, {Spot(1, 4): 4}) == []
    assert found(shown, {Spot(1, 4): 3}) == ["第3页重复：“正面.pdf”第3页、“正面.pdf”第4页", "缺第4页"]
    assert found(pictures(1, 2, 3, 4, None), {Spot(1, 5): NOT_OF_THE_FORM}) == []
    assert found(pictures(1, 2, 3, 3), {Spot(1, 4): 4}) == [
        "第3页重复：“正面.pdf”第3页、“正面.pdf”第4页",
        "缺第4页",
    ]


def test_the_units_scan_needs_the_page_with_its_box_alone():
    paper = Paper("2022XD00017", "7K3M-Q9TA", DIGEST, 4, frozenset({4}))
    assert found(pictures(4), paper=paper) == [] and found(pictures(3, 4), paper=paper) == []
    assert found(pictures(3), paper=paper) == ["缺第4页"]


def test_which_pages_a_picture_shows():
    first, nothing = pictures((2, 1), None)
    assert pages_of(PAPER, first, {}) == [1, 2]
    assert pages_of(PAPER, nothing, {}) == [] and pages_of(PAPER, nothing, {Spot(1, 2): 3}) == [3]


@pytest.mark.parametrize("site", ["https://kczg.cast.org.cn", "http://127.0.0.1:8000"])
def test_a_mark_is_an_address_in_capitals_and_comes_back_whole(site):
    one = mark(3)
    address = one.address(site)
    assert address == address.upper() and parse(address) == one
    assert set(address) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "甲",
        "https://example.org/",
        "HTTPS://A/V/7K3MQ9TA/2022XD00017/1/0123456789ABCDEF/2",
        "WIFI:S:x;;",
        "HTTPS://A/V/7K3MQ9T0/2022XD00017/1/0123456789ABCDEF/2-5",
        "HTTPS://A/V/" + "7" * 5000,
    ],
)
def test_any_other_code_on_a_page_is_no_mark(text):
    assert parse(text) is None
