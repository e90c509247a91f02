"""Rules: a selection inside a unit (内部遴选): which ballot counts, what comes out, and who goes up.

Candidates are named by anything that compares; pages use their numbers. Whole numbers alone: everybody can
recompute a result by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext as _

from kczg.kit.verdicts import ALLOWED, Verdict, refuse


class Manner(StrEnum):
    """How members choose: each orders all candidates, or each votes for as many as there are places."""

    RANKING = "ranking"
    VOTING = "voting"


@dataclass(frozen=True)
class Line:
    """What a candidate got: points, first places, and the rank, which those who are tied share."""

    number: str
    points: int
    firsts: int
    rank: int
    tied: bool = False


def judge_ballot(manner: str, candidates: Collection[str], places: int, choices: Sequence[str]) -> Verdict:
    """Whether a ballot counts: all candidates in order, or one to ``places`` of them."""
    if any(choice not in candidates for choice in choices) or len(set(choices)) != len(choices):
        return refuse("no_candidate", _("选票中有重复的或不在候选项中的申报"), status=422)
    if manner == Manner.RANKING and len(choices) != len(candidates):
        facts = {"all": len(candidates), "now": len(choices)}
        return refuse("not_all_ranked", _("给全部%(all)d项排序，现排了%(now)d项") % facts, status=422)
    if manner == Manner.VOTING and not 1 <= len(choices) <= places:
        facts = {"most": places, "now": len(choices)}
        return refuse("too_many_votes", _("选1—%(most)d项，现选%(now)d项") % facts, status=422)
    return ALLOWED


def tally(manner: str, candidates: Sequence[str], ballots: Sequence[Sequence[str]]) -> list[Line]:
    """The result, the best first; those who can't be told apart share a rank, in the candidates' order.

    Ranking: of m candidates the first on a ballot gets m-1 points, the last none (Borda); equal points are
    told apart by the number of first places. Voting: a point for each vote.
    """
    points, firsts = Counter[str](), Counter[str]()
    for ballot in ballots:
        for place, choice in enumerate(ballot):
            points[choice] += len(candidates) - 1 - place if manner == Manner.RANKING else 1
        if ballot and manner == Manner.RANKING:
            firsts[ballot[0]] += 1

    def better(number: str) -> tuple[int, int]:
        return -points[number], -firsts[number]

    alike = Counter(better(number) for number in candidates)
    lines = []
    for number in sorted(candidates, key=better):
        rank = 1 + sum(better(other) < better(number) for other in candidates)
        tied = alike[better(number)] > 1
        lines.append(Line(number, points[number], firsts[number], rank, tied))
    return lines


def decided(lines: Sequence[Line], order: Sequence[str]) -> list[Line]:
    """The result after the chair has ordered those who were tied; ``order`` names each of them once."""
    place = {number: n for n, number in enumerate(order)}
    ordered = sorted(lines, key=lambda line: (line.rank, place.get(line.number, 0)))
    return [replace(line, rank=rank, tied=False) for rank, line in enumerate(ordered, start=1)]


def judge_decision(lines: Sequence[Line], order: Sequence[str]) -> Verdict:
    """Whether an order settles all ties: each tied candidate once, and nobody else."""
    tied = {line.number for line in lines if line.tied}
    if len(order) != len(tied) or set(order) != tied:
        return refuse("ties_left", _("给每一组并列的各项写出不同的先后"), status=422)
    return ALLOWED


def judge_going_up(
    lines: Sequence[Line], number: str, here: Collection[str], up: Collection[str], places: int
) -> Verdict:
    """Whether a candidate is among the first ``places``, so that the unit may recommend it.

    ``here``: candidates that wait at the unit; ``up``: those that it has recommended. Who was withdrawn,
    returned or declined leaves its place to the next; who comes back has its rank again, as long as nobody
    took the place.
    """
    own = next((line for line in lines if line.number == number), None)
    if own is None:
        words = _("此项不在遴选的候选项中")
        return refuse("no_candidate", words, _("确需推荐时，先取消遴选并写明原因"), status=409)
    standing = set(here) | set(up)
    others = [line for line in lines if line.number in standing and line.number != number]
    surely = sum(line.rank < own.rank or line.number in up for line in others)
    perhaps = surely + sum(line.rank == own.rank and line.number not in up for line in others)
    if perhaps < places:
        return ALLOWED
    if surely < places:
        words = _("此项与其他候选项并列第%(rank)d") % {"rank": own.rank}
        return refuse("tied", words, _("先在遴选结果中裁定并列的先后"), status=409)
    words = _("遴选结果前%(places)d项可以推荐，此项排第%(rank)d") % {"places": places, "rank": own.rank}
    return refuse("not_selected", words, _("前面的申报撤回、退回或不予推荐后依次递补"), status=409)
