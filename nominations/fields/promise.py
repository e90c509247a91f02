"""Fields: a promise that is given by a tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from nominations.fields.base import Kind, Problem, Question
from nominations.fields.outside import Cell, typed


class Promise(Kind):
    name = "promise"
    shape = bool

    def widget(self, question: Question) -> forms.Widget:
        return forms.CheckboxInput()

    def read(self, question: Question, raw: Any) -> Any:
        return raw is True

    def unreadable(self, question: Question, value: Any) -> list[Problem]:
        return []

    def ask(self, question: Question) -> str:
        return _("勾选%(name)s") % {"name": question.name}

    def text(self, question: Question, value: Any) -> str:
        return _("已承诺") if value else ""

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        return ("是" if value else "",)

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        return typed(cells[0]).strip() == "是"

    def sheet_choices(self, question: Question) -> tuple[tuple[str, ...], ...]:
        return (("是",),)

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "boolean"}
