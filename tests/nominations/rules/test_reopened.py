"""What is open again after a return, by the notes of the unit."""

import pytest

from nominations.rules.reopened import EVERYTHING, open_parts


def note(section: str = "", field: str = "") -> dict[str, str]:
    return {"section": section, "field": field, "reason": "核对"}


@pytest.mark.parametrize(
    ("notes", "is_open"),
    [
        ([], (True, True, True)),
        ([note()], (True, True, True)),
        ([note("team", "phone"), note()], (True, True, True)),
        ([note("team")], (True, True, False)),
        ([note("team", "phone")], (True, False, False)),
        ([note("team", "phone"), note("team")], (True, True, False)),
        ([note("rights", "rights_text")], (False, False, True)),
        ([{"section": "team", "reason": "旧的说明没有field"}], (True, True, False)),
    ],
)
def test_what_was_named_is_open_and_nothing_else(notes, is_open):
    asked = (("team", "phone"), ("team", "email"), ("rights", "rights_text"))
    assert tuple(open_parts(notes).is_open(*each) for each in asked) == is_open


def test_what_must_go_along_is_open_too():
    parts = open_parts([note("team", "phone")], also=["green_direction"])
    assert parts.is_open("technology", "green_direction")
    assert not parts.is_open("technology", "track")
    assert open_parts([note()], also=["x"]) == EVERYTHING
