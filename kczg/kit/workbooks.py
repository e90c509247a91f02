"""Workbooks from outside, read safely: sizes are judged before anything is unpacked, and nothing is calculated.

``read_book(file, limits)`` gives each sheet's lines; a file that isn't a plain workbook raises ``Unreadable`` with
words for people. Numbers become texts in plain spelling, real dates become dates, a formula is a ``Fault``.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""How files of Excel 97 and encrypted workbooks begin."""
_HEX = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a character that XML can't hold; an underscore before such letters is written _x005F_."""
_LIKE_HEX = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
MOST_PARTS = 500
MACROS = "vbaproject.bin"
"""The part that makes a workbook one with macros, whatever the file is called."""


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read: bytes as it is and unpacked, lines of a sheet, columns."""

    packed: int
    unpacked: int
    lines: int
    columns: int = 300


class Unreadable(Exception):
    """The file can't be read; its text says why, and what to do."""


@dataclass(frozen=True)
class Fault:
    """A cell whose content isn't taken, with the reason."""

    reason: str


Cell = str | date | Fault


@dataclass(frozen=True)
class Line:
    """A line of a sheet that isn't empty: its number as the spreadsheet shows it, and its cells."""

    number: int
    cells: tuple[Cell, ...]


def read_book(file: IO[bytes], limits: Limits) -> dict[str, list[Line]]:
    """The lines of each sheet, by its title. Raises Unreadable."""
    _judge(file, limits)
    file.seek(0)
    try:
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        return {
            sheet.title: list(_lines(sheet, limits))
            for sheet in book.worksheets
            if sheet.sheet_state != "veryHidden"
        }
    except Unreadable:
        raise
    except Exception as fault:  # What a broken workbook makes the parser raise has no common kind.
        raise Unreadable(_("文件已损坏或不是工作簿，重新保存为.xlsx后再上传")) from fault


def _judge(file: IO[bytes], limits: Limits) -> None:
    """Looks at the sizes that the file names, before anything of it is unpacked."""
    file.seek(0, 2)
    size = file.tell()
    if size > limits.packed:
        words = {"now": f"{size / MEGABYTE:.1f}", "limit": f"{limits.packed / MEGABYTE:g}"}
        raise Unreadable(_("文件%(now)s MB，超过%(limit)s MB") % words)
    file.seek(0)
    if file.read(4) == OLD_OR_LOCKED:
        raise Unreadable(_("文件是旧格式（.xls）或有密码，另存为没有密码的.xlsx后再上传"))
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            # The sizes named here bind: reading a part stops at them.
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
                words = {"limit": f"{limits.unpacked / MEGABYTE:g}"}
                raise Unreadable(_("文件解压后超过%(limit)s MB，删去多余的内容后再上传") % words)
            if any(part.filename.lower().endswith(MACROS) for part in parts):
                raise Unreadable(_("文件含有宏，另存为没有宏的.xlsx后再上传"))
            if any(_declares(archive, part) for part in parts):
                raise Unreadable(_("文件含有实体声明，不是普通的工作簿，重新保存为.xlsx后再上传"))
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise Unreadable(_("文件不是.xlsx工作簿，另存为.xlsx后再上传")) from fault


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part of XML declares a document type, which no workbook has and entities need."""
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(part) as content:
        head = content.read(4096).replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _lines(sheet: Any, limits: Limits) -> Iterator[Line]:
    rows = sheet.iter_rows(max_row=limits.lines + 1, max_col=limits.columns)
    for number, row in enumerate(rows, start=1):
        cells = tuple(_cell(each) for each in row)
        if not any(cells):
            continue
        if number > limits.lines:
            words = {"sheet": sheet.title, "limit": limits.lines}
            raise Unreadable(_("工作表“%(sheet)s”超过%(limit)d行，分成几个文件后再上传") % words)
        yield Line(number, cells)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Fault(_("单元格是公式，改为数值或文字后再导入"))
    if cell.data_type == "e":
        return Fault(_("单元格是错误值%(value)s，改正后再导入") % {"value": str(value)[:20]})
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return (
            value.date()
            if (value.hour, value.minute, value.second) == (0, 0, 0)
            else f"{value:%Y-%m-%d %H:%M:%S}"
        )
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return plain(value, "%" in (cell.number_format or ""))
    return _HEX.sub(_character, str(value))


def plain(value: int | float, is_percent: bool = False) -> str:
    """A number as it was typed: 1480.5, not 1480.50000000001 or 1.4805e3; a cell shown as 35% gives 35."""
    exact = Decimal(repr(value)) * (100 if is_percent else 1)
    if not exact.is_finite():
        return str(value)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)


def escaped(text: str) -> str:
    """A text as a workbook must hold it so that it is read unchanged: _x000D_ typed by a person stays that."""
    return _LIKE_HEX.sub("_x005F_", text)
