"""Fields: the vocabulary of a declaration (frozen, JSON-able), and the base of every kind of question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Self

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from nominations.fields import characters
from nominations.rules.check_code import digest
from nominations.rules.completeness import Problem

__all__ = ["Condition", "Declaration", "Kind", "Option", "Problem", "Question", "Seal", "Section", "options"]

_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
_YEAR = re.compile(r"\{year([+-]\d{1,2})?\}")


@dataclass(frozen=True)
class Part:
    """A piece of a declaration that turns into JSON and back without loss.

    Fields at their default are left out of the JSON, so that a season's copy and its digest stay the same
    when the vocabulary grows.
    """

    nested: ClassVar[dict[str, type[Part]]] = {}

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                data[each.name] = _plain(value)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The part that the JSON describes; raises ValueError where it isn't such a part."""
        known = {each.name: each for each in fields(cls)}
        if not isinstance(data, Mapping) or set(data) - set(known):
            raise ValueError(f"{cls.__name__}: {data!r} does not describe one")
        absent = [n for n, each in known.items() if each.default is MISSING and n not in data]
        if absent:
            raise ValueError(f"{cls.__name__}: {', '.join(absent)} missing")
        return cls(**{name: cls._value(name, value) for name, value in data.items()})

    @classmethod
    def _value(cls, name: str, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        part = cls.nested.get(name)
        return tuple(part.from_json(each) if part else each for each in value)


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.to_json()
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _require_keys(keys: list[str], what: str) -> None:
    for key in keys:
        if not _KEY.match(key):
            raise ValueError(f"{what} {key!r}: a key is lower case letters, digits and underscores")
    if len(set(keys)) != len(keys):
        raise ValueError(f"{what} keys are not unique: {sorted(keys)}")


@dataclass(frozen=True)
class Option(Part):
    """One of the answers offered. ``label``, as printed, is also the value; ``note`` explains it on the page."""

    label: str
    note: str = ""


def options(*labels: str) -> tuple[Option, ...]:
    """Options that need no explanation."""
    return tuple(Option(label) for label in labels)


@dataclass(frozen=True)
class Question(Part):
    """A question of a form, or a column of rows. ``label`` and ``note`` as printed; ``hint`` is the page's own.

    ``short`` is what messages call it where the label carries a limit; ``min_count`` and ``max_count`` are in
    字 for texts, in chosen options for choices, in rows for rows. ``tracks`` and ``categories`` name where it
    is asked (none: everywhere), by their printed names. ``box`` says where the paper has its tick boxes, ``per_line`` how many stand
    in a line; ``suffix`` is the unit behind a figure.
    """

    key: str
    label: str
    kind: str
    hint: str = ""
    note: str = ""
    short: str = ""
    suffix: str = ""
    required: bool = True
    min_count: int | None = None
    max_count: int | None = None
    options: tuple[Option, ...] = ()
    columns: tuple[Question, ...] = ()
    catalogue: str = ""
    levels: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    width: str = "full"
    box: str = ""
    per_line: int = 0

    def __post_init__(self) -> None:
        _require_keys([self.key], "question")
        _require_keys([column.key for column in self.columns], f"columns of {self.key}")

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.short or self.label

    def offers(self, value: Any) -> bool:
        """Whether a value is one of the options."""
        return any(option.label == value for option in self.options)


Question.nested = {"options": Option, "columns": Question}


@dataclass(frozen=True)
class Section(Part):
    """A part of the form. ``layout`` is grid (cells beside a vertical label) or block (a heading over a text).

    ``printed`` is False where the notice's sample form has no such part and only the page and the data do.
    """

    nested: ClassVar[dict[str, type[Part]]] = {"questions": Question}

    key: str
    title: str
    questions: tuple[Question, ...]
    note: str = ""
    layout: str = "grid"
    printed: bool = True
    tracks: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require_keys([self.key], "section")


@dataclass(frozen=True)
class Condition(Part):
    """A condition of annex 1: its sentence as printed, its clause, and how it is found out.

    ``kind`` is declared (the applicant promises), computed (from the answers), reviewer (to be judged) or
    preference (no bar, shown to reviewers). ``rule`` names a rule of rules/conditions.py, ``question`` the
    answer that it looks at, ``arguments`` what else it needs.
    """

    key: str
    text: str
    clause: str
    kind: str = "declared"
    tracks: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    question: str = ""
    rule: str = ""
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seal(Part):
    """A box at the form's foot: its heading and the words for the stamp, as printed."""

    key: str
    label: str
    stamp_label: str


@dataclass(frozen=True)
class Declaration(Part):
    """A ranking's form: what is asked, under which conditions, and who seals it. Data, nothing else.

    ``title`` and texts may say {year} or {year-1}: the season fills them in when it takes its copy.
    """

    nested: ClassVar[dict[str, type[Part]]] = {
        "sections": Section,
        "conditions": Condition,
        "seals": Seal,
        "categories": Option,
    }

    key: str
    name: str
    title: str
    sections: tuple[Section, ...]
    conditions: tuple[Condition, ...] = ()
    seals: tuple[Seal, ...] = ()
    form_word: str = "申报表"
    categories: tuple[Option, ...] = ()
    separately_organised: bool = False
    title_question: str = ""
    """The question whose answer lists show as the nomination's name."""

    def __post_init__(self) -> None:
        _require_keys([self.key], "declaration")
        _require_keys([section.key for section in self.sections], "section")
        _require_keys([question.key for question in self.questions()], "question")
        _require_keys([condition.key for condition in self.conditions], "condition")
        _require_keys([seal.key for seal in self.seals], "seal")

    def digest(self) -> str:
        """SHA-256 of the canonical JSON: two declarations with one digest ask the same."""
        return digest(self.to_json())

    def for_year(self, year: int) -> Declaration:
        """The declaration as a season of this year prints it: {year}, {year-1}, {year+3} filled in."""
        if year not in self._by_year:
            self._by_year[year] = Declaration.from_json(_dated(self.to_json(), year))
        return self._by_year[year]

    @cached_property
    def _by_year(self) -> dict[int, Declaration]:
        return {}

    def questions(self) -> Iterator[Question]:
        """All questions, in printed order."""
        return (question for section in self.sections for question in section.questions)

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions()}

    def question(self, key: str) -> Question | None:
        return self._by_key.get(key)

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)

    def section_of(self, question: str) -> Section | None:
        """The section that asks a question."""
        return next((s for s in self.sections if any(q.key == question for q in s.questions)), None)


