"""Papers: the printed form as parts and cells (附件2), made from the walk. Layout only: no answer changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import cast

from kczg.kit.papers import Places
from nominations.answers import Item, SectionView, Tree
from nominations.fields.base import Question, Seal
from nominations.fields.year_table import YearTable
from nominations.outputs.paper_lines import Line, fit, is_scrap
from nominations.outputs.supplement import Supplement

NARROW = 4
"""Characters that stand in a line of the second label column, where it is narrow."""
LONG = "long_text"
BELOW = (LONG, "files")
"""Kinds of column that have no head: their texts stand below each row, over the whole width."""
COLUMNS = 4
"""A row of cells is label, answer, label, answer; a question of full width takes what is left."""
MENDED = 2
"""Rows at most that are put at a page's beginning, because too little of them would stand at the foot of another."""
FEW = 3
"""A part of so many rows at most stays on one page."""


def ems(text: str) -> float:
    """How wide a text is, in Chinese characters: letters, figures and signs are narrower."""
    return sum(
        1 if sign > "\xff" else 0.65 if sign.isalpha() else 0.56 if sign.isdigit() else 0.4 for sign in text
    )


def pieces(label: str, room: float) -> tuple[str, str]:
    """A label in two pieces, the second not to be broken, so that lines end where the notice ends them.

    所属单位·（团队）名称, 技术成果转化·形式（可多选）, 技术团队简介·（200字）: a bracket begins a line, and
    takes two characters along where what stands before it is too long for a line of ``room`` characters.
    """
    head, bracket, _tail = label.partition("（")
    if not bracket or ems(label) <= room:
        return label, ""
    cuts = [len(head) - 2, len(head)] if ems(head) > room else [len(head)]
    return next(((label[:n], label[n:]) for n in cuts if ems(label[n:]) <= room), (label, ""))


@dataclass(frozen=True)
class Cell:
    """A label with its answer; ``span`` is how many columns the answer takes, ``room`` what fits a label's line."""

    item: Item
    span: int
    room: float = 7

    @property
    def is_long(self) -> bool:
        """Whether its row may go on at the next page."""
        return self.item.question.kind in (LONG, "rows")

    @property
    def label(self) -> tuple[str, str]:
        """The label in the pieces that lines keep together."""
        return pieces(self.item.question.label, self.room)

    @property
    def height(self) -> int:
        """How many lines the label takes."""
        return ceil(ems(self.item.question.label) / self.room)

    @property
    def rows(self) -> RowsTable | None:
        """Rows that stand in cells of their own beside the label, with empty ones as far as the label goes down."""
        if self.item.question.kind != "rows":
            return None
        table = RowsTable(self.item)
        spare = self.height - 1 - len(table.entries)
        return replace(table, spare=max(spare, 0 if table.entries else 1), in_cells=True)


@dataclass(frozen=True)
class RowsTable:
    """Rows as a table. A column of long text or of files stands below each row, over the whole width."""

    item: Item
    spare: int = 0
    in_cells: bool = False

    @property
    def columns(self) -> list[tuple[Question, str]]:
        """Column and head of what stands side by side."""
        question, table = self.item.question, self.item.table
        heads = table.headers if table else ()
        return [(c, head) for c, head in zip(question.columns, heads, strict=True) if c.kind not in BELOW]

    @property
    def entries(self) -> list[tuple[list[str], list[str]]]:
        """Each row's cells, and the paragraphs below them."""
        kinds = [column.kind for column in self.item.question.columns]
        read = []
        for row in self.item.table.rows if self.item.table else ():
            below = [text for kind, text in zip(kinds, row, strict=True) if kind in BELOW]
            lines = [line.strip() for text in below for line in text.split("\n")]
            cells = [text for kind, text in zip(kinds, row, strict=True) if kind not in BELOW]
            read.append((cells, [line for line in lines if line]))
        return read

    @property
    def has_texts(self) -> bool:
        return any(column.kind == LONG for column in self.item.question.columns)

    @property
    def is_shown(self) -> bool:
        """Beside a label always, as on the printed form; below a heading once there are any."""
        return self.in_cells or bool(self.entries)


