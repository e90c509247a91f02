"""Fields: an e-mail address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from nominations.fields.base import Kind, Problem, Question
from nominations.fields.characters import narrow, one_line


class Email(Kind):
    name = "email"

    def widget(self, question: Question) -> forms.Widget:
        return forms.EmailInput(attrs={"autocomplete": "email", "class": "w-name"})

    def read(self, question: Question, raw: Any) -> Any:
        return narrow(one_line(raw)) if isinstance(raw, str) else self.blank()

    def check(self, question: Question, value: Any) -> list[Problem]:
        if "@" not in value:
            return [Problem(question.key, "email", _("%(name)s缺少“@”") % {"name": question.name})]
        try:
            validate_email(value)
        except ValidationError:
            message = _("%(name)s应写成name@example.cn的样子，只填一个") % {"name": question.name}
            return [Problem(question.key, "email", message)]
        return []
