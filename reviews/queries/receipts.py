"""Reads of what experts have submitted: the digest of sheets, and the receipts that name it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kczg.kit.models import Event
from kczg.kit.record import events_of
from nominations.models import Track
from nominations.rules import check_code
from reviews.models import Assignment, Expert


def sheet_facts(sheet: Assignment) -> dict[str, Any]:
    """All that an expert says with a sheet, as JSON; of an abstention the reason alone."""
    facts: dict[str, Any] = {"sheet": sheet.pk, "plan": sheet.plan_id}
    if sheet.abstained_at is not None:
        return {**facts, "abstained": sheet.abstain_reason}
    scores = {score.criterion: str(score.value) for score in sheet.scores.all()}
    return {**facts, "scores": scores, "comment": sheet.comment, "to_applicant": sheet.comment_applicant}


def sheets_digest(sheets: Iterable[Assignment]) -> str:
    """SHA-256 of the sheets, whatever their order."""
    return check_code.digest([sheet_facts(sheet) for sheet in sorted(sheets, key=lambda sheet: sheet.pk)])


@dataclass(frozen=True)
class Receipt:
    """全部提交, done once: when, how many sheets, and the digest of what was in them."""

    at: datetime
    count: int
    digest: str
    sheets: Sequence[int]

    @property
    def code(self) -> str:
        """The digest as people compare it."""
        return check_code.from_digest(self.digest)


def receipts_of(expert: Expert, track: Track) -> list[Receipt]:
    """What an expert has submitted in a track, newest first. One query."""
    rows = events_of(expert).filter(name="scores_submitted", data__track=track.pk).order_by("-id")
    return [found for row in rows if (found := receipt(row)) is not None]


def receipt(event: Event) -> Receipt | None:
    """The receipt that an event of a submission holds; None for one from before there were digests."""
    if "digest" not in event.data:
        return None
    return Receipt(event.at, event.data["count"], event.data["digest"], tuple(event.data["sheets"]))
