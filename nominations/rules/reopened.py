"""Rules: what of a form is open again once a unit has returned it (退回修改), by whole sections and by single questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Open:
    """What may be changed: everything, or these sections whole and these questions, those of ``never`` excepted."""

    everything: bool
    sections: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    def is_open(self, section: str, question: str) -> bool:
        """Whether the answer to a question of a section may be changed."""
        named = section in self.sections or question in self.questions
        return self.everything or (named and question not in self.never)


EVERYTHING = Open(True)


def open_parts(
    notes: Sequence[Mapping[str, str]], also: Iterable[str] = (), never: Iterable[str] = ()
) -> Open:
    """What is open by a unit's notes: [{"section": key or "", "field": question key or "", "reason": text}].

    A note without a section is about the whole form and opens all of it; so does the absence of notes, for
    then nothing was named. A section and a question of it together: the section. ``also`` are questions that
    nobody named and that must be open all the same, ``never`` those that stay shut whoever names them.
    """
    if not notes or any(not note["section"] for note in notes):
        return EVERYTHING
    sections = frozenset(note["section"] for note in notes if not note.get("field"))
    named = {note["field"] for note in notes if note.get("field")}
    return Open(False, sections, frozenset(named.union(also)), frozenset(never))
