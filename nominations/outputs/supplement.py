"""Papers: 补正说明, the last sheet of a version that was submitted after a return: the reasons, and what was changed.

All of it stands on frozen content: the version says which one it follows and why, both versions hold answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from nominations.answers import Tree, version_tree
from nominations.models import Version
from nominations.outputs.differences import Difference, Mark, Part, differences, passages
from nominations.rules import check_code


@dataclass(frozen=True)
class Reason:
    """Why the unit returned a part; whether anything in it is another now."""

    name: str
    text: str
    answered: bool

    @property
    def where(self) -> str:
        """The section or question; asked for when it is shown, for paper is Chinese whoever reads it."""
        return self.name or _("整份申报表")


@dataclass(frozen=True)
class Entry:
    """A changed answer on paper: old → new, or the passages of a long text with their marks."""

    section: str
    label: str
    difference: Difference

    @property
    def passages(self) -> list[Mark]:
        return passages(self.difference.marks)


@dataclass(frozen=True)
class Supplement:
    """What one version changed of the one before: ``version`` of ``before``."""

    version: int
    before: int
    before_code: str
    before_at: datetime
    reasons: tuple[Reason, ...]
    category: tuple[str, str] | None
    parts: tuple[Part, ...]
    correction: bool = False
    """Whether a review body asked for it (补正), not the unit that returned it."""

    @property
    def entries(self) -> list[Entry]:
        return [
            Entry(part.section.title, each.change.question.name, each)
            for part in self.parts
            for each in part.differences
        ]


def supplement(version: Version) -> Supplement | None:
    """The sheet of a version; None where it follows no return. One query for the version before."""
    follows = version.content.get("follows")
    if follows is None:
        return None
    nomination = version.nomination
    before = nomination.versions.get(number=follows["version"])
    old, new = version_tree(nomination, before), version_tree(nomination, version)
    parts = differences(old, new)
    moved = (before.content["category"], version.content["category"])
    changed = {(p.section.key, d.change.question.key) for p in parts for d in p.differences}
    return Supplement(
        version.number,
        before.number,
        check_code.from_digest(follows["digest"]),
        datetime.fromisoformat(follows["submitted_at"]),
        tuple(_reason(note, old, changed, moved[0] != moved[1]) for note in version.content["notes"]),
        moved if moved[0] != moved[1] else None,
        tuple(parts),
        bool(follows.get("correction")),
    )


def _reason(note: dict[str, str], tree: Tree, changed: set[tuple[str, str]], moved: bool) -> Reason:
    section, field = note["section"], note.get("field", "")
    view = tree.view(section)
    if view is None:
        return Reason("", note["reason"], bool(changed) or moved)
    item = tree.item(field) if field else None
    name = item.question.name if item else view.title
    touched = any(key == section and field in ("", question) for key, question in changed)
    return Reason(name, note["reason"], touched)
