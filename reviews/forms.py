"""Forms of the body and the expert: what a page may send, read into values; messages say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from kczg.kit.verdicts import Refused
from nominations.fields import characters
from nominations.rules.counting import count_characters
from reviews.actions.preliminary import MOST_CRITERIA, PlanProblem
from reviews.actions.scores import LONGEST_COMMENT
from reviews.models import Assignment, ReviewPlan
from reviews.rules.scoring import LARGEST_SCALE, read_score


class Text(forms.CharField):
    """A text whose limit is said in words and never cuts; characters that can't be kept are refused.

    ``draft``: it is wanted in the end, so that the label doesn't call it optional, but may be empty now.
    """

    def __init__(self, *, longest: int, lines: bool = False, draft: bool = False, **kwargs: Any) -> None:
        self.longest, self.lines, self.draft = longest, lines, draft
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        if self.draft and not str(value or "").strip():
            return ""
        text = super().clean(value)
        text = characters.lines(text) if self.lines else characters.one_line(text)
        name = str(self.label)
        if message := characters.refused(text, name):
            raise ValidationError(message)
        if len(text) > self.longest:
            words = _("%(name)s不超过%(limit)d个字符，现为%(now)d个")
            raise ValidationError(words % {"name": name, "limit": self.longest, "now": len(text)})
        return text


class Whole(forms.IntegerField):
    """A whole number in a range, with words that say the range. ``draft`` as for a text."""

    def __init__(self, *, least: int, most: int, draft: bool = False, **kwargs: Any) -> None:
        self.least, self.most, self.draft = least, most, draft
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-num"}), **kwargs)

    def clean(self, value: Any) -> int | None:
        text = characters.narrow(str(value or ""))[:20]
        if not text and self.draft:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text) or not self.least <= int(text) <= self.most:
            words = _("%(name)s应为%(least)d—%(most)d之间的整数，现为%(now)s")
            facts = {"name": self.label, "least": self.least, "most": self.most, "now": text or _("空")}
            raise ValidationError(words % facts)
        return int(text)


class CriterionForm(PlainWords, forms.Form):
    """One row of the criteria."""

    name = Text(label=gettext_lazy("指标"), longest=60)
    weight = Whole(label=gettext_lazy("权重（%）"), least=0, most=100, draft=True)
    meaning = Text(label=gettext_lazy("评分说明"), longest=300, required=False)

    def filled(self) -> bool:
        """Whether anything was typed; a row left wholly blank is no criterion."""
        return any(str(self[name].value() or "").strip() for name in self.fields)


class PlanForm(PlainWords, forms.Form):
    """A plan with its criteria as rows. A draft may lack anything; what is typed must be readable."""

    work_plan = Text(
        label=gettext_lazy("评审工作方案"),
        longest=characters.LONGEST,
        lines=True,
        draft=True,
        help_text=gettext_lazy("评审程序、时间安排、纪律要求"),
    )
    expert_plan = Text(
        label=gettext_lazy("专家构成方案"),
        longest=characters.LONGEST,
        lines=True,
        draft=True,
        help_text=gettext_lazy("专家人数、领域构成、遴选和回避办法"),
    )
    scale = Whole(label=gettext_lazy("每项指标满分"), least=1, most=LARGEST_SCALE, initial=100)
    recipe = forms.ChoiceField(
        label=gettext_lazy("计分办法"),
        choices=ReviewPlan.Recipe.choices,
        initial=ReviewPlan.Recipe.MEAN,
        help_text=gettext_lazy("不足3名专家时不去分"),
    )
    experts_each = Whole(label=gettext_lazy("每项申报的专家数"), least=1, most=50, initial=3)
    shortlist = Whole(
        label=gettext_lazy("初评通过数"),
        least=1,
        most=10_000,
        initial=10,
        help_text=gettext_lazy("按名次取前若干项；同分并列的一同通过"),
    )

    def __init__(self, data: Mapping | None = None, *, rows: Iterable[Mapping] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.criteria_words: list[str] = []
        if data is None:
            self.rows = [
                CriterionForm(prefix=f"criteria-{n}", initial=dict(row)) for n, row in enumerate(rows)
            ]
        else:
            self.rows = [
                CriterionForm(
                    data, prefix=f"criteria-{n}", empty_permitted=True, use_required_attribute=False
                )
                for n in row_numbers(data)
            ]

    @classmethod
    def of(cls, plan: ReviewPlan | None) -> PlanForm:
        """The form as the plan stands, or with two empty criteria."""
        if plan is None:
            return cls(rows=[{}, {}])
        names = ("work_plan", "expert_plan", "scale", "recipe", "experts_each", "shortlist")
        rows = [{**row, "weight": row["weight"] or ""} for row in plan.criteria]
        return cls(rows=rows, initial={name: getattr(plan, name) for name in names})

    @classmethod
    def unjudged(cls, data: Mapping, add: bool = False, without: int | None = None) -> PlanForm:
        """What was typed, as it is and without messages, with a row more or less."""
        typed = [
            {name: data.get(f"criteria-{n}-{name}", "") for name in CriterionForm.base_fields}
            for n in row_numbers(data)
            if n != without
        ]
        return cls(rows=typed + [{}] * add, initial={name: data.get(name, "") for name in cls.base_fields})

    @property
    def pattern(self) -> CriterionForm:
        """The row that the script copies."""
        return CriterionForm(prefix="criteria-__n__")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if len(self.rows) > MOST_CRITERIA:
            self.add_error(None, _("评价指标最多%(most)d项") % {"most": MOST_CRITERIA})
        used = [row for row in self.rows if row.filled()]
        for row in used:
            for message in (words for errors in row.errors.values() for words in errors):
                self.add_error(None, message)
        cleaned["criteria"] = [
            {
                "key": f"c{number}",
                "name": row.cleaned_data["name"],
                "weight": row.cleaned_data["weight"] or 0,
                "meaning": row.cleaned_data["meaning"],
            }
            for number, row in enumerate((row for row in used if row.is_valid()), start=1)
        ]
        return cleaned

    def blame(self, problems: Iterable[PlanProblem]) -> None:
        """Puts what hinders 报送 beside the fields."""
        for problem in problems:
            if problem.field == "criteria":
                self.criteria_words.append(problem.message)
                self.add_error(None, problem.message)
            else:
                self.add_error(problem.field, problem.message)

    def error_links(self) -> list[tuple[str, Any]]:
        """Each message with the id of the place where it is mended, in the order of the page."""
        links = [
            (f"id_{name}", m) for name in ("work_plan", "expert_plan") for m in self.errors.get(name, [])
        ]
        links += [("criteria", message) for message in self.criteria_words]
        for row in (row for row in self.rows if row.is_bound and row.filled()):
            links += [(row[name].id_for_label, m) for name, messages in row.errors.items() for m in messages]
        said = {message for _id, message in links}
        links += [("criteria", m) for m in self.non_field_errors() if m not in said]
        others = ("scale", "recipe", "experts_each", "shortlist")
        return links + [(f"id_{name}", m) for name in others for m in self.errors.get(name, [])]


def row_numbers(data: Mapping) -> list[int]:
    """The numbers of the rows that a page sent, in ascending order, one beyond the most allowed at most."""
    found = {int(m[1]) for key in data if (m := re.fullmatch(r"criteria-([0-9]{1,4})-name", key))}
    return sorted(found)[: MOST_CRITERIA + 1]


class ExpertForm(PlainWords, forms.Form):
    """An expert whom a body takes in."""

    name = Text(label=gettext_lazy("姓名"), longest=100)
    email = forms.EmailField(
        label=gettext_lazy("邮箱"), help_text=gettext_lazy("邀请发到此邮箱，也用于登录"), max_length=254
    )
    employer = Text(
        label=gettext_lazy("工作单位"), longest=200, help_text=gettext_lazy("填写全称，用于回避比对")
    )
    position = Text(label=gettext_lazy("职称/职务"), longest=100, required=False)
    expertise = Text(label=gettext_lazy("专业领域"), longest=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("maxlength", None)


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
