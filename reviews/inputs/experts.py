"""Inputs: experts from the body's workbook; several codes or names in a cell stand between “；”."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from kczg.kit.characters import refused
from kczg.kit.tables import LIMITS, Line, Unreadable, text_of
from kczg.kit.workbooks import read_book
from nominations.catalogues import CATALOGUES, Catalogue
from nominations.fields.characters import narrow
from nominations.fields.outside import pieces
from nominations.inputs.sheets import Refusal, heads_of

SHEET = "评审专家"
NAME, EMAIL, EMPLOYER, PARENT, ADDRESS = "姓名", "邮箱", "工作单位", "上级单位", "单位地址"
POSITION, EXPERTISE, TRACKS, GROUP, MOST = "职称/职务", "专业领域", "领域", "专家类别", "最多评审项数"
INDUSTRIES, STRATEGIC = "国民经济行业", "战略性新兴产业"
HEADS = (
    *(NAME, EMAIL, EMPLOYER, PARENT, ADDRESS, POSITION, EXPERTISE),
    *(INDUSTRIES, STRATEGIC, TRACKS, GROUP, MOST),
)
REQUIRED = (NAME, EMAIL, EMPLOYER)
TEXTS = {
    EMPLOYER: "employer",
    PARENT: "parent_organisation",
    ADDRESS: "address",
    POSITION: "position",
    EXPERTISE: "expertise",
}
"""Head → the fact that its text is."""
LISTS = {INDUSTRIES: "industries", STRATEGIC: "emerging_industries"}
"""Head → the catalogue whose codes it holds."""
LONGEST = {NAME: 100, EMAIL: 254, POSITION: 100, INDUSTRIES: 2000, STRATEGIC: 2000}
MOST_LINES = 2000
"""Experts in one file."""
MOST_CODES = 20
MOST_TASKS = 999


@dataclass(frozen=True)
class Known:
    """The names that cells may say: of the season's tracks and of the plan's groups → their keys."""

    tracks: Mapping[str, str]
    groups: Mapping[str, str]


@dataclass(frozen=True)
class ExpertRow:
    """An expert as a line asks for it: facts by name; what isn't said stays as it stands."""

    line: int
    name: str
    email: str
    facts: dict[str, Any] = field(default_factory=dict)
    group: str = ""
    most: int | None = None


def read_experts(file: IO[bytes], known: Known) -> tuple[list[ExpertRow], list[Refusal]]:
    """The experts in a workbook and all that hinders their import. Raises Unreadable."""
    book = read_book(file, LIMITS)
    if SHEET not in book:
        words = {"title": SHEET, "found": "、".join(list(book)[:10])}
        raise Unreadable(_("没有工作表“%(title)s”，文件中有：%(found)s。下载模板填写") % words)
    return judged(book[SHEET], known)


def judged(lines: Sequence[Line], known: Known) -> tuple[list[ExpertRow], list[Refusal]]:
    """The same for the lines of the sheet."""
    heads, refusals = heads_of(SHEET, lines, HEADS, REQUIRED)
    if refusals:
        return [], refusals
    if len(lines) == 1:
        return [], [Refusal("", 0, "", _("文件中没有专家，从第2行起填写"))]
    if len(lines) > MOST_LINES + 1:
        many = _("最多%(limit)d名专家，现有%(now)d名，分成几个文件后再上传")
        return [], [Refusal(SHEET, 0, "", many % {"limit": MOST_LINES, "now": len(lines) - 1})]
    rows: list[ExpertRow] = []
    seen: dict[str, int] = {}
    for line in lines[1:]:
        reader = _Reader(line, heads, known)
        row = reader.row()
        first = seen.setdefault(row.email, row.line)
        if row.email and first != row.line:
            reader.refuse(EMAIL, _("与第%(line)d行的邮箱相同") % {"line": first})
        refusals += reader.refusals
        rows.append(row)
    return rows, refusals


