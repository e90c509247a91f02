"""What an expert sees of a nomination: the one door through which its label, title, form and files go.

Where the plan says 匿名评审 nothing of it tells who applies or who recommends (P4); else it is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nominations.answers import Tree
from nominations.fields import files
from nominations.models import Nomination
from reviews import queries
from reviews.models import Assignment, ReviewPlan


@dataclass(frozen=True)
class Heading:
    """A nomination in a line of a list. ``applicant`` and ``unit`` are "" where the review is blind."""

    label: str
    """What it is called by: its 申报编号; where the review is blind a code that says nothing (匿名编号)."""
    title: str
    applicant: str
    unit: str
    blind: bool = False


@dataclass(frozen=True)
class FileView:
    """A file as an expert may have it; ``name`` is neutral where the review is blind."""

    id: str
    name: str


@dataclass(frozen=True)
class ExpertView(Heading):
    """A nomination as a whole: the frozen form, and the files that this plan's experts may have."""

    tree: Tree | None = None
    files: tuple[FileView, ...] = ()


def for_expert(thing: Assignment | Nomination, plan: ReviewPlan) -> ExpertView:
    """A sheet's nomination as the experts of ``plan`` see it; raises Refused (404) where nothing was submitted."""
    nomination = thing.nomination if isinstance(thing, Assignment) else thing
    version, tree = queries.frozen(nomination)
    named = files.named_in(tree.form, version.content["answers"])
    shown = headings([nomination], plan)[nomination.pk]
    return ExpertView(
        label=shown.label,
        title=shown.title,
        applicant=shown.applicant,
        unit=shown.unit,
        blind=shown.blind,
        tree=tree,
        files=tuple(FileView(entry["id"], entry.get("name", "")) for entry in named),
    )


def headings(nominations: Iterable[Nomination], plan: ReviewPlan) -> dict[int, Heading]:
    """Nomination id → its line for the experts of ``plan``, the same number of queries whatever their number."""
    return {
        nomination.pk: Heading(
            label=nomination.number,
            title=nomination.shown_title,
            applicant=nomination.applicant.name,
            unit=nomination.unit.organisation.name if nomination.unit else "",
        )
        for nomination in nominations
    }