@dataclass(frozen=True)
class Plain:
    """A cell that holds a text alone: a head, or a figure. ``down`` is how many rows it takes."""

    text: str
    is_head: bool = False
    span: int = 1
    down: int = 1
    room: float = 7

    @property
    def pieces(self) -> tuple[str, str]:
        """The text in the pieces that lines keep together."""
        return pieces(self.text, self.room) if self.is_head else (self.text, "")


Row = list["Cell | Plain"]


@dataclass(frozen=True)
class Block:
    """An answer below the numbered heading; ``heading`` is its own label where the numbered one lacks it."""

    item: Item
    heading: str

    @property
    def rows(self) -> RowsTable | None:
        return RowsTable(self.item) if self.item.question.kind == "rows" else None


@dataclass(frozen=True)
class Part:
    """A section on paper; ``places`` tells where the rows came to stand in a first lay-out, if there was one."""

    view: SectionView
    places: Places = field(default_factory=dict)
    begin: frozenset[str] = frozenset()
    """Rows that begin a page."""

    @property
    def is_grid(self) -> bool:
        return self.view.section.layout == "grid"

    @property
    def title(self) -> str:
        return self.view.section.title

    @property
    def note(self) -> str:
        return self.view.section.note

    @property
    def side(self) -> list[str]:
        """The lines of the vertical label; none where the form prints none."""
        return self.sides[0] if self.sides else []

    @property
    def sides(self) -> list[list[str]]:
        """The vertical label as printed, and with two characters a line for where there is less room."""
        step = self.view.section.side
        return [_lines(self.title, step), _lines(self.title, max(step, 2))] if step else []

    @cached_property
    def figures(self) -> int:
        """How many columns of figures stand beside the labels; 0 where there are none."""
        groups = [len(list(items)) for name, items in groupby(self.view.items, _group) if name]
        tables = [len(item.table.headers) - 1 for item in self.view.items if _is_years(item) and item.table]
        return max([*groups, *tables], default=0)

    @cached_property
    def rows(self) -> list[Row]:
        found = list(rows(self.view.items, self.figures or COLUMNS - 1))
        return [[replace(cell, room=self._room(place)) for place, cell in enumerate(row)] for row in found]

    def _room(self, place: int) -> float:
        """How much of a label fits a line (paper.css has the columns' widths)."""
        if place and self.figures:
            return 6
        if place:
            return 5.2 if self.is_wide or not self.side else 3.8
        return 9 if not self.side else 8.4 if self.is_wide or self.figures else 7

    @cached_property
    def is_wide(self) -> bool:
        """Whether a label in the second place is longer than the narrow column there."""
        second = [row[1] for row in rows(self.view.items) if len(row) == 2]
        return any(isinstance(cell, Cell) and len(cell.item.question.label) > NARROW for cell in second)

    @property
    def frames(self) -> list[list[Line]]:
        """The rows as lines, a frame for each page on which some begin."""
        return fit(self.lines, self.sides, self.places)

    @property
    def lines(self) -> list[Line]:
        """The rows, each with its id."""
        ids = [f"{self.view.key}-row-{number}" for number in range(1, len(self.rows) + 1)]
        return [Line(key, row, begins=key in self.begin) for key, row in zip(ids, self.rows, strict=True)]

    @property
    def is_short(self) -> bool:
        """Whether it stays whole on one page."""
        return len(self.rows) <= FEW and not any(line.is_long for line in self.lines)

    @property
    def blocks(self) -> list[Block]:
        named = [item for item in self.view.items if item.question.label in self.title]
        return [Block(item, "" if named == [item] else item.question.label) for item in self.view.items]


def _lines(text: str, step: int) -> list[str]:
    return [text[at : at + step] for at in range(0, len(text), step)]


def _group(item: Item) -> str:
    return item.question.group


def _is_years(item: Item) -> bool:
    return item.question.kind == YearTable.name


