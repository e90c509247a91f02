"""The cast itself: each builder brings a nomination to the state that it names."""

import pytest

from tests import cast


@pytest.mark.parametrize("state", cast.BUILDERS)
def test_a_builder_reaches_its_state(season, state):
    assert cast.BUILDERS[state]().state == state


@pytest.mark.parametrize("track", cast.TRACK_NAMES)
def test_full_answers_may_be_submitted(season, track):
    assert cast.submitted(track=track).track.key == track
