"""The rows of a plan's form: criteria, groups of experts, what a score means in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from reviews.actions.preliminary import MOST_CRITERIA
from reviews.forms.kinds import Text, Whole


class RowForm(PlainWords, forms.Form):
    """A row; one left wholly blank is none."""

    named_by = "name"

    @property
    def title(self) -> str:
        """What the row is called by whoever takes it away."""
        return str(self[self.named_by].value() or "")

    def filled(self) -> bool:
        shown = (name for name, field in self.fields.items() if not field.widget.is_hidden)
        return any(str(self[name].value() or "").strip() for name in shown)


class CriterionForm(RowForm):
    """One row of the criteria."""

    name = Text(label=gettext_lazy("指标"), longest=60)
    weight = Whole(label=gettext_lazy("权重（%）"), least=0, most=100, draft=True)
    meaning = Text(label=gettext_lazy("评分说明"), longest=300, required=False)


class GroupForm(RowForm):
    """A group of experts. The key goes along unseen: experts are kept under it, whatever the name becomes."""

    key = forms.RegexField(r"\Ag[0-9]{1,4}\Z", required=False, widget=forms.HiddenInput)
    name = Text(label=gettext_lazy("专家类别"), longest=20)
    weight = Whole(label=gettext_lazy("权重（%）"), least=0, most=100, draft=True)


class LevelForm(RowForm):
    """A level: its word, and from which percent of the scale on it holds."""

    named_by = "word"

    word = Text(label=gettext_lazy("等级"), longest=10)
    least = Whole(label=gettext_lazy("不低于满分的（%）"), least=0, most=100)


ROWS: dict[str, type[RowForm]] = {"criteria": CriterionForm, "groups": GroupForm, "levels": LevelForm}
"""Name of the rows on the page → the form of one."""


def row_numbers(data: Mapping, rows: str) -> list[int]:
    """The numbers of the rows that a page sent, in ascending order, one beyond the most allowed at most."""
    found = {
        int(m[1]) for key in data if (m := re.fullmatch(rf"{rows}-([0-9]{{1,4}})-{ROWS[rows].named_by}", key))
    }
    return sorted(found)[: MOST_CRITERIA + 1]


def typed(data: Mapping, rows: str, without: int | None = None) -> list[dict[str, Any]]:
    """What was typed into the rows, as it is."""
    names = ROWS[rows].base_fields
    return [
        {name: data.get(f"{rows}-{n}-{name}", "") for name in names}
        for n in row_numbers(data, rows)
        if n != without
    ]


def bound(data: Mapping, rows: str) -> list[RowForm]:
    """The rows as they were sent, to be judged."""
    return [
        ROWS[rows](data, prefix=f"{rows}-{n}", empty_permitted=True, use_required_attribute=False)
        for n in row_numbers(data, rows)
    ]


def given(initial: list[dict[str, Any]], rows: str) -> list[RowForm]:
    """Rows to be filled in, starting with these."""
    return [ROWS[rows](prefix=f"{rows}-{n}", initial=dict(row)) for n, row in enumerate(initial)]
