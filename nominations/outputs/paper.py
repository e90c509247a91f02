"""Papers: the printed form as parts and cells (附件2), made from the walk. Layout only: no answer changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from nominations.answers import Item, SectionView, Tree
from nominations.fields.base import Seal

SIDE = 2
"""Characters in a line of a vertical side label, as the notice prints 技术/基本/情况."""
LABEL = 7
"""Characters that stand in a line of the label column."""
COLUMNS = 4
"""A row of cells is label, answer, label, answer; a question of full width takes what is left."""


@dataclass(frozen=True)
class Cell:
    """A label with its answer; ``span`` is how many columns the answer takes."""

    item: Item
    span: int

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
        """The lines of the vertical label."""
        return [self.title[at : at + SIDE] for at in range(0, len(self.title), SIDE)]

    @cached_property
    def rows(self) -> list[list[Cell]]:
        return list(rows(self.view.items))

    @property
    def blocks(self) -> list[Block]:
        return [
            Block(item, "" if item.question.label in self.title else item.question.label)
            for item in self.view.items
        ]


def rows(items: Iterable[Item]) -> Iterable[list[Cell]]:
    """The rows of a grid: two questions of half width that follow one another share a row."""
    waiting: Item | None = None
    for item in items:
        half = item.question.width == "half"
        if waiting and half:
            yield [Cell(waiting, 1), Cell(item, 1)]
            waiting = None
            continue
        if waiting:
            yield [Cell(waiting, COLUMNS - 1)]
            waiting = None
        if half:
            waiting = item
        else:
            yield [Cell(item, COLUMNS - 1)]
    if waiting:
        yield [Cell(waiting, COLUMNS - 1)]


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
    def parts(self) -> list[Part]:
        return [Part(view) for view in self.tree.printed_sections]

    @property
    def seals(self) -> list[SealBox]:
        return [SealBox(seal, *self.sealers.get(seal.key, ())) for seal in self.tree.form.seals]
