"""Papers: the matrix of a track as a workbook to fill in; ``inputs/assignments.py`` reads the same layout back."""

from __future__ import annotations

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from nominations.models import Track
from nominations.outputs.xlsx import Formula, Sheet
from reviews import queries
from reviews.models import Expert
from reviews.queries import Board

SHEET, REASONS, STATE = "分配表", "回避原因", "核对"
NUMBER, TITLE, COUNT, LOAD, MOST = "申报编号", "申报项", "专家数", "已分配（项）", "最多评审（项）"
"""Heads of the columns before the experts', and of the two lines below the nominations."""
FRONT = (NUMBER, TITLE, COUNT)
TICK, CONFLICT, SUBMITTED, ABSTAINED = "√", "回避", "已提交", "弃权"
MARKS = {queries.ASSIGNED: TICK, queries.SUBMITTED: SUBMITTED, queries.ABSTAINED: ABSTAINED}


def head_of(expert: Expert) -> str:
    """What stands above an expert's column: the name, and the number that tells namesakes apart."""
    return f"{expert}（{expert.pk}）"


def assignments_book(track: Track, board: Board) -> Workbook:
    """The table as it stands: a line each nomination, a column each expert; counts are calculated while it is filled in."""
    book = Workbook(write_only=True)
    sheet = Sheet(book, SHEET, [*FRONT, *map(head_of, board.experts)], still="D2")
    last, first = len(board.nominations) + 1, len(FRONT) + 1
    letters = [get_column_letter(first + place) for place in range(len(board.experts))]
    if board.nominations and letters:
        offered = DataValidation(type="list", formula1=f'"{TICK}"', allow_blank=True, showErrorMessage=True)
        offered.error = _("选√或留空")
        offered.add(f"{letters[0]}2:{letters[-1]}{last}")
        sheet.validate(offered)
    titles = {row.pk: row.shown_title for row in queries.under_review(track).defer("answers", *queries.HEAVY)}
    for line, (pk, number) in enumerate(board.nominations.items(), start=2):
        marks = [mark_of(board, (expert.pk, pk)) for expert in board.experts]
        sheet.add([number, titles.get(pk, ""), _count(letters, line, line), *marks])
    sheet.add([LOAD, None, None, *(_count([letter], 2, last) for letter in letters)])
    sheet.add([MOST, None, None, *(board.limits.get(expert.pk) for expert in board.experts)])
    _reasons(book, board)
    state = book.create_sheet(STATE)
    state.sheet_state = "hidden"
    state.append([str(track.pk), board.standing_digest])
    return book


def mark_of(board: Board, pair: tuple[int, int]) -> str | None:
    """What stands in a pair's cell; None: nothing."""
    if (mark := board.sheets.get(pair)) is not None:
        return MARKS[mark]
    return CONFLICT if pair in board.blocked else None


def _count(letters: list[str], top: int, bottom: int) -> Formula | None:
    """How many of these cells have an expert who judges; calculated by the spreadsheet."""
    if not letters or bottom < top:
        return None
    cells = f"{letters[0]}{top}:{letters[-1]}{bottom}"
    return Formula(f'=COUNTIF({cells},"{TICK}")+COUNTIF({cells},"{SUBMITTED}")')


def _reasons(book: Workbook, board: Board) -> None:
    """Why who must not judge what, for those who fill the table in."""
    sheet = Sheet(book, REASONS, ["专家", NUMBER, "原因"])
    experts = {expert.pk: expert for expert in board.experts}
    for (expert, nomination), reason in sorted(board.blocked.items()):
        if expert in experts and nomination in board.nominations:
            sheet.add([head_of(experts[expert]), board.nominations[nomination], reason])
