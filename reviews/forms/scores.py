"""评审打分: one sheet of an expert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from kczg.kit.verdicts import Refused
from nominations.fields import characters
from nominations.rules.counting import count_characters
from reviews.actions.scores import LONGEST_COMMENT, TEXTS
from reviews.forms.kinds import Text
from reviews.models import Assignment, ReviewPlan
from reviews.rules.scale import Level, levels, word_of
from reviews.rules.scoring import read_score


class ScoreField(forms.CharField):
    """A score as typed; it stays text, for the action reads it again."""

    def __init__(self, criterion: Mapping[str, Any], scale: int, levels: Sequence[Level] = ()) -> None:
        self.scale, self.criterion, self.levels = scale, criterion, levels
        attrs = {"inputmode": "decimal", "class": "w-num", "autocomplete": "off"}
        label = _("%(name)s（权重%(weight)d%%）") % {"name": criterion["name"], "weight": criterion["weight"]}
        hint = _("0—%(scale)d分") % {"scale": scale}
        hint += _("；") + criterion["meaning"] if criterion.get("meaning") else ""
        if levels:
            shown = [(f"{level.word}{level.range}",) for level in levels]
            words = format_html_join(_("、"), '<span class="nowrap">{}</span>', shown)
            hint = format_html("{}<br>{}", hint, words)
        super().__init__(required=True, label=label, help_text=hint, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: Any) -> str:
        text = str(value or "")
        try:
            read_score(text, self.scale, self.criterion["name"])
        except Refused as refused:
            raise ValidationError(refused.verdict.message) from refused
        return text

    def word(self, typed: Any) -> str:
        """What a typed score means in the plan's words; "" for none, or one that is no score."""
        try:
            score = read_score(str(typed or ""), self.scale, self.criterion["name"])
        except Refused:
            return ""
        return word_of(score, self.levels)


def _comment(label: str, rows: int, **more: Any) -> Text:
    widget = forms.Textarea(attrs={"rows": rows, "data-max": LONGEST_COMMENT})
    return Text(label=label, longest=characters.LONGEST, lines=True, draft=True, widget=widget, **more)


class ScoreForm(forms.Form):
    """An expert's sheet: a score for each criterion of the plan, a comment to the body, one to the applicant."""

    def __init__(
        self, plan: ReviewPlan, data: Mapping | None = None, *, sheet: Assignment | None = None
    ) -> None:
        kept = {f"score-{score.criterion}": score.value for score in sheet.scores.all()} if sheet else {}
        texts = {name: getattr(sheet, name) if sheet else "" for name in TEXTS}
        super().__init__(data, initial={**kept, **texts})
        known = levels(plan.scale_words, plan.scale)
        for criterion in plan.criteria:
            self.fields[f"score-{criterion['key']}"] = ScoreField(criterion, plan.scale, known)
        for key, word in self.words.items() if known else ():
            # Autosave writes the word of a new score here.
            output = format_html('<output id="word-{0}" for="id_score-{0}">{1}</output>', key, word)
            self.fields[f"score-{key}"].widget.suffix = output
        self.fields["comment"] = _comment(_("评审意见"), 5, help_text=_("给初评机构，申报人看不到"))
        self.fields["comment_applicant"] = _comment(
            _("给申报人的意见"), 3, required=False, help_text=_("名单发布后不署名转给申报人")
        )

    def clean_comment(self) -> str:
        return self._short_enough("comment")

    def clean_comment_applicant(self) -> str:
        return self._short_enough("comment_applicant")

    def _short_enough(self, name: str) -> str:
        text, now = self.cleaned_data[name], count_characters(self.cleaned_data[name])
        if now > LONGEST_COMMENT:
            facts = {"name": self.fields[name].label, "now": now, "over": now - LONGEST_COMMENT}
            raise ValidationError(_("%(name)s现有%(now)d字，需删减%(over)d字") % facts)
        return text

    def typed(self) -> dict[str, Any]:
        """What can be kept, as ``save_scores`` takes it: scores by criterion, and the texts, None where they can't be."""
        scores = {
            name.removeprefix("score-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("score-") and name in self.data
        }
        texts = [self.cleaned_data.get(name) if name in self.data else None for name in TEXTS]
        return {"typed": scores, "comment": texts[0], "to_applicant": texts[1]}

    @property
    def words(self) -> dict[str, str]:
        """Criterion → the word of the score that stands in its field."""
        return {
            name.removeprefix("score-"): field.word(self[name].value())
            for name, field in self.fields.items()
            if isinstance(field, ScoreField)
        }

    def blame_empty(self) -> None:
        """Names each criterion without a score, and the comment that isn't there; the applicant's may be empty."""
        for name in self.fields:
            if name == "comment_applicant":
                continue
            if name not in self.errors and not str(self[name].value() or "").strip():
                field = self.fields[name]
                if isinstance(field, ScoreField):
                    self.add_error(name, _("%(criterion)s未打分") % {"criterion": field.criterion["name"]})
                else:
                    self.add_error(name, _("未填写评审意见"))
