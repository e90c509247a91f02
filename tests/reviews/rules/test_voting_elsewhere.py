"""The program that is shipped with a result counts a meeting's votes as the rules do."""

from pathlib import Path
from runpy import run_path

from hypothesis import given, settings

from reviews.rules import voting
from tests.reviews.rules.test_voting import polls

SHIPPED = run_path(str(Path(voting.__file__).parents[1] / "standalone" / "recompute.py"), run_name="shipped")


@settings(max_examples=80, deadline=None)
@given(polls())
def test_two_programs_one_outcome(given_round):
    seats, poll = given_round
    entitled = voting.entitled_to(poll.candidates, poll.electors)
    theirs = SHIPPED["turn"](
        seats, {"candidates": poll.candidates, "entitled": entitled, "ballots": poll.ballots}
    )
    ours = voting.turn(seats, poll)
    assert theirs == (ours.elected, ours.following)
