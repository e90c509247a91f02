"""What the scores of a closed track say of themselves: agreement, severity, other orders. Facts and their words.

Computed by the worker once the scores are closed, when nothing of it can change any more; exact fractions are
rounded only to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from reviews import queries
from reviews.models import PreliminaryResult, ReviewPlan
from reviews.rules import agreement, recipe, scoring


def computed(result: PreliminaryResult) -> dict[str, Any]:
    """The analysis of a closed result as JSON: experts by id, nominations by number, figures as text."""
    plan, track = result.plan, result.track
    by = queries.recipe_of(plan)
    rows = queries.ranked_result(track, plan)
    sheets = [
        recipe.Sheet(row.nomination.number, str(sheet["expert"].pk), sheet["group"], sheet["scores"])
        for row in rows
        for sheet in row.sheets
    ]
    line = (queries.plan_in_force(track) or plan).shortlist
    given = agreement.table(by, sheets)
    harsh = agreement.severity(given)
    return {
        "kendall_w": _text(agreement.kendall_w(given), 3),
        "alpha": _text(agreement.krippendorff_alpha(given), 3),
        "experts": [
            {
                "expert": int(key),
                "count": len(values),
                "mean": scoring.shown(recipe.mean(list(values.values()))),
                "severity": _text(harsh[key], 2),
            }
            for key, values in sorted(given.items(), key=lambda item: int(item[0]))
        ],
        "orders": {key: list(pair) for key, pair in agreement.orders(by, sheets, line).items()},
        "without": [vars(shift) for shift in agreement.without_each(by, sheets, line)],
        "otherwise": [vars(shift) for shift in agreement.by_other_recipes(by, sheets, line)],
    }


def _text(value: Fraction | None, places: int) -> str:
    return "" if value is None else scoring.shown(value, places)


@dataclass(frozen=True)
class Strip:
    """The totals of one nomination on a line from 0 to 100: each expert's, and where the figure of the order is."""

    low: str
    width: str
    dots: tuple[str, ...]


def strip(totals: Iterable[str]) -> Strip:
    """Totals of 100 as text → where they stand on a line 100 wide."""
    values = sorted((Fraction(total) for total in totals), key=lambda value: value)
    return Strip(
        scoring.shown(values[0]),
        scoring.shown(values[-1] - values[0]),
        tuple(scoring.shown(value) for value in values),
    )


def words(analysis: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], plan: ReviewPlan) -> dict[str, Any]:
    """The analysis for a page: with names, titles, ranks beside each other, and what would change in words."""
    listed = list(rows)
    titles = {row["number"]: row["title"] for row in listed}
    names = {sheet["expert"]: sheet["expert_name"] for row in listed for sheet in row["sheets"]}
    kinds = dict(ReviewPlan.Recipe.choices)
    experts = [{**each, "name": names.get(each["expert"], "")} for each in analysis["experts"]]
    lines = [
        {
            **row,
            "raw": analysis["orders"].get(row["number"], ("", ""))[0],
            "adjusted": analysis["orders"].get(row["number"], ("", ""))[1],
            "strip": strip(sheet["total"] for sheet in row["sheets"]),
        }
        for row in listed
    ]
    return {
        "kendall_w": analysis["kendall_w"],
        "alpha": analysis["alpha"],
        "experts": experts,
        "lines": lines,
        "without": [_shift(each, names.get(int(each["what"]), ""), titles) for each in analysis["without"]],
        "otherwise": [_shift(each, kinds[each["what"]], titles) for each in analysis["otherwise"]],
        "recipe": plan.get_recipe_display(),
    }


def _shift(shift: Mapping[str, Any], name: Any, titles: Mapping[str, str]) -> dict[str, Any]:
    named = {
        key: [{"number": number, "title": titles.get(number, "")} for number in shift[key]]
        for key in ("enter", "leave", "unscored")
    }
    return {"name": name, **named}
