"""Rules: the votes of a meeting (会议评审): who may vote on what, who is in, and who goes on to the next round.

Issue 5. Members approve; nothing is ranked by hand. Shares are exact fractions, so that anybody can count them
again by hand. Candidates and members are named by whole numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from kczg.kit.verdicts import ALLOWED, Verdict, refuse
from nominations.rules import selection

TWO_THIRDS = Fraction(2, 3)
"""Of the members for a quorum, and of those who may vote on a candidate for a yes."""
FEWEST = 3
"""A vote of two isn't secret: each knows what the other said."""
MOST_ROUNDS = 9


@dataclass(frozen=True)
class Poll:
    """A round's votes: candidates in the order in which the meeting began; who may vote; what was said.

    ``electors``: member → the candidates that the member is recused from (回避). A ballot names who is approved.
    """

    candidates: Sequence[int]
    electors: Mapping[int, Collection[int]]
    ballots: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Tally:
    """What a candidate got: votes of those present who aren't recused from it."""

    candidate: int
    votes: int
    entitled: int

    @property
    def share(self) -> Fraction:
        """Votes out of all who may vote on it, cast or not; none where nobody may."""
        return Fraction(self.votes, self.entitled) if self.entitled else Fraction(0)

    @property
    def reaches(self) -> bool:
        return self.entitled > 0 and self.share >= TWO_THIRDS


@dataclass(frozen=True)
class Turn:
    """What a round decides: who is in, the best first, and who stands in the next round."""

    elected: list[int]
    following: list[int]


@dataclass(frozen=True)
class Standing:
    """Where a meeting stands: who is in, how many places are left, who stands next; ``over`` without a next round."""

    elected: list[int]
    seats: int
    candidates: list[int]
    over: bool


def judge_quorum(members: int, present: int) -> Verdict:
    """到会专家不少于三分之二, and at least three of them."""
    if present < FEWEST:
        words = _("到会专家至少%(least)d名，现登记到会%(now)d名")
        return refuse("too_few_present", words % {"least": FEWEST, "now": present}, status=409)
    if present < TWO_THIRDS * members:
        least = -(-2 * members // 3)
        words = _("到会专家不少于三分之二：%(all)d名中至少%(least)d名，现登记到会%(now)d名")
        return refuse("no_quorum", words % {"all": members, "least": least, "now": present}, status=409)
    return ALLOWED


def judge_ballot(candidates: Collection[int], seats: int, choices: Sequence[int]) -> Verdict:
    """Whether a ballot counts: at most as many of the member's candidates as places are left; none is allowed."""
    if not choices:
        return ALLOWED
    known = [str(candidate) for candidate in candidates]
    return selection.judge_ballot(selection.Manner.VOTING, known, seats, [str(choice) for choice in choices])


def judge_papers(
    candidates: Collection[int],
    electors: Mapping[int, Collection[int]],
    seats: int,
    papers: Sequence[Sequence[int]],
) -> Verdict:
    """Whether ballots on paper can be those of ``electors``: each counts, and together there aren't too many.

    Paper bears no name, so that no single one is held against a recusal; but a candidate has no more of them
    than there are such members who may vote on it.
    """
    if len(papers) > len(electors):
        words = _("纸质选票已录入%(now)d张，登记的纸质投票为%(most)d人")
        return refuse("too_many_papers", words % {"now": len(papers), "most": len(electors)}, status=409)
    for choices in papers:
        if not (verdict := judge_ballot(candidates, seats, choices)):
            return verdict
    entitled = entitled_to(candidates, electors)
    votes = Counter(choice for choices in papers for choice in choices)
    if any(votes[candidate] > entitled[candidate] for candidate in candidates):
        words = _("有一项的纸质赞成票多于可对其投票的人数，核对回避人的选票")
        return refuse("recused_on_paper", words, status=422)
    return ALLOWED


def entitled_to(candidates: Iterable[int], electors: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Candidate → how many members may vote on it: recused ones leave the count."""
    return {c: sum(c not in recused for recused in electors.values()) for c in candidates}


def voters(candidates: Collection[int], electors: Mapping[int, Collection[int]]) -> list[int]:
    """The members who have anything to vote on: not those who are recused from every candidate."""
    return [member for member, recused in electors.items() if not set(candidates) <= set(recused)]


def tallies(poll: Poll) -> list[Tally]:
    """What each candidate got, in the candidates' order."""
    votes = Counter(choice for ballot in poll.ballots for choice in ballot)
    entitled = entitled_to(poll.candidates, poll.electors)
    return [Tally(c, votes[c], entitled[c]) for c in poll.candidates]


def turn(seats: int, poll: Poll) -> Turn:
    """A round's outcome. Who reaches two thirds is in, by share, then in the order in which the meeting began.

    Where more reach them than there are places, the higher share is in, and those tied at the line alone stand
    again for what is left. Where fewer do, the others stand again without those of the lowest share, unless
    fewer would be left than places: then nobody leaves.
    """
    reached = sorted((t for t in tallies(poll) if t.reaches), key=lambda t: -t.share)
    if len(reached) > seats and reached[seats].share == reached[seats - 1].share:
        line = reached[seats].share
        return Turn(
            [t.candidate for t in reached if t.share > line],
            [t.candidate for t in tallies(poll) if t.share == line],
        )
    elected = [t.candidate for t in reached[:seats]]
    left = seats - len(elected)
    rest = [t for t in tallies(poll) if not t.reaches] if left else []
    return Turn(elected, _without_lowest(rest, left))


def _without_lowest(rest: Sequence[Tally], left: int) -> list[int]:
    lowest = min((t.share for t in rest), default=Fraction(0))
    kept = [t.candidate for t in rest if t.share > lowest]
    return kept if len(kept) >= max(left, 1) else [t.candidate for t in rest]


def standing(wanted: int, rounds: int, order: Sequence[int], polls: Sequence[Poll]) -> Standing:
    """Where a meeting stands that wants ``wanted`` of ``order`` in at most ``rounds`` rounds, after these."""
    elected: list[int] = []
    candidates = list(order)
    for poll in polls:
        after = turn(wanted - len(elected), poll)
        elected, candidates = elected + after.elected, after.following
    seats = wanted - len(elected)
    over = not seats or not candidates or len(polls) >= rounds
    return Standing(elected, seats, [] if over else candidates, over)


def astray(wanted: int, rounds: int, order: Sequence[int], polls: Sequence[Poll]) -> int:
    """The first round, from 1, that had other candidates than the rounds before it left standing; 0: none."""
    for held, poll in enumerate(polls):
        if list(poll.candidates) != standing(wanted, rounds, order, polls[:held]).candidates:
            return held + 1
    return 0
