"""版本记录: the versions of a nomination and how two of them, or one and the draft, differ. One component for all roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from nominations import queries
from nominations.answers import Tree, version_tree
from nominations.models import Nomination, Version
from nominations.outputs.differences import differences
from nominations.outputs.supplement import supplement
from nominations.views import unit_page
from nominations.views.overview import gate_notice, overview, tree_of

DRAFT = "draft"


@dataclass(frozen=True)
class Entry:
    """One state of the form: a frozen version, or the draft as it stands (without a version)."""

    key: str
    at: datetime
    by: str
    tree: Tree
    version: Version | None = None


def _entries(nomination: Nomination, own: bool) -> list[Entry]:
    """Oldest first; one query, whatever their number. What was only frozen to be stamped is its applicant's own."""
    rows = nomination.versions.all() if own else nomination.versions.submitted()
    return [
        Entry(str(v.number), v.submitted_at or v.frozen_at, v.frozen_by.name, version_tree(nomination, v), v)
        for v in rows.select_related("frozen_by")
    ]


def _chosen(entries: Iterable[Entry], key: str) -> Entry | None:
    return next((entry for entry in entries if entry.key == key), None)


def _comparison(
    request: HttpRequest, nomination: Nomination, own: bool = False, with_draft: bool = False
) -> dict[str, Any]:
    """What the component shows: all states, the two that are compared (the last two unless told), what differs."""
    entries = _entries(nomination, own)
    if with_draft and nomination.is_editable:
        by = nomination.edited_by.name if nomination.edited_by else ""
        entries.append(Entry(DRAFT, nomination.edited_at, by, tree_of(nomination)))
    last_two = entries[-2:] if len(entries) > 1 else [None, None]
    old = _chosen(entries, request.GET.get("old", "")) or last_two[0]
    new = _chosen(entries, request.GET.get("new", "")) or last_two[1]
    parts = differences(old.tree, new.tree) if old and new else []
    sheet = supplement(new.version) if new and new.version else None
    return {
        "entries": entries[::-1],
        "old": old,
        "new": new,
        "parts": parts,
        "moved": _moved(old, new) if old and new else [],
        "supplement": sheet if sheet and old and old.key == str(sheet.before) else None,
    }


def _moved(old: Entry, new: Entry) -> list[tuple[str, str]]:
    """The track and category, each old → new, where they differ."""
    pairs = [(old.tree.track, new.tree.track), (old.tree.category, new.tree.category)]
    return [pair for pair in pairs if pair[0] != pair[1]]


@door(Role.APPLICANT)
@require_safe
def applicant_history(request: HttpRequest, number: str) -> HttpResponse:
    """版本记录 for the applicant: the draft counts as a state."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    shown = overview(nomination, request.judged_at)  # type: ignore[attr-defined]
    context = {"nomination": nomination, "overview": shown, "gate": gate_notice(shown)}
    context |= _comparison(request, nomination, own=True, with_draft=True)
    return render(request, "nominations/applicant/history.html", context)


@door(Role.UNIT)
@require_safe
def unit_history(request: HttpRequest, number: str) -> HttpResponse:
    """版本记录 for the unit: what was submitted, never a draft."""
    nomination = unit_page.nomination_of(request, number)
    context = unit_page.frame(request, nomination.named_unit, nomination)
    context |= {"nomination": nomination, **_comparison(request, nomination)}
    return render(request, "nominations/unit/history.html", context)


@door(Role.OFFICE)
@require_safe
def office_history(request: HttpRequest, number: str) -> HttpResponse:
    """版本记录 for the secretariat, which reads drafts, too."""
    nomination = queries.nomination_for(request.user, Role.OFFICE, number)
    context = {"nomination": nomination, **_comparison(request, nomination, with_draft=True)}
    return render(request, "nominations/office/history.html", context)
