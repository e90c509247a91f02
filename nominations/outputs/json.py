"""Papers: a nomination's content as data, and the JSON Schema of a form and of a season's forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nominations.answers import Tree
from nominations.fields import kind_of
from nominations.fields.base import Declaration


def document(tree: Tree, **head: Any) -> dict[str, Any]:
    """The whole form as printed, as JSON-able data: sections and questions with label, value and text.

    ``head`` is put first: number, version, check code. ``answers`` alone reads back without loss.
    """
    return {
        **head,
        "ranking": tree.form.key,
        "title": tree.title,
        "form": tree.form.digest(),
        "track": tree.track,
        "category": tree.category,
        "sections": [
            {
                "key": view.key,
                "title": view.title,
                "questions": [
                    {
                        "key": item.question.key,
                        "label": item.question.label,
                        "kind": item.question.kind,
                        "value": item.value,
                        "text": item.text,
                    }
                    for item in view.items
                ],
            }
            for view in tree.sections
        ],
        "answers": tree.answers,
    }


DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(form: Declaration) -> dict[str, Any]:
    """The JSON Schema of a form's answers. A draft may leave any question out."""
    return {"$schema": DIALECT, **_answers(form)}


def schemas(forms: Sequence[Declaration], title: str) -> dict[str, Any]:
    """One JSON Schema for documents of all these forms: the ranking named in it says whose answers it holds."""
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": {"ranking": {"enum": [form.key for form in forms]}, "answers": {"type": "object"}},
        "required": ["ranking", "answers"],
        "allOf": [
            {
                "if": {"properties": {"ranking": {"const": form.key}}, "required": ["ranking"]},
                "then": {"properties": {"answers": {"$ref": f"#/$defs/{form.key}"}}},
            }
            for form in forms
        ],
        "$defs": {form.key: _answers(form) for form in forms},
    }


def _answers(form: Declaration) -> dict[str, Any]:
    properties = {
        question.key: {"title": question.label, **kind_of(question).schema(question)}
        for question in form.questions()
    }
    return {
        "title": form.title,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
