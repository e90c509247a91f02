"""Who reviews what: a min-cost flow from nominations over experts, solved by OR-Tools. Whole numbers, no database.

Each nomination sends a unit of flow for each expert that it lacks, over the pairs that may be, into the experts, who
pass on as many as their load limit leaves. Costs decide in this order: an equal number of experts for all where there
are too few; then, weighed against each other, even loads (each further task of an expert costs ``PER_TASK`` more than
the one before) and the fit of the fields. Nothing here is at random: the same problem has the same answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Pair = tuple[int, int]
"""(expert, nomination) ids."""

PER_TASK = 10
"""What one task more weighs, in points of fit: for a perfect fit an expert takes at most some ten tasks more."""
PER_EXPERT = 1_000_000
"""What the next expert of one nomination weighs: more than any load or fit, so that none goes short for another's sake."""


@dataclass(frozen=True)
class Problem:
    """Nominations, each to have ``wanted`` experts; who may serve; what stands and stays; what may not be.

    ``room``: expert → how many tasks more the expert may take; who isn't in it has no limit. ``blocked``: pairs with a
    conflict, or that were given up. ``costs``: pair → 0 to 100, the lower the better; ``dearest`` where a pair isn't in
    it. ``loads``: tasks that an expert has elsewhere and that count for an even load.
    """

    nominations: tuple[int, ...]
    experts: tuple[int, ...]
    wanted: int
    kept: frozenset[Pair] = frozenset()
    blocked: frozenset[Pair] = frozenset()
    room: Mapping[int, int] = field(default_factory=dict)
    costs: Mapping[Pair, int] = field(default_factory=dict)
    dearest: int = 100
    loads: Mapping[int, int] = field(default_factory=dict)

    def lacks(self) -> dict[int, int]:
        """Nomination → how many experts it lacks, of those that lack any."""
        have = Counter(nomination for _expert, nomination in self.kept)
        return {n: self.wanted - have[n] for n in self.nominations if have[n] < self.wanted}


@dataclass(frozen=True)
class Solution:
    """The pairs that are new, in order, and nomination → how many experts it still lacks."""

    pairs: tuple[Pair, ...]
    shortages: Mapping[int, int]


def solve(problem: Problem) -> Solution:
    """The cheapest of all assignments that fill the most places. Raises RuntimeError if the solver gives none."""
    # Imported here: the pages' processes read these rules, too, and never solve.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    lacks = problem.lacks()
    flow, network = SimpleMinCostFlow(), _Network(problem, lacks)
    for tail, head, capacity, cost in network.arcs:
        flow.add_arc_with_capacity_and_unit_cost(tail, head, capacity, cost)
    flow.set_node_supply(network.source, sum(lacks.values()))
    flow.set_node_supply(network.sink, -sum(lacks.values()))
    status = flow.solve_max_flow_with_min_cost() if network.arcs and lacks else flow.OPTIMAL
    if status != flow.OPTIMAL:
        raise RuntimeError(f"min-cost flow: {status}")
    pairs = tuple(sorted(pair for arc, pair in network.pairs.items() if lacks and flow.flow(arc)))
    given = Counter(nomination for _expert, nomination in pairs)
    return Solution(pairs, {n: count - given[n] for n, count in lacks.items() if given[n] < count})


class _Network:
    """The arcs: source → nomination (one a lacking expert), nomination → expert, expert → sink (one a task)."""

    def __init__(self, problem: Problem, lacks: Mapping[int, int]):
        self.source, self.sink = 0, 1
        self.arcs: list[tuple[int, int, int, int]] = []
        self.pairs: dict[int, Pair] = {}
        nodes: Any = iter(range(2, 2 + len(lacks) + len(problem.experts)))
        nominations = {pk: next(nodes) for pk in sorted(lacks)}
        experts = {pk: next(nodes) for pk in sorted(problem.experts)}
        for pk, node in nominations.items():
            for place in range(problem.wanted - lacks[pk], problem.wanted):
                self.arcs.append((self.source, node, 1, PER_EXPERT * place))
        for pk, node in nominations.items():
            for expert, end in experts.items():
                pair = expert, pk
                if pair not in problem.blocked and pair not in problem.kept:
                    self.pairs[len(self.arcs)] = pair
                    self.arcs.append((node, end, 1, problem.costs.get(pair, problem.dearest)))
        loads = Counter(expert for expert, _nomination in problem.kept)
        for pk, node in experts.items():
            now = loads[pk] + problem.loads.get(pk, 0)
            for task in range(now, now + min(problem.room.get(pk, len(lacks)), len(lacks))):
                self.arcs.append((node, self.sink, 1, PER_TASK * task))
