"""核对与提交: an expert's scores as one table of number boxes, a row each sheet, with its version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kczg.kit.verdicts import Refused
from reviews.models import Assignment, ReviewPlan
from reviews.rules.scoring import read_score


@dataclass
class Cell:
    """A box: its name in the form, the criterion, what stands in it, and what is wrong with it."""

    name: str
    criterion: Mapping[str, Any]
    typed: str
    error: str = ""
    saved: str | None = None
    """What was saved elsewhere meanwhile, where it differs."""


@dataclass
class Row:
    """A sheet as the table shows it."""

    sheet: Assignment
    version: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def errors(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.error]

    @property
    def changed(self) -> dict[str, str]:
        """Criterion → text, of the boxes that hold another score than the sheet does, and a readable one."""
        kept = {score.criterion: score.value for score in self.sheet.scores.all()}
        return {
            cell.criterion["key"]: cell.typed
            for cell in self.cells
            if not cell.error and _value(cell) != kept.get(cell.criterion["key"])
        }

    def show_both(self, theirs: Mapping[str, str], version: int) -> None:
        """Keeps what was typed beside what is saved; posted again with the new version it counts."""
        self.version = version
        for cell in self.cells:
            cell.saved = theirs.get(f"score-{cell.criterion['key']}")


def _value(cell: Cell) -> Decimal | None:
    return read_score(cell.typed, SCALE_ANY, cell.criterion["name"])


SCALE_ANY = 10_000
"""A box without an error is within the plan's scale already."""


def rows(
    sheets: Sequence[Assignment], plan: ReviewPlan, posted: Mapping[str, str] | None = None
) -> list[Row]:
    """The table's rows; with ``posted`` as they were typed, each box that holds no score with its words.

    A box that was not sent shows what is saved.
    """
    return [_row(sheet, plan, posted or {}) for sheet in sheets]


def _row(sheet: Assignment, plan: ReviewPlan, posted: Mapping[str, str]) -> Row:
    kept = {score.criterion: str(score.value) for score in sheet.scores.all()}
    version = posted.get(f"version-{sheet.pk}", str(sheet.edit_version))
    row = Row(sheet, int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0)
    for criterion in plan.criteria:
        name = f"score-{sheet.pk}-{criterion['key']}"
        cell = Cell(name, criterion, posted.get(name, kept.get(criterion["key"], "")))
        try:
            read_score(cell.typed, plan.scale, criterion["name"])
        except Refused as refused:
            cell.error = refused.verdict.message
        row.cells.append(cell)
    return row
