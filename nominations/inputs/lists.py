"""Inputs: the season's lists from a file, each row judged by itself; what is wrong names row, column and reason.

A column is found by its head, as the shipped templates have it or in Chinese; what no column asks for is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from django.utils.translation import gettext as _

from kczg.kit.characters import refused
from kczg.kit.tables import Line, Unreadable, read_table, text_of
from nominations.catalogues import CATALOGUES
from nominations.models import PILOT_PLACES, Season
from nominations.rules import credit_code
from nominations.rules.conditions import LIST_RULES
from nominations.rules.likeness import comparable

HONOUREES = "honourees"
MOST_TOLD = 200
"""Problems at most that are told at once."""

Judge = Callable[[str, Any], str]
"""(text, known lists) → what is wrong with it, "" for nothing."""


@dataclass(frozen=True)
class Column:
    """A column: what it fills, the heads by which it is found, how much it holds."""

    key: str
    heads: tuple[str, ...]
    required: bool = False
    longest: int = 200
    judge: Judge = field(default=lambda text, known: "")
    spelling: Callable[[str], str] = field(default=str)


@dataclass(frozen=True)
class Problem:
    """What is wrong where: the row as the spreadsheet numbers it, the column's head, the reason."""

    row: int
    column: str
    reason: str


@dataclass
class Reading:
    """What a file holds. Rows count only where there is no problem at all: nothing is half imported."""

    rows: list[dict[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def excluding_lists(season: Season) -> list[str]:
    """The earlier lists that the season's conditions name (annex 1), in the notice's order."""
    named = [
        condition.arguments[0]
        for ranking in season.rankings.all()
        if ranking.form
        for condition in ranking.form.conditions
        if condition.rule in LIST_RULES
    ]
    return list(dict.fromkeys(named))


def _known_list(text: str, known: list[str]) -> str:
    if text in known:
        return ""
    return _("没有通知所列的榜单“%(name)s”，应为：%(known)s") % {"name": text, "known": "、".join(known)}


def _code(text: str, _known: Any) -> str:
    return credit_code.fault(text)


def _day(text: str, _known: Any) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return _("日期写成2022-10-31这样")
    return ""


def _province(text: str, _known: Any) -> str:
    entry = CATALOGUES["regions"].get(text)
    return "" if entry else _("没有行政区划代码%(code)s") % {"code": text}


_SHARED = (
    Column("source", ("source", "出处", "来源"), required=True, longest=300),
    Column("checked_by", ("checked_by", "核对人"), longest=60),
    Column("checked_on", ("checked_on", "核对日期"), judge=_day),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    HONOUREES: (
        Column("ranking_name", ("ranking", "榜单", "上年榜单"), required=True, longest=60, judge=_known_list),
        Column("track_name", ("track", "领域"), longest=40),
        Column("name", ("name", "名称"), required=True),
        Column("organisation_name", ("org", "单位"), longest=200),
        Column("credit_code", ("credit_code", "统一社会信用代码"), judge=_code, spelling=credit_code.plain),
        *_SHARED,
    ),
    PILOT_PLACES: (
        Column("name", ("name", "名称"), required=True),
        Column("kind", ("kind", "类型"), longest=20),
        Column("province_code", ("province_code", "省份代码"), longest=6, judge=_province),
        *_SHARED,
    ),
}
_FIELD = re.compile(r"(.+?)（(.+?)领域）\Z")


def identity(kind: str, row: Mapping[str, str]) -> tuple[str, ...]:
    """What makes a row the same line as another one."""
    name = comparable(row["name"])
    return (
        (name,)
        if kind == PILOT_PLACES
        else (row["ranking_name"], row["track_name"], name, row["organisation_name"])
    )


def read_list(kind: str, file: IO[bytes], season: Season) -> Reading:
    """What a file holds for a list of the season; nothing is written."""
    found = Reading()
    try:
        lines = read_table(file)
    except Unreadable as fault:
        found.problems.append(Problem(0, "", str(fault)))
        return found
    if not lines:
        found.problems.append(Problem(0, "", _("文件是空的")))
        return found
    columns, found.ignored = _columns(kind, lines[0])
    lacking = [column for column in COLUMNS[kind] if column.required and column not in columns.values()]
    for column in lacking:
        found.problems.append(Problem(lines[0].number, column.heads[1], _("缺少这一列")))
    known = excluding_lists(season) if kind == HONOUREES else []
    seen: dict[tuple[str, ...], int] = {}
    for line in lines[1:] if not lacking else ():
        row, problems = _row(line, kind, columns, known)
        found.problems += problems
        if problems:
            continue
        first = seen.setdefault(identity(kind, row), line.number)
        if first != line.number:
            words = _("与第%(row)d行是同一项") % {"row": first}
            found.problems.append(Problem(line.number, _("名称"), words))
        found.rows.append(row)
    if not found.rows and not found.problems:
        found.problems.append(Problem(0, "", _("文件只有表头，没有内容")))
    return found


def _columns(kind: str, head: Line) -> tuple[dict[int, Column], list[str]]:
    """The columns by their place, and the heads that none of them has."""
    found: dict[int, Column] = {}
    ignored = []
    for place, cell in enumerate(head.cells):
        text = cell.strip() if isinstance(cell, str) else ""
        column = next((each for each in COLUMNS[kind] if text.lower() in each.heads), None)
        if column is not None and column not in found.values():
            found[place] = column
        elif text:
            ignored.append(text[:60])
    return found, ignored


def _row(
    line: Line, kind: str, columns: Mapping[int, Column], known: list[str]
) -> tuple[dict[str, str], list[Problem]]:
    row = {column.key: "" for column in COLUMNS[kind]}
    problems = []
    for place, column in columns.items():
        try:
            row[column.key] = column.spelling(text_of(line.cells[place])) if place < len(line.cells) else ""
        except Unreadable as fault:
            problems.append(Problem(line.number, column.heads[1], str(fault)))
    # The notice prints the list with its field: 突破短板关键技术榜（装备制造领域）.
    if kind == HONOUREES and (parts := _FIELD.match(row["ranking_name"])):
        row["ranking_name"], row["track_name"] = parts[1], row["track_name"] or parts[2]
    for column in columns.values():
        reason = _fault(column, row[column.key], known)
        if reason and all(p.column != column.heads[1] for p in problems):
            problems.append(Problem(line.number, column.heads[1], reason))
    if not problems and not comparable(row["name"]):
        problems.append(Problem(line.number, _("名称"), _("名称没有文字")))
    return row, problems


def _fault(column: Column, text: str, known: list[str]) -> str:
    if not text:
        return _("填写%(name)s") % {"name": column.heads[1]} if column.required else ""
    if len(text) > column.longest:
        return _("超过%(limit)d个字符") % {"limit": column.longest}
    return refused(text, column.heads[1]) or column.judge(text, known)
