"""Rules: which page of which version each picture of a stamped paper shows, and what is amiss with the whole.

A picture is a page of an uploaded PDF, or a photo; it may show one page of the form, several, or none. What
a page's QR says is a ``Mark``; nobody has to trust it: the version's own digest is held against it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kczg.kit.clock import local
from nominations.rules import check_code

DIGITS = 16
"""How many hexadecimal digits of a version's digest stand in its marks."""
NOT_OF_THE_FORM = 0
"""What a person says of a picture that shows no page of the form, such as a cover."""
_TEXT = re.compile(
    r"HTTPS?://[^/\s]{1,100}/V/"
    rf"(?P<code>[{check_code.ALPHABET}]{{{check_code.LENGTH}}})/(?P<number>[0-9A-Z]{{4,20}})/"
    rf"(?P<version>[0-9]{{1,4}})/(?P<digest>[0-9A-F]{{{DIGITS}}})/(?P<page>[0-9]{{1,3}})-(?P<pages>[0-9]{{1,3}})"
)


@dataclass(frozen=True)
class Mark:
    """What the QR at a page's foot says: page ``page`` of ``pages`` of a nomination's version."""

    code: str
    number: str
    version: int
    digest: str
    page: int
    pages: int

    def address(self, site: str) -> str:
        """The mark as an address that a phone opens; capitals and digits alone make the QR coarse and clear."""
        code = self.code.replace("-", "")
        place = f"{self.number}/{self.version}/{self.digest[:DIGITS]}/{self.page}-{self.pages}"
        return f"{site}/V/{code}/{place}".upper()


def parse(text: str) -> Mark | None:
    """The mark that a QR holds; None for any other QR on a page. The site's name may have changed since."""
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        return None
    code = found["code"]
    return Mark(
        code=f"{code[:4]}-{code[4:]}",
        number=found["number"],
        version=int(found["version"]),
        digest=found["digest"].lower(),
        page=int(found["page"]),
        pages=int(found["pages"]),
    )


@dataclass(frozen=True, order=True)
class Spot:
    """Where a picture is: which file, in their order, and which of its pages, both from 1."""

    file: int
    page: int


@dataclass(frozen=True)
class Picture:
    """A picture with the marks that were read on it; ``blank``: there is nothing on it, as on a sheet's back."""

    spot: Spot
    marks: tuple[Mark, ...]
    blank: bool = False


@dataclass(frozen=True)
class Paper:
    """The version that was to be stamped, and which of its pages have to come back."""

    number: str
    code: str
    digest: str
    pages: int
    needed: frozenset[int]


@dataclass(frozen=True)
class Finding:
    """One thing that is amiss: missing, doubled, foreign, outdated or unreadable; ``page`` is the form's."""

    kind: str
    page: int = 0
    spots: tuple[Spot, ...] = ()
    code: str = ""
    frozen_at: datetime | None = None


def judge(
    paper: Paper,
    pictures: Sequence[Picture],
    versions: Mapping[str, datetime],
    confirmed: Mapping[Spot, int],
) -> list[Finding]:
    """What hinders, in the order in which it is to be told; empty when the stamped paper is whole.

    ``versions`` are the nomination's own, by check code, with the moment of each; ``confirmed`` says which
    page a person saw on a picture that nothing was read on.
    """
    seen: dict[int, list[Spot]] = defaultdict(list)
    foreign: list[Spot] = []
    outdated: dict[str, list[Spot]] = defaultdict(list)
    unreadable: list[Spot] = []
    for picture in pictures:
        if not picture.marks:
            if picture.spot in confirmed:
                seen[confirmed[picture.spot]].append(picture.spot)
            elif not picture.blank:
                unreadable.append(picture.spot)
        for mark in dict.fromkeys(picture.marks):
            if _is_of(paper, mark):
                seen[mark.page].append(picture.spot)
            elif mark.number == paper.number and mark.code in versions and mark.code != paper.code:
                outdated[mark.code].append(picture.spot)
            else:
                foreign.append(picture.spot)
    return [
        *(
            Finding("outdated", spots=_once(spots), code=code, frozen_at=versions[code])
            for code, spots in outdated.items()
        ),
        *([Finding("foreign", spots=_once(foreign))] if foreign else ()),
        *(Finding("unreadable", spots=(spot,)) for spot in unreadable),
        *(
            Finding("doubled", page, tuple(spots))
            for page, spots in sorted(seen.items())
            if page != NOT_OF_THE_FORM and len(spots) > 1
        ),
        *(Finding("missing", page) for page in sorted(paper.needed) if page not in seen),
    ]


def _is_of(paper: Paper, mark: Mark) -> bool:
    same = (mark.number, mark.code, mark.digest) == (paper.number, paper.code, paper.digest[:DIGITS])
    return same and 1 <= mark.page <= paper.pages


def _once(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    return tuple(dict.fromkeys(spots))


def pages_of(paper: Paper, picture: Picture, confirmed: Mapping[Spot, int]) -> list[int]:
    """The pages of the paper that a picture shows, as read or as a person said."""
    if not picture.marks:
        page = confirmed.get(picture.spot, NOT_OF_THE_FORM)
        return [page] if page else []
    return sorted({mark.page for mark in picture.marks if _is_of(paper, mark)})


def words(finding: Finding, files: Sequence[str]) -> str:
    """A finding in words; ``files`` are the files' names in their order."""
    where = "、".join(spot_words(spot, files) for spot in finding.spots)
    if finding.kind == "missing":
        return _("缺第%(page)d页") % {"page": finding.page}
    if finding.kind == "doubled":
        return _("第%(page)d页重复：%(where)s") % {"page": finding.page, "where": where}
    if finding.kind == "foreign":
        return _("%(where)s不是本申报表的页") % {"where": where}
    if finding.kind == "outdated":
        return outdated_words(finding.code, finding.frozen_at)
    return _("%(where)s的二维码无法识别") % {"where": where}


def outdated_words(code: str, frozen_at: datetime | None) -> str:
    """That a scan is of an earlier version, which one, and what can be done."""
    day = local(frozen_at) if frozen_at else None
    words = _("扫描件的核验码是%(code)s（%(day)s版），申报表之后改过。重新打印盖章，或恢复为该版本")
    return words % {
        "code": code,
        "day": _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day} if day else "",
    }


def spot_words(spot: Spot, files: Sequence[str]) -> str:
    """“盖章页.pdf”第2页."""
    name = files[spot.file - 1] if spot.file <= len(files) else str(spot.file)
    return _("“%(file)s”第%(page)d页") % {"file": name, "page": spot.page}
