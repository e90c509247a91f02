"""匿名: what gives an applicant away in a text, found whatever its spelling, and replaced by a word in brackets.

Known names and numbers are compared by their letters and digits alone: full or half width, case, spaces, line
breaks, punctuation and invisible characters inside them hide nothing. Telephones, mailboxes, addresses of the
web, credit codes and numbers of patents are found by their shape as well, whosoever's they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _

from reviews.rules import aliases

SHORTEST_NUMBER = 6
"""Fewer digits than these name nobody."""


class Kind(StrEnum):
    """What a place in a text tells."""

    APPLICANT = "applicant"
    UNIT = "unit"
    OTHER = "other"
    """An organisation that takes part, or is above the applicant."""
    PERSON = "person"
    MEMBER = "member"
    PHONE = "phone"
    EMAIL = "email"
    CODE = "code"
    ADDRESS = "address"
    WEB = "web"
    NUMBER = "number"


def word_of(kind: Kind) -> str:
    """What stands for it, without brackets."""
    return {
        Kind.APPLICANT: _("申报单位"),
        Kind.UNIT: _("推荐单位"),
        Kind.OTHER: _("相关单位"),
        Kind.PERSON: _("申报人"),
        Kind.MEMBER: _("成员"),
        Kind.PHONE: _("电话"),
        Kind.EMAIL: _("邮箱"),
        Kind.CODE: _("统一社会信用代码"),
        Kind.ADDRESS: _("地址"),
        Kind.WEB: _("网址"),
        Kind.NUMBER: _("编号"),
    }[kind]


def nobody() -> str:
    """What stands for an answer whose very purpose is to tell who it is."""
    return _("〔匿名〕")


@dataclass(frozen=True)
class Facts:
    """What is known of who applies: every tuple in the spelling in which it was given."""

    applicants: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Organisations above the applicant, or that took part."""
    persons: tuple[str, ...] = ()
    """Who applies, where a person does."""
    members: tuple[str, ...] = ()
    """All others: who is asked, leads, invented, or wrote."""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    webs: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    """The form's running text, in which further names are looked for."""


@dataclass(frozen=True)
class Mark:
    """A place in a text that tells: from ``start`` to ``end``, what it is, what stands for it."""

    start: int
    end: int
    kind: Kind
    word: str


# --- What is the same whatever its spelling ----------------------------------------------------------------


