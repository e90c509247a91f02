"""Fields: a figure. Kept as text in plain spelling, so that no digit is lost; a wrong one stays as typed."""

from __future__ import annotations

import re
from decimal import Decimal as Number
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.fields.base import Kind, Problem, Question
from nominations.fields.characters import narrow, one_line
from nominations.rules.figures import number

_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d{1,6})?\Z", re.ASCII)


class Decimal(Kind):
    """A number that is not negative."""

    name = "decimal"
    example = "1480.5"
    sheet_hint = gettext_lazy("只填数字，不带单位，不用公式")
    signed = False

    def widget(self, question: Question) -> forms.Widget:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "w-num", "autocomplete": "off"})
        widget.suffix = question.suffix  # type: ignore[attr-defined]
        return widget

    def read(self, question: Question, raw: Any) -> Any:
        if not isinstance(raw, str):
            return self.blank()
        typed = narrow(one_line(raw))
        # 1,480.50 loses its commas only where they group thousands; 1,48 is more likely a slip.
        return typed.replace(",", "") if _GROUPED.match(typed) else typed

    def check(self, question: Question, value: Any) -> list[Problem]:
        found = number(value)
        words = {"name": question.name, "example": self.example, "now": value}
        if found is None:
            message = _("%(name)s只能填数字，例如%(example)s") % words
        elif found < 0 and not self.signed:
            message = _("%(name)s不能小于0，现为%(now)s") % words
        else:
            return self.within(question, found, value)
        return [Problem(question.key, "figure", message)]

    def text(self, question: Question, value: Any) -> str:
        return f"{value}{question.suffix}" if number(value) is not None else value

    def within(self, question: Question, found: Number, value: str) -> list[Problem]:
        """The bounds of the figure, where the kind has any."""
        return []

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "string", "description": "decimal number"}
