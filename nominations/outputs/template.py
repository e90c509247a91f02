"""Papers: a ranking's answers as a workbook that reads back: empty as a template, or with nominations in it.

The main sheet has a line each nomination; questions whose rows repeat have a sheet each, joined by 序号. A sheet explains
the columns, another holds the lists that cells offer. ``inputs/sheets.py`` reads the same layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from nominations.fields import KINDS, kind_of, value_of
from nominations.fields.base import Declaration, Question
from nominations.outputs.describe import limits
from nominations.outputs.xlsx import Sheet

NUMBER = "序号"
TITLE_MOST = 31
"""Characters that a sheet's name may have."""
LAST = 2001
"""The last line that offers lists; more nominations than that don't fit in a file."""
EXPLANATIONS, LISTS = "填写说明", "选项"


@dataclass(frozen=True)
class Filled:
    """A nomination for the book: what stands in front of its answers, and the answers."""

    front: Sequence[str]
    answers: Mapping[str, Any]


def main_title(form: Declaration) -> str:
    """The name of the sheet with a line each nomination: the ranking's."""
    return form.name[:TITLE_MOST]


def rows_titles(form: Declaration) -> dict[str, str]:
    """The names of the sheets of repeating rows, by question; no two alike."""
    taken, titles = {main_title(form), EXPLANATIONS, LISTS}, {}
    for question in (q for q in form.questions() if q.kind == "rows"):
        name = title = re.sub(r"[\[\]:*?/\\']", "", question.name)[:TITLE_MOST]
        while title in taken:
            title = f"{name[: TITLE_MOST - 3]}({len(taken)})"
        taken.add(title)
        titles[question.key] = title
    return titles


def book(form: Declaration, front: Sequence[str], filled: Iterable[Filled] = ()) -> Workbook:
    """The workbook of a form with its years filled in. ``front`` are the heads between number and answers."""
    made = Workbook(write_only=True)
    lists = _Lists()
    questions = list(form.questions())
    heads = [head for question in questions for head in kind_of(question).sheet_heads(question)]
    main = Sheet(made, main_title(form), [NUMBER, *front, *heads])
    choices = [each for question in questions for each in kind_of(question).sheet_choices(question)]
    _offer(main, [(), *(() for _head in front), *choices], lists)
    sheets = {}
    for question in (q for q in questions if q.kind == "rows"):
        sheet = Sheet(made, rows_titles(form)[question.key], [NUMBER, *(c.label for c in question.columns)])
        offered = [KINDS[column.kind].sheet_choices(column)[0] for column in question.columns]
        _offer(sheet, [(), *offered], lists)
        sheets[question.key] = sheet
    for number, each in enumerate(filled, start=1):
        main.add([str(number), *each.front, *_cells(questions, each.answers)])
        for question in (q for q in questions if q.kind == "rows"):
            for row in value_of(question, each.answers):
                cells = [KINDS[c.kind].to_sheet(c, row[c.key])[0] for c in question.columns]
                sheets[question.key].add([str(number), *cells])
    _explain(made, form)
    lists.write(made)
    return made


def _cells(questions: list[Question], answers: Mapping[str, Any]) -> list[str]:
    return [cell for q in questions for cell in kind_of(q).to_sheet(q, value_of(q, answers))]


class _Lists:
    """The lists that cells offer, each once, in a sheet of their own: a cell's own list may have 255 characters."""

    def __init__(self) -> None:
        self.columns: dict[tuple[str, ...], str] = {}

    def place(self, choices: tuple[str, ...]) -> str:
        """The reference of a list, such as '选项'!$A$1:$A$9."""
        if choices not in self.columns:
            letter = get_column_letter(len(self.columns) + 1)
            self.columns[choices] = f"'{LISTS}'!${letter}$1:${letter}${len(choices)}"
        return self.columns[choices]

    def write(self, book: Workbook) -> None:
        sheet = book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for row in range(max(map(len, self.columns), default=0)):
            sheet.append([choices[row] if row < len(choices) else None for choices in self.columns])


def _offer(sheet: Sheet, choices: Iterable[tuple[str, ...]], lists: _Lists) -> None:
    """Gives the columns that have a list its choices; a kind that takes several a cell refuses nothing there."""
    places: dict[str, list[str]] = {}
    for place, offered in enumerate(choices, start=1):
        if offered:
            places.setdefault(lists.place(offered), []).append(get_column_letter(place))
    for reference, letters in places.items():
        validation = DataValidation(type="list", formula1=reference, allow_blank=True, showErrorMessage=True)
        validation.error = _("从列表中选择")
        for letter in letters:
            validation.add(f"{letter}2:{letter}{LAST}")
        sheet.validate(validation)


def _explain(book: Workbook, form: Declaration) -> None:
    heads = (_("工作表"), _("列"), _("所在部分"), _("是否必填"), _("限制"), _("选项"), _("填写方法"))
    sheet = Sheet(book, EXPLANATIONS, [str(head) for head in heads])
    rows = rows_titles(form)
    for section in form.sections:
        for question in section.questions:
            if question.kind == "rows":
                for column in question.columns:
                    sheet.add([rows[question.key], column.label, section.title, *_words(column)])
                continue
            for head in kind_of(question).sheet_heads(question):
                sheet.add([main_title(form), head, section.title, *_words(question)])


def _words(question: Question) -> list[str]:
    parts = [str(_(question.hint)) if question.hint else "", question.note, str(kind_of(question).sheet_hint)]
    needed = _("必填") if question.required else _("选填")
    if question.required_of:
        needed = _("%(categories)s必填") % {"categories": "、".join(question.required_of)}
    options = "\n".join(option.label for option in question.options)
    return [str(needed), limit_words(question), options, "\n".join(part for part in parts if part)]


def limit_words(question: Question) -> str:
    """400—600字, 不超过1000字, 至少2项; "" where the form names no limit."""
    found = limits(question)
    if not found:
        return ""
    if "min" not in found:
        return _("不超过%(max)d%(unit)s") % found
    return (_("%(min)d—%(max)d%(unit)s") if "max" in found else _("至少%(min)d%(unit)s")) % found
