"""Fields: the faces that a kind turns to what comes from outside: spreadsheets to be filled in, and JSON.

``read`` is lenient, as a form page needs it. Who sends a document is told instead what would be left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from nominations.rules.completeness import Problem

if TYPE_CHECKING:
    from nominations.fields.base import Question

Cell = str | date
"""What a spreadsheet's cell holds: numbers are texts in plain spelling, real dates are dates."""


def typed(cell: Cell) -> str:
    """A cell as text; a real date as 2021-06-15."""
    return cell if isinstance(cell, str) else cell.isoformat()


def pieces(cell: Cell) -> list[str]:
    """The entries of a cell that holds one in a line."""
    lines = typed(cell).replace("；", "\n").replace(";", "\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


class Outside:
    """What every kind can do with a spreadsheet and with JSON; most kinds take one cell with their text."""

    shape: ClassVar[type]

    if TYPE_CHECKING:

        def text(self, question: Question, value: Any) -> str: ...  # Every kind has one.

    sheet_hint: ClassVar[str | Promise] = ""
    """How its cells are filled in, for the explanations in a template."""

    def sheet_heads(self, question: Question) -> tuple[str, ...]:
        """The heads of the cells that hold an answer; rows that repeat have none here, but a sheet of their own."""
        return (question.label,)

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        """The answer in those cells, as ``from_sheet`` takes it back without loss."""
        return (value if isinstance(value, str) else self.text(question, value),)

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        """What was written in those cells, for ``read``."""
        return typed(cells[0])

    def sheet_choices(self, question: Question) -> tuple[tuple[str, ...], ...]:
        """For each of those cells what a list may offer; empty where anything may be written."""
        return ((),)

    def sheet_head_of(self, question: Question, control: str) -> str:
        """The head of the cell where a problem of this control is mended."""
        return self.sheet_heads(question)[0]

    def left_out(self, question: Question, raw: Any) -> list[Problem]:
        """What ``read`` would leave out of a value: another shape, an option that isn't offered."""
        return [] if isinstance(raw, self.shape) else [wrong_shape(question)]


def wrong_shape(question: Question, key: str = "") -> Problem:
    """The words for a value of another shape than the question's."""
    message = _("%(name)s的内容格式不符") % {"name": question.name}
    return Problem(key or question.key, "shape", message)


def not_offered(question: Question, value: str, key: str = "") -> Problem:
    """The words for an option that the form doesn't offer."""
    words = {"name": question.name, "now": value[:50]}
    return Problem(key or question.key, "option", _("%(name)s没有“%(now)s”这一项") % words)
