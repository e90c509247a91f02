"""python -m benchmarks.twins [--rows 20000]: how well one entry that is handed in twice is noticed, and what it costs.

Two hundred seeded pairs (tests/twin_pairs.py), 120 of them one entry as two people hand it in, with names as
others write them and 10 to 40 % of the sentences rewritten, 80 of them different entries that look alike. All
that are of one kind stand in one ranking, as they do in a season. Recall: of the planted pairs, those that are
told. False alarms: of the different pairs, those that are told; and pairs of strangers that nobody planted.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nominations.rules.twins import Features, Found, nearest
from tests import twin_pairs


def measure(seed: int) -> None:
    made = twin_pairs.pairs(seed)
    standing: list[tuple[int, Features]] = []
    for number, pair in enumerate(made):
        standing += [(2 * number, pair.one.features), (2 * number + 1, pair.other.features)]
    shown, told, strangers = Counter(), Counter(), 0
    percents: dict[str, list[int]] = {}
    for number, pair in enumerate(made):
        own = standing[2 * number + 1][1]
        others = [(n, f) for n, f in standing if f.kind == own.kind and n != 2 * number + 1]
        found: dict[int, Found] = nearest(own, others)
        shown[pair.case] += 1
        told[pair.case] += 2 * number in found
        strangers += len(found.keys() - {2 * number})
        percents.setdefault(pair.case, []).append(found[2 * number].percent if 2 * number in found else 0)
    print(f"{'pairs':<42}{'shown':>8}{'told':>8}{'share':>9}{'texts %':>12}")
    for is_one, words in ((True, "one entry: recall"), (False, "different: false alarms")):
        cases = [case for case in shown if _is_one(made, case) is is_one]
        for case in cases:
            alike = percents[case]
            line = f"{case:<42}{shown[case]:>8}{told[case]:>8}{told[case] / shown[case]:>9.1%}"
            print(f"{line}{min(alike):>6}–{max(alike)}")
        total, good = sum(shown[c] for c in cases), sum(told[c] for c in cases)
        print(f"{words:<42}{total:>8}{good:>8}{good / total:>9.1%}")
    kinds = Counter(features.kind for _number, features in standing)
    among = sum(count * (count - 1) // 2 for count in kinds.values())
    print(f"pairs of strangers told: {strangers} of {among:,}\n")


def _is_one(made: list[twin_pairs.Pair], case: str) -> bool:
    return next(pair.is_one_entry for pair in made if pair.case == case)


def cost(rows: int, seed: int) -> None:
    """What one comparison costs where so many stand in the ranking: the arithmetic alone, without the database."""
    chance = random.Random(seed)
    few = [twin_pairs.same_work(chance).one.features for _ in range(min(rows, 500))]
    standing = [(n, few[n % len(few)]) for n in range(1, rows)]
    began = time.perf_counter()
    own = twin_pairs.same_work(chance).other
    made = own.features
    signed = time.perf_counter()
    nearest(made, standing)
    done = time.perf_counter()
    print(f"a fingerprint: {(signed - began) * 1000:.0f} ms")
    print(f"compared with {rows:,} that stand: {(done - signed) * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="entries that stand in the ranking")
    parser.add_argument("--seed", type=int, default=2022)
    asked = parser.parse_args()
    measure(asked.seed)
    cost(asked.rows, asked.seed)


if __name__ == "__main__":
    main()
