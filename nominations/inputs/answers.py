"""Inputs: raw answers from a file, judged by the kinds that judge a page: what is taken, what isn't and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.utils.translation import gettext as _

from kczg.kit.workbooks import MEGABYTE, Limits, Unreadable, read_book
from nominations.fields import kind_of, value_of
from nominations.fields.base import Declaration
from nominations.forms import read_json
from nominations.inputs.sheets import Entry, Refusal, read_sheets

JSON_MOST = 2 * MEGABYTE
ONE = Limits(packed=2 * MEGABYTE, unpacked=8 * MEGABYTE, lines=2001)
"""How much of a workbook with one nomination a web process reads (I6)."""
CATEGORY, OWN_NUMBER = "类别", "申报编号"

FILES = "files"

Place = Callable[[str, str], Refusal]
"""Key of a control, reason → where that is in the file."""


@dataclass(frozen=True)
class Taken:
    """What a file brought: answers that can be kept, what is refused, and what must still be mended before submission."""

    values: dict[str, Any]
    refusals: list[Refusal]
    remarks: list[Refusal]


class Draft(Protocol):
    """What a draft says of itself to a file that is meant for it."""

    number: str
    category: str
    answers: dict[str, Any]


def judge(
    form: Declaration,
    raw: Mapping[str, Any],
    category: str,
    place: Place,
    standing: Mapping[str, Any] | None = None,
) -> Taken:
    """Reads raw answers by question. An empty answer is no remark: a draft may lack any.

    Uploaded files are never brought by a document: those of the ``standing`` answers stay.
    """
    updates = read_json(form, _without_files(form, raw, standing or {}))
    refusals = [place(problem.key, problem.message) for problem in updates.problems]
    remarks = []
    for question in form.questions():
        value = updates.values.get(question.key)
        kind = kind_of(question)
        if question.key in updates.values and not kind.empty(value):
            for problem in kind.check(question.asked_in(category), value):
                remarks.append(place(problem.key, problem.message))
    return Taken(updates.values, refusals, remarks)


def _without_files(form: Declaration, raw: Mapping[str, Any], standing: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without files; a row keeps the files of the row at its place."""
    kept = dict(raw)
    for question in form.questions():
        if question.kind == FILES:
            kept.pop(question.key, None)
        columns = [column.key for column in question.columns if column.kind == FILES]
        rows = kept.get(question.key)
        if columns and isinstance(rows, list):
            own = value_of(question, standing)
            kept[question.key] = [
                {key: cell for key, cell in row.items() if key not in columns}
                | ({key: own[n][key] for key in columns} if n < len(own) else {})
                if isinstance(row, dict)
                else row
                for n, row in enumerate(rows)
            ]
    return kept


def read_file(form: Declaration, file: IO[bytes], name: str, draft: Draft) -> Taken:
    """A nomination from the file that a person uploads, JSON or a workbook with one line. Raises Unreadable.

    ``form`` is one with its years filled in. Of a workbook empty cells say nothing: what was typed on line stays.
    """
    if name.lower().endswith(".json"):
        return _read_document(form, file, draft)
    reading = read_sheets(form, read_book(file, ONE), [OWN_NUMBER, CATEGORY], draft.answers)
    if len(reading.entries) != 1:
        words = _("文件中应有一项申报，现有%(now)d项") % {"now": len(reading.entries)}
        return Taken({}, reading.refusals or [Refusal("", 0, "", words)], [])
    entry = reading.entries[0]
    strange = _strange(entry, draft)
    taken = judge(
        form,
        entry.raw,
        draft.category,
        lambda control, reason: entry.place(form, control, reason),
        draft.answers,
    )
    values = {} if strange else taken.values
    return Taken(values, [*reading.refusals, *strange, *taken.refusals], taken.remarks)


def _strange(entry: Entry, draft: Draft) -> list[Refusal]:
    """What says that the line is another nomination's."""
    found = []
    for head, own in ((OWN_NUMBER, draft.number), (CATEGORY, draft.category)):
        given = entry.front[head].strip()
        if given and given != own:
            words = {"name": head, "given": given[:50], "own": own or "—"}
            reason = _("%(name)s是%(given)s，此申报表的是%(own)s") % words
            found.append(Refusal(entry.sheet, entry.line, head, reason))
    return found


def _read_document(form: Declaration, file: IO[bytes], draft: Draft) -> Taken:
    """A document as ``outputs/json.py`` writes it, or its answers alone."""
    given = load_json(file.read(JSON_MOST + 1))
    answers = given.get("answers", given) if isinstance(given, dict) else None
    if not isinstance(answers, dict):
        raise Unreadable(_("文件应是一个JSON对象，含answers"))
    refusals = []
    if answers is not given:
        for key, own in (("ranking", form.key), ("category", draft.category)):
            if given.get(key, own) != own:
                words = {"name": key, "given": str(given[key])[:50], "own": own or "—"}
                refusals.append(Refusal("", 0, key, _("%(name)s是%(given)s，此申报表的是%(own)s") % words))
    if refusals:
        return Taken({}, refusals, [])
    return judge(
        form,
        answers,
        draft.category,
        lambda control, reason: Refusal("", 0, _named(form, control), reason),
        draft.answers,
    )


def _named(form: Declaration, control: str) -> str:
    question = form.question(control.partition("-")[0])
    return question.name if question else control


def load_json(content: bytes) -> Any:
    """JSON with its numbers as they are spelled, so that no digit is lost. Raises Unreadable."""
    if len(content) > JSON_MOST:
        raise Unreadable(_("内容超过%(limit)d MB") % {"limit": JSON_MOST // MEGABYTE})
    try:
        return json.loads(
            content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=_no_number
        )
    except UnicodeDecodeError as fault:
        raise Unreadable(_("内容不是UTF-8编码，转为UTF-8后再试")) from fault
    except json.JSONDecodeError as fault:
        words = {"line": fault.lineno, "column": fault.colno}
        raise Unreadable(_("不是有效的JSON：第%(line)d行第%(column)d列") % words) from fault
    except (RecursionError, ValueError) as fault:
        raise Unreadable(_("不是有效的JSON")) from fault


def _no_number(name: str) -> Any:
    raise ValueError(name)
