"""Fields: a province and a city, kept as the city's code (320500), shown 江苏省苏州市.

Options of the question stand beside the catalogue, which holds the mainland alone: a place of birth may be elsewhere.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.catalogues import CATALOGUES
from nominations.fields.base import Kind, Problem, Question
from nominations.fields.characters import narrow, one_line

CITIES = ("地级", "直辖市区县", "省级直辖县级")
"""The levels that stand right below a province."""


@cache
def _cities() -> dict[str, tuple[str, str]]:
    """Code → province, city."""
    regions = CATALOGUES["regions"]
    found = {}
    for entry in regions:
        province = regions.get(entry.parent)
        if province and entry.level in CITIES:
            found[entry.code] = (province.name, entry.name)
    return found


@cache
def _codes() -> dict[str, str]:
    """Full name → code, so that what was shown reads back."""
    return {"".join(names): code for code, names in _cities().items()}


class Region(Kind):
    name = "region"
    sheet_hint = gettext_lazy("省和市的全称，例如江苏省苏州市")

    def widget(self, question: Question) -> forms.Widget:
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, (province, city) in _cities().items():
            groups.setdefault(province, []).append((code, province + city))
        others = [(option.label, option.label) for option in question.options]
        choices = [("", _("未选择")), *groups.items(), *others]
        return forms.Select(attrs={"class": "w-name"}, choices=choices)

    def read(self, question: Question, raw: Any) -> Any:
        if not isinstance(raw, str):
            return self.blank()
        typed = narrow(one_line(raw))
        return _codes().get("".join(typed.replace("-", "").split()), typed)

    def ask(self, question: Question) -> str:
        return _("选择%(name)s") % {"name": question.name}

    def check(self, question: Question, value: Any) -> list[Problem]:
        if value in _cities() or question.offers(value):
            return []
        words = {"name": question.name, "now": value}
        return [Problem(question.key, "region", _("%(name)s中没有“%(now)s”，从列表中选择") % words)]

    def text(self, question: Question, value: Any) -> str:
        return "".join(_cities().get(value, (value,)))

    def to_sheet(self, question: Question, value: Any) -> tuple[str, ...]:
        return (self.text(question, value),)

    def sheet_choices(self, question: Question) -> tuple[tuple[str, ...], ...]:
        return ((*_codes(), *(option.label for option in question.options)),)

    def schema(self, question: Question) -> dict[str, Any]:
        return {"type": "string", "description": "code of the city or county, six digits"}
