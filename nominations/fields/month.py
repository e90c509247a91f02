"""Fields: a year and a month, kept as 2021-06."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.fields.base import Kind, Problem, Question
from nominations.fields.characters import narrow, one_line
from nominations.fields.outside import Cell, typed

_TYPED = re.compile(r"(\d{4})\s*[年\-./]?\s*(\d{1,2})\s*月?\Z")
_KEPT = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")


class Month(Kind):
    name = "month"
    sheet_hint = gettext_lazy("年-月，例如2021-06")

    def widget(self, question: Question) -> forms.Widget:
        return forms.TextInput(attrs={"class": "w-code", "autocomplete": "off"})

    def read(self, question: Question, raw: Any) -> Any:
        if not isinstance(raw, str):
            return self.blank()
        typed = narrow(one_line(raw))
        found = _TYPED.match(typed)
        kept = f"{found[1]}-{int(found[2]):02d}" if found else typed
        return kept if _KEPT.match(kept) else typed

    def check(self, question: Question, value: Any) -> list[Problem]:
        if _KEPT.match(value) and "1900" <= value[:4] <= "2100":
            return []
        return [
            Problem(question.key, "month", _("%(name)s应写成年-月，例如2021-06") % {"name": question.name})
        ]

    def text(self, question: Question, value: Any) -> str:
        found = _KEPT.match(value)
        return f"{found[1]}年{int(found[2])}月" if found else value

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        # A spreadsheet makes a day of a month that was typed.
        return f"{cells[0]:%Y-%m}" if isinstance(cells[0], date) else typed(cells[0])

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "string", "description": "YYYY-MM"}
