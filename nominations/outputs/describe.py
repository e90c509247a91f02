"""Papers: a form's declaration as data for other programs, with every field in its place, filled in or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nominations.fields.base import Declaration, Question, Section

UNITS = {"any_of": "项", "rows": "行", "industry": "项", "licence": "项"}
"""Kind → what its limits count; the limits of all others are in 字."""


def describe(form: Declaration, name: str, tracks: Sequence[str]) -> dict[str, Any]:
    """One ranking's form: what is asked, of whom, under which conditions, and who seals it."""
    return {
        "ranking": form.key,
        "name": name,
        "title": form.title,
        "form_word": form.form_word,
        "separately_organised": form.separately_organised,
        "title_question": form.title_question,
        "digest": form.digest(),
        "categories": [{"label": o.label, "note": o.note} for o in form.categories],
        "tracks": list(tracks),
        "seals": [seal.to_json() for seal in form.seals],
        "conditions": [
            {"key": c.key, "text": c.text, "clause": c.clause, "kind": c.kind, "question": c.question}
            | {"tracks": list(c.tracks), "categories": list(c.categories)}
            for c in form.conditions
        ],
        "checks": [check.to_json() for check in form.checks],
        "sections": [_section(section) for section in form.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "note": section.note,
        "heading": section.title + section.note,
        "printed": section.printed,
        "tracks": list(section.tracks),
        "categories": list(section.categories),
        "questions": [{"section": section.title, **_question(each)} for each in section.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    """``name`` is what messages call it, ``words`` the label with its note as they stand in the notice."""
    return {
        "key": question.key,
        "label": question.label,
        "name": question.name,
        "note": question.note,
        "words": question.label + question.note,
        "kind": question.kind,
        "hint": question.hint,
        "group": question.group,
        "suffix": question.suffix,
        "required": question.required,
        "required_of": list(question.required_of),
        "limits": limits(question),
        "options": [
            {"label": o.label, "note": o.note, "categories": list(o.categories)} for o in question.options
        ],
        "catalogue": question.catalogue,
        "levels": list(question.levels),
        "columns": [_question(column) for column in question.columns],
        "rows": [_question(row) for row in question.rows],
        "years": list(question.years),
        "mean": question.mean,
        "tracks": list(question.tracks),
        "categories": list(question.categories),
    }


def limits(question: Question) -> dict[str, Any]:
    """How much is asked at least and at most, and of what; empty where the form names no limit."""
    found = {"min": question.min_count, "max": question.max_count}
    named = {key: value for key, value in found.items() if value is not None}
    return {**named, "unit": UNITS.get(question.kind, "字")} if named else {}
