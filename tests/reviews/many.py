"""Rows in numbers for counting queries: copies of one nomination that went through the real actions."""

from __future__ import annotations

from decimal import Decimal

from nominations.models import Nomination, Version
from nominations.rules import check_code
from reviews.models import Assignment, Score
from tests import cast


def copies(first: Nomination, count: int, state: str = "") -> list[Nomination]:
    """``count`` more like the first, each with its frozen version; without recommendation or events."""
    version = first.versions.last()
    made = []
    for n in range(count):
        row = Nomination.objects.get(pk=first.pk)
        row.pk, row._state.adding = None, True
        row.number, row.title, row.state = (
            f"{first.number[:6]}{9000 + n:05d}",
            f"第{n + 1}项技术",
            state or first.state,
        )
        row.save()
        digest = check_code.digest([row.number])
        Version.objects.create(
            nomination=row,
            number=1,
            content={**version.content, "number": row.number},
            digest=digest,
            check_code=check_code.from_digest(digest),
            frozen_at=version.frozen_at,
            submitted_at=version.submitted_at,
            frozen_by=version.frozen_by,
        )
        made.append(row)
    return made


def sheets(nominations: list[Nomination], expert_ids: list[int], submitted: bool = False) -> list[Assignment]:
    """A complete sheet of each expert for each nomination."""
    at, by = cast.IN_PRELIMINARY, cast.cast("body_person")
    made = []
    for nomination in nominations:
        for pk in expert_ids:
            row = Assignment.objects.create(
                nomination=nomination, expert_id=pk, assigned_at=at, assigned_by=by, comment="思路清晰。",
                saved_at=at, submitted_at=at if submitted else None,
            )  # fmt: skip
            Score.objects.bulk_create(
                Score(assignment=row, criterion=c["key"], value=Decimal(80)) for c in cast.CRITERIA
            )
            made.append(row)
    return made
