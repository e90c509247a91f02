"""Fields: any of the printed options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.fields.base import Kind, Option, Problem, Question
from nominations.fields.one_of import choices
from nominations.fields.outside import Cell, not_offered, pieces, wrong_shape


class AnyOf(Kind):
    name = "any_of"
    shape = list
    sheet_hint = gettext_lazy("一行一项，照选项的原文填写（单元格内换行按Alt+Enter）")

    def widget(self, question: Question) -> forms.Widget:
        return forms.CheckboxSelectMultiple(choices=choices(question))

    def read(self, question: Question, raw: Any) -> Any:
        ticked = [each for each in raw if isinstance(each, str)] if isinstance(raw, (list, tuple)) else []
        return [option.label for option in question.options if option.label in ticked]

    def unreadable(self, question: Question, value: Any) -> list[Problem]:
        return []

    def ask(self, question: Question) -> str:
        return _("至少勾选一种%(name)s") % {"name": question.name}

    def text(self, question: Question, value: Any) -> str:
        return "、".join(option.label for option, ticked in self.chosen(question, value) if ticked)

    def chosen(self, question: Question, value: Any) -> list[tuple[Option, bool]]:
        return [(option, option.label in value) for option in question.options]

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        return ("\n".join(value),)

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        return pieces(cells[0])

    def left_out(self, question: Question, raw: Any) -> list[Problem]:
        if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
            return [wrong_shape(question)]
        return [not_offered(question, each) for each in raw if not question.offers(each)]

    def schema(self, question: Question) -> dict[str, Any]:
        keys = [option.label for option in question.options]
        return {"type": "array", "items": {"type": "string", "enum": keys}, "uniqueItems": True}
