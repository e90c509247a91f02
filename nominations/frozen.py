"""Freezing: what a version holds, and which version still says what the form says now."""

from __future__ import annotations

from typing import Any

from nominations.models import Nomination, Version
from nominations.rules import check_code

APPLICANT, RECOMMENDER = "applicant", "recommender"
"""Keys of the seals in the declarations (附件2: 申报单位、推荐单位)."""


def content_of(nomination: Nomination, number: int) -> dict[str, Any]:
    """What the version of this number holds when it is frozen now; nothing in it tells the time.

    The same answers for the same unit and track are the same content, so that a stamped paper keeps its
    worth until something is changed, and has it again when the change is taken back.
    """
    form = nomination.ranking.online_form
    return {
        "number": nomination.number,
        "version": number,
        "form": form.digest(),
        "answers": nomination.answers,
        "promises": nomination.promises,
        "track": nomination.track.name if nomination.track else "",
        "category": nomination.category,
        "title": nomination.title,
        "applicant": nomination.applicant.name,
        "unit": nomination.unit.organisation.name if nomination.unit else "",
    }


def standing(nomination: Nomination) -> Version | None:
    """The frozen version that says what the form says now; None where it was changed since, or never frozen.

    A version that another one was submitted after doesn't stand again: what was submitted last is the latest.
    """
    for version in reversed(nomination.versions.all()):
        if check_code.digest(content_of(nomination, version.number)) == version.digest:
            return version
        if version.submitted_at is not None:
            break
    return None


def asks_seal(nomination: Nomination, key: str) -> bool:
    """Whether the form goes along with a scan that carries this seal: the season says so, and the form has it."""
    form = nomination.ranking.form
    has_it = form is not None and any(seal.key == key for seal in form.seals)
    return has_it and nomination.season.asks_scans
