"""Fields: a telephone number, mobile or office line with or without extension."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kczg.kit.phones import MOBILE, bare, mobile_fault
from nominations.fields.base import Kind, Problem, Question
from nominations.fields.characters import narrow, one_line

_OFFICE = re.compile(r"(0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4})(-\d{1,6})?\Z")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x)+", re.IGNORECASE)


class Phone(Kind):
    name = "phone"

    def widget(self, question: Question) -> forms.Widget:
        return forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "w-name"})

    def read(self, question: Question, raw: Any) -> Any:
        return narrow(one_line(raw)) if isinstance(raw, str) else self.blank()

    def check(self, question: Question, value: Any) -> list[Problem]:
        plain = bare(_EXTENSION.sub("-", value))
        if MOBILE.match(plain) or _OFFICE.match(plain):
            return []
        digits = plain.replace("-", "")
        if not digits.isascii() or not digits.isdigit():
            message = _("%(name)s只能填一个号码，例如13800138000或010-56057633-801") % {"name": question.name}
        elif plain.startswith("1"):
            message = mobile_fault(digits)
        else:
            message = _("座机号码应写成区号-号码，例如010-56057633")
        return [Problem(question.key, "phone", message)]
