"""Fields: an industry of 战略性新兴产业分类（2018）: levels 1 and 2 chosen, the name on level 3 typed.

The notice asks for the name on level 3 (新型电子元器件及设备制造). That level is not complete in the catalogue, so
that any name is taken and those known are suggested.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.catalogues import CATALOGUES
from nominations.fields.base import Kind, Problem, Question
from nominations.fields.characters import narrow, one_line
from nominations.fields.outside import Cell, typed, wrong_shape
from nominations.fields.short_text import ShortText
from nominations.rules.counting import count_characters

CATALOGUE = CATALOGUES["emerging_industries"]
CHOSEN, TYPED = "2", "3"
"""The level that is chosen (with the one above it), and the level whose name is typed."""
CODE_LENGTH = 20


class IndustryWidget(forms.Widget):
    """A list of level 2, grouped by level 1, and a line for the name with suggestions."""

    template_name = "fields/emerging_industry/input.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        return {part: data.get(f"{name}-{part}", "") for part in ("code", "name")}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-code" not in data and f"{name}-name" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        groups = [(top, CATALOGUE.children(top.code)) for top in CATALOGUE if top.level == "1"]
        known = [entry.name for entry in CATALOGUE if entry.level == TYPED]
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "value": value or {},
            "groups": groups,
            "known": known,
        }
        return render_to_string(self.template_name, context)


class EmergingIndustry(Kind):
    name = "emerging_industry"
    shape = dict
    sheet_hint = gettext_lazy("从列表中选择所属产业，再填写产业的具体名称，例如新型电子元器件及设备制造")

    def widget(self, question: Question) -> forms.Widget:
        return IndustryWidget()

    def read(self, question: Question, raw: Any) -> Any:
        given = raw if isinstance(raw, dict) else {}
        code, name = given.get("code"), given.get("name")
        read = {
            "code": narrow(one_line(code)) if isinstance(code, str) else "",
            "name": one_line(name) if isinstance(name, str) else "",
        }
        return read if read["code"] or count_characters(read["name"]) else {}

    def unreadable(self, question: Question, value: Any) -> list[Problem]:
        if not value:
            return []
        if len(value["code"]) > CODE_LENGTH:
            return [Problem(f"{question.key}-code", "unreadable", self.ask(question))]
        return super().unreadable(question, value["code"]) or super().unreadable(question, value["name"])

    def ask(self, question: Question) -> str:
        return _("选择%(name)s") % {"name": question.name}

    def check(self, question: Question, value: Any) -> list[Problem]:
        words: dict[str, Any] = {"name": question.name}
        found = []
        entry = CATALOGUE.get(value["code"])
        if entry is None or entry.level != CHOSEN:
            message = _("%(name)s：选择所属的产业") % words
            found.append(Problem(f"{question.key}-code", "industry", message))
        now = count_characters(value["name"])
        if not now:
            message = _("%(name)s：填写产业的具体名称，例如新型电子元器件及设备制造") % words
            found.append(Problem(f"{question.key}-name", "empty", message))
        elif now > ShortText.longest:
            words |= {"now": now, "surplus": now - ShortText.longest}
            message = _("%(name)s现有%(now)d字，需删减%(surplus)d字") % words
            found.append(Problem(f"{question.key}-name", "too_long", message))
        return found

    def text(self, question: Question, value: Any) -> str:
        """The name as the notice asks for it, and what it belongs to: 新型…制造（1.2 电子核心产业）."""
        if not value:
            return ""
        entry = CATALOGUE.get(value["code"])
        above = f"{entry.code} {entry.name}" if entry else value["code"]
        return f"{value['name']}（{above}）" if value["name"] and above else value["name"] or above

    def sheet_heads(self, question: Question) -> tuple[str, ...]:
        return (f"{question.label}（产业）", f"{question.label}（具体名称）")

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        return (_listed(value["code"]), value["name"]) if value else ("", "")

    def from_sheet(self, question: Question, cells: Sequence[Cell]) -> Any:
        chosen = typed(cells[0]).strip()
        code = chosen.partition(" ")[0]
        return {"code": code if _listed(code) == chosen else chosen, "name": typed(cells[1])}

    def sheet_choices(self, question: Question) -> tuple[tuple[str, ...], ...]:
        return tuple(_listed(entry.code) for entry in CATALOGUE if entry.level == CHOSEN), ()

    def sheet_head_of(self, question: Question, control: str) -> str:
        return self.sheet_heads(question)[control.endswith("-name")]

    def left_out(self, question: Question, raw: Any) -> list[Problem]:
        parts = isinstance(raw, dict) and set(raw) <= {"code", "name"}
        return [] if parts and all(isinstance(v, str) for v in raw.values()) else [wrong_shape(question)]

    def schema(self, question: Question) -> dict[str, Any]:
        parts = {"code": {"type": "string"}, "name": {"type": "string"}}
        return {"type": "object", "properties": parts, "additionalProperties": False}


def _listed(code: str) -> str:
    """An industry as a list offers it: 1.2 电子核心产业; the code alone where the catalogue has no such entry."""
    entry = CATALOGUE.get(code)
    return f"{code} {entry.name}" if entry else code
