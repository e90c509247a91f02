"""Imports go one way, and rules are arithmetic."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = sorted(path for room in ("nominations", "reviews") for path in (ROOT / room / "rules").rglob("*.py"))
CLOCK_WORDS = {"now", "today", "utcnow", "time", "time_ns", "monotonic"}
ALLOWED_DJANGO = {"django.utils.translation", "django.utils.functional"}


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_there_are_rules_to_look_at() -> None:
    assert {path.parent.parent.name for path in RULES} == {"nominations", "reviews"}


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_rule_asks_no_clock_and_no_framework(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asks = node.func.attr in CLOCK_WORDS and isinstance(node.func.value, ast.Name)
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            assert not (asks and owner in {"datetime", "date", "time", "timezone", "clock"}), (
                f"{path.name}:{node.lineno} asks a clock; a rule is given its moment"
            )
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "django":
            assert node.module in ALLOWED_DJANGO, f"{path.name}:{node.lineno} imports {node.module}"
        if isinstance(node, ast.ImportFrom) and node.module == "kczg.kit.clock":
            names = {alias.name for alias in node.names}
            assert "now" not in names, f"{path.name}:{node.lineno} imports the clock's now"
