"""Fields: the kinds of question, one class with all its faces each, in one registry.

To add a kind, copy the nearest file and its folder in templates/fields/, and name the class here.
"""

from __future__ import annotations

from typing import Any

from nominations.fields.any_of import AnyOf
from nominations.fields.base import Declaration, Kind, Problem, Question
from nominations.fields.date import Date
from nominations.fields.decimal import Decimal
from nominations.fields.email import Email
from nominations.fields.emerging_industry import EmergingIndustry
from nominations.fields.files import Files
from nominations.fields.industry import Industry
from nominations.fields.integer import Integer
from nominations.fields.licence import Licence
from nominations.fields.long_text import LongText
from nominations.fields.month import Month
from nominations.fields.one_of import OneOf
from nominations.fields.percent import Percent
from nominations.fields.phone import Phone
from nominations.fields.pilot_city import PilotCity
from nominations.fields.promise import Promise
from nominations.fields.region import Region
from nominations.fields.rows import Rows
from nominations.fields.short_text import ShortText
from nominations.fields.signed import Signed
from nominations.fields.url import Url
from nominations.fields.year import Year
from nominations.fields.year_table import YearTable

_CLASSES: tuple[type[Kind], ...] = (
    ShortText,
    LongText,
    OneOf,
    AnyOf,
    Phone,
    Email,
    Industry,
    Rows,
    Month,
    Date,
    Decimal,
    Integer,
    Percent,
    PilotCity,
    Promise,
    Signed,
    Year,
    YearTable,
    Region,
    EmergingIndustry,
    Licence,
    Url,
    Files,
)
KINDS: dict[str, Kind] = {kind.name: kind() for kind in _CLASSES}


def kind_of(question: Question) -> Kind:
    """The kind that a question is of; KeyError where nobody registered it."""
    return KINDS[question.kind]


def value_of(question: Question, answers: Any) -> Any:
    """The answer to a question as its kind reads it: blank where nobody answered or it has another shape."""
    return kind_of(question).read(question, answers.get(question.key))


def problems_of(question: Question, value: Any) -> list[Problem]:
    """What hinders submission in one answer, whatever shape it was stored in."""
    kind = kind_of(question)
    return kind.problems(question, kind.read(question, value))


def unknown_kinds(declaration: Declaration) -> list[str]:
    """The kinds that a declaration names and nobody registered, for those who edit a season's copy."""
    asked = [
        part for question in declaration.questions() for part in (question, *question.columns, *question.rows)
    ]
    return sorted({question.kind for question in asked} - set(KINDS))