def rows(items: Iterable[Item], columns: int = COLUMNS - 1) -> Iterable[Row]:
    """The rows of a grid with so many columns beside the first label.

    Two questions of half width that follow one another share a row; a year table stands in the grid's own
    cells; questions that share a heading stand below it side by side.
    """
    for group, members in groupby(items, _group):
        if group:
            yield from _grouped(group, list(members), columns)
        else:
            yield from _single(members, columns)


def _single(items: Iterable[Item], columns: int) -> Iterable[Row]:
    waiting: Item | None = None
    for item in items:
        half = item.question.width == "half"
        if waiting and half:
            yield [Cell(waiting, 1), Cell(item, 1)]
            waiting = None
            continue
        if waiting:
            yield [Cell(waiting, columns)]
            waiting = None
        if half:
            waiting = item
        elif _is_years(item):
            yield from _by_year(item, columns)
        else:
            yield [Cell(item, columns)]
    if waiting:
        yield [Cell(waiting, columns)]


def _by_year(item: Item, columns: int) -> Iterable[Row]:
    table = item.table
    assert table is not None  # A year table has one, filled or not.
    for number, texts in enumerate((table.headers, *table.rows)):
        last = columns - len(texts) + 2
        yield [
            Plain(text, number == 0 or place == 0, last if place == len(texts) - 1 else 1)
            for place, text in enumerate(texts)
        ]


def _grouped(group: str, items: list[Item], columns: int) -> Iterable[Row]:
    spans = [1] * (len(items) - 1) + [columns - len(items) + 1]
    names = [item.question.label.removeprefix(group).lstrip("：") for item in items]
    heads: Row = [Plain(name, True, span) for name, span in zip(names, spans, strict=True)]
    yield [Plain(group, True, down=2), *heads]
    yield cast(Row, [Plain(item.text, span=span) for item, span in zip(items, spans, strict=True)])


@dataclass(frozen=True)
class SealBox:
    """A box for an opinion and a seal: who seals, and the opinion where one was given on line."""

    seal: Seal
    name: str = ""
    opinion: str = ""

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.opinion.splitlines() if line.strip()]


@dataclass(frozen=True)
class FormPaper:
    """All that a form's paper shows. ``code`` is the check code of a frozen version, "" for a draft.

    ``sealers`` tells for a seal's key who seals, and the opinion: {"applicant": (name, ""), ...}.
    """

    tree: Tree
    number: str
    code: str
    sealers: dict[str, tuple[str, str]]
    places: Places = field(default_factory=dict)
    begin: frozenset[str] = frozenset()
    """Rows that begin a page."""
    supplement: Supplement | None = None
    """The last sheet, of a version that was submitted after a return."""

    def without_scraps(self, places: Places) -> FormPaper | None:
        """The paper with a row more that begins a page, of which too little stood at the foot of one; else None."""
        lines = [line for part in self.parts if part.is_grid for line in part.lines]
        found = next((line.id for line in lines if is_scrap(line, places.get(line.id, ()))), None)
        # What begins a page already is taller than one; and a few are mended at most, each takes a lay-out.
        if found is None or found in self.begin or len(self.begin) == MENDED:
            return None
        return replace(self, begin=self.begin | {found})

    def fitted(self, places: Places) -> FormPaper | None:
        """The paper for the last lay-out, cut where the pages of the one before end; None where nothing is cut."""
        fitted = replace(self, places=places)
        return fitted if any(len(part.frames) > 1 for part in fitted.parts if part.is_grid) else None

    @property
    def is_draft(self) -> bool:
        return not self.code

    @property
    def titles(self) -> Sequence[str]:
        """The title's two lines, as printed."""
        return (self.tree.form.title, self.tree.form.form_word)

    @property
    def category(self) -> str:
        """The category under which it stands, "" where the ranking has none."""
        return self.tree.category

    @property
    def parts(self) -> list[Part]:
        return [Part(view, self.places, self.begin) for view in self.tree.printed_sections]

    @property
    def seals(self) -> list[SealBox]:
        return [SealBox(seal, *self.sealers.get(seal.key, ())) for seal in self.tree.form.seals]
