"""The assignment by min-cost flow: what it promises, and that nothing is better, tried out at 4 × 4."""

import time
from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import assignment
from reviews.rules.assigning import PER_EXPERT, PER_TASK, Problem, solve


@st.composite
def problems(draw, most=6):
    nominations = tuple(range(101, 101 + draw(st.integers(1, most))))
    experts = tuple(range(1, 1 + draw(st.integers(0, most))))
    pairs = list(product(experts, nominations))
    some = st.sets(st.sampled_from(pairs)) if pairs else st.just(set())
    kept = draw(some) if draw(st.booleans()) else set()
    return Problem(
        nominations,
        experts,
        draw(st.integers(1, 4)),
        kept=frozenset(kept),
        blocked=frozenset(draw(some)) - frozenset(kept),
        room=draw(st.dictionaries(st.sampled_from(experts or (1,)), st.integers(0, 5))),
        costs=draw(st.dictionaries(st.sampled_from(pairs or [(1, 101)]), st.integers(0, 100))),
    )


@given(problems())
@settings(max_examples=150, deadline=None)
def test_no_conflict_no_limit_passed_nothing_twice_and_each_shortage_named(problem):
    solved = solve(problem)
    have = Counter(n for _e, n in (*problem.kept, *solved.pairs))
    new = Counter(e for e, _n in solved.pairs)
    assert len(set(solved.pairs)) == len(solved.pairs)
    assert not set(solved.pairs) & (problem.blocked | problem.kept)
    assert all(new[expert] <= room for expert, room in problem.room.items())
    short = {n: problem.wanted - have[n] for n in problem.nominations if have[n] < problem.wanted}
    assert solved.shortages == short
    # No more than wanted, except where more were kept.
    kept = Counter(n for _e, n in problem.kept)
    assert all(have[n] <= max(problem.wanted, kept[n]) for n in problem.nominations)
    assert solve(problem) == solved


def every_way(problem):
    """All assignments: for each nomination a set of experts, of those who may."""
    lacks = problem.lacks()
    choices = []
    for row in lacks:
        free = [e for e in problem.experts if (e, row) not in problem.blocked | problem.kept]
        choices.append([[(e, row) for e in c] for n in range(lacks[row] + 1) for c in combinations(free, n)])
    for chosen in product(*choices):
        pairs = [pair for row in chosen for pair in row]
        loads = Counter(e for e, _n in pairs)
        if all(loads[e] <= room for e, room in problem.room.items()):
            yield pairs


def price(problem, pairs):
    """(places left empty, cost): what is to be as small as can be."""
    loads, have = Counter(e for e, _n in problem.kept), Counter(n for _e, n in problem.kept)
    cost = 0
    for expert, row in pairs:
        cost += problem.costs.get((expert, row), problem.dearest)
        cost += PER_TASK * loads[expert] + PER_EXPERT * have[row]
        loads[expert] += 1
        have[row] += 1
    return -len(pairs), cost


@given(problems(most=4))
@settings(max_examples=40, deadline=None)
def test_nothing_is_better_than_what_it_finds(problem):
    assert price(problem, solve(problem).pairs) == min(price(problem, way) for way in every_way(problem))


@given(st.integers(1, 12), st.integers(1, 6), st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_loads_differ_by_one_at_most_when_nothing_else_matters(rows, people, wanted):
    solved = solve(Problem(tuple(range(rows)), tuple(range(people)), wanted))
    loads = Counter(expert for expert, _n in solved.pairs)
    assert max(loads.values()) - min(loads[e] for e in range(people)) <= 1
    assert len(solved.pairs) == rows * min(wanted, people)


def test_too_few_are_shared_out_evenly():
    """Two experts with room for three tasks for three nominations that want two each: one each, none with none."""
    solved = solve(Problem((1, 2, 3), (7, 8), 2, room={7: 2, 8: 1}))
    assert solved.shortages == {1: 1, 2: 1, 3: 1}
    assert sorted(n for _e, n in solved.pairs) == [1, 2, 3]


def test_the_better_fit_is_taken_and_gives_way_to_a_much_greater_load():
    rows = tuple(range(20))
    costs = {(1, row): 60 for row in rows}
    few = solve(Problem(rows[:4], (1, 2), 1, costs=costs))
    assert {e for e, _n in few.pairs} == {1}
    many = Counter(e for e, _n in solve(Problem(rows, (1, 2), 1, costs=costs)).pairs)
    assert many == {1: 12, 2: 8}


def test_what_stands_stays_and_counts_as_load():
    kept = frozenset({(1, 10), (1, 11), (1, 12)})
    solved = solve(Problem((10, 11, 12, 13), (1, 2, 3), 1, kept=kept))
    assert solved.pairs == ((2, 13),) or solved.pairs == ((3, 13),)
    busy = solve(Problem((13,), (1, 2), 1, loads={1: 4}))
    assert busy.pairs == ((2, 13),)


@pytest.mark.parametrize(
    "problem", [Problem((), (1,), 2), Problem((1,), (), 2), Problem((1,), (2,), 1, frozenset({(2, 1)}))]
)
def test_nothing_to_do(problem):
    assert solve(problem).pairs == ()
    assert solve(problem).shortages == ({1: 2} if problem.nominations and not problem.kept else {})


def test_500_nominations_and_60_experts_are_solved_in_time():
    """The bar is five seconds; some 0.2 s where it was measured, so that only a change of kind fails here."""
    given = assignment.problem(500, 60, 5)
    began = time.process_time()
    solved = solve(given)
    assert time.process_time() - began < assignment.BAR
    assert len(solved.pairs) == 2500
    assert not solved.shortages
