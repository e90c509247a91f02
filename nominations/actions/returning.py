"""What a unit says when it returns a nomination: its notes, held against what the version asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from kczg.kit.verdicts import Refused, refuse
from nominations.answers import Tree, version_tree
from nominations.models import Nomination

Note = dict[str, str]


class Notes:
    """The notes of one return: ``kept`` as the nomination keeps them, ``words`` as the record does.

    ``given``: [{"section", "field", "reason"}], see ``actions.unit.return_for_changes``. Raises Refused (422)
    where none has a reason.
    """

    def __init__(self, nomination: Nomination, given: Sequence[Mapping[str, str]]) -> None:
        self.kept: list[Note] = [
            {"section": note["section"], "field": note.get("field", ""), "reason": note["reason"].strip()}
            for note in given
        ]
        if not any(note["reason"] for note in self.kept):
            raise Refused(refuse("reason_missing", _("填写退回原因，申报人将看到"), status=422))
        latest = nomination.versions.submitted().last()
        tree = version_tree(nomination, latest) if latest else None
        self._names = [_name(tree, note) for note in self.kept]

    @property
    def words(self) -> str:
        """All reasons in one text, those of single questions behind the question's label."""
        return "；".join(
            f"{name}：{note['reason']}" if note["field"] and name else note["reason"]
            for note, name in zip(self.kept, self._names, strict=True)
        )

    def judge(self) -> None:
        """Raises Refused (422) where a part has no reason, or isn't asked: it could not be changed."""
        for note, name in zip(self.kept, self._names, strict=True):
            if not name:
                words = _("此申报表没有“%(key)s”这一项") % {"key": (note["field"] or note["section"])[:50]}
                raise Refused(refuse("unknown_part", words, _("重新打开退回页，勾选表中的内容"), status=422))
            if not note["reason"]:
                raise Refused(refuse("reason_missing", missing_words(name), status=422))


def missing_words(name: str) -> str:
    """What a part that was named without a reason asks for."""
    return _("写明退回“%(name)s”的原因") % {"name": name}


def _name(tree: Tree | None, note: Note) -> str:
    """What people call the part; "" where the version doesn't ask it."""
    section, field = note["section"], note["field"]
    if not section:
        return "" if field else _("整份申报表")
    view = tree.view(section) if tree else None
    if view is None or not field:
        return view.title if view else ""
    return next((item.question.name for item in view.items if item.question.key == field), "")
