"""Fields: a text of several lines, with limits in 字 where the form prints them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from nominations.fields.base import Kind, Problem, Question
from nominations.fields.characters import LONGEST, lines
from nominations.rules.counting import count_characters


class LongText(Kind):
    name = "long_text"

    def widget(self, question: Question) -> forms.Widget:
        limits = {"data-min": question.min_count, "data-max": question.max_count}
        rows = 12 if (question.max_count or 0) >= 400 else 6
        return forms.Textarea(attrs={"rows": rows} | {k: v for k, v in limits.items() if v is not None})

    def read(self, question: Question, raw: Any) -> Any:
        return lines(raw) if isinstance(raw, str) else self.blank()

    def empty(self, value: Any) -> bool:
        return not count_characters(value)

    def check(self, question: Question, value: Any) -> list[Problem]:
        now, low, high = count_characters(value), question.min_count, question.max_count
        words = {"name": question.name, "now": now, "low": low, "high": high}
        if high is not None and now > high:
            words["surplus"] = now - high
            return [
                Problem(question.key, "too_long", _("%(name)s现有%(now)d字，需删减%(surplus)d字") % words)
            ]
        if low is not None and now < low:
            words["short"] = low - now
            if high is None:
                message = _("%(name)s现有%(now)d字，还差%(short)d字（要求至少%(low)d字）") % words
            else:
                message = _("%(name)s现有%(now)d字，还差%(short)d字（要求%(low)d—%(high)d字）") % words
            return [Problem(question.key, "too_short", message)]
        return []

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "string", "maxLength": LONGEST}
