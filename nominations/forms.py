"""Forms: a section of a declaration as a web form, and posted parts of it as answers.

A draft takes whatever can be kept; only 保存并继续 asks whether it is right. What can't be kept (control
characters, sizes beyond reason) is answered with a message and stays on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nominations.answers import Item, agreements, questions_of
from nominations.fields import kind_of, value_of
from nominations.fields.base import AnswerField, Declaration, Problem, Question, Section
from nominations.fields.files import NOTHING, UPLOAD, FilesWidget, Kept, completed
from nominations.fields.files import REMOVE as REMOVE_FILE
from nominations.fields.industry import FIND
from nominations.fields.rows import ADD, REMOVE, RowsWidget
from nominations.fields.year_table import YearTableWidget


class SectionForm(forms.Form):
    """The questions of one section that a track and category ask.

    ``values`` are the posted answers that can be kept, valid or not; they may be saved whatever the errors.
    ``stays`` tells that a button was pressed which only changes the page: add or remove a row, search.
    """

    use_required_attribute = False

    def __init__(
        self,
        form: Declaration,
        section: Section,
        answers: Mapping[str, Any],
        data: Any = None,
        *,
        track: str = "",
        category: str = "",
        full: bool = False,
        kept: Kept = NOTHING,
        shut: Mapping[str, Item] | None = None,
    ) -> None:
        self.form, self.section, self.answers, self.full, self.kept = form, section, answers, full, kept
        self.track, self.category = track, category
        self.shut = shut or {}
        asked = questions_of(section, track, category)
        self.questions = [question for question in asked if question.key not in self.shut]
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []
        super().__init__(
            data, initial={question.key: value_of(question, answers) for question in self.questions}
        )
        for question in self.questions:
            field = kind_of(question).form_field(question)
            if isinstance(field.widget, (FilesWidget, RowsWidget)):
                field.widget.kept = kept
            self.fields[question.key] = field
        self.helper = FormHelper()
        self.helper.template_pack = "kczg"
        self.helper.form_tag = False
        self.helper.layout = Layout(*_laid_out(asked, self.shut, kept.address))

    @property
    def stays(self) -> bool:
        return any(name in self.data for name in (ADD, REMOVE, FIND, UPLOAD, REMOVE_FILE))

    def clean(self) -> dict[str, Any]:
        for question in self.questions:
            kind = kind_of(question)
            value = kind.read(question, self.cleaned_data.get(question.key))
            value = completed(question, value, self.kept.known)
            hindered = kind.unreadable(question, value)
            if not hindered:
                self.values[question.key] = value
            found = kind.problems(question, value) if self.full else hindered
            self.problems += found
            widget = self.fields[question.key].widget
            if isinstance(widget, YearTableWidget) and len(found) > 1:
                # Each stands in its cell; a dozen of them once more above the table would push it off the page.
                self.add_error(question.key, _("有%(n)s处需修改") % {"n": len(found)})
            else:
                for problem in found:
                    self.add_error(question.key, problem.message)
            if isinstance(widget, (RowsWidget, YearTableWidget)):
                widget.messages = {problem.key: problem.message for problem in found}
        if self.full:
            self._hold_against_others()
        return self.cleaned_data

    def _hold_against_others(self) -> None:
        """What the section's answers don't agree on, with one another or with other sections."""
        together = {**self.answers, **self.values}
        for kind, problem in agreements(self.form, together, self.track, self.category):
            if kind == "problem" and problem.question in self.fields:
                self.problems.append(problem)
                self.add_error(problem.question, problem.message)

    def hinder(self, control: str, message: str) -> None:
        """Tells beside a control, such as ``certificates-0-scan``, why what was sent there was not taken."""
        key = control.partition("-")[0]
        self.problems.append(Problem(control, "file", message, key))
        self.add_error(key, message)
        widget = self.fields[key].widget
        if isinstance(widget, RowsWidget):
            widget.messages[control] = message

    def error_links(self) -> list[tuple[str, str]]:
        """Each message with the id of the control where it is mended, in the order of the page."""
        return [(self._target(problem), problem.message) for problem in self.problems]

    def _target(self, problem: Problem) -> str:
        field = self.fields.get(problem.key)
        if not isinstance(field, AnswerField):
            return f"id_{problem.key}"  # A cell of rows.
        if isinstance(field.widget, YearTableWidget):
            return f"id_{problem.key}-{field.question.rows[0].key}-0"
        choices = isinstance(field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
        return f"id_{problem.key}_0" if choices else f"id_{problem.key}"


def section_form(
    form: Declaration,
    section: str,
    answers: Mapping[str, Any],
    data: Any = None,
    *,
    track: str = "",
    category: str = "",
    full: bool = False,
    kept: Kept = NOTHING,
    shut: Mapping[str, Item] | None = None,
) -> SectionForm:
    """The form of a section: empty for reading with the answers, bound where ``data`` was posted.

    ``full`` asks for all that submission asks (保存并继续); without it a draft is taken as it is (暂存).
    ``kept`` are the files that the nomination has; others are unknown to the form. ``shut`` are the questions
    that aren't open after a return: they are shown in their places, and the form asks nothing.
    Raises KeyError for a section that the form doesn't have.
    """
    found = form.section(section)
    if found is None:
        raise KeyError(section)
    return SectionForm(
        form, found, answers, data, track=track, category=category, full=full, kept=kept, shut=shut
    )


@dataclass(frozen=True)
class Shown:
    """An answer that stands among the controls for reading."""

    item: Item
    files_at: str

    def render(self, form: Any, context: Any, template_pack: Any = None, **_more: Any) -> SafeString:
        facts = {"item": self.item, "files_at": self.files_at}
        return render_to_string("nominations/applicant/shut.html", facts)


def _laid_out(questions: list[Question], shut: Mapping[str, Item], files_at: str) -> list[Any]:
    """Field names, and what is only shown, with neighbours of half width in pairs."""
    parts: list[Any] = []
    waiting: Any = None
    for question in questions:
        part = Shown(shut[question.key], files_at) if question.key in shut else question.key
        if question.width == "half" and waiting is not None:
            parts[-1], waiting = Div(waiting, part, css_class="pair"), None
        else:
            parts.append(part)
            waiting = part if question.width == "half" else None
    return parts


@dataclass(frozen=True)
class Updates:
    """Posted answers by question, and why some can't be kept."""

    values: dict[str, Any]
    problems: list[Problem]


