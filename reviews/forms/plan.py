"""初评方案: the parts of a plan with its criteria as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from nominations.fields import characters
from reviews.actions.preliminary import MOST_CRITERIA, PlanProblem
from reviews.forms.kinds import Text, Whole
from reviews.models import ReviewPlan
from reviews.rules.scoring import LARGEST_SCALE


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
