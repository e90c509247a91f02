"""Fields: files that go along with the form, as a question of its own or as a column of rows.

A page and a JSON document say ids alone; what a file is called, how long it is and what its SHA-256 is comes
from the server's rows (``completed``). An entry has ``id``, ``name``, ``size``, ``pages``, ``sha256`` and
``type``; while the check isn't over or has refused it, also ``state``, and ``refusal``: its code and figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kczg.kit.uploads.words import megabytes, refusal
from nominations.fields.base import Declaration, Kind, Problem, Question

MOST = 10
"""Files at most where the question names no number."""
UPLOAD, REMOVE = "upload", "remove_file"
"""The submit buttons that work without script: upload=attachments, remove_file=attachments:<id>."""
SENT = "-file"
"""Behind the name of a control: the input that sends files."""
ACCEPT = ".pdf,.jpg,.jpeg,.png"
CHECKING, REFUSED = "checking", "refused"
HELD, GIVEN = "held", "given"
"""Of a file as a blind review shows it: kept back, or given under a neutral name and without its figures."""
_ID = re.compile(r"[0-9a-f]{32}\Z")
_SHAPE: dict[str, type] = {
    "id": str,
    "name": str,
    "size": int,
    "pages": int,
    "sha256": str,
    "type": str,
    "state": str,
    "refusal": dict,
}
_POSTED_MOST = 100
Entry = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """The files that a nomination has: by place (``attachments``, ``certificates.scan``) and id; where they are sent."""

    known: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    address: str = ""


NOTHING = Kept()


class FilesWidget(forms.Widget):
    """The files there are, each with its 删除, and the input that sends more."""

    template_name = "fields/files/input.html"
    use_fieldset = True
    needs_multipart_form = True

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        self.place = question.key
        self.kept = NOTHING

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        posted = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        control, _colon, gone = data.get(REMOVE, "").partition(":")
        return [each for each in posted if (control, each) != (name, gone)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attrs, most = attrs or {}, most_of(self.question)
        identity = attrs.get("id", f"id_{name}")
        known = self.kept.known.get(self.place, {})
        context = {
            "name": name,
            "id": identity,
            "question": self.question,
            "place": self.place,
            "address": self.kept.address,
            "entries": [shown(known.get(each["id"], each)) for each in entries_of(value)],
            "most": most,
            "most_bytes": settings.UPLOAD_MAX_BYTES,
            "limit": megabytes(settings.UPLOAD_MAX_BYTES),
            "accept": ACCEPT,
            "words": attrs.get("aria-describedby", ""),
            "wrong": attrs.get("aria-invalid") == "true",
        }
        return render_to_string(self.template_name, context)


class Files(Kind):
    name = "files"
    shape = list

    def widget(self, question: Question) -> forms.Widget:
        return FilesWidget(question)

    def read(self, question: Question, raw: Any) -> Any:
        return entries_of(raw)

    def unreadable(self, question: Question, value: Any) -> list[Problem]:
        most = most_of(question)
        if len(value) <= most:
            return []
        words = {"name": question.name, "limit": most, "now": len(value)}
        return [
            Problem(
                question.key, "too_many", _("%(name)s最多%(limit)d个文件，现有%(now)d个，删除多余的") % words
            )
        ]

    def ask(self, question: Question) -> str:
        return _("上传%(name)s") % {"name": question.name}

    def check(self, question: Question, value: Any) -> list[Problem]:
        found = []
        for entry in value:
            words = {"file": entry.get("name", ""), "why": why(entry)}
            if entry.get("state") == REFUSED:
                found.append(
                    Problem(question.key, "file_refused", _("“%(file)s”未通过检查：%(why)s") % words)
                )
            elif "sha256" not in entry or entry.get("state"):
                found.append(
                    Problem(question.key, "file_checking", _("“%(file)s”正在检查，稍候再继续") % words)
                )
        return found

    def text(self, question: Question, value: Any) -> str:
        return "\n".join(line(entry) for entry in value)

    def schema(self, question: Question) -> dict[str, Any]:
        identity = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
        kinds = {str: "string", int: "integer", dict: "object"}
        properties = {key: {"type": kinds[shape]} for key, shape in _SHAPE.items()} | {"id": identity}
        entry = {
            "type": "object",
            "properties": properties,
            "required": ["id"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": {"anyOf": [identity, entry]}, "maxItems": most_of(question)}


def most_of(question: Question) -> int:
    return question.max_count or MOST


def entries_of(raw: Any) -> list[Entry]:
    """Entries of what a form or a JSON document brought: ids, or entries again; each file once."""
    found: dict[str, Entry] = {}
    for each in raw[:_POSTED_MOST] if isinstance(raw, (list, tuple)) else ():
        given = each if isinstance(each, dict) else {"id": each}
        entry = {key: given[key] for key, shape in _SHAPE.items() if type(given.get(key)) is shape}
        if _ID.match(entry.get("id", "")):
            found.setdefault(entry["id"], entry)
    return list(found.values())


def line(entry: Entry) -> str:
    """A file in words, the same on every page and paper: its name, its pages, the beginning of its SHA-256."""
    return entry.get("name", "") + facts(entry)


def facts(entry: Entry) -> str:
    """What stands behind a file's name."""
    if entry.get("state") == GIVEN:
        return ""
    if entry.get("state") or "sha256" not in entry:
        return _("（") + state_words(entry) + _("）")
    words = {"pages": entry.get("pages", 0), "digest": entry["sha256"][:8]}
    return _("（%(pages)d页，SHA-256 %(digest)s）") % words


