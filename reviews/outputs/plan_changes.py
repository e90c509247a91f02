"""What differs between two filings of a plan, in words, and which of it scores don't follow once they have begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from nominations.outputs import differences
from reviews.models import ReviewPlan

SCORED_BY = frozenset({"criteria", "scale", "scale_words", "recipe", "ties", "expert_groups", "blind"})
"""Parts that hold for a track as they stood in the plan of its first score."""


@dataclass(frozen=True)
class Texts:
    """A part as it was and as it is; "" where there was nothing."""

    before: str
    after: str


@dataclass(frozen=True)
class PlanChange:
    """One part of a plan that differs; what ``nominations/marks.html`` draws."""

    key: str
    name: str
    change: Texts

    @property
    def follows_first_score(self) -> bool:
        """Whether scores that were given, and all others of the track, keep the older text."""
        return self.key in SCORED_BY

    @property
    def is_long(self) -> bool:
        both = self.change.before and self.change.after
        return bool(both) and len(self.change.before) + len(self.change.after) > differences.SIDE_BY_SIDE

    @cached_property
    def marks(self) -> list[differences.Mark]:
        return differences.marks(self.change.before, self.change.after)


def changes(old: ReviewPlan, new: ReviewPlan) -> list[PlanChange]:
    """The parts that differ, in the order of the page."""
    return [
        PlanChange(key, name, Texts(before, after))
        for (key, name, before), (_key, _name, after) in zip(_parts(old), _parts(new), strict=True)
        if before != after
    ]


def _parts(plan: ReviewPlan) -> Iterator[tuple[str, str, str]]:
    """Key, name and text of every part."""
    yield "work_plan", _("评审工作方案"), plan.work_plan
    yield "expert_plan", _("专家构成方案"), plan.expert_plan
    yield "criteria", _("评价标准"), "\n".join(_criterion(row) for row in plan.criteria)
    yield "scale", _("每项指标满分"), str(plan.scale)
    yield "scale_words", _("等级说明"), _("，").join(level_words(plan))
    yield "recipe", _("计分办法"), str(plan.get_recipe_display())
    yield "ties", _("同分处理"), _("；").join(plan.tie_words)
    groups = (f"{row['name']}{row['weight']}%" for row in plan.expert_groups)
    yield "expert_groups", _("专家类别"), _("，").join(groups)
    yield "experts_each", _("每项申报的专家数"), str(plan.experts_each)
    yield "shortlist", _("初评通过数"), str(plan.shortlist)
    yield "blind", _("匿名评审"), _("是") if plan.blind else _("否")
    yield "meeting", _("会议评审"), _("是") if plan.meeting else _("否")


def _criterion(row: dict[str, Any]) -> str:
    meaning = _("：") + row["meaning"] if row.get("meaning") else ""
    return f"{row['name']}{row['weight']}%{meaning}"


def level_words(plan: ReviewPlan) -> list[str]:
    """优秀90%以上, …: every level with its lower bound in percent of the scale."""
    words = _("%(word)s%(least)d%%以上")
    return [words % {"word": row["word"], "least": row["least"]} for row in plan.scale_words]


@dataclass(frozen=True)
class Filing:
    """A filing with what changed since the one before; the first changed nothing."""

    plan: ReviewPlan
    changes: list[PlanChange]


def filings(plans: list[ReviewPlan]) -> list[Filing]:
    """The filings of a track, latest first; ``plans`` in ascending order, without drafts."""
    before = [None, *plans]
    found = [
        Filing(plan, changes(old, plan) if old is not None else [])
        for old, plan in zip(before, plans, strict=False)
    ]
    return found[::-1]
