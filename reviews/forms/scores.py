"""评审打分: one sheet of an expert."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kczg.kit.verdicts import Refused
from nominations.fields import characters
from nominations.rules.counting import count_characters
from reviews.actions.scores import LONGEST_COMMENT
from reviews.forms.kinds import Text
from reviews.models import Assignment, ReviewPlan
from reviews.rules.scoring import read_score


class ScoreField(forms.CharField):
    """A score as typed; it stays text, for the action reads it again."""

    def __init__(self, criterion: Mapping[str, Any], scale: int) -> None:
        self.scale, self.criterion = scale, criterion
        attrs = {"inputmode": "decimal", "class": "w-num", "autocomplete": "off"}
        label = _("%(name)s（权重%(weight)d%%）") % {"name": criterion["name"], "weight": criterion["weight"]}
        hint = _("0—%(scale)d分") % {"scale": scale}
        hint += _("；") + criterion["meaning"] if criterion.get("meaning") else ""
        super().__init__(required=True, label=label, help_text=hint, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: Any) -> str:
        text = str(value or "")
        try:
            read_score(text, self.scale, self.criterion["name"])
        except Refused as refused:
            raise ValidationError(refused.verdict.message) from refused
        return text


class ScoreForm(forms.Form):
    """An expert's sheet: a score for each criterion of the plan, and the comment."""

    def __init__(
        self, plan: ReviewPlan, data: Mapping | None = None, *, sheet: Assignment | None = None
    ) -> None:
        kept = {f"score-{score.criterion}": score.value for score in sheet.scores.all()} if sheet else {}
        super().__init__(data, initial={**kept, "comment": sheet.comment if sheet else ""})
        for criterion in plan.criteria:
            self.fields[f"score-{criterion['key']}"] = ScoreField(criterion, plan.scale)
        self.fields["comment"] = Text(
            label=_("评审意见"),
            longest=characters.LONGEST,
            lines=True,
            draft=True,
            widget=forms.Textarea(attrs={"rows": 5, "data-max": LONGEST_COMMENT}),
        )

    def clean_comment(self) -> str:
        text = self.cleaned_data["comment"]
        now = count_characters(text)
        if now > LONGEST_COMMENT:
            raise ValidationError(
                _("评审意见现有%(now)d字，需删减%(over)d字") % {"now": now, "over": now - LONGEST_COMMENT}
            )
        return text

    def typed(self) -> tuple[dict[str, str], str | None]:
        """What can be kept: the scores by criterion and the comment, None where it can't be."""
        scores = {
            name.removeprefix("score-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("score-") and name in self.data
        }
        return scores, self.cleaned_data.get("comment") if "comment" in self.data else None

    def blame_empty(self) -> None:
        """Names each criterion without a score, and the comment that isn't there."""
        for name in self.fields:
            if name not in self.errors and not str(self[name].value() or "").strip():
                field = self.fields[name]
                if isinstance(field, ScoreField):
                    self.add_error(name, _("%(criterion)s未打分") % {"criterion": field.criterion["name"]})
                else:
                    self.add_error(name, _("未填写评审意见"))
