"""Rules: whether two submitted entries of one ranking are the same entry, or so near that a person should look.

What an entry *is* differs from ranking to ranking (annex 1, annex 2): a company, an organisation, a person, or
a work of which one applicant may have several. Exact signs are compared as they are; long texts by a signature
of their trigrams, small enough to be compared with those of a whole ranking.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import compress
from operator import eq
from typing import Any

from django.utils.translation import gettext as _

from nominations.rules import likeness
from nominations.rules.likeness import comparable, core

ALONE = 0.45
"""Texts at least this alike (share of trigrams that both have, 0 to 1) are near without any other sign."""
TOGETHER = 0.3
"""Texts at least this alike are near where the names are alike, too; benchmarks/twins.py measures both."""
PLACES = 256
"""Places of a signature: each keeps the least of the trigrams that fall on it (one-permutation MinHash)."""
FEWEST = 12
"""Fewer places than these say nothing about two texts."""
COMMON = 5
COMMON_SHARE = 0.02
"""A passage that more entries than these have, or than this share of them, is a set phrase: it tells nobody apart."""
MOST = 20
"""Pairs at most that one submission brings up, the clearest first."""
_ALL = range(PLACES)


class Kind(StrEnum):
    """What an entry of a ranking is."""

    ORGANISATION = "organisation"
    PERSON = "person"
    WORK = "work"


@dataclass(frozen=True)
class Entry:
    """A ranking's entry: what it is, which questions name whose it is, further signs, and its own long texts.

    Texts about the applicant rather than the entry (the team, say) are left out: two works of one applicant
    rightly have the same.
    """

    kind: Kind
    holders: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


ENTRIES: dict[str, Entry] = {
    "pioneer_technology": Entry(
        Kind.WORK,
        holders=("holder_name",),
        texts=("introduction_text", "scenarios_text", "rights_text", "economy_text", "society_text"),
    ),
    "emerging_enterprise": Entry(Kind.ORGANISATION, texts=("business", "achievement_text")),
    "integrated_innovation": Entry(
        Kind.ORGANISATION, texts=("profile_text", "mechanism_text", "promotion_text", "ecosystem_text")
    ),
    "startup_employment": Entry(
        Kind.PERSON,
        holders=("enterprise_name",),
        signs=("phone", "email"),
        texts=(
            *("career", "core_team", "core_technology", "innovations", "business_model", "financing"),
            *("philosophy", "achievement_text", "management_text", "cases_text", "publicity_text"),
        ),
    ),
    "technology_manager": Entry(
        Kind.PERSON,
        holders=("employer",),
        signs=("phone", "email"),
        texts=(
            *("skills_theory", "skills_projects", "skills_platforms", "skills_results"),
            *("taking_part_text", "conduct_text"),
        ),
    ),
    "international_cooperation": Entry(
        Kind.WORK,
        holders=("applicant_name",),
        texts=("introduction_text", "progress_text", "prospects_text"),
    ),
    "open_source": Entry(
        Kind.WORK,
        holders=("initiator",),
        signs=("repository",),
        texts=("profile", "innovation_text", "contribution_text", "influence_text"),
    ),
}
"""Ranking's key → its entry. A ranking without a line isn't compared."""


class Degree(StrEnum):
    """How sure it is: the same by its exact signs, or near, so that a person should look."""

    SAME = "same"
    NEAR = "near"


@dataclass(frozen=True)
class Features:
    """What is kept of a submitted version to compare it: names as compared, digests of signs, the signature."""

    kind: Kind
    title: str
    core: str
    holders: frozenset[str]
    credit_code: str
    signs: Mapping[str, str]
    signature: bytes


@dataclass(frozen=True)
class Found:
    """Two entries that are the same or near, why, and how alike their texts are in percent."""

    degree: Degree
    reasons: tuple[str, ...]
    percent: int


def features(
    entry: Entry, title: str, applicant: str, credit_code: str, answers: Mapping[str, Any]
) -> Features:
    """The features of a version: its title, its applicant with the credit code ("": none), its answers."""
    named = [applicant, *(str(answers.get(key) or "") for key in entry.holders)]
    signs = {key: _digest(text) for key in entry.signs if (text := comparable(str(answers.get(key) or "")))}
    return Features(
        kind=entry.kind,
        title=comparable(title),
        core=core(title),
        holders=frozenset(found for name in named if (found := core(name))),
        credit_code=credit_code,
        signs=signs,
        signature=signature(str(answers.get(key) or "") for key in entry.texts),
    )


def _digest(text: str) -> str:
    """A telephone number is compared, and never kept a second time."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def signature(texts: Iterable[str]) -> bytes:
    """The signature of long texts: at each place a mark of the least trigram that falls on it, 0 where none does.

    Of two signatures the share of equal marks is, but for chance, the share of trigrams that both texts have.
    """
    least: dict[int, int] = {}
    for text in texts:
        plain = comparable(text)
        for trigram in {plain[n : n + 3] for n in range(len(plain) - 2)}:
            number = int.from_bytes(blake2b(trigram.encode(), digest_size=8).digest(), "big")
            place, rest = number % PLACES, number // PLACES
            if rest < least.get(place, rest + 1):
                least[place] = rest
    return array("H", (least[n] % 0xFFFF + 1 if n in least else 0 for n in range(PLACES))).tobytes()


def marks(kept: bytes) -> array[int]:
    """The marks of a signature as it is kept."""
    found = array("H")
    found.frombytes(kept)
    return found


