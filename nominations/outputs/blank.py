"""Papers: a ranking's form without answers, to be filled in by hand or read beforehand (附件2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kczg.kit import papers
from nominations.answers import Item, SectionView, Tree
from nominations.fields import kind_of
from nominations.fields.base import Declaration, Question, Table
from nominations.fields.year_table import OPEN
from nominations.outputs.paper import FormPaper
from nominations.outputs.pdf import Fitting
from nominations.rules.completeness import Status

LINES = 3
"""Empty lines of a table of rows."""
CHOICES = ("one_of", "any_of")


@dataclass(frozen=True)
class BlankItem(Item):
    """A question that nobody has answered, with the lines that a hand needs."""

    @property
    def table(self) -> Table | None:
        found = super().table
        if found is None:
            return None
        if self.question.kind == "rows":
            return Table(found.headers, (("",) * len(found.headers),) * LINES)
        # Where a mean is computed on line, the paper has an empty cell.
        return Table(found.headers, tuple(tuple(_written(cell) for cell in row) for row in found.rows))


def _written(cell: str) -> str:
    return "" if cell == OPEN else cell


@dataclass(frozen=True)
class BlankPaper(FormPaper):
    """The paper of a form without answers: no number, no code, no mark of a draft."""

    @property
    def is_draft(self) -> bool:
        return False


def blank_pdf(form: Declaration) -> bytes:
    """The blank form as PDF. ``form`` is one with its years filled in."""
    paper = blank_paper(form)
    return papers.render_template("papers/blank.html", {"paper": paper}, fit=Fitting(paper))


def blank_paper(form: Declaration) -> BlankPaper:
    """What the blank paper shows: all that any track and category is asked."""
    return BlankPaper(blank_tree(form), "", "", {})


def blank_tree(form: Declaration) -> Tree:
    """The form with every question of every category and track, and no answers.

    Where a form has no printed sample, its choices have boxes all the same: nothing else says what is offered.
    """
    views = []
    for section in form.sections:
        boxed = [
            _boxed(question) if form.separately_organised else question for question in section.questions
        ]
        items = tuple(_item(question, section.layout == "block") for question in boxed)
        views.append(SectionView(section, items, Status.NOT_STARTED))
    return Tree(form, "", "　".join(f"□{option.label}" for option in form.categories), tuple(views))


def _boxed(question: Question) -> Question:
    if question.kind in CHOICES and not question.box:
        return replace(question, box="before", per_line=3)
    return question


def _item(question: Question, is_block: bool) -> BlankItem:
    # What counts as filled in is printed with its heading, rows with their heads and empty lines.
    empty = not is_block and question.kind != "rows"
    return BlankItem(question, kind_of(question).blank(), "", empty, ())


def file_name(form: Declaration, year: int) -> str:
    """What a browser saves the blank form as."""
    return f"{year}年{form.name}{form.form_word}（空白）.pdf"
