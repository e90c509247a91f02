"""Owes the machine's look at the files of a blind review, and keeps what it found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from kczg.kit.models import StoredFile
from kczg.kit.outbox import owe
from kczg.kit.storage import random_key
from nominations.models import Nomination, Track
from reviews import queries
from reviews.models import BlindFile

MOST_FINDINGS = 200
"""Places of a file that are listed at most: with so many nobody releases it."""


def owe_marks(track: Track | None) -> None:
    """Has the worker look through what it hasn't seen yet, where the track's plan is for a blind review."""
    plan = queries.scoring_plan(track) if track is not None else None
    if track is not None and plan is not None and plan.blind:
        owe("blind_marks", f"blind_marks:{track.pk}", again=True, track_id=track.pk)


@transaction.atomic
def keep_marks(
    nomination: Nomination,
    stored: StoredFile,
    findings: Sequence[dict[str, Any]],
    unread: Sequence[int],
    copy: bytes | None,
    at: datetime,
) -> BlindFile:
    """Keeps what was marked in a file, and its copy; a decision about other bytes than these is void.

    ``copy`` None: none could be made, and the file can't be given.
    """
    found = {"findings": list(findings)[:MOST_FINDINGS], "unread": list(unread), "marked_at": at}
    void = {"given": False, "decided_at": None, "decided_by": None}
    row, _fresh = BlindFile.objects.update_or_create(
        file=stored, defaults={"nomination": nomination, "sha256": stored.sha256, **found, **void}
    )
    if copy is not None:
        suffix = "." + stored.media_type.rpartition("/")[2]
        row.copy.save(random_key("", suffix).removeprefix("/"), ContentFile(copy), save=True)
    return row
