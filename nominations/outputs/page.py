"""Papers: the walk as a page shows it, section by section, with what differs from an earlier version marked."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from nominations.answers import Change, Item, SectionView, Tree, diff
from nominations.outputs.differences import Difference, difference
from nominations.rules.completeness import Status

WORDS = {
    Status.DONE: _("已完成"),
    Status.IN_PROGRESS: _("填写中"),
    Status.NOT_STARTED: _("未开始"),
}


@dataclass(frozen=True)
class Line:
    """A question on a page: the item, and its change since the earlier version, if any."""

    item: Item
    change: Change | None

    @property
    def difference(self) -> Difference | None:
        """The change with its words marked."""
        return difference(self.change) if self.change else None


@dataclass(frozen=True)
class Block:
    """A section on a page."""

    view: SectionView
    lines: tuple[Line, ...]

    @property
    def changed(self) -> bool:
        return any(line.change for line in self.lines)


def blocks(tree: Tree, earlier: Tree | None = None) -> list[Block]:
    """The sections in printed order; with ``earlier`` each line tells what it was in that version."""
    changes = {change.question.key: change for change in diff(earlier, tree)} if earlier else {}
    return [
        Block(view, tuple(Line(item, changes.get(item.question.key)) for item in view.items))
        for view in tree.sections
    ]


def status_words(view: SectionView) -> str:
    """How far a section is, in the words of the task list."""
    if view.status is Status.HAS_ERRORS:
        return str(_("有%(n)d处需修改")) % {"n": len(view.problems)}
    return str(WORDS[view.status])
