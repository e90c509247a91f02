"""Inputs: a unit's workbook with many nominations of one ranking, a line each, judged cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from stdnum.cn.uscc import calc_check_digit

from accounts.models import normalised
from kczg.kit.workbooks import MEGABYTE, Limits, read_book
from nominations.fields import kind_of
from nominations.fields.base import Declaration, Question
from nominations.fields.characters import narrow
from nominations.inputs.answers import CATEGORY, judge
from nominations.inputs.sheets import Entry, Refusal, read_sheets
from nominations.rules.check_code import digest

ORGANISATION, CODE, EMAIL = "申报单位", "统一社会信用代码", "联系人邮箱"
MOST = 2000
"""Nominations in one file."""
MANY = Limits(packed=10 * MEGABYTE, unpacked=80 * MEGABYTE, lines=20_001)
"""How much the worker reads."""
_FRONT = (
    Question(key="front_organisation", label=ORGANISATION, kind="short_text"),
    Question(key="front_email", label=EMAIL, kind="email"),
)
_SPELLED = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}\Z")
Told = Callable[[int, int], None]
STEP = 50


@dataclass(frozen=True)
class Wanted:
    """A nomination that a line asks for."""

    line: int
    sheet: str
    organisation: str
    credit_code: str
    email: str
    category: str
    title: str
    answers: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same nomination in another file of the ranking."""
        return normalised(self.organisation), normalised(self.title)

    @property
    def digest(self) -> str:
        """The content: two lines of one digest say the same."""
        return digest({"answers": self.answers, "category": self.category, "code": self.credit_code})

    @property
    def person(self) -> str:
        """What the contact is called, as far as the form asks for it."""
        named = (self.answers.get(key) for key in ("contact_name", "person_name"))
        return next((name for name in named if name), self.organisation)[:100]


def front(form: Declaration) -> list[str]:
    """The heads before the answers."""
    return [ORGANISATION, CODE, EMAIL, *([CATEGORY] if form.categories else [])]


def read_many(form: Declaration, file: IO[bytes], told: Told) -> tuple[list[Wanted], list[Refusal]]:
    """The nominations in a file and all that hinders their import. Raises Unreadable.

    ``form`` is one with its years filled in; ``told`` hears how far the work is. A draft may lack answers; one that is
    there and against its rule is refused, so that applicants get drafts that only want completing.
    """
    reading = read_sheets(form, read_book(file, MANY), front(form))
    refusals = list(reading.refusals)
    if len(reading.entries) > MOST:
        words = {"limit": MOST, "now": len(reading.entries)}
        reason = _("最多%(limit)d项，现有%(now)d项，分成几个文件后再上传") % words
        return [], [Refusal(reading.entries[0].sheet, 0, "", reason)]
    if not reading.entries and not refusals:
        refusals.append(Refusal("", 0, "", _("文件中没有申报，从第2行起填写")))
    seen: dict[tuple[str, str], int] = {}
    wanted = []
    for number, entry in enumerate(reading.entries, start=1):
        one, found = _one(form, entry)
        refusals += found
        if one.key in seen and all(one.key):
            reason = _("与第%(line)d行是同一单位的同一申报") % {"line": seen[one.key]}
            refusals.append(Refusal(entry.sheet, entry.line, ORGANISATION, reason))
        seen.setdefault(one.key, entry.line)
        wanted.append(one)
        if number % STEP == 0:
            told(number, len(reading.entries))
    return wanted, refusals


def _one(form: Declaration, entry: Entry) -> tuple[Wanted, list[Refusal]]:
    read = {q.label: kind_of(q).read(q, entry.front[q.label]) for q in _FRONT}
    code = re.sub(r"\s", "", narrow(entry.front[CODE])).upper()
    category = entry.front[CATEGORY].strip() if form.categories else ""
    taken = judge(form, entry.raw, category, lambda control, reason: entry.place(form, control, reason))
    title = str(taken.values.get(form.title_question) or "").strip()[:200]
    found = [*taken.refusals, *taken.remarks]

    def refuse(head: str, reason: str) -> None:
        found.append(Refusal(entry.sheet, entry.line, head, reason))

    for question in _FRONT:
        for problem in kind_of(question).problems(question, read[question.label]):
            refuse(question.label, problem.message)
    if reason := code_fault(code):
        refuse(CODE, reason)
    if form.categories and category not in [option.label for option in form.categories]:
        refuse(CATEGORY, _("填写%(offered)s之一") % {"offered": "、".join(o.label for o in form.categories)})
    asked = form.question(form.title_question)
    if asked is not None and not title and not any(each.column == asked.label for each in found):
        refuse(asked.label, kind_of(asked).ask(asked))
    answers = {key: value for key, value in taken.values.items() if not _empty(form, key, value)}
    organisation, email = read[ORGANISATION], read[EMAIL].lower()
    return Wanted(entry.line, entry.sheet, organisation, code, email, category, title, answers), found


def _empty(form: Declaration, key: str, value: Any) -> bool:
    question = form.question(key)
    return question is None or kind_of(question).empty(value)


def code_fault(code: str) -> str:
    """Why a 统一社会信用代码 is none; "" when it is one, or not given."""
    if not code:
        return ""
    if len(code) != 18:
        return _("统一社会信用代码应为18位，现有%(now)d位") % {"now": len(code)}
    # Not the library's whole judgement: it wants digits in front, where registers of agriculture have a letter.
    if not _SPELLED.match(code) or calc_check_digit(code[:17]) != code[17]:
        return _("校验位不符，对照营业执照检查（不含字母I、O、S、V、Z）")
    return ""
