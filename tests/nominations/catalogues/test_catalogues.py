"""The catalogues are whole, and are searched by code, name and pinyin initials."""

import time
from collections import Counter

import pytest

from nominations.catalogues import CATALOGUES, suggestions

INDUSTRIES = CATALOGUES["industries"]


def codes(text, levels=(), limit=20):
    return [entry.code for entry in INDUSTRIES.search(text, levels, limit)]


def test_the_standard_has_its_printed_numbers():
    assert Counter(entry.level for entry in INDUSTRIES) == {"门类": 20, "大类": 97, "中类": 473, "小类": 1381}


@pytest.mark.parametrize(
    ("key", "count"),
    [
        ("industries", 1971),
        ("emerging_industries", 54),
        ("regions", 482),
        ("readiness", 9),
        ("licences", 154),
        ("associations", 32),
        ("societies", 209),
    ],
)
def test_no_line_is_lost_and_every_parent_is_there(key, count):
    catalogue = CATALOGUES[key]
    assert len(catalogue) == count
    assert all(entry.name and entry.level in catalogue.levels for entry in catalogue)
    assert [entry.code for entry in catalogue if entry.parent and not catalogue.get(entry.parent)] == []


def test_every_file_tells_its_source():
    from nominations.catalogues.base import DATA

    assert sorted(path.stem for path in DATA.glob("*.tsv")) == sorted(CATALOGUES)
    assert all(path.read_text("utf-8").startswith("# ") for path in DATA.glob("*.tsv"))


def test_the_example_of_the_form():
    assert INDUSTRIES.get("13").name == "农副食品加工业"
    assert INDUSTRIES.path_text("1311") == "制造业 › 农副食品加工业 › 谷物磨制 › 稻谷加工"
    assert INDUSTRIES.get("99999") is None
    assert INDUSTRIES.path("99999") == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("13", "13"),
        ("1311", "1311"),
        ("农副食品加工业", "13"),
        ("谷物磨制", "131"),
        ("集成电路", "3973"),
        ("nfspjgy", "13"),
        ("NFSPJGY", "13"),
        ("１３", "13"),
        (" 谷物 磨制", "131"),
    ],
)
def test_what_fits_best_comes_first(text, first):
    assert codes(text)[0] == first


def test_levels_and_limit_are_kept():
    assert {INDUSTRIES.get(code).level for code in codes("食品", ("中类",))} == {"中类"}
    assert len(codes("制造", limit=7)) == 7
    assert codes("") == codes("  ") == codes("没有这样的行业") == []


def test_children_go_one_level_down():
    assert [entry.code for entry in INDUSTRIES.children("13")] == [f"13{n}" for n in range(1, 8)] + ["139"]


def test_suggestions_for_a_page():
    assert suggestions("industries", "1311", ("小类",)) == [
        {
            "code": "1311",
            "name": "稻谷加工",
            "path": "制造业 › 农副食品加工业 › 谷物磨制 › 稻谷加工",
            "choosable": True,
        }
    ]
    assert suggestions("no_such_catalogue", "1311") == []


def test_a_search_of_the_whole_standard_takes_under_five_milliseconds():
    INDUSTRIES.search("制造")
    times = []
    for text in ["制", "制造", "13", "zz", "x", "没有这样的行业"] * 3:
        begun = time.perf_counter()
        INDUSTRIES.search(text, ("中类", "小类"))
        times.append(time.perf_counter() - begun)
    assert sorted(times)[len(times) // 2] < 0.005


def test_licences_know_the_state_of_the_season():
    licences = CATALOGUES["licences"]
    assert licences.get("MulanPSL-2.0").level == "2022"
    assert sum(entry.level == "2022" for entry in licences) == 140
    assert licences.get("SSPL-1.0") is None
