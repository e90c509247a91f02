"""Fields: the vocabulary of a declaration (frozen, JSON-able), and the base of every kind of question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from nominations.fields import characters
from nominations.fields.outside import Outside
from nominations.fields.part import Part, require_keys
from nominations.rules.check_code import digest
from nominations.rules.completeness import Problem

__all__ = [
    "Check",
    "Condition",
    "Declaration",
    "Kind",
    "Option",
    "Problem",
    "Question",
    "Seal",
    "Section",
    "options",
]

_YEAR = re.compile(r"\{year([+-]\d{1,2})?\}")


@dataclass(frozen=True)
class Option(Part):
    """One of the answers offered. ``label``, as printed, is also the value; ``note`` explains it on the page.

    ``categories`` names those in which it is offered (none: in all).
    """

    label: str
    note: str = ""
    categories: tuple[str, ...] = ()


def options(*labels: str) -> tuple[Option, ...]:
    """Options that need no explanation."""
    return tuple(Option(label) for label in labels)


@dataclass(frozen=True)
class Question(Part):
    """A question of a form, or a column or row of one. ``label``, ``note`` as printed; ``hint`` is the page's own.

    ``short`` is what messages call it where the label carries a limit; ``min_count`` and ``max_count`` are in
    字 for texts, in chosen options for choices, in rows for rows. ``tracks`` and ``categories`` name where it
    is asked (none: everywhere), by their printed names; ``required_of`` the categories that must answer it
    where others need not. ``box`` says where the paper has its tick boxes, ``per_line`` how many stand
    in a line; ``suffix`` is the unit behind a figure; ``group`` the heading that neighbours share on paper.
    ``yearly``: the options are the season's data, set by the secretariat before the call.
    A year table has ``rows``, ``years`` (the headings of its columns) and, with ``mean``, a mean of each row.
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
    required_of: tuple[str, ...] = ()
    group: str = ""
    rows: tuple[Question, ...] = ()
    years: tuple[str, ...] = ()
    mean: bool = False
    yearly: bool = False

    def __post_init__(self) -> None:
        require_keys([self.key], "question")
        require_keys([column.key for column in self.columns], f"columns of {self.key}")
        require_keys([row.key for row in self.rows], f"rows of {self.key}")

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.short or self.label

    def offers(self, value: Any) -> bool:
        """Whether a value is one of the options."""
        return any(option.label == value for option in self.options)

    def asked_in(self, category: str) -> Question:
        """The question as a category is asked it: required or not, and with the options that are offered there."""
        offered = tuple(o for o in self.options if not o.categories or category in o.categories)
        required = category in self.required_of if self.required_of else self.required
        if (offered, required) == (self.options, self.required):
            return self
        return replace(self, options=offered, required=required)


Question.nested = {"options": Option, "columns": Question, "rows": Question}


@dataclass(frozen=True)
class Section(Part):
    """A part of the form. ``layout`` is grid (cells beside a vertical label) or block (a heading over a text).

    ``side`` is how many characters stand in a line of the vertical label; 0 where the form prints none.
    ``printed`` is False where the notice's sample form has no such part and only the page and the data do.
    """

    nested: ClassVar[dict[str, type[Part]]] = {"questions": Question}

    key: str
    title: str
    questions: tuple[Question, ...]
    note: str = ""
    layout: str = "grid"
    printed: bool = True
    side: int = 2
    tracks: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_keys([self.key], "section")


@dataclass(frozen=True)
class Check(Part):
    """What answers to several questions must agree on. ``rule`` names a rule of rules/checks.py.

    ``kind`` is problem (stands in the way of submission) or warning (goes along to the reviewer). It is told
    beside the first of ``questions``. ``name`` is what messages call them together.
    """

    key: str
    rule: str
    questions: tuple[str, ...]
    kind: str = "problem"
    name: str = ""
    limit: int = 0
    arguments: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


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
        "checks": Check,
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
    checks: tuple[Check, ...] = ()

    def __post_init__(self) -> None:
        require_keys([self.key], "declaration")
        require_keys([section.key for section in self.sections], "section")
        require_keys([question.key for question in self.questions()], "question")
        require_keys([condition.key for condition in self.conditions], "condition")
        require_keys([seal.key for seal in self.seals], "seal")
        require_keys([check.key for check in self.checks], "check")

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


class Kind(Outside):
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

    def warnings(self, question: Question, value: Any) -> list[Problem]:
        """What looks like a slip and hinders nothing; it goes along to the reviewer."""
        return []

    def outputs(self, question: Question, value: Any) -> dict[str, str]:
        """What the page computes from the value, by the id of the place that shows it."""
        return {}

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
