"""The one walk: a declaration and its answers become a labelled tree. Page, check page, PDF, XLSX, JSON print it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nominations.fields import files, kind_of, problems_of, value_of
from nominations.fields.base import Declaration, Kind, Option, Problem, Question, Section, Table
from nominations.rules import checks
from nominations.rules.completeness import Status, applicable, missing, status

if TYPE_CHECKING:
    from nominations.models import Nomination, Version


@dataclass(frozen=True)
class Item:
    """A question with its answer, ready to be shown."""

    question: Question
    value: Any
    text: str
    empty: bool
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    """What looks like a slip; it hinders nothing and goes along to the reviewer."""

    @property
    def kind(self) -> Kind:
        return kind_of(self.question)

    @property
    def page_template(self) -> str:
        return f"fields/{self.question.kind}/page.html"

    @property
    def print_template(self) -> str:
        return f"fields/{self.question.kind}/print.html"

    @property
    def paragraphs(self) -> list[str]:
        """The text's lines, without the empty ones: paper prints each as a paragraph, with an indent of its own."""
        return [line.strip() for line in self.text.split("\n") if line.strip()]

    @property
    def chosen(self) -> list[tuple[Option, bool]]:
        """Each option with whether it is ticked."""
        return self.kind.chosen(self.question, self.value)

    @property
    def table(self) -> Table | None:
        return self.kind.table(self.question, self.value)

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files that were sent, where the kind is files."""
        return files.listed(self.value)

    @property
    def grid(self) -> list[list[tuple[str, str, list[dict[str, Any]]]]]:
        """Rows with the header, the text and the files of each cell."""
        table = self.table
        held = [[files.listed(row.get(c.key)) for c in self.question.columns] for row in self.value]
        texts = table.pairs if table else []
        return [
            [(header, text, some) for (header, text), some in zip(pairs, cells, strict=True)]
            for pairs, cells in zip(texts, held, strict=True)
        ]

    @property
    def cells(self) -> list[tuple[str, Any]]:
        """Header and value of each spreadsheet cell."""
        return self.kind.cells(self.question, self.value)


@dataclass(frozen=True)
class SectionView:
    """A section with its items and how far it is."""

    section: Section
    items: tuple[Item, ...]
    status: Status

    @property
    def key(self) -> str:
        return self.section.key

    @property
    def title(self) -> str:
        return self.section.title

    @property
    def done(self) -> bool:
        return self.status is Status.DONE

    @property
    def empty(self) -> bool:
        return all(item.empty for item in self.items)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for item in self.items for problem in item.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(warning for item in self.items for warning in item.warnings)


@dataclass(frozen=True)
class Tree:
    """All of a form that is asked in a track and category, with the answers."""

    form: Declaration
    track: str
    category: str
    sections: tuple[SectionView, ...]

    @property
    def title(self) -> str:
        return self.form.title

    @property
    def printed_sections(self) -> tuple[SectionView, ...]:
        """Those that the notice's sample form has."""
        return tuple(view for view in self.sections if view.section.printed)

    @property
    def items(self) -> Iterator[Item]:
        return (item for view in self.sections for item in view.items)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """All that hinders submission, in printed order."""
        return tuple(problem for view in self.sections for problem in view.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """All that the reviewer is asked to look at, in printed order."""
        return tuple(warning for view in self.sections for warning in view.warnings)

    @property
    def done_sections(self) -> int:
        return sum(view.done for view in self.sections)

    @property
    def answers(self) -> dict[str, Any]:
        """What is submitted: an answer for every question that is asked; others are kept in the draft alone."""
        return {item.question.key: item.value for item in self.items}

    def view(self, section: str) -> SectionView | None:
        return next((view for view in self.sections if view.key == section), None)

    def item(self, question: str) -> Item | None:
        return next((item for item in self.items if item.question.key == question), None)

    def next_section(self, after: str = "", among: Container[str] | None = None) -> SectionView | None:
        """The first section that isn't done after the named one, then from the top; None when all are done.

        ``among``: sections that may be changed, where not all may.
        """
        keys = [view.key for view in self.sections]
        start = keys.index(after) + 1 if after in keys else 0
        ordered = [*self.sections[start:], *self.sections[:start]]
        return next((v for v in ordered if not v.done and (among is None or v.key in among)), None)


def walk(
    form: Declaration,
    answers: Mapping[str, Any],
    track: str | None = None,
    category: str = "",
    season_year: int | None = None,
) -> Tree:
    """The tree of a form with its answers.

    ``track`` is the printed name of the track; None takes it from the answers, "" is none yet. With
    ``season_year`` the form's {year} is filled in. Answers to parts that aren't asked are left out, as are
    sections in which the track and category ask nothing.
    """
    form = form if season_year is None else form.for_year(season_year)
    track = str(answers.get("track") or "") if track is None else track
    sections = [
        (section, questions_of(section, track, category))
        for section in applicable(form.sections, track, category)
    ]
    told = _told(form, answers, track, category)
    views = []
    for section, questions in sections:
        items = tuple(_item(question, answers, told) for question in questions)
        if items:
            views.append(SectionView(section, items, _status(items, answers)))
    return Tree(form, track, category, tuple(views))


def version_tree(nomination: Nomination, version: Version) -> Tree:
    """The walk of a frozen version: what was frozen, never a draft."""
    content = version.content
    return walk(
        nomination.ranking.online_form,
        content["answers"],
        track=content["track"],
        category=content["category"],
        season_year=nomination.season.year,
    )


def questions_of(section: Section, track: str, category: str) -> list[Question]:
    """The questions of a section that are asked, as the category is asked them."""
    return [question.asked_in(category) for question in applicable(section.questions, track, category)]


def agreements(
    form: Declaration, answers: Mapping[str, Any], track: str, category: str
) -> list[tuple[str, Problem]]:
    """What answers to several questions don't agree on, each as problem or warning."""
    asked = [
        question
        for section in applicable(form.sections, track, category)
        for question in questions_of(section, track, category)
    ]
    values = {question.key: value_of(question, answers) for question in asked}
    held = checks.Answers(values, {question.key: question.name for question in asked})
    found = checks.evaluate(form.checks, held, track, category)
    return [(check.kind, problem) for check, problem in found]


Told = dict[str, dict[str, list[Problem]]]
"""problem or warning → question → what is told there."""


def _told(form: Declaration, answers: Mapping[str, Any], track: str, category: str) -> Told:
    def judge(question: Question, value: Any) -> list[Problem]:
        return problems_of(question.asked_in(category), value)

    told: Told = {"problem": {}, "warning": {}}
    for problem in missing(form.sections, answers, track, category, judge):
        told["problem"].setdefault(problem.question, []).append(problem)
    for kind, problem in agreements(form, answers, track, category) if form.checks else ():
        section = form.section_of(problem.question)
        located = replace(problem, section=section.key if section else "")
        told[kind].setdefault(problem.question, []).append(located)
    return told


def _item(question: Question, answers: Mapping[str, Any], told: Told) -> Item:
    kind, value = kind_of(question), value_of(question, answers)
    empty = kind.empty(value)
    text = "" if empty else kind.text(question, value)
    problems = tuple(told["problem"].get(question.key, ()))
    warnings = (*kind.warnings(question, value), *told["warning"].get(question.key, ()))
    return Item(question, value, text, empty, problems, warnings)


def _status(items: tuple[Item, ...], answers: Mapping[str, Any]) -> Status:
    touched = any(item.question.key in answers for item in items)
    problems = [problem for item in items for problem in item.problems]
    return status([not item.empty for item in items], touched, problems)


@dataclass(frozen=True)
class Change:
    """A question whose answer differs between two trees; before or after is "" where it was empty or not asked."""

    section: Section
    question: Question
    before: str
    after: str


def diff(old: Tree, new: Tree) -> list[Change]:
    """The answers that differ, in the new tree's order; what only the old one asked comes last."""
    was = {item.question.key: (view.section, item) for view in old.sections for item in view.items}
    changes = []
    for view in new.sections:
        for item in view.items:
            _section, before = was.pop(item.question.key, (None, None))
            if (before.value, before.text) != (item.value, item.text) if before else not item.empty:
                changes.append(Change(view.section, item.question, before.text if before else "", item.text))
    gone = [(section, item) for section, item in was.values() if not item.empty]
    return changes + [Change(section, item.question, item.text, "") for section, item in gone]
