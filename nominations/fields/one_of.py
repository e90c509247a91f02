"""Fields: one of the printed options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from nominations.fields.base import Kind, Option, Problem, Question
from nominations.fields.outside import Cell, not_offered, typed, wrong_shape


def choices(question: Question) -> list[tuple[str, str]]:
    """The options as a widget offers them: label as printed, with the note that explains it."""
    return [
        (
            o.label,
            _("%(label)s（%(note)s）") % {"label": o.label, "note": gettext(o.note)} if o.note else o.label,
        )
        for o in question.options
    ]


class OneOf(Kind):
    name = "one_of"

    def widget(self, question: Question) -> forms.Widget:
        return forms.RadioSelect(choices=choices(question))

    def cell_widget(self, question: Question) -> forms.Widget:
        return forms.Select(choices=[("", _("未选择")), *choices(question)])

    def read(self, question: Question, raw: Any) -> Any:
        # An option that the form doesn't offer is no answer.
        return raw if isinstance(raw, str) and question.offers(raw) else self.blank()

    def ask(self, question: Question) -> str:
        return _("选择%(name)s") % {"name": question.name}

    def chosen(self, question: Question, value: Any) -> list[tuple[Option, bool]]:
        return [(option, option.label == value) for option in question.options]

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        return typed(cells[0]).strip()

    def sheet_choices(self, question: Question) -> tuple[tuple[str, ...], ...]:
        return (tuple(option.label for option in question.options),)

    def left_out(self, question: Question, raw: Any) -> list[Problem]:
        if not isinstance(raw, str):
            return [wrong_shape(question)]
        return [not_offered(question, raw)] if raw and not question.offers(raw) else []

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "string", "enum": ["", *(option.label for option in question.options)]}