def _tight(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, in their plain form, with the place of each in the text."""
    signs, places = [], []
    for place, sign in enumerate(text):
        for plain in unicodedata.normalize("NFKC", sign).casefold():
            if unicodedata.category(plain)[0] in "LN":
                signs.append(plain)
                places.append(place)
    return "".join(signs), places


def _loose(text: str) -> tuple[str, list[int]]:
    """All signs that show, in their plain form, with the place of each in the text."""
    signs, places = [], []
    for place, sign in enumerate(text):
        for plain in unicodedata.normalize("NFKC", sign).casefold():
            if unicodedata.category(plain) != "Cf":
                signs.append(plain)
                places.append(place)
    return "".join(signs), places


_GAP = r"[\s\-‐‑–—.·()]{0,3}"
_TAIL = r"[^\s,;()\"<>“”\u3000-\u303f\u4e00-\u9fff]"
_TOPS = "com|cn|net|org|edu|gov|io|ai|cc|tech|top|xyz|info|co|me|hk"
SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.EMAIL,
        re.compile(
            r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}\s?@\s?[a-z0-9-]{1,63}(?:\s?\.\s?[a-z0-9-]{1,63}){1,6}"
        ),
    ),
    (
        Kind.WEB,
        re.compile(
            rf"(?:https?|ftp)\s?:\s?//{_TAIL}+|(?<![a-z0-9@.-])(?:[a-z0-9-]{{1,63}}\.){{1,6}}(?:{_TOPS})(?![a-z]){_TAIL}*"
        ),
    ),
    (Kind.PHONE, re.compile(rf"(?<!\d)1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")),
    (Kind.PHONE, re.compile(rf"(?<!\d)0\d{{2,3}}{_GAP}[2-8]\d{{2,3}}{_GAP}\d{{4}}(?!\d)")),
    (Kind.PHONE, re.compile(rf"(?<!\d)[48]00{_GAP}\d{{3,4}}{_GAP}\d{{3,4}}(?!\d)")),
    (Kind.CODE, re.compile(r"(?<![0-9a-z])[159y][1239]\d{6}[0-9a-hj-npqrtuwxy]{10}(?![0-9a-z])")),
    (Kind.NUMBER, re.compile(rf"zl{_GAP}\d(?:{_GAP}\d){{7,12}}(?:{_GAP}[\dx])?(?![0-9a-z])")),
    (Kind.NUMBER, re.compile(r"(?<!\d)(?:19|20)\d{2}\s?[1-9]\s?0?\d{7}\.\s?[\dx](?![0-9a-z])")),
    (
        Kind.NUMBER,
        re.compile(r"(?<![a-z])(?:cn|us|ep|wo|jp|kr|de)\s?(?:\d{4}\s?/?\s?)?\d{6,9}\s?[a-z]?\d?(?![0-9a-z])"),
    ),
    (Kind.NUMBER, re.compile(r"pct\s?/\s?[a-z]{2}\s?\d{4}\s?/\s?\d{5,6}|(?<!\d)\d{4}\s?sr\s?\d{6,7}(?!\d)")),
    (Kind.NUMBER, re.compile(r"(?<![\d.])10\.\d{4,9}/[!-~]+")),
    (
        Kind.NUMBER,
        re.compile(
            r"(?:(?<=公众号)|(?<=微信号)|(?<=qq号)|(?<=微信)|(?<=qq))\s?[:“\"]\s?[^\s，。；、”\",;]{2,20}"
        ),
    ),
)
"""Found by shape, in the loose form."""


class Mask:
    """Replaces what tells who applies; made once for a nomination, used for each of its texts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def known(self) -> dict[str, tuple[Kind, str]]:
        """Tight form → what it is and the word for it; the first that claims a form has it."""
        found: dict[str, tuple[Kind, str]] = {}
        for kind, word, spelling in self._spellings():
            tight = _tight(spelling)[0]
            if len(tight) >= (SHORTEST_NUMBER if tight.isdigit() else 2):
                found.setdefault(tight, (kind, word))
        return found

    def _spellings(self) -> Iterator[tuple[Kind, str, str]]:
        facts = self._facts
        groups = (
            (Kind.APPLICANT, facts.applicants, aliases.of_organisation),
            (Kind.UNIT, facts.units, aliases.of_organisation),
            (Kind.OTHER, facts.others, aliases.of_organisation),
            (Kind.PHONE, facts.phones, aliases.of_phone),
            (Kind.EMAIL, facts.emails, aliases.of_email),
            (Kind.ADDRESS, facts.addresses, aliases.of_address),
            (Kind.WEB, facts.webs, aliases.of_host),
            (Kind.PERSON, facts.persons, aliases.of_person),
        )
        for kind, names, forms in groups:
            for name in names:
                yield from ((kind, word_of(kind), form) for form in forms(name))
        for kind, names in ((Kind.CODE, facts.codes), (Kind.NUMBER, facts.numbers)):
            yield from ((kind, word_of(kind), name) for name in names)
        for number, name in enumerate(self._members(), start=1):
            word = f"{word_of(Kind.MEMBER)}{number}"
            yield from ((Kind.MEMBER, word, form) for form in aliases.of_person(name))
        for kind, names in ((Kind.APPLICANT, facts.applicants), (Kind.UNIT, facts.units)):
            for alias in self._aliases(names):
                yield kind, word_of(kind), alias

    def _members(self) -> list[str]:
        told = [name for text in self._facts.texts for name in aliases.people_in(text)]
        return [
            name for name in dict.fromkeys((*self._facts.members, *told)) if name not in self._facts.persons
        ]

    def _aliases(self, names: Iterable[str]) -> Iterator[str]:
        """What a text calls an organisation in the bracket behind its name."""
        for full in filter(None, (_tight(name)[0] for name in names)):
            for text in self._facts.texts:
                tight, places = _tight(text)
                for start in _starts(tight, full):
                    yield from aliases.in_brackets(text[places[start + len(full) - 1] + 1 :])

    def marks(self, text: str) -> list[Mark]:
        """Every place that tells, in order; of those that overlap the longest gives its word to all of it."""
        found = sorted((*self._known_in(text), *_shapes_in(text)), key=lambda mark: (mark.start, -mark.end))
        merged: list[Mark] = []
        for mark in found:
            if merged and mark.start < merged[-1].end:
                last = merged.pop()
                longer = mark if mark.end - mark.start > last.end - last.start else last
                mark = Mark(last.start, max(last.end, mark.end), longer.kind, longer.word)
            merged.append(mark)
        return merged

    def text(self, text: str) -> str:
        """The text without what tells: 〔申报单位〕 stands for the applicant, and so on."""
        parts, at = [], 0
        for mark in self.marks(text):
            parts += [text[at : mark.start], _("〔%(what)s〕") % {"what": mark.word}]
            at = mark.end
        return "".join((*parts, text[at:]))

    def _known_in(self, text: str) -> Iterator[Mark]:
        tight, places = _tight(text)
        for form, (kind, word) in self.known.items():
            for start in _starts(tight, form):
                first, last = places[start], places[start + len(form) - 1]
                if form.isdigit() or _stands_alone(text, form, first, last):
                    yield Mark(first, last + 1, kind, word)


def _starts(text: str, form: str) -> Iterator[int]:
    at = text.find(form)
    while at >= 0:
        yield at
        at = text.find(form, at + 1)


def _stands_alone(text: str, form: str, first: int, last: int) -> bool:
    """Whether a form that begins or ends in Latin letters isn't a piece of a longer word."""
    before = unicodedata.normalize("NFKC", text[first - 1]) if first else ""
    after = unicodedata.normalize("NFKC", text[last + 1]) if last + 1 < len(text) else ""
    inside = form[0].isascii() and before.isascii() and before.isalnum()
    return not inside and not (form[-1].isascii() and after.isascii() and after.isalnum())


def _shapes_in(text: str) -> Iterator[Mark]:
    loose, places = _loose(text)
    for kind, shape in SHAPES:
        for match in shape.finditer(loose):
            yield Mark(places[match.start()], places[match.end() - 1] + 1, kind, word_of(kind))
