"""python -m benchmarks.assignment [--nominations 500] [--experts 60] [--each 5]: how long the suggestion takes to solve.

A made-up problem, the same for the same seed: a tenth of the pairs in conflict, load limits a tenth above what is
needed, costs at random. Needs no database. Exit 1 above the bar of five seconds.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reviews.rules.assigning import Problem, solve

BAR = 5.0
"""Seconds, for 500 nominations and 60 experts."""


def problem(nominations: int, experts: int, each: int, seed: int = 2022) -> Problem:
    """A problem of this size that can be solved whole."""
    chance = random.Random(seed)
    rows, people = tuple(range(1, nominations + 1)), tuple(range(1, experts + 1))
    pairs = [(person, row) for row in rows for person in people]
    limit = -(-nominations * each * 11 // (experts * 10))
    return Problem(
        rows,
        people,
        each,
        blocked=frozenset(pair for pair in pairs if chance.random() < 0.1),
        room=dict.fromkeys(people, limit),
        costs={pair: chance.randrange(0, 101, 5) for pair in pairs},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nominations", type=int, default=500)
    parser.add_argument("--experts", type=int, default=60)
    parser.add_argument("--each", type=int, default=5, help="experts of each nomination")
    asked = parser.parse_args()
    given = problem(asked.nominations, asked.experts, asked.each)
    began = time.perf_counter()
    solved = solve(given)
    seconds = time.perf_counter() - began
    loads = Counter(expert for expert, _nomination in solved.pairs)
    points = sum(100 - given.costs[pair] for pair in solved.pairs) / max(len(solved.pairs), 1)
    print(f"{asked.nominations} nominations × {asked.experts} experts, {asked.each} each: {seconds:.2f} s")
    print(f"assigned {len(solved.pairs)}, lacking {sum(solved.shortages.values())}")
    print(f"loads {min(loads.values(), default=0)}–{max(loads.values(), default=0)}, mean fit {points:.1f}")
    sys.exit(seconds > BAR)


if __name__ == "__main__":
    main()
