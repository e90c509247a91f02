"""Papers: how two states of a form differ, section by section, old beside new, with the words marked in long texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from nominations.answers import Change, Tree, diff
from nominations.fields.base import Section

SAME, GONE, NEW = "same", "gone", "new"
SIDE_BY_SIDE = 40
"""Characters at most of an old and a new answer that are shown whole, one after the other."""
SHORT = 2
"""A run of fewer equal characters between two changes is read as a part of the change."""
MOST_STEPS = 6_000
"""Pairs of equal pieces at most that are compared within one passage: beyond, it was rewritten (I6)."""

AROUND, CUT = 30, "……"
"""Characters beside a change that are printed with it, and the sign for those that aren't."""

_SENTENCE = re.compile(r"[^。；！？!?;\n]*[。；！？!?;\n]?")
_WORD = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Mark:
    """A stretch of text that both have, or only the older (gone) or the newer (new)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One answer that differs."""

    change: Change
    marks: tuple[Mark, ...]

    @property
    def is_long(self) -> bool:
        """Whether the marks stand in one running text rather than old and new side by side."""
        change = self.change
        return bool(change.before and change.after) and len(change.before) + len(change.after) > SIDE_BY_SIDE


@dataclass(frozen=True)
class Part:
    """A section with its answers that differ."""

    section: Section
    differences: tuple[Difference, ...]


def difference(change: Change) -> Difference:
    """A change with its words marked."""
    return Difference(change, tuple(marks(change.before, change.after)))


def differences(old: Tree, new: Tree) -> list[Part]:
    """What differs, by section in printed order; a section without a difference is left out."""
    by_section: dict[str, tuple[Section, list[Difference]]] = {}
    for change in diff(old, new):
        found = by_section.setdefault(change.section.key, (change.section, []))
        found[1].append(difference(change))
    return [Part(section, tuple(found)) for section, found in by_section.values()]


def marks(old: str, new: str) -> list[Mark]:
    """The newer text with what it lost and gained since the older one, in reading order.

    Sentences are compared first, then the words and characters inside those that changed.
    """
    found: list[Mark] = []
    for old_part, new_part in _blocks(_SENTENCE.findall(old), _SENTENCE.findall(new)):
        if old_part == new_part:
            found.append(Mark(SAME, old_part))
        else:
            found += _within(old_part, new_part)
    return _joined(found)


def passages(found: Sequence[Mark], around: int = AROUND) -> list[Mark]:
    """The marks with what both texts have cut down to ``around`` characters beside each change; …… for what is left out."""
    shown = []
    for place, mark in enumerate(found):
        before, behind = place > 0, place < len(found) - 1
        if mark.kind != SAME or len(mark.text) <= around * (before + behind) + len(CUT):
            shown.append(mark)
            continue
        head = mark.text[:around] if before else ""
        tail = mark.text[-around:] if behind else ""
        shown.append(Mark(SAME, head + CUT + tail))
    return shown


def _within(old: str, new: str) -> list[Mark]:
    found: list[Mark] = []
    pairs = list(_blocks(_WORD.findall(old), _WORD.findall(new)))
    for place, (was, now) in enumerate(pairs):
        inner = 0 < place < len(pairs) - 1
        if was == now and not (inner and len(was) < SHORT):
            found.append(Mark(SAME, was))
        else:
            found += [Mark(GONE, was), Mark(NEW, now)]
    return found


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pieces of both in order, as stretches that are equal and stretches that aren't."""
    ahead = _shared(old, new)
    behind = _shared(old[ahead:][::-1], new[ahead:][::-1])
    ends = len(old) - behind, len(new) - behind
    yield "".join(old[:ahead]), "".join(new[:ahead])
    inner_old, inner_new = old[ahead : ends[0]], new[ahead : ends[1]]
    if _steps(inner_old, inner_new) > MOST_STEPS:
        yield "".join(inner_old), "".join(inner_new)
    else:
        matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=False)
        for _tag, i, j, k, m in matcher.get_opcodes():
            yield "".join(inner_old[i:j]), "".join(inner_new[k:m])
    yield "".join(old[ends[0] :]), "".join(new[ends[1] :])


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces both begin with."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _steps(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pairs of equal pieces there are: what a comparison costs."""
    first, second = Counter(one), Counter(other)
    return sum(count * second[piece] for piece, count in first.items())


def _joined(found: list[Mark]) -> list[Mark]:
    """Neighbours of one kind as one; between two equal stretches what is gone stands before what is new."""
    ordered: list[Mark] = []
    gone = new = ""
    for mark in [*(each for each in found if each.text), Mark(SAME, "")]:
        if mark.kind == GONE:
            gone += mark.text
        elif mark.kind == NEW:
            new += mark.text
        else:
            ordered += [each for each in (Mark(GONE, gone), Mark(NEW, new)) if each.text]
            gone = new = ""
            if ordered and ordered[-1].kind == SAME:
                mark = Mark(SAME, ordered.pop().text + mark.text)
            ordered.append(mark)
    return [mark for mark in ordered if mark.text]
