"""形式审查: a reason for each condition that is not met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from reviews.forms.kinds import Text


class FormCheckForm(forms.Form):
    """形式审查: a reason for each condition that isn't met, and one for anything else."""

    OTHER = "other"

    def __init__(self, data: Mapping | None = None, *, results: Iterable[Any]) -> None:
        super().__init__(data)
        self.results = list(results)
        for key in [result.condition.key for result in self.results] + [self.OTHER]:
            label = _("其他不符合的原因") if key == self.OTHER else _("不符合的原因")
            self.fields[f"reason-{key}"] = Text(
                label=label, longest=500, lines=True, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def lines(self) -> list[tuple[Any, forms.BoundField]]:
        """Each condition's result with the field for its reason."""
        return [(result, self[f"reason-{result.condition.key}"]) for result in self.results]

    @property
    def other(self) -> forms.BoundField:
        return self[f"reason-{self.OTHER}"]

    def findings(self) -> list[dict[str, str]]:
        """What was typed, by condition."""
        return [
            {"condition": name.removeprefix("reason-"), "reason": text}
            for name, text in self.cleaned_data.items()
            if text.strip()
        ]
