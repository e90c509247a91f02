"""Inputs: an expert's offline workbook, held against the key that it carries and judged cell by cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.utils.translation import gettext as _

from kczg.kit import signing
from kczg.kit.workbooks import MEGABYTE, Cell, Fault, Limits, Line, Unreadable, read_book
from nominations.inputs.sheets import Refusal
from reviews import queries
from reviews.forms.scores import ScoreForm
from reviews.models import Assignment, ReviewPlan
from reviews.outputs.packet import ADVICE, COMMENT, KEY, LABEL, SHEET, heads

LIMITS = Limits(packed=5 * MEGABYTE, unpacked=50 * MEGABYTE, lines=2000, columns=60)


@dataclass(frozen=True)
class Given:
    """A line that a sheet belongs to: what it says, as ``save_scores`` takes it, and the version it was written on."""

    line: int
    label: str
    sheet: Assignment
    version: int
    typed: Mapping[str, Any]


def read_packet(
    file: IO[bytes], plan: ReviewPlan, sheets: Mapping[int, Assignment], expert: int
) -> tuple[list[Given], list[Refusal]]:
    """The lines of a packet of this expert, and all that hinders them. Raises Unreadable.

    ``sheets``: the expert's open sheets of the track by id. An empty cell says nothing: what stands stays.
    """
    book = read_book(file, LIMITS)
    if SHEET not in book:
        raise Unreadable(_("没有工作表“%(title)s”，重新下载离线评审表填写") % {"title": SHEET})
    key = _key(book.get(KEY, []), plan, expert)
    lines = book[SHEET]
    places = _places(lines[0]) if lines and lines[0].number == 1 else {}
    lacking = [head for head in (LABEL, *heads(plan).values(), COMMENT, ADVICE) if head not in places]
    if lacking:
        return [], [Refusal(SHEET, 1, head, _("缺少此列，下载离线评审表填写")) for head in lacking]
    found, refusals, seen = [], [], set()
    for line in lines[1:]:
        label = _text(_cell(line, places[LABEL])).strip()
        pk, version = key["sheets"].get(label, (0, 0))
        reason = _stray(label, pk in sheets, label in key["sheets"], label in seen)
        if reason:
            refusals.append(Refusal(SHEET, line.number, LABEL, reason))
            continue
        seen.add(label)
        typed, faults = _typed(line, places, plan, sheets[pk])
        refusals += faults
        found.append(Given(line.number, label, sheets[pk], version, typed))
    return found, refusals


def _key(lines: list[Line], plan: ReviewPlan, expert: int) -> dict[str, Any]:
    """What the hidden sheet binds the file to; raises Unreadable for another's, an altered or an outdated one."""
    texts = [_text(line.cells[0]) for line in lines[:2]]
    again = _("重新下载离线评审表")
    if len(texts) < 2 or not signing.is_signed(texts[0].encode(), texts[1], signing.public_key()):
        raise Unreadable(_("文件的校验信息缺失或已改动，%(again)s") % {"again": again})
    key = json.loads(texts[0])
    if key["expert"] != expert or key["track"] != plan.track_id:
        raise Unreadable(_("文件是另一名专家或另一领域的，%(again)s") % {"again": again})
    if key["plan"] != plan.pk or key["digest"] != queries.recipe_digest(plan):
        raise Unreadable(_("评审方案在下载之后改过，%(again)s") % {"again": again})
    return key


def _stray(label: str, is_open: bool, known: bool, twice: bool) -> str:
    if not known:
        return _("文件下载时没有此编号，删去此行") if label else _("填写编号，或删去此行")
    if twice:
        return _("此编号出现两次")
    return "" if is_open else _("此项已提交、弃权或不再由本人评审，删去此行")


def _places(line: Line) -> dict[str, int]:
    return {_text(cell).strip(): place for place, cell in enumerate(line.cells) if _text(cell).strip()}


def _cell(line: Line, place: int) -> Cell:
    return line.cells[place] if place < len(line.cells) else ""


def _text(cell: Cell) -> str:
    if isinstance(cell, Fault):
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell


def _typed(
    line: Line, places: Mapping[str, int], plan: ReviewPlan, sheet: Assignment
) -> tuple[dict[str, Any], list[Refusal]]:
    names = {f"score-{key}": head for key, head in heads(plan).items()}
    names |= {"comment": COMMENT, "comment_applicant": ADVICE}
    cells = {name: _cell(line, places[head]) for name, head in names.items()}
    refusals = [
        Refusal(SHEET, line.number, names[name], cell.reason)
        for name, cell in cells.items()
        if isinstance(cell, Fault)
    ]
    data = {name: text for name, cell in cells.items() if (text := _text(cell)).strip()}
    form = ScoreForm(plan, data, sheet=sheet)
    form.is_valid()
    for name in data:
        refusals += [
            Refusal(SHEET, line.number, names[name], str(words)) for words in form.errors.get(name, [])
        ]
    return form.typed(), refusals
