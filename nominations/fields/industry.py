"""Fields: entries of a catalogue (industries), several, on the levels that the form asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.catalogues import CATALOGUES, Catalogue, Entry
from nominations.fields.base import Kind, Problem, Question, Table
from nominations.fields.characters import refused
from nominations.fields.outside import Cell, pieces, wrong_shape

MOST = 50
"""Entries at most where the question names no number."""
CODE_LENGTH = 20
FIND = "find"
"""The submit button that searches without script; its value is the question's key."""


class PickerWidget(forms.Widget):
    """The chosen entries as a list of options, with a search: by script in place, without script by a button."""

    template_name = "fields/industry/input.html"
    use_fieldset = True

    def __init__(self, question: Question, levels: tuple[str, ...]) -> None:
        super().__init__()
        self.question, self.levels = question, levels
        self.catalogue = CATALOGUES[question.catalogue]
        self._sought = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        if data.get(FIND) == name:
            self._sought = str(data.get(f"{name}-find", ""))[:50]
        listed = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [code for code in listed if isinstance(code, str)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = [code for code in value or () if isinstance(code, str)]
        found = self.catalogue.search(self._sought, self.levels) if self._sought else []
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "question": self.question,
            "levels": self.levels,
            "chosen": [(code, shown(self.catalogue, code)) for code in chosen],
            "found": [(e.code, shown(self.catalogue, e.code)) for e in found if e.code not in chosen],
            "sought": self._sought,
        }
        return render_to_string(self.template_name, context)


def shown(catalogue: Catalogue, code: str) -> str:
    """An entry with the path that leads to it: 制造业 › 农副食品加工业 › 谷物磨制（131）."""
    return f"{catalogue.path_text(code)}（{code}）" if catalogue.get(code) else code


class Industry(Kind):
    name = "industry"
    shape = list
    sheet_hint = gettext_lazy(
        "一行一项，写代码，或名称+代码，例如农副食品加工业+13（单元格内换行按Alt+Enter）"
    )

    def widget(self, question: Question) -> forms.Widget:
        return PickerWidget(question, question.levels)

    def read(self, question: Question, raw: Any) -> Any:
        codes = (
            [code.strip() for code in raw if isinstance(code, str)] if isinstance(raw, (list, tuple)) else []
        )
        return list(dict.fromkeys(code for code in codes if code))

    def unreadable(self, question: Question, value: Any) -> list[Problem]:
        limit = question.max_count or MOST
        if len(value) > limit:
            words = {"name": question.name, "limit": limit, "now": len(value)}
            message = _("%(name)s最多选择%(limit)d项，现有%(now)d项") % words
            return [Problem(question.key, "too_many", message)]
        strange = next((code for code in value if len(code) > CODE_LENGTH or refused(code, "")), None)
        if strange is not None:
            message = _("%(name)s含有无法识别的代码，重新选择") % {"name": question.name}
            return [Problem(question.key, "unreadable", message)]
        return []

    def ask(self, question: Question) -> str:
        return _("选择%(name)s") % {"name": question.name}

    def check(self, question: Question, value: Any) -> list[Problem]:
        catalogue = CATALOGUES[question.catalogue]
        messages = [self._fault(question, catalogue, code, catalogue.get(code)) for code in value]
        return [Problem(question.key, "industry", message) for message in messages if message]

    def _fault(self, question: Question, catalogue: Catalogue, code: str, entry: Entry | None) -> str:
        words = {"code": code, "catalogue": catalogue.name, "levels": "、".join(question.levels)}
        if entry is None:
            return _("%(catalogue)s中没有代码%(code)s，重新选择") % words
        if question.levels and entry.level not in question.levels:
            words |= {"name": entry.name, "level": entry.level}
            return _("%(name)s（%(code)s）是%(level)s，选择%(levels)s") % words
        return ""

    def text(self, question: Question, value: Any) -> str:
        """As the notice has it: 农副食品加工业+13."""
        catalogue = CATALOGUES[question.catalogue]
        entries = [(code, catalogue.get(code)) for code in value]
        return "、".join(f"{entry.name}+{code}" if entry else code for code, entry in entries)

    def table(self, question: Question, value: Any) -> Table:
        catalogue = CATALOGUES[question.catalogue]
        rows = [(shown_code, catalogue.path_text(shown_code)) for shown_code in value]
        return Table((_("代码"), _("类别")), tuple(rows))

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        catalogue = CATALOGUES[question.catalogue]
        entries = [(code, catalogue.get(code)) for code in value]
        # A strange code that has a plus itself is told from 名称+代码 by a plus before it.
        lines = [f"{e.name}+{code}" if e else f"+{code}" if "+" in code else code for code, e in entries]
        return ("\n".join(lines),)

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        return [
            piece[1:] if piece.startswith("+") else piece.rpartition("+")[2] for piece in pieces(cells[0])
        ]

    def left_out(self, question: Question, raw: Any) -> list[Problem]:
        if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
            return [wrong_shape(question)]
        return []

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
