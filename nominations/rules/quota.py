"""How many: a unit's limit in a track is a sum over its channels, and a place is free or taken (二（二）)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from kczg.kit.verdicts import ALLOWED, Verdict, refuse

HIGHEST_LIMIT = 99
"""More places than this for one channel in one track are a slip of the keyboard."""
C = TypeVar("C")


@dataclass(frozen=True)
class Share:
    """What one channel grants in one track."""

    channel: str
    limit: int


@dataclass(frozen=True)
class Held:
    """One place: the channel that grants it, its number, and the nomination that holds it; free without one."""

    channel: str
    number: int
    holder: str = ""
    title: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """A unit's quota in a track: the shares that add up to the limit, and how many are used.

    ``track`` is empty for the one track of a ranking without fields; ``track_id`` names the row. ``places`` are
    the single ones behind the figures, where a page tells them.
    """

    ranking: str
    track: str
    shares: tuple[Share, ...]
    used: int
    track_id: int = 0
    places: tuple[Held, ...] = ()

    @property
    def where(self) -> str:
        """What the quota belongs to, in a sentence: 电子信息领域, 新锐企业榜."""
        return _("%(track)s领域") % {"track": self.track} if self.track else self.ranking

    @property
    def limit(self) -> int:
        return sum(share.limit for share in self.shares)

    @property
    def remaining(self) -> int:
        return self.limit - self.used

    @property
    def sum(self) -> str:
        """Where the limit comes from, where it adds up (可叠加): 3＋3, one figure a channel; else nothing."""
        return _("＋").join(str(share.limit) for share in self.shares) if len(self.shares) > 1 else ""

    @property
    def words(self) -> str:
        """The quota in one line: 已推荐2，名额3，剩余1."""
        facts = {"used": self.used, "limit": self.limit, "left": self.remaining}
        return _("已推荐%(used)d，名额%(limit)d，剩余%(left)d") % facts


def wanted_places(limit: int | None, channels: Sequence[C]) -> list[tuple[C, int]]:
    """The numbered places of a unit in a track: (channel, 1 … limit) for each of its channels.

    ``limit`` is the number printed in the notice; None for a ranking without recommending units.
    """
    return [(channel, number) for channel in channels for number in range(1, (limit or 0) + 1)]


def takes_two_people(call_opens: Iterable[datetime], at: datetime) -> bool:
    """Whether a change of channel or limit takes a second person (S7): once the call has opened for anybody.

    ``call_opens`` are the moments at which it opens: the season's, and those of tracks with dates of their own.
    """
    return any(opens <= at for opens in call_opens)


def judge_limit(limit: int) -> Verdict:
    """Whether this number can be a track's limit at all."""
    if 0 <= limit <= HIGHEST_LIMIT:
        return ALLOWED
    words = _("名额填0—%(most)d的整数，现为%(typed)d") % {"most": HIGHEST_LIMIT, "typed": limit}
    return refuse("limit_out_of_range", words, status=422)


def judge(standing: Standing) -> Verdict:
    """Whether one more may be recommended; the refusal says what to do."""
    if standing.remaining > 0:
        return ALLOWED
    if standing.limit == 0:
        return refuse("no_quota", _("本单位在%(track)s没有推荐名额") % {"track": standing.where}, status=409)
    return refuse(
        "quota_used_up",
        _("%(track)s%(limit)d个名额已用完。撤回1项已推荐的，再推荐此项")
        % {"track": standing.where, "limit": standing.limit},
        status=409,
    )
