"""Fields: a 试点城市（园区） by its name.

The list of the 65 is the season's data and may be incomplete, so that a name is typed, with the list's names
as suggestions, and any is taken; the conditions mark it for the reviewer, or refuse it once the list is whole.
"""

from __future__ import annotations

from django import forms

from nominations.fields.base import Question
from nominations.fields.short_text import ShortText


class PilotCity(ShortText):
    name = "pilot_city"

    def widget(self, question: Question) -> forms.Widget:
        return forms.TextInput(
            attrs={"class": "w-name", "autocomplete": "off", "data-search-url": "/catalogues/pilot_places/"}
        )