class _Reader:
    """One line; what can't be taken is collected, so that a file is mended in one go."""

    def __init__(self, line: Line, heads: Mapping[str, int], known: Known) -> None:
        self.line, self.heads, self.known = line, heads, known
        self.refusals: list[Refusal] = []

    def refuse(self, head: str, reason: str) -> None:
        self.refusals.append(Refusal(SHEET, self.line.number, head, reason))

    def row(self) -> ExpertRow:
        name, email = self._text(NAME), narrow(self._text(EMAIL)).lower()
        if email:
            try:
                validate_email(email)
            except ValidationError:
                self.refuse(EMAIL, _("邮箱应含有“@”和域名，例如name@example.cn"))
        facts: dict[str, Any] = {fact: text for head, fact in TEXTS.items() if (text := self._text(head))}
        found = {
            "industries": self._codes(INDUSTRIES),
            "strategic": self._codes(STRATEGIC),
            "tracks": self._tracks(),
        }
        facts |= {fact: codes for fact, codes in found.items() if codes}
        return ExpertRow(self.line.number, name, email, facts, self._group(), self._most())

    def _text(self, head: str) -> str:
        place = self.heads.get(head)
        cell = self.line.cells[place] if place is not None and place < len(self.line.cells) else ""
        try:
            text = text_of(cell).strip()
        except Unreadable as fault:
            self.refuse(head, str(fault))
            return ""
        limit = LONGEST.get(head, 200)
        if not text and head in REQUIRED:
            self.refuse(head, _("填写%(name)s") % {"name": head})
        elif len(text) > limit:
            self.refuse(head, _("超过%(limit)d个字符") % {"limit": limit})
        elif reason := refused(text, head):
            self.refuse(head, reason)
        else:
            return text
        return ""

    def _codes(self, head: str) -> list[str]:
        catalogue = CATALOGUES[LISTS[head]]
        codes = []
        for piece in pieces(self._text(head)):
            try:
                codes.append(code_of(catalogue, piece))
            except ValueError as fault:
                self.refuse(head, str(fault))
        if len(codes) > MOST_CODES:
            words = {"name": head, "limit": MOST_CODES, "now": len(codes)}
            self.refuse(head, _("%(name)s最多选择%(limit)d项，现有%(now)d项") % words)
        return list(dict.fromkeys(codes))

    def _tracks(self) -> list[str]:
        keys = []
        for piece in pieces(self._text(TRACKS)):
            if piece in self.known.tracks:
                keys.append(self.known.tracks[piece])
            else:
                words = {"name": piece, "known": _("、").join(self.known.tracks)}
                self.refuse(TRACKS, _("没有领域“%(name)s”，可填：%(known)s") % words)
        return list(dict.fromkeys(keys))

    def _group(self) -> str:
        name = self._text(GROUP)
        if name and name not in self.known.groups:
            known = _("、").join(self.known.groups)
            words = _("备案方案中没有专家类别“%(name)s”，可填：%(known)s") if known else ""
            words = words or _("备案方案没有划分专家类别，此列留空")
            self.refuse(GROUP, words % {"name": name, "known": known})
        return self.known.groups.get(name, "")

    def _most(self) -> int | None:
        text = narrow(self._text(MOST))
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= MOST_TASKS:
            words = _("%(name)s应为%(least)d—%(most)d之间的整数，现为%(now)s")
            self.refuse(MOST, words % {"name": MOST, "least": 1, "most": MOST_TASKS, "now": text[:20]})
            return None
        return int(text)


def code_of(catalogue: Catalogue, text: str) -> str:
    """The code of an entry that is named by code, by name, or by name+code. Raises ValueError with words for people.

    Of entries of one name, one above the other, the widest is meant.
    """
    code = text.rpartition("+")[2].strip()
    if catalogue.get(code):
        return code
    found = [entry for entry in catalogue if entry.name == text]
    if not found:
        words = {"catalogue": catalogue.name, "text": text[:60]}
        raise ValueError(_("%(catalogue)s中没有“%(text)s”，填写代码或全称") % words)
    widest = found[0].code
    if any(widest not in {above.code for above in catalogue.path(entry.code)} for entry in found):
        words = {"text": text[:60], "codes": "、".join(entry.code for entry in found[:5])}
        raise ValueError(_("“%(text)s”有几个代码（%(codes)s），填写其中一个代码") % words)
    return widest
