"""Inputs: the sheets of a ranking's template, filled in: a line each nomination, a sheet for each question of rows.

``outputs/template.py`` writes the same layout. Columns are found by their heads, in any order; the number in the first
column joins a nomination to its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from kczg.kit.workbooks import Fault, Line
from nominations.fields import KINDS, kind_of, value_of
from nominations.fields.base import Declaration, Question
from nominations.fields.outside import typed
from nominations.outputs.template import NUMBER, main_title, rows_titles

Book = Mapping[str, Sequence[Line]]


@dataclass(frozen=True)
class Refusal:
    """What isn't taken, and where: sheet, line, head of the column; 0 and "" where it is about more than a cell."""

    sheet: str
    line: int
    column: str
    reason: str


def heads_of(
    sheet: str, lines: Sequence[Line], known: Sequence[str], required: Sequence[str]
) -> tuple[dict[str, int], list[Refusal]]:
    """Head → place. A head that isn't known or stands twice is refused: its cells would be lost."""
    if not lines or lines[0].number != 1:
        return {}, [Refusal(sheet, 1, "", _("第1行应为表头，下载模板填写"))]
    found: dict[str, int] = {}
    refusals = []
    for place, cell in enumerate(lines[0].cells):
        head = cell.strip() if isinstance(cell, str) else ""
        if head in known and head not in found:
            found[head] = place
        elif head in known:
            refusals.append(Refusal(sheet, 1, head, _("此列出现两次")))
        elif any(place < len(line.cells) and line.cells[place] for line in lines):
            words = _("模板中没有此列，删去此列或改用模板的表头")
            refusals.append(Refusal(sheet, 1, head[:60], words))
    lacking = [head for head in required if head not in found]
    refusals += [Refusal(sheet, 1, head, _("缺少此列，下载模板填写")) for head in lacking]
    return found, refusals


@dataclass
class Entry:
    """One line of the main sheet with its rows: what stands in front, and the raw answers by question."""

    sheet: str
    line: int
    front: dict[str, str]
    raw: dict[str, Any]
    row_lines: dict[str, list[int]] = field(default_factory=dict)
    """Question of rows → the lines of its sheet that belong here, in their order."""

    def place(self, form: Declaration, control: str, reason: str) -> Refusal:
        """Where a problem is mended, by the key of its control."""
        key, *rest = control.split("-")
        question = form.question(key)
        if question is None:
            return Refusal(self.sheet, self.line, "", reason)
        if question.kind != "rows":
            return Refusal(self.sheet, self.line, kind_of(question).sheet_head_of(question, control), reason)
        lines = self.row_lines.get(key, [])
        line = lines[int(rest[0])] if rest and rest[0].isdigit() and int(rest[0]) < len(lines) else 0
        column = next((c.label for c in question.columns if len(rest) > 1 and c.key == rest[1]), "")
        return Refusal(rows_titles(form)[key], line, column, reason)


@dataclass
class Reading:
    """All that a file holds for one form."""

    entries: list[Entry]
    refusals: list[Refusal]


def read_sheets(
    form: Declaration, book: Book, front: Sequence[str], standing: Mapping[str, Any] | None = None
) -> Reading:
    """The nominations in a book. ``front`` are the heads before the answers, besides the number.

    ``form`` is one with its years filled in. What can't be read is among the refusals; nothing is guessed. With
    ``standing`` answers an empty cell says nothing: what stands there stays.
    """
    title = main_title(form)
    if title not in book:
        words = {"title": title, "found": "、".join(list(book)[:10])}
        message = _("没有工作表“%(title)s”，文件中有：%(found)s。下载此榜单的模板填写") % words
        return Reading([], [Refusal("", 0, "", message)])
    return _Reader(form, book, front, standing).read()


