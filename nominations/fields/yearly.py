"""Fields: options that are the season's data, such as the fields of a year; a form with others is a new form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nominations.fields.base import Declaration, Option, Question


def yearly(form: Declaration) -> list[Question]:
    """The questions whose options a season may set."""
    return [question for question in form.questions() if question.yearly]


def with_options(form: Declaration, key: str, labels: Iterable[str]) -> Declaration:
    """The form with these options of one of its yearly questions; raises KeyError where it has none of this key."""
    if key not in {question.key for question in yearly(form)}:
        raise KeyError(key)
    offered = tuple(Option(label) for label in labels)
    sections = tuple(
        replace(
            section,
            questions=tuple(replace(q, options=offered) if q.key == key else q for q in section.questions),
        )
        for section in form.sections
    )
    return replace(form, sections=sections)