def listed(value: Any) -> list[Entry]:
    """The files of an answer as a reader's page shows them: a link to what is ready, and the same words."""
    return [
        {
            "id": entry["id"],
            "name": entry.get("name", ""),
            "facts": facts(entry),
            "ready": entry.get("state") == GIVEN or ("sha256" in entry and not entry.get("state")),
        }
        for entry in entries_of(value)
    ]


def why(entry: Entry) -> str:
    """Why a file was refused, in the reader's language."""
    given = entry.get("refusal", {})
    figures = given.get("facts")
    return refusal(str(given.get("code", "")), figures if isinstance(figures, dict) else {})


def state_words(entry: Entry) -> str:
    if entry.get("state") == REFUSED:
        return _("未通过")
    if entry.get("state") == HELD:
        return _("未提供")
    return _("正在检查") if entry.get("state") or "sha256" not in entry else _("可用")


def shown(entry: Entry) -> Entry:
    """An entry with the words that a page shows beside it."""
    refused = entry.get("state") == REFUSED
    return {
        **entry,
        "is_checking": entry.get("state") == CHECKING,
        "is_refused": refused,
        "state_words": state_words(entry),
        "why": why(entry) if refused else "",
        "megabytes": _megabytes(entry.get("size", 0)),
    }


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.1f} MB" if size >= 100 * 1024 else f"{max(size // 1024, 1)} KB"


# --- Places: where in a form files stand -------------------------------------------------------------------


def is_files(question: Question) -> bool:
    return question.kind == Files.name


def columns_of(question: Question) -> list[Question]:
    """The columns of rows that hold files."""
    return [column for column in question.columns if is_files(column)]


def place_of(question: Question, column: Question | None = None) -> str:
    """The name of a place: ``attachments``, or ``certificates.scan`` for a column."""
    return f"{question.key}.{column.key}" if column else question.key


def places(form: Declaration) -> Iterator[tuple[str, Question, Question]]:
    """Each place of a form with its question, and the question or column that says how many files it takes."""
    for question in form.questions():
        if is_files(question):
            yield place_of(question), question, question
        for column in columns_of(question):
            yield place_of(question, column), question, column


def completed(question: Question, value: Any, known: Mapping[str, Mapping[str, Entry]]) -> Any:
    """The answer with each file as the server knows it; a foreign or unknown id is dropped."""
    if is_files(question):
        return _known(value, known.get(place_of(question), {}))
    columns = columns_of(question)
    if not columns or not isinstance(value, list):
        return value
    return [
        {
            **row,
            **{c.key: _known(row.get(c.key), known.get(place_of(question, c), {})) for c in columns},
        }
        for row in value
        if isinstance(row, dict)
    ]


def _known(value: Any, known: Mapping[str, Entry]) -> list[Entry]:
    return [dict(known[entry["id"]]) for entry in entries_of(value) if entry["id"] in known]


def named_in(form: Declaration, answers: Mapping[str, Any]) -> list[Entry]:
    """All files that answers name, in printed order."""
    found: list[Entry] = []
    for question in form.questions():
        value = answers.get(question.key)
        if is_files(question):
            found += entries_of(value)
        elif columns := columns_of(question):
            rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
            found += [entry for row in rows for c in columns for entry in entries_of(row.get(c.key))]
    return found
