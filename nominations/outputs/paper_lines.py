"""Papers: the rows of a form's table fitted to its pages: where the table is cut, and where its side label stands.

A first lay-out tells on which pages each row stands. For the second one the table is cut where a page ends, so
that its frame closes below the last row, and the side label is printed again on each page, as the notice does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kczg.kit.papers import Place, Places

if TYPE_CHECKING:
    from nominations.outputs.paper import Row

LINE = 6.35
"""Millimetres from one line of a side label to the next, as in paper.css; with the edges above and below."""
EDGES = 3.2
SCRAP = 24
"""A row of which less than so much stands on a page, or less than its label, goes to the next one whole."""


Labels = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Side:
    """A cell of the side column: the label's lines, if it stands here, and how many rows it takes.

    ``joins``: no line parts it from the one above.
    """

    lines: tuple[str, ...]
    down: int
    joins: bool = False


@dataclass(frozen=True)
class Line:
    """A row with what the table needs to know of it."""

    id: str
    row: Row
    side: Side | None = None
    stays: bool = False
    """Whether the next row must stand on the same page."""
    begins: bool = False
    """Whether it begins a page."""

    @property
    def is_long(self) -> bool:
        return getattr(self.row[0], "is_long", False)

    @property
    def is_heads(self) -> bool:
        return all(getattr(cell, "is_head", False) for cell in self.row)


def is_scrap(line: Line, pieces: tuple[Place, ...]) -> bool:
    """Whether too little of a row that goes over a page stands on its first one."""
    if len(pieces) < 2:
        return False
    label = LINE * getattr(line.row[0], "height", 1) + EDGES
    return pieces[0].bottom - pieces[0].top < max(SCRAP, label)


def fit(lines: Sequence[Line], labels: Labels, places: Places) -> list[list[Line]]:
    """The lines in frames, one for each page on which some begin; all in one where nothing was laid out yet.

    ``labels`` are the ways in which the side label may be written, the first one preferred.
    """
    kept = [replace(line, stays=_stays(lines, number)) for number, line in enumerate(lines)]
    known = [places.get(line.id, ()) for line in lines]
    if not all(known):
        return [[replace(kept[0], side=_whole(labels, len(kept))), *kept[1:]]] if kept else []
    starts = [
        0,
        *(n for n, (above, here) in enumerate(pairwise(known), start=1) if _ends(above) < here[0].page),
    ]
    return [
        _with_sides(kept[start:end], labels, known[start:end])
        for start, end in zip(starts, [*starts[1:], len(kept)], strict=True)
    ]


def _stays(lines: Sequence[Line], number: int) -> bool:
    """Heads stay with their first row; the first row, and the last, doesn't stand on a page alone."""
    last = len(lines) - 1
    short_end = number == last - 1 and not lines[last].is_long
    return number < last and (lines[number].is_heads or number == 0 or short_end)


def _ends(pieces: tuple[Place, ...]) -> int:
    return pieces[-1].page


def _whole(labels: Labels, down: int) -> Side | None:
    return Side(tuple(labels[0]), down) if labels else None


def _with_sides(lines: list[Line], labels: Labels, places: Sequence[tuple[Place, ...]]) -> list[Line]:
    """A frame's lines with its side cells. A row that goes over a page has a cell of its own."""
    if not labels:
        return lines
    runs: list[list[int]] = []
    for number, pieces in enumerate(places):
        if runs and len(pieces) == 1 and len(places[number - 1]) == 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told: set[int] = set()
    sides: dict[int, Side] = {}
    # Whole rows first: the label of a row that goes over the page can't stand in its middle.
    for run in sorted(runs, key=lambda run: len(places[run[0]])):
        page, height = places[run[0]][0].page, places[run[-1]][0].bottom - places[run[0]][0].top
        fitting = (label for label in labels if page not in told and LINE * len(label) + EDGES <= height)
        says = tuple(next(fitting, ()))
        told |= {page} if says else set()
        sides[run[0]] = Side(says, len(run), joins=run[0] > 0)
    return [replace(line, side=sides.get(number)) for number, line in enumerate(lines)]
