"""The page counts 字 as the server does: counter.js under node against the server's table of cases."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from nominations.rules.counting import count_characters

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "tests/nominations/rules/counting_cases.json").read_text("utf-8"))
PROGRAM = """
const { countCharacters } = require(process.argv[1]);
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map(countCharacters)));
"""

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no node here to run the page's script")


def page_counts(texts: list[str]) -> list[int]:
    answer = subprocess.run(
        ["node", "-e", PROGRAM, str(ROOT / "static/js/counter.js")],
        input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return json.loads(answer.stdout)


def test_the_shared_table_of_cases():
    texts = [case["text"] for case in CASES]
    assert page_counts(texts) == [case["count"] for case in CASES]


def test_every_character_of_the_basic_plane_counts_alike():
    texts = [chr(code) for code in range(0x10000) if not 0xD800 <= code <= 0xDFFF]
    assert page_counts(texts) == [count_characters(text) for text in texts]
