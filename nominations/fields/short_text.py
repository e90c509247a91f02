"""Fields: a text of one line, such as a name or an address."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from nominations.fields.base import Kind, Problem, Question
from nominations.rules.counting import count_characters


class ShortText(Kind):
    name = "short_text"
    longest = 200
    """字 at most where the question names no limit: what a cell of the printed form can hold."""

    def empty(self, value: Any) -> bool:
        return not count_characters(value)

    def check(self, question: Question, value: Any) -> list[Problem]:
        limit, now = question.max_count or self.longest, count_characters(value)
        if now <= limit:
            return []
        words = {"name": question.name, "now": now, "surplus": now - limit}
        return [Problem(question.key, "too_long", _("%(name)s现有%(now)d字，需删减%(surplus)d字") % words)]

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest * 2}