def sent(keys: Iterable[str], data: Any) -> set[str]:
    """Those of these questions that have a control in posted data."""
    return {key for key in keys if _sent(key, data)}


def read_updates(form: Declaration, data: Any, changed: Iterable[str] | None = None) -> Updates:
    """The answers in posted data, which may hold a few questions only (autosave).

    ``changed`` names the questions that were sent; one of them without any control reads as empty (no box
    ticked, no rows left). Without it, questions with a control in the data are read. Names that the form
    doesn't declare are ignored.
    """
    named = None if changed is None else set(changed)
    updates = Updates({}, [])
    for question in form.questions():
        kind = kind_of(question)
        if _sent(question.key, data) if named is None else question.key in named:
            raw = kind.widget(question).value_from_datadict(data, MultiValueDict(), question.key)
            _keep(updates, question, kind.read(question, raw))
    return updates


def _sent(key: str, data: Any) -> bool:
    """Whether any control of a question is in the data. Keys have no dash, so that rows are told apart."""
    return key in data or any(name.startswith(f"{key}-") for name in data)


def read_json(form: Declaration, data: Mapping[str, Any]) -> Updates:
    """The answers in a JSON object by question key; null is blank.

    What reading would leave out (another shape, an option that isn't offered) is a problem, and so is a key
    that the form doesn't ask; such an answer isn't among the values.
    """
    updates = Updates({}, [])
    for key in data:
        if form.question(key) is None:
            message = _("此表没有“%(key)s”这一项") % {"key": str(key)[:50]}
            updates.problems.append(Problem(str(key)[:50], "unknown", message))
    for question in form.questions():
        if question.key not in data:
            continue
        kind = kind_of(question)
        raw = kind.blank() if data[question.key] is None else data[question.key]
        left_out = kind.left_out(question, raw)
        if left_out:
            updates.problems.extend(replace(each, question=question.key) for each in left_out)
        else:
            _keep(updates, question, kind.read(question, raw))
    return updates


def _keep(updates: Updates, question: Question, value: Any) -> None:
    hindered = kind_of(question).unreadable(question, value)
    if hindered:
        updates.problems.extend(hindered)
    else:
        updates.values[question.key] = value
