"""What an applicant's pages tell of a return: why it came back, where that is, and what may be changed now."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from nominations.answers import Item, SectionView, Tree
from nominations.fields.base import Question
from nominations.models import Nomination
from nominations.reopened import SENT_BACK, parts_of
from nominations.rules.reopened import EVERYTHING, Open


@dataclass(frozen=True)
class Note:
    """Why a section or a question came back; the page where it is changed, and the place on it."""

    section: str
    title: str
    reason: str
    page: str
    place: str = ""

    @property
    def url(self) -> str:
        return self.page + self.place


def anchor(question: Question) -> str:
    """The id of the first control of a question on its section's page."""
    if question.kind in ("one_of", "any_of"):
        return f"id_{question.key}_0"
    return f"id_{question.key}-{question.rows[0].key}-0" if question.rows else f"id_{question.key}"


class Returned(ABC):
    """The part of an overview that is about a return."""

    nomination: Nomination

    @property
    @abstractmethod
    def tree(self) -> Tree:
        """The form with its answers."""

    @property
    @abstractmethod
    def writable(self) -> bool:
        """Whether the applicant may write now."""

    @cached_property
    def notes(self) -> list[Note]:
        """What the unit named when it sent the form back, in printed order, each with the way there."""
        said = self.nomination.returned_notes
        return [
            self._note(view, item, note["reason"])
            for view in self.tree.sections
            for item in (None, *view.items)
            for note in said
            if note["section"] == view.key and note.get("field", "") == (item.question.key if item else "")
        ]

    def _note(self, view: SectionView, item: Item | None, reason: str) -> Note:
        page = reverse("nominations:section", args=[self.nomination.number, view.key])
        if item is None:
            return Note(view.key, view.title, reason, page)
        return Note(view.key, item.question.name, reason, page, f"#{anchor(item.question)}")

    def notes_on(self, key: str) -> list[Note]:
        """Why the unit sent this section, or questions of it, back."""
        return [note for note in self.notes if note.section == key]

    @property
    def unmended(self) -> list[Note]:
        """What the unit named in sections that nobody has saved since."""
        if self.nomination.state not in SENT_BACK:
            return []
        at, saved = self.nomination.state_since.isoformat(), self.nomination.section_versions
        return [note for note in self.notes if saved.get(note.section, ["", "", ""])[2] <= at]

    def next_page(self, after: str) -> str:
        """Where 保存并继续 of a section leads: what was returned first, then what is open and not done, then the tasks."""
        noted = next((note.url for note in self.unmended if note.section != after), "")
        if noted:
            return noted
        number, following = self.nomination.number, self.tree.next_section(after, self.open_sections)
        if following is None:
            return reverse("nominations:tasks", args=[number])
        return reverse("nominations:section", args=[number, following.key])

    @property
    def general_notes(self) -> tuple[str, ...]:
        """Why the unit sent the whole form back."""
        return tuple(note["reason"] for note in self.nomination.returned_notes if not note["section"])

    @cached_property
    def parts(self) -> Open:
        """What may be changed; asks the database, for pages of one nomination."""
        return parts_of(self.nomination) if self.nomination.is_editable else EVERYTHING

    @property
    def free(self) -> bool:
        """Whether the whole form may be changed now, with its category and the unit that it names."""
        return self.writable and self.parts.everything

    def shut_in(self, key: str) -> dict[str, Item]:
        """The questions of a section that aren't open after a return, with their answers."""
        view = self.tree.view(key)
        items = view.items if view else ()
        return {i.question.key: i for i in items if not self.parts.is_open(key, i.question.key)}

    @cached_property
    def open_sections(self) -> set[str]:
        """The sections in which something may be changed now."""
        views = self.tree.sections if self.writable else ()
        return {view.key for view in views if len(self.shut_in(view.key)) < len(view.items)}
