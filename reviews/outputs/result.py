"""The preliminary result as data: rows from which anyone entitled recomputes the order without a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviews.queries import ResultRow


def frozen_rows(rows: Sequence[ResultRow]) -> list[dict[str, Any]]:
    """Ranked rows as JSON; scores and totals as text, so that no digit is lost."""
    return [
        {
            "rank": row.rank,
            "tied": row.tied,
            "shortlisted": row.shortlisted,
            "nomination": row.nomination.pk,
            "number": row.nomination.number,
            "title": row.nomination.title,
            "applicant": row.nomination.applicant.name,
            "figure": row.figure_shown,
            "exact": f"{row.figure.numerator}/{row.figure.denominator}",
            "spread": row.spread_shown,
            "sheets": [
                {
                    "expert": sheet["expert"].pk,
                    "scores": {key: str(value) for key, value in sorted(sheet["scores"].items())},
                    "comment": sheet["comment"],
                }
                for sheet in row.sheets
            ],
        }
        for row in rows
    ]
