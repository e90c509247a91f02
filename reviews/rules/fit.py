"""How well an expert fits a nomination: fields that both name, in points of a hundred, each with its reason.

Our own scale, for no rule of the notice gives one: a field counts the more, the deeper in its catalogue the two agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

Path = tuple[str, ...]
"""The codes that lead to an entry of a catalogue, from the top: ("C", "39", "398", "3985")."""
Reason = tuple[str, str]
"""What agrees (INDUSTRY, STRATEGIC, TRACK, WORDS), and the code, or the words, in which it does."""

INDUSTRY, STRATEGIC, TRACK, WORDS = "industry", "strategic", "track", "words"
INDUSTRY_POINTS = (0, 5, 20, 30, 40)
"""GB/T 4754-2017: nothing, 门类, 大类, 中类, 小类 in common."""
STRATEGIC_POINTS = (0, 10, 20, 30)
"""战略性新兴产业分类（2018）: nothing, level 1, 2, 3 in common."""
TRACK_POINTS = 10
WORD_POINTS, MOST_WORDS = 10, 2
MOST = INDUSTRY_POINTS[-1] + STRATEGIC_POINTS[-1] + TRACK_POINTS + WORD_POINTS * MOST_WORDS
"""A hundred: everything agrees."""
SHORTEST_WORD = 2
_BETWEEN = re.compile(r"[\s,，、;；/|。.：:（）()“”\"]+")


@dataclass(frozen=True)
class Knows:
    """What an expert knows: paths of both catalogues, keys of tracks, and the expertise as it was typed."""

    industries: tuple[Path, ...] = ()
    strategic: tuple[Path, ...] = ()
    tracks: frozenset[str] = frozenset()
    expertise: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the expertise, two characters at least, as they are looked for."""
        found = (word for word in _BETWEEN.split(_plain(self.expertise)) if len(word) >= SHORTEST_WORD)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Asks:
    """What a nomination is about: paths of both catalogues, the key of its track, and its text."""

    industries: tuple[Path, ...] = ()
    strategic: tuple[Path, ...] = ()
    track: str = ""
    text: str = ""

    @cached_property
    def plain_text(self) -> str:
        """The text as it is searched; made once, for every expert asks it."""
        return _plain(self.text)


@dataclass(frozen=True)
class Fit:
    """Points from 0 to 100, and what they were given for; the deepest reason first."""

    points: int
    reasons: tuple[Reason, ...] = ()

    @property
    def cost(self) -> int:
        """What the pair costs a solver: 0 for a perfect fit, 100 for none."""
        return MOST - self.points


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def fit(knows: Knows, asks: Asks) -> Fit:
    """How well they fit, exactly; the same pair gives the same answer."""
    points, reasons = 0, []
    for name, mine, theirs, scale in (
        (INDUSTRY, knows.industries, asks.industries, INDUSTRY_POINTS),
        (STRATEGIC, knows.strategic, asks.strategic, STRATEGIC_POINTS),
    ):
        common = _deepest(mine, theirs)
        if common:
            points += scale[min(len(common), len(scale) - 1)]
            reasons.append((name, common[-1]))
    words = [word for word in knows.words if word in asks.plain_text][:MOST_WORDS]
    if words:
        points += WORD_POINTS * len(words)
        reasons.append((WORDS, "、".join(words)))
    if asks.track and asks.track in knows.tracks:
        points += TRACK_POINTS
        reasons.append((TRACK, asks.track))
    return Fit(points, tuple(reasons))


def _deepest(mine: Iterable[Path], theirs: tuple[Path, ...]) -> Path:
    """The longest beginning that a path of one side shares with one of the other; the first of equal ones."""
    best: Path = ()
    for one in mine:
        for other in theirs:
            depth = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
            common = one[: min(len(one), len(other)) if depth is None else depth]
            if len(common) > len(best):
                best = common
    return best


def in_words(reasons: Iterable[Reason], names: dict[Reason, str]) -> str:
    """The reasons for people; ``names`` gives what a code is called, the code itself where it doesn't."""
    said = {
        INDUSTRY: _("行业相符：%(name)s"),
        STRATEGIC: _("新兴产业相符：%(name)s"),
        WORDS: _("专业领域含%(name)s"),
        TRACK: _("熟悉本领域"),
    }
    return _("；").join(
        said[kind] % {"name": names.get((kind, code), code)} for kind, code in reasons if kind in said
    )