class _Reader:
    def __init__(
        self, form: Declaration, book: Book, front: Sequence[str], standing: Mapping[str, Any] | None
    ):
        self.form, self.book, self.front, self.standing = form, book, front, standing
        self.title = main_title(form)
        self.refusals: list[Refusal] = []

    def read(self) -> Reading:
        lines = list(self.book[self.title])
        heads = self._heads(self.title, lines, self._known())
        if NUMBER not in heads:
            self._refuse(self.title, 1, NUMBER, _("缺少此列，下载此榜单的模板填写"))
            return Reading([], self.refusals)
        entries: dict[str, Entry] = {}
        for line in lines[1:]:
            entry = self._entry(line, heads)
            number = entry.front[NUMBER].strip()
            if not number:
                self._refuse(self.title, line.number, NUMBER, _("填写序号，例如1"))
            elif number in entries:
                words = {"number": number, "line": entries[number].line}
                self._refuse(self.title, line.number, NUMBER, _("序号%(number)s与第%(line)d行相同") % words)
            else:
                entries[number] = entry
        for question in self.form.questions():
            if question.kind == "rows":
                self._rows(question, entries)
        return Reading(list(entries.values()), self.refusals)

    def _refuse(self, sheet: str, line: int, column: str, reason: str) -> None:
        self.refusals.append(Refusal(sheet, line, column, reason))

    def _known(self) -> set[str]:
        return {NUMBER, *self.front, *(head for heads in self._answer_heads.values() for head in heads)}

    @cached_property
    def _answer_heads(self) -> dict[str, tuple[str, ...]]:
        return {question.key: kind_of(question).sheet_heads(question) for question in self.form.questions()}

    def _heads(self, sheet: str, lines: list[Line], known: set[str]) -> dict[str, int]:
        """Head → place. A head that isn't known or stands twice is refused: its cells would be lost."""
        found: dict[str, int] = {}
        if not lines or lines[0].number != 1:
            self._refuse(sheet, 1, "", _("第1行应为表头，下载此榜单的模板填写"))
            return found
        for place, cell in enumerate(lines[0].cells):
            head = "" if isinstance(cell, Fault) else typed(cell).strip()
            if head in known and head not in found:
                found[head] = place
            elif head in known:
                self._refuse(sheet, 1, head, _("此列出现两次"))
            elif any(place < len(line.cells) and line.cells[place] for line in lines[1:]):
                self._refuse(sheet, 1, head, _("模板中没有此列，删去此列或改用模板的表头"))
        return found

    def _cell(self, sheet: str, line: Line, heads: Mapping[str, int], head: str) -> str | date:
        place = heads.get(head)
        cell = line.cells[place] if place is not None and place < len(line.cells) else ""
        if isinstance(cell, Fault):
            self._refuse(sheet, line.number, head, cell.reason)
            return ""
        return cell

    def _entry(self, line: Line, heads: Mapping[str, int]) -> Entry:
        front = {head: typed(self._cell(self.title, line, heads, head)) for head in (NUMBER, *self.front)}
        raw = {}
        for question in self.form.questions():
            asked = self._answer_heads[question.key]
            if asked and any(head in heads for head in asked):
                cells = [self._cell(self.title, line, heads, head) for head in asked]
                raw[question.key] = kind_of(question).from_sheet(question, self._over(question, cells))
        return Entry(self.title, line.number, front, raw)

    def _over(self, question: Question, cells: list[str | date]) -> list[str | date]:
        """The cells, where they are empty those of the answer that stands."""
        if self.standing is None:
            return cells
        own = kind_of(question).to_sheet(question, value_of(question, self.standing))
        return [cell or kept for cell, kept in zip(cells, own, strict=True)]

    def _rows(self, question: Question, entries: Mapping[str, Entry]) -> None:
        """The sheet of a question whose rows repeat; where the book lacks it, nothing is said of the rows."""
        sheet = rows_titles(self.form)[question.key]
        if sheet not in self.book:
            return
        lines = list(self.book[sheet])
        heads = self._heads(sheet, lines, {NUMBER, *(column.label for column in question.columns)})
        for entry in entries.values():
            entry.raw[question.key], entry.row_lines[question.key] = [], []
        for line in lines[1:] if NUMBER in heads else ():
            number = typed(self._cell(sheet, line, heads, NUMBER)).strip()
            if number not in entries:
                words = {"number": number, "sheet": self.title}
                reason = _("工作表“%(sheet)s”没有序号%(number)s") % words if number else _("填写序号，例如1")
                self._refuse(sheet, line.number, NUMBER, reason)
                continue
            row = {
                column.key: KINDS[column.kind].from_sheet(
                    column, [self._cell(sheet, line, heads, column.label)]
                )
                for column in question.columns
            }
            entries[number].raw[question.key].append(row)
            entries[number].row_lines[question.key].append(line.number)
        for entry in entries.values() if self.standing is not None else ():
            if not entry.raw[question.key]:
                del entry.raw[question.key]
