"""A meeting's votes: two thirds of those who may vote, the recused out of the count, rounds to the number wanted."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.rules import voting
from reviews.rules.voting import Poll, Standing, Turn

NINE = dict.fromkeys(range(1, 10), ())


def poll(candidates, electors, *ballots):
    return Poll(candidates, electors, ballots)


def votes(electors, **counts):
    """A poll of a, b, c … = 10, 11, 12 … in which each has so many votes of the first members."""
    names = [10 + "abcdefgh".index(name) for name in counts]
    ballots = [
        [pk for pk, n in zip(names, counts.values(), strict=True) if place < n]
        for place in range(len(electors))
    ]
    return Poll(names, electors, ballots)


# --- Two thirds --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("yes", "entitled", "reaches"), [(6, 9, True), (5, 9, False), (5, 8, False), (6, 8, True),
    (2, 3, True), (1, 1, True), (0, 0, False), (667, 1000, True), (666, 1000, False)])  # fmt: skip
def test_two_thirds_are_exact(yes, entitled, reaches):
    assert voting.Tally(10, yes, entitled).reaches is reaches


def test_a_recused_member_leaves_the_count_of_that_candidate_alone():
    electors = {1: [10], 2: [10], 3: [], 4: []}
    first, second = voting.tallies(poll([10, 11], electors, [11], [11], [10, 11], []))
    assert (first.votes, first.entitled, first.share) == (1, 2, Fraction(1, 2))
    assert (second.votes, second.entitled, second.share) == (3, 4, Fraction(3, 4))


def test_who_has_not_voted_counts_as_not_approving():
    assert voting.turn(1, poll([10], NINE, *[[10]] * 5)) == Turn([], [10])
    assert voting.turn(1, poll([10], NINE, *[[10]] * 6)) == Turn([10], [])


def test_on_whom_nobody_may_vote_is_not_in():
    assert voting.turn(1, poll([10], {1: [10], 2: [10]})).elected == []
    assert voting.voters([10, 11], {1: [10, 11], 2: [10], 3: []}) == [2, 3]


@pytest.mark.parametrize(
    ("members", "present", "code"),
    [
        (9, 6, ""),
        (9, 5, "no_quorum"),
        (10, 7, ""),
        (10, 6, "no_quorum"),
        (3, 3, ""),
        (2, 2, "too_few_present"),
    ],
)
def test_two_thirds_of_the_members_are_there(members, present, code):
    assert voting.judge_quorum(members, present).code == code


def test_words_of_a_missing_quorum_say_how_many_are_needed():
    assert voting.judge_quorum(10, 6).message == "到会专家不少于三分之二：10名中至少7名，现登记到会6名"


# --- Rounds ------------------------------------------------------------------------------------------------


def test_as_many_as_reach_it_are_in_by_share():
    assert voting.turn(2, votes(NINE, a=7, b=9, c=2)) == Turn([11, 10], [])


def test_more_than_the_places_reach_it_the_higher_share_is_in():
    assert voting.turn(2, votes(NINE, a=7, b=9, c=8)) == Turn([11, 12], [])


def test_those_tied_at_the_line_alone_stand_again():
    assert voting.turn(2, votes(NINE, a=9, b=7, c=7, d=6)) == Turn([10], [11, 12])
    assert voting.turn(1, votes(NINE, a=7, b=7, c=3)) == Turn([], [10, 11])


def test_equal_shares_of_other_counts_are_tied():
    electors = {1: [], 2: [], 3: [], 4: [10], 5: [10], 6: [10]}
    assert voting.turn(1, poll([10, 11], electors, [10, 11], [10, 11], [11], [11], [], [])).following == [
        10,
        11,
    ]


def test_fewer_reach_it_and_the_lowest_leaves():
    assert voting.turn(2, votes(NINE, a=9, b=5, c=4, d=3)) == Turn([10], [11, 12])
    assert voting.turn(3, votes(NINE, a=9, b=5, c=3, d=3)) == Turn([10], [11, 12, 13])
    assert voting.turn(2, votes(NINE, a=4, b=4, c=4)) == Turn([], [10, 11, 12])


def test_rounds_go_on_to_the_number_wanted():
    first, second = votes(NINE, a=9, b=5, c=4, d=3), votes(NINE, b=5, c=7)
    assert voting.standing(2, 3, [10, 11, 12, 13], []) == Standing([], 2, [10, 11, 12, 13], False)
    assert voting.standing(2, 3, [10, 11, 12, 13], [first]) == Standing([10], 1, [11, 12], False)
    assert voting.standing(2, 3, [10, 11, 12, 13], [first, second]) == Standing([10, 12], 0, [], True)


def test_a_round_among_others_is_found():
    first = votes(NINE, a=9, b=5, c=4, d=3)
    assert voting.astray(2, 3, [10, 11, 12, 13], [first, votes(NINE, b=5, c=7)]) == 0
    assert voting.astray(2, 3, [10, 11, 12, 13], [first, votes(NINE, b=5, d=7)]) == 2
    assert voting.astray(2, 1, [10, 11, 12, 13], [first, votes(NINE, b=5, c=7)]) == 2


def test_after_the_last_round_places_stay_empty():
    again = votes(NINE, a=5, b=4)
    assert voting.standing(1, 2, [10, 11], [again, votes(NINE, a=5)]) == Standing([], 1, [], True)


def test_fewer_candidates_than_wanted_are_all_voted_on():
    assert voting.standing(5, 3, [10, 11], [votes(NINE, a=9, b=8)]) == Standing([10, 11], 3, [], True)


# --- Ballots -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "code"),
    [([], ""), ([10], ""), ([10, 11], ""), ([10, 11, 12], "too_many_votes"), ([10, 10], "no_candidate"), ([99], "no_candidate")],
)  # fmt: skip
def test_a_ballot_approves_at_most_the_places_left(choices, code):
    assert voting.judge_ballot([10, 11, 12], 2, choices).code == code


def test_paper_ballots_are_held_against_the_recusals_of_all_who_gave_them():
    electors = {1: [10], 2: []}
    assert voting.judge_papers([10, 11], electors, 2, [[10], [11]])
    assert voting.judge_papers([10, 11], electors, 2, [[10], [10]]).code == "recused_on_paper"
    assert voting.judge_papers([10, 11], electors, 2, [[], [], []]).code == "too_many_papers"
    assert voting.judge_papers([10, 11], electors, 1, [[10, 11]]).code == "too_many_votes"


# --- Whatever was voted ------------------------------------------------------------------------------------


@st.composite
def polls(draw):
    """A round: up to six candidates, up to seven members, recusals, and ballots that keep to all of it."""
    candidates = list(range(10, 10 + draw(st.integers(1, 6))))
    seats = draw(st.integers(1, 4))
    electors, ballots = {}, []
    for member in range(1, draw(st.integers(1, 7)) + 1):
        electors[member] = draw(st.lists(st.sampled_from(candidates), unique=True, max_size=2))
        able = [c for c in candidates if c not in electors[member]]
        if able and draw(st.booleans()):
            ballots.append(draw(st.lists(st.sampled_from(able), unique=True, max_size=seats)))
    return seats, Poll(candidates, electors, ballots)


@settings(max_examples=60, deadline=None)
@given(polls())
def test_never_more_than_the_places_and_never_below_two_thirds(given_round):
    seats, one = given_round
    after, found = voting.turn(seats, one), {t.candidate: t for t in voting.tallies(one)}
    assert len(after.elected) <= seats
    for pk in after.elected:
        assert found[pk].votes * 3 >= found[pk].entitled * 2 > 0
    assert not set(after.elected) & set(after.following)
    assert set(after.elected) | set(after.following) <= set(one.candidates)
    shares = [found[pk].share for pk in after.elected]
    assert shares == sorted(shares, reverse=True)
    if len(after.elected) == seats:
        assert after.following == []
    kept_out = [t for t in found.values() if t.reaches and t.candidate not in after.elected]
    assert all(t.share <= min(shares, default=Fraction(1)) for t in kept_out)
    if kept_out and len(after.elected) < seats:
        assert {t.candidate for t in kept_out} >= set(after.following)
        assert len(after.following) > seats - len(after.elected)


@settings(max_examples=60, deadline=None)
@given(polls(), st.randoms())
def test_order_of_ballots_members_and_candidates_changes_nothing(given_round, chance):
    seats, one = given_round
    members, ballots, candidates = list(one.electors.items()), list(one.ballots), list(one.candidates)
    for each in (members, ballots, candidates):
        chance.shuffle(each)
    mixed = Poll(candidates, dict(members), [chance.sample(ballot, len(ballot)) for ballot in ballots])
    here, there = voting.turn(seats, one), voting.turn(seats, mixed)
    assert set(here.elected) == set(there.elected)
    assert set(here.following) == set(there.following)


@settings(max_examples=60, deadline=None)
@given(polls())
def test_a_member_recused_from_everything_might_as_well_not_be_there(given_round):
    seats, one = given_round
    more = Poll(one.candidates, {**one.electors, 99: one.candidates}, one.ballots)
    assert voting.turn(seats, more) == voting.turn(seats, one)


@settings(max_examples=60, deadline=None)
@given(st.lists(polls(), min_size=1, max_size=4), st.integers(1, 4))
def test_a_meeting_never_ends_with_more_than_wanted(rounds, wanted):
    order = list(rounds[0][1].candidates)
    held = []
    for _seats, one in rounds:
        now = voting.standing(wanted, 3, order, held)
        assert len(now.elected) + now.seats == wanted
        assert len(set(now.elected)) == len(now.elected)
        if now.over:
            break
        assert now.candidates
        known = [c for c in now.candidates if c in one.candidates]
        ballots = [[c for c in ballot if c in known][: now.seats] for ballot in one.ballots]
        held.append(Poll(now.candidates, one.electors, ballots))
