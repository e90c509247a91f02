"""Papers: the printed form as parts and cells (附件2), made from the walk. Layout only: no answer changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import cast

from nominations.answers import Item, SectionView, Tree
from nominations.fields.base import Seal
from nominations.fields.year_table import YearTable

LABEL = 7
"""Characters that stand in a line of the label column."""
NARROW = 4
"""Characters that stand in a line of the second label column, where it is narrow."""
COLUMNS = 4
"""A row of cells is label, answer, label, answer; a question of full width takes what is left."""


@dataclass(frozen=True)
class Cell:
    """A label with its answer; ``span`` is how many columns the answer takes."""

    item: Item
    span: int

    @property
    def is_long(self) -> bool:
        """Whether its row may go on at the next page."""
        return self.item.question.kind in ("long_text", "rows")

    @property
    def label(self) -> tuple[str, str]:
        """The label in two pieces, the second not to be broken, so that lines end where the notice ends them.

        所属单位·（团队）名称, 技术成果转化·形式（可多选）, 技术团队简介·（200字）: a bracket begins a line, and
        takes two characters along where what stands before it is too long for a line.
        """
        text = self.item.question.label
        head, bracket, tail = text.partition("（")
        rest = bracket + tail
        if len(head) > LABEL:
            head, rest = head[:-2], head[-2:] + rest
        return (head, rest) if bracket and len(rest) <= LABEL else (text, "")


@dataclass(frozen=True)
class Plain:
    """A cell that holds a text alone: a head, or a figure. ``down`` is how many rows it takes."""

    text: str
    is_head: bool = False
    span: int = 1
    down: int = 1


Row = list["Cell | Plain"]


@dataclass(frozen=True)
class Block:
    """An answer below the numbered heading; ``heading`` is its own label where the numbered one lacks it."""

    item: Item
    heading: str


@dataclass(frozen=True)
class Part:
    """A section on paper."""

    view: SectionView

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
        step = self.view.section.side
        return [self.title[at : at + step] for at in range(0, len(self.title), step)] if step else []

    @cached_property
    def figures(self) -> int:
        """How many columns of figures stand beside the labels; 0 where there are none."""
        groups = [len(list(items)) for name, items in groupby(self.view.items, _group) if name]
        tables = [len(item.table.headers) - 1 for item in self.view.items if _is_years(item) and item.table]
        return max([*groups, *tables], default=0)

    @cached_property
    def rows(self) -> list[Row]:
        return list(rows(self.view.items, self.figures or COLUMNS - 1))

    @property
    def is_wide(self) -> bool:
        """Whether a label in the second place is longer than the narrow column there."""
        second = [row[1] for row in self.rows if len(row) == 2]
        return any(isinstance(cell, Cell) and len(cell.item.question.label) > NARROW for cell in second)

    @property
    def blocks(self) -> list[Block]:
        named = [item for item in self.view.items if item.question.label in self.title]
        return [Block(item, "" if named == [item] else item.question.label) for item in self.view.items]


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
        return [Part(view) for view in self.tree.printed_sections]

    @property
    def seals(self) -> list[SealBox]:
        return [SealBox(seal, *self.sealers.get(seal.key, ())) for seal in self.tree.form.seals]
