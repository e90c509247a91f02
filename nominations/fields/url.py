"""Fields: the address of a public page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from nominations.fields.base import Kind, Problem, Question

_validate = URLValidator(schemes=["http", "https"])


class Url(Kind):
    name = "url"

    def widget(self, question: Question) -> forms.Widget:
        return forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})

    def check(self, question: Question, value: Any) -> list[Problem]:
        words = {"name": question.name}
        if not value.lower().startswith(("http://", "https://")):
            message = _("%(name)s应以http://或https://开头") % words
            return [Problem(question.key, "url", message)]
        try:
            _validate(value)
        except ValidationError:
            message = _("%(name)s应写成完整的网址，只填一个，例如https://example.cn/project") % words
            return [Problem(question.key, "url", message)]
        return []
