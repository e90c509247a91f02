"""Freezing: what a version holds, and which version still says what the form says now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from nominations.models import Nomination, Version
from nominations.rules import check_code
from nominations.states import State

APPLICANT, RECOMMENDER = "applicant", "recommender"
"""Keys of the seals in the declarations (附件2: 申报单位、推荐单位)."""


AFTER_RETURN = ("follows", "notes")
"""What a version holds besides that was frozen after a return; see ``after_return``."""


def content_of(nomination: Nomination, number: int, after: Mapping[str, Any]) -> dict[str, Any]:
    """What the version of this number holds when it is frozen now; nothing in it tells the time of day.

    The same answers for the same unit and track are the same content, so that a stamped paper keeps its
    worth until something is changed, and has it again when the change is taken back. ``after`` is what it
    says of the return that it follows.
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
        **after,
    }


def after_return(nomination: Nomination) -> dict[str, Any]:
    """What its supplementary sheet stands on, for a version frozen now: which one it follows, and the notes on it.

    {"follows": {"version", "digest", "submitted_at"}, "notes": [...]} while the nomination is returned or its
    body asks for a correction, which ``follows`` then says ("correction": True); empty else, and where another
    unit is named than the one that returned it, which has read nothing yet.
    """
    if nomination.state not in (State.RETURNED, State.CORRECTING) or not nomination.returned_notes:
        return {}
    last = nomination.versions.submitted().last()
    unit = nomination.unit.organisation.name if nomination.unit else ""
    if last is None or last.submitted_at is None or last.content["unit"] != unit:
        return {}
    at = last.submitted_at.astimezone(UTC).isoformat()
    follows = {"version": last.number, "digest": last.digest, "submitted_at": at}
    if nomination.state == State.CORRECTING:
        follows["correction"] = True
    return {"follows": follows, "notes": nomination.returned_notes}


def standing(nomination: Nomination) -> Version | None:
    """The frozen version that says what the form says now; None where it was changed since, or never frozen.

    A version that another one was submitted after doesn't stand again: what was submitted last is the latest,
    and it stands again unchanged after a return. Any other must have been frozen after that very return, for
    its paper carries the sheet that tells of it.
    """
    after = after_return(nomination)
    for version in reversed(nomination.versions.all()):
        own = {key: version.content[key] for key in AFTER_RETURN if key in version.content}
        said = after if version.submitted_at is None else own
        if check_code.digest(content_of(nomination, version.number, said)) == version.digest:
            return version
        if version.submitted_at is not None:
            break
    return None


def asks_seal(nomination: Nomination, key: str) -> bool:
    """Whether the form goes along with a scan that carries this seal: the season says so, and the form has it."""
    form = nomination.ranking.form
    has_it = form is not None and any(seal.key == key for seal in form.seals)
    return has_it and nomination.season.asks_scans
