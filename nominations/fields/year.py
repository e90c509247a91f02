"""Fields: a year, kept as 2021."""

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

_YEAR = re.compile(r"(19|20)\d\d\Z", re.ASCII)


class Year(Kind):
    name = "year"
    sheet_hint = gettext_lazy("四位年份，例如2021")

    def widget(self, question: Question) -> forms.Widget:
        return forms.TextInput(attrs={"inputmode": "numeric", "class": "w-code", "autocomplete": "off"})

    def read(self, question: Question, raw: Any) -> Any:
        if not isinstance(raw, str):
            return self.blank()
        typed = narrow(one_line(raw))
        plain = typed.removesuffix("年").removesuffix("年度").strip()
        return plain if _YEAR.match(plain) else typed

    def check(self, question: Question, value: Any) -> list[Problem]:
        if _YEAR.match(value):
            return []
        return [
            Problem(question.key, "year", _("%(name)s应写成四位年份，例如2021") % {"name": question.name})
        ]

    def text(self, question: Question, value: Any) -> str:
        return f"{value}年" if _YEAR.match(value) else value

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        return f"{cells[0]:%Y}" if isinstance(cells[0], date) else typed(cells[0])

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "string", "description": "YYYY"}
