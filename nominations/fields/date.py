"""Fields: a day, kept as 2021-06-15."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.fields.base import Kind, Problem, Question
from nominations.fields.characters import narrow, one_line

_TYPED = re.compile(r"(\d{4})\s*[年\-./]\s*(\d{1,2})\s*[月\-./]\s*(\d{1,2})\s*日?\Z")


def day(value: str) -> datetime.date | None:
    """The day that a kept value stands for; None where it is no day."""
    try:
        return datetime.date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None


class Date(Kind):
    name = "date"
    sheet_hint = gettext_lazy("年-月-日，例如2021-06-15")

    def widget(self, question: Question) -> forms.Widget:
        return forms.TextInput(attrs={"class": "w-code", "autocomplete": "off"})

    def read(self, question: Question, raw: Any) -> Any:
        if not isinstance(raw, str):
            return self.blank()
        typed = narrow(one_line(raw))
        found = _TYPED.match(typed)
        kept = f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else typed
        return kept if day(kept) else typed

    def check(self, question: Question, value: Any) -> list[Problem]:
        found = day(value)
        if found and 1900 <= found.year <= 2100:
            return []
        message = _("%(name)s应写成年-月-日，例如2021-06-15") % {"name": question.name}
        return [Problem(question.key, "date", message)]

    def text(self, question: Question, value: Any) -> str:
        found = day(value)
        return f"{found.year}年{found.month}月{found.day}日" if found else value

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "string", "description": "YYYY-MM-DD"}
