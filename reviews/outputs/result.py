"""The preliminary result as data: rows from which anyone entitled recomputes the order without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from kczg.kit import papers
from nominations.outputs.marks import Marked, marked
from reviews import queries
from reviews.models import PreliminaryResult, ResultReason
from reviews.rules import scoring

if TYPE_CHECKING:
    from reviews.queries import ResultRow


def frozen_rows(
    rows: Sequence[ResultRow], recipe_digest: str, reasons: Mapping[int, str] | None = None
) -> list[dict[str, Any]]:
    """Ranked rows as JSON; scores and totals as text, so that no digit is lost. ``reasons``: nomination id → 评审结论.

    ``exact`` is the figure that was compared, ``figure`` the one that is read; each row names the recipe
    and the line of the shortlist.
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
            "line": row.line,
            "spread": row.spread_shown,
            "reason": (reasons or {}).get(row.nomination.pk) or default_reason(row),
            "sheets": [
                {
                    "expert": sheet["expert"].pk,
                    "expert_name": str(sheet["expert"]),
                    "group": sheet["group"],
                    "total": scoring.shown(sheet["total"]),
                    "scores": {key: str(value) for key, value in sorted(sheet["scores"].items())},
                    "comment": sheet["comment"],
                    "comment_applicant": sheet["comment_applicant"],
                }
                for sheet in row.sheets
            ],
        }
        for row in rows
    ]


def default_reason(row: ResultRow) -> str:
    """The 评审结论 as far as figures tell it, in Chinese like the paper; the body's own words come instead."""
    with override("zh-hans"):
        words = _("%(count)d名专家评分，得分%(figure)s，列第%(rank)d名，%(outcome)s")
        outcome = _("初评通过") if row.shortlisted else _("初评未通过")
        facts = {"count": len(row.sheets), "figure": row.figure_shown, "rank": row.rank, "outcome": outcome}
        return words % facts


def rows_now(result: PreliminaryResult) -> list[dict[str, Any]]:
    """The rows as they were signed, or, before the first signature, as they would be."""
    if result.frozen_at is not None:
        return result.rows
    reasons = ResultReason.objects.filter(nomination__track=result.track_id).values_list("nomination", "text")
    ranked = queries.ranked_result(result.track, result.plan)
    return frozen_rows(ranked, queries.recipe_digest(result.plan), dict(reasons))


def paper_number(result: PreliminaryResult) -> str:
    """What stands in the marks of the paper: 2022CP00012; the version is the result's number."""
    return f"{result.track.ranking.season.year}CP{result.track_id:05d}"


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


def paper(result: PreliminaryResult) -> Marked:
    """The submitted result as a PDF, a seal box for each body that answers for the track (通知三（二）), a mark a page."""
    signed = result.signatures.select_related("body__organisation", "by")
    facts = {
        "result": result,
        "track": result.track,
        "plan": result.plan,
        "rows": result.rows,
        "signed": signed,
    }
    printed = papers.render_template("papers/result.html", facts)
    number = paper_number(result)
    return marked(printed, number, result.check_code, result.number, result.digest, settings.SITE_URL)
