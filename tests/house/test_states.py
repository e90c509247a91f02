"""The states: the drawn page is the table's, and every event that the code records has its one wording."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from nominations.outputs import timeline
from nominations.outputs.diagram import states_page
from nominations.states import MOVES
from reviews.events import WORDS

ROOT = Path(__file__).resolve().parents[2]
RECORDED = re.compile(r'\brecord\(\s*"(\w+)"')


def recorded() -> set[str]:
    """The names of all events that the code records by a literal."""
    sources = [
        p for app in ("accounts", "nominations", "reviews", "kczg") for p in (ROOT / app).rglob("*.py")
    ]
    return {name for path in sources for name in RECORDED.findall(path.read_text("utf-8"))}


def test_the_drawn_states_are_those_of_the_table():
    with translation.override("zh-hans"):
        drawn = states_page()
    assert (ROOT / "docs" / "states.md").read_text("utf-8") == drawn, "run manage.py draw_states"


def test_every_move_has_a_wording_for_its_event():
    assert {move.event for move in MOVES.values()} <= set(timeline.WORDS)


@pytest.mark.parametrize("name", sorted(recorded()))
def test_every_recorded_event_has_a_wording(name):
    assert name in {**timeline.WORDS, **WORDS}
