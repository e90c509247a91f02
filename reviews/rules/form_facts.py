"""Rules: whom and what a form names. Which questions hold people, organisations and addresses.

A question says so by its kind (telephone, e-mail) or by its printed label, so that this holds for every ranking
and for the forms that a season has changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nominations.fields.base import Declaration, Question


class Role(StrEnum):
    """What the answer to a question is about."""

    OWNER = "owner"
    """The organisation whose entry it is."""
    ORGANISATION = "organisation"
    """Another one that takes part: holds a patent, works along, employed the applicant."""
    PARENT = "parent"
    """The one above the applicant."""
    PERSON = "person"
    ADDRESS = "address"


_ADDRESS = re.compile("地址")
_PARENT = re.compile("上级单位|主管单位|主管部门|控股|股东名称")
_PARTNER = re.compile("合作|完成单位|参与单位|协作单位|专利权人")
_OWNER = re.compile("单位|企业名称|机构名称")
_PERSON = re.compile("姓名|联系人|代表人|负责人|发明人|设计人|作者|完成人|参与人|成员|个人|专利权人")
_LIST = re.compile("合作单位|完成单位|参与单位|协作单位|上级单位|主管单位")
_SEPARATORS = re.compile(r"[、，,；;/|\n\r\t]+")

_EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_CODE = re.compile(r"(?<![0-9a-z])[0-9a-hj-npqrtuwxy]{18}(?![0-9a-z])")


@dataclass(frozen=True)
class FormFacts:
    """What a form names: by role, and what is found in all its text."""

    by_role: Mapping[Role, tuple[str, ...]]
    emails: frozenset[str]
    mobiles: frozenset[str]
    codes: frozenset[str]
    text: str
    """All that was answered, NFKC and lower case; answers apart from each other by “|”."""

    def of(self, role: Role) -> tuple[str, ...]:
        return self.by_role.get(role, ())


def roles_of(question: Question, in_rows: bool = False) -> frozenset[Role]:
    """What a question asks for; a column of rows (``in_rows``) never names whose entry it is."""
    label = question.label
    if question.kind == "long_text":
        if not _LIST.search(label):
            return frozenset()
    elif question.kind != "short_text":
        return frozenset()
    if _ADDRESS.search(label):
        return frozenset({Role.ADDRESS})
    if _PARENT.search(label):
        return frozenset({Role.PARENT})
    found = set()
    if _PARTNER.search(label) or (in_rows and _OWNER.search(label)):
        found.add(Role.ORGANISATION)
    elif _OWNER.search(label):
        found.add(Role.OWNER)
    if _PERSON.search(label):
        found.add(Role.PERSON)
    return frozenset(found)


def read(form: Declaration | None, answers: Mapping[str, Any]) -> FormFacts:
    """What the answers to a form name; without a declaration only what stands in their text."""
    by_role: dict[Role, list[str]] = {}
    for question, value, in_rows in _asked(form, answers) if form is not None else ():
        for role in roles_of(question, in_rows):
            by_role.setdefault(role, []).extend(_parts(value, role))
    text = unicodedata.normalize("NFKC", "|".join(_texts(answers))).casefold()
    return FormFacts(
        by_role={role: tuple(values) for role, values in by_role.items()},
        emails=frozenset(_EMAIL.findall(text)),
        mobiles=frozenset(re.sub(r"\D", "", found) for found in _MOBILE.findall(text)),
        codes=frozenset(code.upper() for code in _CODE.findall(text)),
        text=text,
    )


def _asked(form: Declaration, answers: Mapping[str, Any]) -> Iterator[tuple[Question, str, bool]]:
    for question in form.questions():
        value = answers.get(question.key)
        if isinstance(value, str):
            yield question, value, False
        elif question.columns and isinstance(value, list):
            for row in value:
                for column in question.columns:
                    cell = row.get(column.key) if isinstance(row, Mapping) else None
                    if isinstance(cell, str):
                        yield column, cell, True


def _parts(value: str, role: Role) -> list[str]:
    """The names in an answer: several may stand in one line. An address stays whole."""
    parts = [value] if role is Role.ADDRESS else _SEPARATORS.split(value)
    return [part.strip() for part in parts if part.strip()]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
