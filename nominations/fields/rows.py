"""Fields: rows that repeat, each with the same columns; a column is a question of another kind."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nominations.fields import files
from nominations.fields.base import AnswerField, Kind, Problem, Question, Table
from nominations.fields.outside import wrong_shape

MOST = 50
"""Rows at most; a form that needs more has a limit of its own."""
ADD, REMOVE = "add_row", "remove_row"
"""The submit buttons that work without script: add_row=awards, remove_row=awards-0."""
_POSTED_MOST = 4 * MOST


class RowsWidget(forms.Widget):
    """Rows of inputs named key-number-column, with buttons to add and remove a row."""

    template_name = "fields/rows/input.html"
    use_fieldset = True

    def __init__(self, question: Question, kind: Rows) -> None:
        super().__init__()
        self.question, self.kind = question, kind
        self.messages: dict[str, str] = {}
        """What is wrong in the cells, by control name; set by the form that judges them."""
        self.kept = files.NOTHING
        """The files there are, for the columns that hold some; set by the form, too."""

    @property
    def needs_multipart_form(self) -> bool:  # type: ignore[override]
        return bool(files.columns_of(self.question))

    def numbers(self, data: Any, name: str) -> list[int]:
        """The numbers of the posted rows, ascending, whatever they are."""
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,6}})-\w+\Z", re.ASCII)
        found = {int(match[1]) for match in map(pattern.match, data) if match}
        return sorted(found)[:_POSTED_MOST]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        gone = data.get(REMOVE, "")
        rows = [
            {
                column.key: self.kind.of(column)
                .cell_widget(column)
                .value_from_datadict(data, files, f"{name}-{number}-{column.key}")
                for column in self.question.columns
            }
            for number in self.numbers(data, name)
            if gone != f"{name}-{number}"
        ]
        # Empty rows go first, so that the numbers on the page are those that messages name.
        kept = self.kind.read(self.question, rows)
        return [*kept, {}] if data.get(ADD) == name else kept

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.numbers(data, name)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = list(value or ()) or ([{}] if self.question.required else [])
        identity = (attrs or {}).get("id", f"id_{name}")
        context = {
            "name": name,
            "id": identity,
            "question": self.question,
            "rows": [(n, self._cells(name, identity, str(n), row)) for n, row in enumerate(rows)],
            "pattern": self._cells(name, identity, "__n__", {}),
        }
        return render_to_string(self.template_name, context)

    def _cells(self, name: str, identity: str, number: str, row: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            self._cell(column, name, identity, number, row.get(column.key))
            for column in self.question.columns
        ]

    def _cell(self, column: Question, name: str, identity: str, number: str, value: Any) -> dict[str, Any]:
        control, place = f"{name}-{number}-{column.key}", f"{identity}-{number}-{column.key}"
        field = AnswerField(column, self.kind.of(column).cell_widget(column))
        if isinstance(field.widget, files.FilesWidget):
            field.widget.kept, field.widget.place = self.kept, files.place_of(self.question, column)
        message = self.messages.get(control, "")
        words = [f"{place}_helptext"] * bool(field.help_text) + [f"{place}_error"] * bool(message)
        attrs = {"id": place} | ({"aria-describedby": " ".join(words)} if words else {})
        if message:
            attrs["aria-invalid"] = "true"
        return {
            "field": field,
            "id": place,
            "html": field.widget.render(control, value, attrs),
            "message": message,
            "is_group": field.widget.use_fieldset,
        }


class Rows(Kind):
    name = "rows"
    shape = list

    def of(self, column: Question) -> Kind:
        """The kind of a column."""
        # The registry names this class, so it is asked when it is whole.
        from nominations.fields import KINDS

        return KINDS[column.kind]

    def widget(self, question: Question) -> forms.Widget:
        return RowsWidget(question, self)

    def read(self, question: Question, raw: Any) -> Any:
        posted = [row for row in raw if isinstance(row, dict)] if isinstance(raw, (list, tuple)) else []
        rows = [{c.key: self.of(c).read(c, row.get(c.key)) for c in question.columns} for row in posted]
        return [row for row in rows if not self._blank(question, row)]

    def _blank(self, question: Question, row: dict[str, Any]) -> bool:
        return all(self.of(column).empty(row[column.key]) for column in question.columns)

    def unreadable(self, question: Question, value: Any) -> list[Problem]:
        limit = question.max_count or MOST
        if len(value) > limit:
            words = {"name": question.name, "limit": limit, "now": len(value)}
            message = _("%(name)s最多%(limit)d行，现有%(now)d行") % words
            return [Problem(question.key, "too_many", message)]
        return self._in_cells(question, value, "unreadable")

    def check(self, question: Question, value: Any) -> list[Problem]:
        return self._in_cells(question, value, "problems")

    def _in_cells(self, question: Question, value: Any, face: str) -> list[Problem]:
        found = []
        for number, row in enumerate(value):
            for column in question.columns:
                for problem in getattr(self.of(column), face)(column, row.get(column.key, "")):
                    words = {"name": question.name, "row": number + 1, "message": problem.message}
                    key = f"{question.key}-{number}-{problem.key}"
                    found.append(Problem(key, problem.code, _("%(name)s第%(row)d行：%(message)s") % words))
        return found

    def text(self, question: Question, value: Any) -> str:
        rows = self.table(question, value).rows
        return "\n".join(" · ".join(cell for cell in row if cell) for row in rows)

    def table(self, question: Question, value: Any) -> Table:
        rows = tuple(
            tuple(self.of(column).text(column, row.get(column.key, "")) for column in question.columns)
            for row in value
        )
        return Table(tuple(column.label for column in question.columns), rows)

    def sheet_heads(self, question: Question) -> tuple[str, ...]:
        return ()

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        return ()

    def sheet_choices(self, question: Question) -> tuple[tuple[str, ...], ...]:
        return ()

    def left_out(self, question: Question, raw: Any) -> list[Problem]:
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            return [wrong_shape(question)]
        found = []
        for number, row in enumerate(raw):
            unknown = set(row) - {column.key for column in question.columns}
            problems = [wrong_shape(question)] if unknown else []
            for column in (column for column in question.columns if column.key in row):
                problems += self.of(column).left_out(column, row[column.key])
            for problem in problems:
                words = {"name": question.name, "row": number + 1, "message": problem.message}
                key = f"{question.key}-{number}-{problem.key}"
                found.append(Problem(key, problem.code, _("%(name)s第%(row)d行：%(message)s") % words))
        return found

    def schema(self, question: Question) -> dict[str, Any]:
        columns = {column.key: self.of(column).schema(column) for column in question.columns}
        row = {"type": "object", "properties": columns, "additionalProperties": False}
        return {"type": "array", "items": row, "maxItems": question.max_count or MOST}
