"""Fields: a whole number, such as of people or patents."""

from __future__ import annotations

from decimal import Decimal as Number

from django.utils.translation import gettext as _

from nominations.fields.base import Problem, Question
from nominations.fields.decimal import Decimal


class Integer(Decimal):
    """A whole number that is not negative."""

    name = "integer"
    example = "120"

    def within(self, question: Question, found: Number, value: str) -> list[Problem]:
        if "." not in value:
            return []
        message = _("%(name)s只能填整数，现为%(now)s") % {"name": question.name, "now": value}
        return [Problem(question.key, "figure", message)]