def _dated(data: Any, year: int) -> Any:
    if isinstance(data, str):
        return _YEAR.sub(lambda found: str(year + int(found[1] or 0)), data)
    if isinstance(data, list):
        return [_dated(each, year) for each in data]
    return {name: _dated(each, year) for name, each in data.items()} if isinstance(data, dict) else data


class AnswerField(forms.Field):
    """A form field that takes whatever was posted: the kind judges it, so that a draft keeps everything."""

    def __init__(self, question: Question, widget: forms.Widget, **kwargs: Any) -> None:
        help_text = gettext(question.hint) if question.hint else ""
        required = question.required  # Shown beside the label; clean() asks for nothing.
        super().__init__(
            required=required, widget=widget, label=question.label, help_text=help_text, **kwargs
        )
        self.question = question

    def clean(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Table:
    """A value that is shown as a table: the headers, and each row's texts."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def pairs(self) -> list[list[tuple[str, str]]]:
        """Each row as pairs of header and cell, for a page that shows rows as cards."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]


class Kind:
    """A kind of question with all its faces. Values are JSON-able; ``read`` accepts its own values again."""

    name: ClassVar[str]
    shape: ClassVar[type] = str
    """The JSON type of a value."""

    def blank(self) -> Any:
        """The value of a question that nobody has answered."""
        return self.shape()

    def widget(self, question: Question) -> forms.Widget:
        return forms.TextInput()

    def cell_widget(self, question: Question) -> forms.Widget:
        """The widget where the question is a column of rows, and room is short."""
        return self.widget(question)

    def form_field(self, question: Question) -> AnswerField:
        """The field that asks the question on a page."""
        return AnswerField(question, self.widget(question))

    def read(self, question: Question, raw: Any) -> Any:
        """The value of what a form or a JSON document brought; what has another shape reads as blank."""
        return characters.one_line(raw) if isinstance(raw, str) else self.blank()

    def empty(self, value: Any) -> bool:
        return not value

    def unreadable(self, question: Question, value: Any) -> list[Problem]:
        """What hinders even a draft from keeping the value: characters that can't be kept, sizes beyond reason."""
        message = characters.refused(value, question.name) or characters.too_long(value, question.name)
        return [Problem(question.key, "unreadable", message)] if message else []

    def problems(self, question: Question, value: Any) -> list[Problem]:
        """What hinders submission: unreadable, empty though required, or against the question's rule."""
        if found := self.unreadable(question, value):
            return found
        if self.empty(value):
            return [Problem(question.key, "empty", self.ask(question))] if question.required else []
        return self.check(question, value)

    def ask(self, question: Question) -> str:
        """The words for an answer that is missing."""
        return _("填写%(name)s") % {"name": question.name}

    def check(self, question: Question, value: Any) -> list[Problem]:
        """The kind's own rule for a value that is there."""
        return []

    def text(self, question: Question, value: Any) -> str:
        """The value as people read it, in one string."""
        return str(value)

    def cells(self, question: Question, value: Any) -> list[tuple[str, Any]]:
        """The value as a spreadsheet has it: header and cell for each column."""
        return [(question.label, self.text(question, value))]

    def table(self, question: Question, value: Any) -> Table | None:
        """The value as a table, where the kind has one."""
        return None

    def chosen(self, question: Question, value: Any) -> list[tuple[Option, bool]]:
        """Each option with whether it is ticked, where the kind has options."""
        return []

    def schema(self, question: Question) -> dict[str, Any]:
        """The value's JSON Schema."""
        return {"type": "string"}
