"""Fields: open source licences by SPDX identifier, as the Open Source Initiative had approved them in the season.

``levels`` of the question holds the season's year. Where sources differ, the reviewer is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.catalogues import CATALOGUES, Catalogue, Entry
from nominations.fields.base import Problem, Question
from nominations.fields.industry import Industry, PickerWidget
from nominations.fields.outside import Cell, pieces

KNOWN, SINCE, DISPUTED = "2022", "now", "disputed"
"""Levels of the catalogue: approved as of autumn 2022, approved since, sources differ."""


def approved(question: Question) -> tuple[str, ...]:
    """The levels that count in the question's season."""
    year = next((level for level in question.levels if level.isdigit()), KNOWN)
    return (KNOWN, DISPUTED, SINCE) if year > KNOWN else (KNOWN, DISPUTED)


class Licence(Industry):
    name = "licence"
    sheet_hint = gettext_lazy("一行一项，写SPDX标识，例如Apache-2.0（单元格内换行按Alt+Enter）")

    def widget(self, question: Question) -> forms.Widget:
        return PickerWidget(question, approved(question))

    def _fault(self, question: Question, catalogue: Catalogue, code: str, entry: Entry | None) -> str:
        if entry is not None and entry.level in approved(question):
            return ""
        return _("%(code)s不在本年度OSI认证的开源许可证中，重新选择") % {"code": code}

    def warnings(self, question: Question, value: Any) -> list[Problem]:
        entries = [entry for entry in map(CATALOGUES[question.catalogue].get, value) if entry]
        words = _("%(code)s是否经OSI认证，各来源说法不一，由评审机构核对")
        return [
            Problem(question.key, "disputed", words % {"code": e.code})
            for e in entries
            if e.level == DISPUTED
        ]

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        return ("\n".join(value),)

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        return pieces(cells[0])

    def text(self, question: Question, value: Any) -> str:
        return "、".join(value)
