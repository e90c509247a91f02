"""The preliminary result as data: rows from which anyone entitled recomputes the order without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kczg.kit import papers
from reviews.models import PreliminaryResult
from reviews.rules import scoring

if TYPE_CHECKING:
    from reviews.queries import ResultRow


def frozen_rows(
    rows: Sequence[ResultRow], recipe_digest: str, reasons: Mapping[int, str] | None = None
) -> list[dict[str, Any]]:
    """Ranked rows as JSON; scores and totals as text, so that no digit is lost. ``reasons``: nomination id → 评审结论.

    ``exact`` is the figure that was compared, ``figure`` the one that is read; each row names the recipe.
    """
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
            "exact": str(row.figure),
            "recipe": recipe_digest,
            "spread": row.spread_shown,
            "reason": (reasons or {}).get(row.nomination.pk, ""),
            "sheets": [
                {
                    "expert": sheet["expert"].pk,
                    "expert_name": str(sheet["expert"]),
                    "group": sheet["group"],
                    "total": scoring.shown(sheet["total"]),
                    "scores": {key: str(value) for key, value in sorted(sheet["scores"].items())},
                    "comment": sheet["comment"],
                }
                for sheet in row.sheets
            ],
        }
        for row in rows
    ]


def paper_name(result: PreliminaryResult) -> str:
    """What the file is saved as: 2022年先导技术榜（电子信息）初评结果.pdf."""
    return (
        _("%(year)d年%(track)s初评结果")
        % {
            "year": result.track.ranking.season.year,
            "track": str(result.track),
        }
        + ".pdf"
    )


def paper(result: PreliminaryResult) -> bytes:
    """The submitted result as a PDF with a seal box for each body that answers for the track (通知三（二）)."""
    bodies = [str(body) for body in result.track.bodies.select_related("organisation")]
    facts = {
        "result": result,
        "track": result.track,
        "plan": result.plan,
        "rows": result.rows,
        "bodies": bodies,
        "digest": result.digest[:16],
    }
    return papers.render_template("papers/result.html", facts)
