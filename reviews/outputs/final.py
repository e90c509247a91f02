"""Papers: the preliminary results of a ranking side by side, each row with its pending mark (通知三（三）)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nominations.models import Nomination, Ranking, Track
from nominations.states import State
from reviews import queries
from reviews.models import FinalMark, PreliminaryResult


@dataclass(frozen=True)
class Sheet:
    """One expert's scores in words: (criterion, score) pairs, the total and the comment."""

    expert: str
    scores: list[tuple[str, str]]
    total: str
    comment: str


@dataclass(frozen=True)
class Line:
    """A ranked row as submitted, with the nomination as it stands and its mark; ``last`` before the line."""

    row: dict[str, Any]
    nomination: Nomination | None
    sheets: list[Sheet]
    last: bool

    @property
    def mark(self) -> FinalMark | None:
        return getattr(self.nomination, "final_mark", None)

    @property
    def chosen_value(self) -> str:
        """What the row's tick box sends."""
        return str(self.nomination.pk) if self.nomination else ""

    @property
    def open(self) -> bool:
        """Whether the row can be marked: it was shortlisted, and its outcome isn't published."""
        return self.nomination is not None and self.nomination.state == State.SHORTLISTED


@dataclass(frozen=True)
class Table:
    """A track in the final review."""

    track: Track
    result: PreliminaryResult | None
    lines: list[Line]

    @property
    def shortlisted(self) -> int:
        return sum(line.nomination is not None for line in self.lines)

    @property
    def proposed(self) -> int:
        return sum(line.mark is not None and line.mark.proposed for line in self.lines)

    @property
    def unmarked(self) -> int:
        return sum(line.open and line.mark is None for line in self.lines)

    @property
    def warning(self) -> str:
        """已选11，计划10 where more are marked than planned, else nothing."""
        if self.proposed <= self.track.planned_number:
            return ""
        words = _("%(track)s已选%(chosen)d，计划%(planned)d")
        facts = {
            "track": self.track.short_name,
            "chosen": self.proposed,
            "planned": self.track.planned_number,
        }
        return words % facts


def tables(ranking: Ranking) -> list[Table]:
    """The tracks of a ranking with their submitted results; a fixed number of queries."""
    results = PreliminaryResult.standing.filter(track__ranking=ranking, submitted_at__isnull=False)
    by_track = {result.track_id: result for result in results.select_related("plan")}
    standing = {nomination.pk: nomination for nomination in queries.final_table(ranking)}
    found = []
    for track in ranking.tracks.prefetch_related("bodies__organisation"):
        result = by_track.get(track.pk)
        found.append(Table(track, result, _lines(result, standing) if result else []))
    return found


def _lines(result: PreliminaryResult, standing: dict[int, Nomination]) -> list[Line]:
    names = {criterion["key"]: criterion["name"] for criterion in result.plan.criteria}
    passed = [row for row in result.rows if row["shortlisted"]]
    cut = passed[-1] if passed and len(passed) < len(result.rows) else None
    return [
        Line(
            row,
            standing.get(row["nomination"]),
            [_sheet(sheet, names) for sheet in row["sheets"]],
            row is cut,
        )
        for row in result.rows
    ]


def _sheet(sheet: dict[str, Any], names: dict[str, str]) -> Sheet:
    scores = [(names.get(key, key), value) for key, value in sheet["scores"].items()]
    return Sheet(sheet.get("expert_name", ""), scores, sheet.get("total", ""), sheet["comment"])
