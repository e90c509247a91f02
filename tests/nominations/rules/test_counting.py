"""字 are counted by one rule; the table of cases is shared with the page's script."""

import json
from pathlib import Path

import pytest

from nominations.rules.counting import count_characters

CASES = json.loads(Path(__file__).with_name("counting_cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_shared_table_of_cases(case):
    assert count_characters(case["text"]) == case["count"]


def test_a_text_of_twenty_thousand_is_counted_whole():
    assert count_characters("字 " * 20_000) == 20_000
