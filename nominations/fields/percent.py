"""Fields: a percentage between 0 and 100."""

from __future__ import annotations

from decimal import Decimal as Number
from typing import Any

from django.utils.translation import gettext as _

from nominations.fields.base import Problem, Question
from nominations.fields.decimal import Decimal


class Percent(Decimal):
    """A share of a hundred."""

    name = "percent"
    example = "35.5"

    def read(self, question: Question, raw: Any) -> Any:
        # The sign is in the label or behind the field; 35% means what 35 means.
        return super().read(question, raw).rstrip("% ")

    def within(self, question: Question, found: Number, value: str) -> list[Problem]:
        if found <= 100:
            return []
        message = _("%(name)s应在0—100之间，现为%(now)s") % {"name": question.name, "now": value}
        return [Problem(question.key, "figure", message)]
