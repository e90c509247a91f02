"""Inputs: recommending units from the secretariat's workbook, or from a starting list, judged cell by cell.

A channel has a column of its own, each with the season's list to pick from: names of channels hold 、 themselves, so
that several in one cell could not be told apart.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import normalised
from kczg.kit.characters import refused
from kczg.kit.tables import LIMITS, Line, Unreadable, text_of
from kczg.kit.workbooks import read_book
from nominations.catalogues import CATALOGUES
from nominations.inputs.sheets import Refusal, heads_of
from nominations.rules import credit_code

SHEET = "推荐单位"
NAME, CODE, PERSON, EMAIL, REMARK = "单位名称", "统一社会信用代码", "联系人姓名", "联系人邮箱", "备注"
CHANNELS = ("推荐渠道", "推荐渠道2", "推荐渠道3", "推荐渠道4")
HEADS = (NAME, CODE, *CHANNELS, PERSON, EMAIL, REMARK)
REQUIRED = (NAME, CHANNELS[0])
LONGEST = {NAME: 200, PERSON: 100, EMAIL: 254, REMARK: 200}
MOST = 2000
"""Units in one file."""
ASSOCIATIONS, SOCIETIES = "associations", "societies"
_SOCIETIES = Path(__file__).resolve().parent.parent / "seasons" / "units" / "societies.tsv"


@dataclass(frozen=True)
class UnitRow:
    """A unit as a line asks for it; "" and () say nothing: what stands stays."""

    line: int
    name: str
    channels: tuple[str, ...]
    code: str = ""
    person: str = ""
    email: str = ""
    remark: str = ""
    province: str = ""

    @property
    def key(self) -> str:
        """What makes it the same unit in another file."""
        return normalised(self.name)


def read_units(file: IO[bytes], channels: Mapping[str, str]) -> tuple[list[UnitRow], list[Refusal]]:
    """The units in a workbook and all that hinders their import. Raises Unreadable.

    ``channels``: the name of each channel of the season → its key.
    """
    book = read_book(file, LIMITS)
    if SHEET not in book:
        words = {"title": SHEET, "found": "、".join(list(book)[:10])}
        raise Unreadable(_("没有工作表“%(title)s”，文件中有：%(found)s。下载模板填写") % words)
    lines = book[SHEET]
    heads, refusals = heads_of(SHEET, lines, HEADS, REQUIRED)
    if refusals:
        return [], refusals
    if len(lines) == 1:
        return [], [Refusal("", 0, "", _("文件中没有单位，从第2行起填写"))]
    if len(lines) > MOST + 1:
        many = _("最多%(limit)d个单位，现有%(now)d个，分成几个文件后再上传")
        return [], [Refusal(SHEET, 0, "", many % {"limit": MOST, "now": len(lines) - 1})]
    rows, seen = [], _Seen()
    for line in lines[1:]:
        row, found = _row(line, heads, channels)
        refusals += [*found, *seen.judge(row)]
        rows.append(row)
    return rows, refusals


def _row(line: Line, heads: Mapping[str, int], channels: Mapping[str, str]) -> tuple[UnitRow, list[Refusal]]:
    cells = dict.fromkeys(HEADS, "")
    refusals = []

    def refuse(head: str, reason: str) -> None:
        refusals.append(Refusal(SHEET, line.number, head, reason))

    for head, place in heads.items():
        try:
            cells[head] = text_of(line.cells[place]).strip() if place < len(line.cells) else ""
        except Unreadable as fault:
            refuse(head, str(fault))
    cells[CODE], cells[EMAIL] = credit_code.plain(cells[CODE]), cells[EMAIL].lower()
    for head, text in cells.items():
        told = any(each.column == head for each in refusals)
        if not told and (reason := _fault(head, text, channels)):
            refuse(head, reason)
    if cells[EMAIL] and not cells[PERSON]:
        refuse(PERSON, _("有联系人邮箱的，填写联系人姓名"))
    named = tuple(dict.fromkeys(channels[cells[head]] for head in CHANNELS if cells[head] in channels))
    if not named and not refusals:
        refuse(CHANNELS[0], _("至少选择一个推荐渠道"))
    given = (cells[CODE], cells[PERSON], cells[EMAIL], cells[REMARK])
    return UnitRow(line.number, cells[NAME], named, *given), refusals


def _fault(head: str, text: str, channels: Mapping[str, str]) -> str:
    """Why a cell isn't taken; "" when it is."""
    if not text:
        return _("填写%(name)s") % {"name": head} if head == NAME else ""
    if len(text) > LONGEST.get(head, 200):
        return _("超过%(limit)d个字符") % {"limit": LONGEST.get(head, 200)}
    if reason := refused(text, head):
        return reason
    if head == CODE:
        return credit_code.fault(text)
    if head in CHANNELS and text not in channels:
        return _("没有推荐渠道“%(name)s”，从列表中选择；多个渠道分列填写") % {"name": text}
    if head == EMAIL:
        try:
            validate_email(text)
        except ValidationError:
            return _("邮箱应含有“@”和域名，例如name@example.cn")
    return ""


class _Seen:
    """Which units and codes a file has named already, and where."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.codes: dict[str, int] = {}

    def judge(self, row: UnitRow) -> list[Refusal]:
        if not row.name:
            return []
        first = self.names.setdefault(row.key, row.line)
        if first != row.line:
            return [Refusal(SHEET, row.line, NAME, _("与第%(line)d行是同一单位") % {"line": first})]
        first = self.codes.setdefault(row.code, row.line) if row.code else row.line
        if first != row.line:
            words = _("与第%(line)d行的统一社会信用代码相同")
            return [Refusal(SHEET, row.line, CODE, words % {"line": first})]
        return []


def starting_list(source: str) -> list[UnitRow]:
    """The units of a starting list, each to be checked by a person: 省级科协 and 兵团科协, or the national societies."""
    if source == ASSOCIATIONS:
        return [
            UnitRow(line, entry.name, ("province",) if entry.code else ("xpcc",), province=entry.code)
            for line, entry in enumerate(CATALOGUES["associations"], start=1)
        ]
    with _SOCIETIES.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return [UnitRow(number, row["name"], ("society",)) for number, row in enumerate(rows, start=1)]
