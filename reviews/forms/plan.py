"""初评方案: the parts of a plan, with its criteria, groups of experts and levels as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from nominations.fields import characters
from reviews.actions.preliminary import MOST_CRITERIA, PlanProblem
from reviews.forms import plan_rows
from reviews.forms.kinds import Text, Whole
from reviews.forms.plan_rows import ROWS, RowForm
from reviews.models import ReviewPlan
from reviews.rules.scoring import LARGEST_SCALE

COLUMNS = ("work_plan", "expert_plan", "scale", "recipe", "experts_each", "shortlist", "blind", "meeting")
TIES = ("tie_1", "tie_2", "tie_3", "tie_4")
USUAL_LEVELS = [("优秀", 90), ("良好", 75), ("一般", 60), ("较差", 0)]
"""What a new plan starts with; the body changes them as it likes."""


def _tie(label: Any, **kwargs: Any) -> forms.ChoiceField:
    choices = [("", gettext_lazy("不再比较")), *ReviewPlan.Tie.choices]
    return forms.ChoiceField(label=label, choices=choices, required=False, **kwargs)


class PlanForm(PlainWords, forms.Form):
    """A plan. A draft may lack anything; what is typed must be readable."""

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
    tie_1 = _tie(gettext_lazy("同分时先比较"), initial=ReviewPlan.Tie.HEAVIEST)
    tie_2 = _tie(gettext_lazy("仍同，再比较"))
    tie_3 = _tie(gettext_lazy("仍同，第三比较"))
    tie_4 = _tie(gettext_lazy("仍同，第四比较"))
    experts_each = Whole(label=gettext_lazy("每项申报的专家数"), least=1, most=50, initial=3)
    shortlist = Whole(
        label=gettext_lazy("初评通过数"),
        least=1,
        most=10_000,
        initial=10,
        help_text=gettext_lazy("按名次取前若干项；同分并列的一同通过"),
    )
    blind = forms.BooleanField(
        label=gettext_lazy("匿名评审"),
        required=False,
        help_text=gettext_lazy("专家看不到申报单位、申报人和推荐单位"),
    )
    meeting = forms.BooleanField(
        label=gettext_lazy("会议评审"),
        required=False,
        help_text=gettext_lazy("评分结束后召开会议，投票决定初评通过的申报"),
    )

    def __init__(
        self, data: Mapping | None = None, *, rows: Mapping[str, list] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.rows_words: dict[str, list[str]] = {name: [] for name in ROWS}
        self.rows_of: dict[str, list[RowForm]] = {
            name: plan_rows.given((rows or {}).get(name, []), name)
            if data is None
            else plan_rows.bound(data, name)
            for name in ROWS
        }

    @classmethod
    def of(cls, plan: ReviewPlan | None, template: Mapping[str, Any] | None = None) -> PlanForm:
        """The form as the plan stands; without one as the template says, or with two empty criteria."""
        if plan is not None:
            ties = dict(zip(TIES, plan.ties or ["heaviest"], strict=False))
            rows = {
                "criteria": [{**row, "weight": row["weight"] or ""} for row in plan.criteria],
                "groups": plan.expert_groups,
                "levels": plan.scale_words,
            }
            return cls(rows=rows, initial={name: getattr(plan, name) for name in COLUMNS} | ties)
        start = dict(template or {})
        levels = [{"word": word, "least": least} for word, least in USUAL_LEVELS]
        rows = {"criteria": start.pop("criteria", [{}, {}]), "levels": levels}
        rows["groups"] = start.pop("expert_groups", [])
        ties = dict(zip(TIES, start.pop("ties", []), strict=False))
        return cls(rows=rows, initial=start | ties)

    @classmethod
    def unjudged(cls, data: Mapping, add: str = "", without: tuple[str, int] | None = None) -> PlanForm:
        """What was typed, as it is and without messages, with a row more or less."""
        rows = {
            name: plan_rows.typed(data, name, without[1] if without and without[0] == name else None)
            + [{}] * (add == name)
            for name in ROWS
        }
        return cls(rows=rows, initial={name: data.get(name, "") for name in cls.base_fields})

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The kinds of rows as the template draws them: the first with the criteria, the others folded away."""
        legends = {
            "criteria": (
                _("评价标准"),
                _("指标"),
                _("每项指标写明名称和权重，权重为整数，合计100"),
            ),
            "groups": (
                _("专家类别"),
                _("专家类别"),
                _("例如技术专家60、产业专家40；计分办法按专家类别加权时必填，权重合计100"),
            ),
            "levels": (
                _("等级说明"),
                _("等级"),
                _("专家打分时看到的文字；下限为满分的百分比，从高到低"),
            ),
        }
        return [
            {
                "name": name,
                "legend": legend,
                "row": row,
                "hint": hint,
                "words": self.rows_words[name],
                "rows": self.rows_of[name],
                "pattern": ROWS[name](prefix=f"{name}-__n__"),
            }
            for name, (legend, row, hint) in legends.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if len(self.rows_of["criteria"]) > MOST_CRITERIA:
            self.add_error(None, _("评价指标最多%(most)d项") % {"most": MOST_CRITERIA})
        kept = {name: self._kept(name) for name in ROWS}
        cleaned["criteria"] = [
            {"key": f"c{n}", **row, "weight": row["weight"] or 0} for n, row in enumerate(kept["criteria"], 1)
        ]
        cleaned["expert_groups"] = _keyed(kept["groups"])
        cleaned["scale_words"] = sorted(kept["levels"], key=lambda row: -row["least"])
        cleaned["ties"] = self._ties(cleaned)
        return cleaned

    def _kept(self, name: str) -> list[dict[str, Any]]:
        """The rows that are filled and readable; what is wrong with the others is said."""
        used = [row for row in self.rows_of[name] if row.filled()]
        for row in used:
            for message in (words for errors in row.errors.values() for words in errors):
                self.add_error(None, message)
        return [dict(row.cleaned_data) for row in used if row.is_valid()]

    def _ties(self, cleaned: dict[str, Any]) -> list[str]:
        chosen = [rule for rule in (cleaned.pop(name, "") for name in TIES) if rule]
        if len(set(chosen)) < len(chosen):
            self.add_error("tie_1", _("同分处理的各项不能重复"))
        return chosen

    def blame(self, problems: Iterable[PlanProblem]) -> None:
        """Puts what hinders 报送 beside the fields."""
        places = {"criteria": "criteria", "expert_groups": "groups", "scale_words": "levels"}
        for problem in problems:
            if problem.field in places:
                self.rows_words[places[problem.field]].append(problem.message)
                self.add_error(None, problem.message)
            else:
                self.add_error(problem.field, problem.message)

    def error_links(self) -> list[tuple[str, Any]]:
        """Each message with the id of the place where it is mended, in the order of the page."""
        first = ("work_plan", "expert_plan")
        links = [(f"id_{name}", m) for name in first for m in self.errors.get(name, [])]
        for name in ROWS:
            links += [(name, message) for message in self.rows_words[name]]
            for row in (row for row in self.rows_of[name] if row.is_bound and row.filled()):
                links += [
                    (row[field].id_for_label, m) for field, messages in row.errors.items() for m in messages
                ]
        said = {message for _id, message in links}
        links += [("criteria", m) for m in self.non_field_errors() if m not in said]
        others = [name for name in self.fields if name not in first]
        return links + [(f"id_{name}", m) for name in others for m in self.errors.get(name, [])]


def _keyed(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every group with its key: the one it had, or the next free one."""
    used = {row["key"] for row in groups if row["key"]}
    free = (f"g{n}" for n in range(1, 10_000) if f"g{n}" not in used)
    seen: set[str] = set()
    found = []
    for row in groups:
        key = row["key"] if row["key"] and row["key"] not in seen else next(free)
        seen.add(key)
        found.append({"key": key, "name": row["name"], "weight": row["weight"] or 0})
    return found
