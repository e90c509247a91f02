"""Entries of a catalogue that are picked on a page, as the questions of the online forms pick them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from nominations.fields.base import Question
from nominations.fields.industry import FIND, Industry, PickerWidget

MOST = 20
KIND = Industry()


class Picks(forms.Field):
    """Codes of one catalogue, of any level; works without script, when ``is_search`` says that it was only a search."""

    def __init__(self, *, catalogue: str, label: Any, **kwargs: Any) -> None:
        self.question = Question("picks", str(label), "industry", catalogue=catalogue, max_count=MOST)
        super().__init__(label=label, required=False, widget=PickerWidget(self.question, ()), **kwargs)

    def clean(self, value: Any) -> list[str]:
        codes = KIND.read(self.question, value)
        problems = KIND.unreadable(self.question, codes) or KIND.check(self.question, codes)
        if problems:
            raise ValidationError([problem.message for problem in problems])
        return codes


def is_search(data: Any) -> bool:
    """Whether a button was pressed that only looks for entries; what was typed stays on the page."""
    return FIND in data
