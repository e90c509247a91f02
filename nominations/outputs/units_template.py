"""Papers: the workbook in which the secretariat lists recommending units; ``inputs/units.py`` reads it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from nominations.inputs.units import CHANNELS, CODE, EMAIL, HEADS, MOST, NAME, PERSON, REMARK, SHEET
from nominations.outputs.xlsx import Sheet

LISTS = "选项"


def units_book(channels: Sequence[str], rows: Iterable[Sequence[str]] = ()) -> Workbook:
    """The template with the season's channels to pick from, one a column; ``rows`` fill it in the order of HEADS."""
    book = Workbook(write_only=True)
    sheet = Sheet(book, SHEET, HEADS)
    offered = DataValidation(
        type="list", formula1=f"'{LISTS}'!$A$1:$A${len(channels)}", allow_blank=True, showErrorMessage=True
    )
    offered.error = _("从列表中选择")
    for head in CHANNELS:
        letter = get_column_letter(HEADS.index(head) + 1)
        offered.add(f"{letter}2:{letter}{MOST + 1}")
    sheet.validate(offered)
    for row in rows:
        sheet.add(row)
    _explain(book)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for name in channels:
        lists.append([name])
    return book


def _explain(book: Workbook) -> None:
    sheet = Sheet(book, "填写说明", [_("列"), _("是否必填"), _("填写方法")])
    empty = _("留空的，不改动已有内容")
    sheet.add([NAME, _("必填"), _("按名称与已有单位对应")])
    sheet.add([CODE, _("选填"), _("18位，校验位不符的不能导入") + "；" + empty])
    sheet.add([CHANNELS[0], _("必填"), _("从列表中选择；导入后单位的推荐渠道与此行相同")])
    for head in CHANNELS[1:]:
        sheet.add([head, _("选填"), _("属于多个渠道的，一列填一个，名额叠加")])
    sheet.add([PERSON, _("选填"), empty])
    sheet.add([EMAIL, _("选填"), _("用于邀请单位的首个账号") + "；" + empty])
    sheet.add([REMARK, _("选填"), empty])
