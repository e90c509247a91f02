"""A table from outside, as CSV or as a workbook: its lines as texts, read safely, with words for what can't be read."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import IO

from django.utils.translation import gettext as _

from kczg.kit.workbooks import MEGABYTE, Cell, Fault, Limits, Line, Unreadable, read_book

LIMITS = Limits(packed=2 * MEGABYTE, unpacked=20 * MEGABYTE, lines=5000, columns=60)

__all__ = ["LIMITS", "Fault", "Limits", "Line", "Unreadable", "read_table", "text_of"]


def read_table(file: IO[bytes], limits: Limits = LIMITS) -> list[Line]:
    """The lines of a CSV file (UTF-8 or GB 18030), or of a workbook's first sheet. Raises Unreadable.

    What it is, its content says: a workbook is an archive and begins so.
    """
    file.seek(0)
    if file.read(2) in (b"PK", b"\xd0\xcf"):
        return next(iter(read_book(file, limits).values()), [])
    file.seek(0)
    content = file.read(limits.packed + 1)
    if len(content) > limits.packed:
        raise Unreadable(_("文件超过%(limit)s MB") % {"limit": f"{limits.packed / MEGABYTE:g}"})
    return _lines(_decoded(content), limits)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("无法识别文件的文字编码，另存为UTF-8编码的CSV或.xlsx后再上传"))


def _lines(text: str, limits: Limits) -> list[Line]:
    found = []
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for number, row in enumerate(reader, start=1):
            if number > limits.lines:
                raise Unreadable(_("文件超过%(limit)d行，分成几个文件后再上传") % {"limit": limits.lines})
            if any(cell.strip() for cell in row):
                found.append(Line(number, tuple(row[: limits.columns])))
    except csv.Error as fault:
        raise Unreadable(_("文件不是CSV表格，另存为UTF-8编码的CSV或.xlsx后再上传")) from fault
    return found


def text_of(cell: Cell) -> str:
    """A cell as text in one line; a date as 2021-12-31. Raises Unreadable where its content isn't taken."""
    if isinstance(cell, Fault):
        raise Unreadable(cell.reason)
    return cell.isoformat() if isinstance(cell, date) else " ".join(cell.split())
