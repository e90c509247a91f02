"""Inputs: a track's table of assignments, filled in and judged cell by cell; ``outputs/assignments_book.py`` writes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from kczg.kit.tables import text_of
from kczg.kit.workbooks import MEGABYTE, Cell, Fault, Limits, Line, Unreadable, read_book
from nominations.inputs.sheets import Refusal
from nominations.models import Track
from reviews import queries
from reviews.models import Expert
from reviews.outputs.assignments_book import (
    ABSTAINED,
    CONFLICT,
    FRONT,
    LOAD,
    MOST,
    NUMBER,
    SHEET,
    STATE,
    SUBMITTED,
    TICK,
    head_of,
)
from reviews.queries import Board
from reviews.rules.assigning import Pair

LIMITS = Limits(packed=2 * MEGABYTE, unpacked=20 * MEGABYTE, lines=3000, columns=300)
TICKS = frozenset({TICK, "✓", "✔", "1", "是", "v", "V"})
"""What people write for a tick."""
_NUMBERED = re.compile(r"[（(]([0-9]{1,15})[）)]$")


@dataclass
class Table:
    """What a file asks for: the pairs that it speaks of, those of them that are ticked, and where each stands."""

    ticked: dict[Pair, int] = field(default_factory=dict)
    """Pair → its line."""
    spoken: dict[Pair, int] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.refusals.append(Refusal(SHEET, line, column, reason))

    def pairs(self, board: Board) -> set[Pair]:
        """What would stand: of what the file doesn't speak of stays what is."""
        return {pair for pair in board.standing if pair not in self.spoken} | self.ticked.keys()


def read_assignments(file: IO[bytes], track: Track, board: Board) -> Table:
    """The table in a workbook, held against what stands. Raises Unreadable where it isn't this track's, or is outdated."""
    book = read_book(file, LIMITS)
    if SHEET not in book:
        words = {"title": SHEET, "found": "、".join(list(book)[:10])}
        raise Unreadable(_("没有工作表“%(title)s”，文件中有：%(found)s。下载分配表填写") % words)
    _judge_state(book.get(STATE, []), track, board)
    table, lines = Table(), book[SHEET]
    columns = _columns(table, lines, board)
    if not table.refusals:
        numbers = {number: pk for pk, number in board.nominations.items()}
        seen: dict[str, int] = {}
        for line in lines[1:]:
            _read_line(table, line, columns, numbers, seen, board)
        _judge_loads(table, board)
    return table


def _judge_state(lines: Sequence[Line], track: Track, board: Board) -> None:
    cells = [text_of(cell) for cell in lines[0].cells[:2]] if lines else []
    if len(cells) < 2 or not cells[1]:
        raise Unreadable(_("文件缺少核对信息，重新下载分配表后再填写"))
    if cells[0] != str(track.pk):
        raise Unreadable(_("这是另一领域的分配表，核对后再上传"))
    if cells[1] != board.standing_digest:
        raise Unreadable(_("下载此表后，评审任务已有变化，重新下载后再改"))


def _columns(table: Table, lines: Sequence[Line], board: Board) -> dict[int, Expert | None]:
    """Place → the expert of the column; None for the column of the numbers."""
    found: dict[int, Expert | None] = {}
    if not lines or lines[0].number != 1:
        table.refuse(1, "", _("第1行应为表头，下载分配表填写"))
        return found
    experts = {expert.pk: expert for expert in board.experts}
    for place, cell in enumerate(lines[0].cells):
        head = "" if isinstance(cell, Fault) else text_of(cell)
        if head == NUMBER and None not in found.values():
            found[place] = None
        elif head and head not in FRONT:
            number = _NUMBERED.search(head)
            expert = experts.get(int(number[1])) if number else None
            if expert is None or str(expert) != head[: number.start() if number else 0].strip():
                table.refuse(1, head[:60], _("没有此专家，表头保持下载时的样子"))
            elif expert in found.values():
                table.refuse(1, head[:60], _("此列出现两次"))
            else:
                found[place] = expert
    if None not in found.values():
        table.refuse(1, NUMBER, _("缺少此列，下载分配表填写"))
    return found


def _read_line(
    table: Table,
    line: Line,
    columns: dict[int, Expert | None],
    numbers: dict[str, int],
    seen: dict[str, int],
    board: Board,
) -> None:
    place = next(place for place, expert in columns.items() if expert is None)
    number = _text(table, line, place, NUMBER)
    if number in (None, LOAD, MOST):
        return
    if number not in numbers:
        words = _("没有编号为%(number)s的申报") % {"number": number} if number else _("填写申报编号")
        table.refuse(line.number, NUMBER, words)
    elif seen.setdefault(number, line.number) != line.number:
        table.refuse(line.number, NUMBER, _("与第%(line)d行是同一申报") % {"line": seen[number]})
    else:
        for at, expert in columns.items():
            if expert is not None:
                _read_cell(table, line, at, expert, numbers[number], board)


def _read_cell(table: Table, line: Line, place: int, expert: Expert, nomination: int, board: Board) -> None:
    pair, head = (expert.pk, nomination), head_of(expert)
    mark = _text(table, line, place, head)
    if mark is None:
        return
    stands = board.sheets.get(pair)
    table.spoken[pair] = line.number
    if stands == queries.SUBMITTED:
        table.ticked[pair] = line.number
        if mark not in TICKS | {SUBMITTED}:
            table.refuse(line.number, head, _("已提交评分，不能取消分配"))
    elif mark in TICKS:
        table.ticked[pair] = line.number
        if reason := _hindered(pair, stands, board):
            table.refuse(line.number, head, reason)
    elif mark and not (mark == CONFLICT and pair in board.blocked) and mark != MARKS_KEPT.get(stands or ""):
        table.refuse(line.number, head, _("写√或留空，现为“%(mark)s”") % {"mark": mark[:20]})


MARKS_KEPT = {queries.ABSTAINED: ABSTAINED}
"""What stands in a cell that can't be ticked, besides a conflict."""


def _hindered(pair: Pair, stands: str | None, board: Board) -> str:
    """Why a pair can't be assigned; "" where it can."""
    if pair in board.blocked:
        return _("应回避：%(reason)s") % {"reason": board.blocked[pair]}
    if stands == queries.ABSTAINED:
        return _("已弃权，改选其他专家")
    if pair[0] not in board.serving and pair not in board.standing:
        return _("已不在专家名单中，改选其他专家")
    return ""


def _text(table: Table, line: Line, place: int, head: str) -> str | None:
    """A cell as text; None where it can't be read, which is told."""
    cell: Cell = line.cells[place] if place < len(line.cells) else ""
    if isinstance(cell, Fault):
        table.refuse(line.number, head, cell.reason)
        return None
    return text_of(cell)


def _judge_loads(table: Table, board: Board) -> None:
    loads = Counter(expert for expert, _nomination in table.pairs(board))
    before = Counter(expert for expert, _nomination in board.standing)
    for expert in board.experts:
        most = board.limits.get(expert.pk)
        if most is not None and loads[expert.pk] > max(most, before[expert.pk]):
            words = _("最多评审%(most)d项，现为%(now)d项，减少%(over)d项")
            now = loads[expert.pk]
            table.refuse(0, head_of(expert), words % {"most": most, "now": now, "over": now - most})