def nearest(own: Features, others: Iterable[tuple[int, Features]]) -> dict[int, Found]:
    """The others (by their number) that are the same entry or near, at most ``MOST``, the clearest first."""
    # What is empty here is equal to nothing there.
    mine = [mark or -1 for mark in marks(own.signature)]
    how_many: Counter[int] = Counter()
    count, kept = 0, []
    for number, other in others:
        count += 1
        theirs = marks(other.signature)
        shared = bytes(compress(_ALL, map(eq, mine, theirs)))
        how_many.update(shared)
        if len(shared) >= FEWEST // 2 or _may_be(own, other):
            filled = sum(a > 0 or b > 0 for a, b in zip(mine, theirs, strict=True))
            kept.append((number, other, shared, filled))
    most = max(COMMON, count * COMMON_SHARE)
    common = {place for place, seen in how_many.items() if seen > most}
    found: dict[int, Found] = {}
    for number, other, shared, filled in kept:
        judged = judge(own, other, _alike(shared, filled, common))
        if judged is not None:
            found[number] = judged
    best = sorted(found.items(), key=lambda item: (item[1].degree is not Degree.SAME, -item[1].percent))
    return dict(best[:MOST])


def _may_be(own: Features, other: Features) -> bool:
    """Whether anything but the texts speaks for it: the cheap question before the dear one."""
    return (
        _same_title(own, other)
        or (bool(own.core) and own.core == other.core)
        or (bool(own.credit_code) and own.credit_code == other.credit_code)
        or any(other.signs.get(key) == sign for key, sign in own.signs.items())
    )


def _alike(shared: Sequence[int], filled: int, common: set[int]) -> float:
    """The share of trigrams that both have (Dice), by the places that aren't set phrases of many."""
    equal, telling = sum(place not in common for place in shared), filled - len(common)
    return 2 * equal / (telling + equal) if telling >= FEWEST else 0.0


def judge(own: Features, other: Features, alike: float) -> Found | None:
    """Whether two entries of one ranking are the same or near; ``alike`` tells how much of their texts is. None: neither."""
    degree, reasons = _JUDGES[own.kind](own, other, alike)
    if degree is None and alike >= ALONE:
        degree = Degree.NEAR
    if degree is None:
        return None
    return Found(
        degree, tuple(reasons) + (("texts",) if alike >= TOGETHER else ()), min(round(alike * 100), 100)
    )


Judged = tuple[Degree | None, list[str]]


def _organisation(own: Features, other: Features, alike: float) -> Judged:
    """The entry is the applicant: the code decides; without one of the two codes, the name."""
    both = bool(own.credit_code and other.credit_code)
    like_names = _like_names(own, other)
    if both and own.credit_code == other.credit_code:
        return (Degree.SAME if like_names else Degree.NEAR), ["credit_code", *like_names]
    if _same_title(own, other):
        return (Degree.NEAR if both else Degree.SAME), ["title"]
    if own.core and own.core == other.core and not both:
        return Degree.NEAR, ["title_alike"]
    if like_names and alike >= TOGETHER:
        return Degree.NEAR, like_names
    return None, []


def _person(own: Features, other: Features, alike: float) -> Judged:
    """A name is many people's: a second sign makes it the same person, like texts one to look at."""
    if not _same_title(own, other):
        return None, []
    more = [key for key, sign in own.signs.items() if other.signs.get(key) == sign]
    more += ["employer"] if own.holders & other.holders else []
    more += ["credit_code"] if own.credit_code and own.credit_code == other.credit_code else []
    if more:
        return Degree.SAME, ["name", *more]
    return (Degree.NEAR, ["name"]) if alike >= TOGETHER else (None, [])


def _work(own: Features, other: Features, alike: float) -> Judged:
    """One applicant may have several works: its code alone says nothing, with the same title everything."""
    of_one = bool(own.credit_code) and own.credit_code == other.credit_code
    holder = ["credit_code"] if of_one else ["holder"] if own.holders & other.holders else []
    addresses = [key for key, sign in own.signs.items() if other.signs.get(key) == sign]
    like_names = _like_names(own, other)
    if addresses:
        return Degree.SAME, [*addresses, *like_names]
    if _same_title(own, other):
        return (Degree.SAME if holder else Degree.NEAR), ["title", *holder]
    if like_names and alike >= TOGETHER:
        return Degree.NEAR, [*like_names, *holder]
    return None, (holder if alike >= ALONE else [])


_JUDGES = {Kind.ORGANISATION: _organisation, Kind.PERSON: _person, Kind.WORK: _work}


def _same_title(own: Features, other: Features) -> bool:
    """Names of marks alone compare as nothing: they are nobody's."""
    return bool(own.title) and own.title == other.title


def _like_names(own: Features, other: Features) -> list[str]:
    if _same_title(own, other):
        return ["title"]
    alike = bool(own.core) and likeness.likeness(own.core, other.core) >= likeness.NEAR
    return ["title_alike"] if alike else []


def words(reasons: Iterable[str], percent: int) -> list[str]:
    """The reasons as people read them, in their order; one that isn't known reads as nothing."""
    said = {
        "credit_code": _("统一社会信用代码相同"),
        "title": _("名称相同"),
        "title_alike": _("名称相近"),
        "holder": _("所属单位相同"),
        "name": _("姓名相同"),
        "phone": _("联系电话相同"),
        "email": _("邮箱相同"),
        "employer": _("所在单位相同"),
        "repository": _("源代码仓库地址相同"),
        "texts": _("文字相近%(percent)d%%") % {"percent": percent},
    }
    return [said[reason] for reason in reasons if reason in said]
