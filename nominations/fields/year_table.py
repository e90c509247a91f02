"""Fields: rows of figures by year, in some forms with the mean of each row, which is computed and never typed.

A value holds for each row the years' figures as text: {"patents": ["12", "15", "20"]}.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP
from decimal import Decimal as Number
from itertools import pairwise
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nominations.fields.base import AnswerField, Kind, Problem, Question, Table
from nominations.fields.outside import Cell, wrong_shape
from nominations.rules.figures import number

OPEN = "—"
"""What stands for a mean until all years are there."""
JUMP = 10
"""A figure more than this many times the neighbouring year's is asked for its unit."""
_CENT = Number("0.01")


class YearTableWidget(forms.Widget):
    """A table of inputs named key-row-number; the means are outputs."""

    template_name = "fields/year_table/input.html"
    use_fieldset = True

    def __init__(self, question: Question, kind: YearTable) -> None:
        super().__init__()
        self.question, self.kind = question, kind
        self.messages: dict[str, str] = {}
        """What is wrong in the cells, by control name; set by the form that judges them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        years = range(len(self.question.years))
        return {
            row.key: [data.get(f"{name}-{row.key}-{place}", "") for place in years]
            for row in self.question.rows
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(each.startswith(f"{name}-") for each in data)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        identity = (attrs or {}).get("id", f"id_{name}")
        given = self.kind.read(self.question, value)
        context = {
            "id": identity,
            "question": self.question,
            "rows": [self._row(row, name, identity, given) for row in self.question.rows],
        }
        return render_to_string(self.template_name, context)

    def _row(self, row: Question, name: str, identity: str, given: dict[str, Any]) -> dict[str, Any]:
        figures = self.kind.figures(self.question, given, row)
        cells = [self._cell(row, n, f"{name}-{row.key}-{n}", identity, v) for n, v in enumerate(figures)]
        mean = self.kind.mean(self.question, row, figures)
        return {"row": row, "cells": cells, "mean": mean, "mean_id": f"{identity}-{row.key}-mean"}

    def _cell(self, row: Question, place: int, control: str, identity: str, value: str) -> dict[str, Any]:
        year, message = self.question.years[place], self.messages.get(control, "")
        asked = f"{identity}-{row.key}-{place}"
        attrs = {"id": asked, "data-year": "", "aria-label": f"{year}{row.name}"}
        if message:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"{asked}_error"}
        widget = AnswerField(row, self.kind.of(row).cell_widget(row)).widget
        widget.attrs.pop("class", None)
        return {"year": year, "id": asked, "html": widget.render(control, value, attrs), "message": message}


class YearTable(Kind):
    name = "year_table"
    shape = dict

    def of(self, row: Question) -> Kind:
        """The kind of a row's figures."""
        # The registry names this class, so it is asked when it is whole.
        from nominations.fields import KINDS

        return KINDS[row.kind]

    def widget(self, question: Question) -> forms.Widget:
        return YearTableWidget(question, self)

    def read(self, question: Question, raw: Any) -> Any:
        given = raw if isinstance(raw, dict) else {}
        value = {}
        for row in question.rows:
            cells = given.get(row.key)
            typed = list(cells) if isinstance(cells, (list, tuple)) else []
            padded = (typed + [""] * len(question.years))[: len(question.years)]
            figures = [self.of(row).read(row, each) for each in padded]
            if any(figures):
                value[row.key] = figures
        return value

    def figures(self, question: Question, value: dict[str, Any], row: Question) -> list[str]:
        """A row's figures, one for each year."""
        return value.get(row.key) or [""] * len(question.years)

    def _all(
        self, question: Question, value: dict[str, Any]
    ) -> Iterator[tuple[Question, int, Question, str]]:
        """Each cell: its row, its place, the row named with its year, the figure."""
        for row in question.rows:
            for place, figure in enumerate(self.figures(question, value, row)):
                yield row, place, replace(row, label=f"{question.years[place]}{row.name}", short=""), figure

    def unreadable(self, question: Question, value: Any) -> list[Problem]:
        found = []
        for row, place, cell, figure in self._all(question, value):
            for problem in self.of(row).unreadable(cell, figure):
                found.append(Problem(_control(question, row, place), problem.code, problem.message))
        return found

    def check(self, question: Question, value: Any) -> list[Problem]:
        found = []
        for row, place, cell, figure in self._all(question, value):
            kind = self._plain(row)
            if kind.empty(figure):
                problems = [Problem("", "empty", kind.ask(cell))] if question.required else []
            else:
                problems = kind.check(cell, figure)
            control = _control(question, row, place)
            found += [Problem(control, problem.code, problem.message) for problem in problems]
        return found

    def _plain(self, row: Question) -> Kind:
        """The kind that judges a row: a share out of bounds is a warning here, no refusal."""
        return self.of(replace(row, kind="signed")) if row.kind == "percent" else self.of(row)

    def warnings(self, question: Question, value: Any) -> list[Problem]:
        found = []
        for row, place, cell, figure in self._all(question, value):
            now = number(figure)
            if now is not None and row.kind == "percent" and not 0 <= now <= 100:
                words = {"name": cell.label, "now": figure}
                message = _("%(name)s应在0—100之间，现为%(now)s，核对是否填错单位") % words
                found.append(Problem(_control(question, row, place), "share", message))
        for row in question.rows:
            found += self._jumps(question, row, self.figures(question, value, row))
        return found

    def _jumps(self, question: Question, row: Question, figures: list[str]) -> Iterator[Problem]:
        read = [number(each) for each in figures]
        for place, (before, after) in enumerate(pairwise(read), start=1):
            if before is None or after is None or not before * after > 0:
                continue
            if abs(after) > JUMP * abs(before) or abs(before) > JUMP * abs(after):
                words = {
                    "name": row.name,
                    "first": question.years[place - 1],
                    "one": figures[place - 1],
                    "second": question.years[place],
                    "other": figures[place],
                }
                message = _(
                    "%(name)s%(first)s为%(one)s，%(second)s为%(other)s，相差10倍以上，核对是否填错单位"
                )
                yield Problem(_control(question, row, place), "jump", message % words)

    def mean(self, question: Question, row: Question, figures: list[str]) -> str:
        """A row's mean: exact, to two decimals at most, halves rounded up; — until all years are there.

        "" where the form has no mean, or the row no figures.
        """
        if not question.mean or row.kind == "one_of":
            return ""
        read = [number(each) for each in figures]
        known = [each for each in read if each is not None]
        if len(known) < len(read) or not known:
            return OPEN
        mean = (sum(known, Number(0)) / len(known)).quantize(_CENT, ROUND_HALF_UP)
        plain = f"{mean:f}".rstrip("0").rstrip(".")
        return "0" if plain == "-0" else plain

    def outputs(self, question: Question, value: Any) -> dict[str, str]:
        means = {r.key: self.mean(question, r, self.figures(question, value, r)) for r in question.rows}
        return {f"id_{question.key}-{key}-mean": mean for key, mean in means.items() if mean}

    def headers(self, question: Question) -> tuple[str, ...]:
        """The heads of the table as printed: 近三年, the years, 平均值."""
        return (question.label, *question.years, *(["平均值"] if question.mean else []))

    def table(self, question: Question, value: Any) -> Table:
        rows = []
        for row in question.rows:
            figures = self.figures(question, value, row)
            mean = [self.mean(question, row, figures)] if question.mean else []
            rows.append((row.label, *figures, *mean))
        return Table(self.headers(question), tuple(rows))

    def text(self, question: Question, value: Any) -> str:
        table = self.table(question, value)
        lines = []
        for label, *cells in table.rows:
            pairs = zip(table.headers[1:], cells, strict=True)
            lines.append(f"{label}：" + "，".join(f"{head}{cell}" for head, cell in pairs if cell))
        return "\n".join(lines)

    def cells(self, question: Question, value: Any) -> list[tuple[str, Any]]:
        table = self.table(question, value)
        return [
            (f"{question.name} {label} {head}", cell)
            for label, *cells in table.rows
            for head, cell in zip(table.headers[1:], cells, strict=True)
        ]

    def sheet_heads(self, question: Question) -> tuple[str, ...]:
        return tuple(
            f"{question.name} {row.label} {year}" for row in question.rows for year in question.years
        )

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        return tuple(figure for row in question.rows for figure in self.figures(question, value, row))

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        at = iter(cells)
        return {
            row.key: [self.of(row).from_sheet(row, [next(at)]) for _year in question.years]
            for row in question.rows
        }

    def sheet_choices(self, question: Question) -> tuple[tuple[str, ...], ...]:
        return tuple(self.of(row).sheet_choices(row)[0] for row in question.rows for _year in question.years)

    def sheet_head_of(self, question: Question, control: str) -> str:
        heads = {
            _control(question, row, place): f"{question.name} {row.label} {year}"
            for row in question.rows
            for place, year in enumerate(question.years)
        }
        return heads.get(control) or self.sheet_heads(question)[0]

    def left_out(self, question: Question, raw: Any) -> list[Problem]:
        rows = {row.key: row for row in question.rows}
        if not isinstance(raw, dict) or set(raw) - set(rows):
            return [wrong_shape(question)]
        found = []
        for key, figures in raw.items():
            if not isinstance(figures, list) or len(figures) > len(question.years):
                return [wrong_shape(question)]
            for place, figure in enumerate(figures):
                row = replace(rows[key], label=f"{question.years[place]}{rows[key].name}", short="")
                for problem in self.of(row).left_out(row, figure):
                    control = _control(question, row, place)
                    found.append(Problem(control, problem.code, problem.message))
        return found

    def schema(self, question: Question) -> dict[str, Any]:
        length = len(question.years)
        figures = {"type": "array", "items": {"type": "string"}, "minItems": length, "maxItems": length}
        rows = {row.key: {"title": row.label, **figures} for row in question.rows}
        return {"type": "object", "properties": rows, "additionalProperties": False}


def _control(question: Question, row: Question, place: int) -> str:
    return f"{question.key}-{row.key}-{place}"
