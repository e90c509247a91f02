"""What experts wrote to applicants: passed on with the published list, unsigned."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from kczg.kit.record import Actor, record
from nominations.models import Nomination, Ranking
from reviews.models import Assignment
from reviews.rules.unsigned import unsigned


def release_comments(ranking: Ranking, by: Actor, at: datetime) -> int:
    """One event for each nomination of the ranking that an expert wrote something to; returns how many.

    Submitted sheets that count, and no abstention. The applicant's page reads the event, and only once the list is
    published: nothing of the reviews is asked there.
    """
    given = Assignment.objects.filter(
        nomination__ranking=ranking, ended_at=None, submitted_at__isnull=False, abstained_at=None
    )
    texts: dict[int, list[str]] = defaultdict(list)
    for nomination, text in given.values_list("nomination", "comment_applicant"):
        texts[nomination].append(text)
    released = 0
    for row in Nomination.objects.filter(pk__in=texts).order_by("pk"):
        if shown := unsigned(texts[row.pk], row.number):
            record("comments_released", row, by, at, season_year=ranking.season.year, texts=shown)
            released += 1
    return released
