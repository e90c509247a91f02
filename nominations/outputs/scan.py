"""A stamped paper as pages show it: file by file, picture by picture, with what was read and who confirmed what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kczg.kit.models import StoredFile
from nominations import frozen
from nominations.models import SealedScan
from nominations.rules import scan as rules
from nominations.rules.scan import Spot
from nominations.scans import Reading


@dataclass(frozen=True)
class ShownPicture:
    """One picture: where its small copy is, what it shows in words, and where a person may say so."""

    number: int
    url: str
    words: str
    tone: str
    by: str = ""
    confirm_url: str = ""


@dataclass(frozen=True)
class ShownFile:
    file: StoredFile
    pictures: list[ShownPicture]

    @property
    def words(self) -> str:
        """What became of it, "" where its pictures tell."""
        if self.file.refusal:
            return self.file.refusal
        return "" if self.pictures else _("正在检查和读取")


Address = Callable[[str, int], str]
"""From a file's public id and a page of it to an address."""


@dataclass(frozen=True)
class ShownScan:
    """A whole scan; ``problems`` are what hinders, in words."""

    scan: SealedScan
    files: list[ShownFile]
    problems: list[str]

    @property
    def title(self) -> str:
        return _("申报单位盖章扫描件") if self.scan.seal == frozen.APPLICANT else _("推荐单位盖章页")

    @property
    def by_applicant(self) -> bool:
        return self.scan.seal == frozen.APPLICANT

    @property
    def is_reading(self) -> bool:
        return self.scan.state == SealedScan.State.READING


def shown(scan: SealedScan, picture: Address, confirm: Address | None = None) -> ShownScan:
    """The scan for a page; with ``confirm`` its reader may say what a picture shows."""
    reading = Reading(scan)
    previews = {(row["file"], row["page"]) for row in scan.pictures}
    said = {(row["file"], row["page"]): row["by"] for row in scan.confirmed}
    wrong = {spot for finding in reading.findings for spot in finding.spots}
    by_spot = {each.spot: each for each in reading.pictures}
    files = []
    for order, file in enumerate(reading.files, start=1):
        pictures = []
        for page in sorted(number for pk, number in previews if pk == file.pk):
            spot = Spot(order, page)
            words, tone = _words(reading, by_spot[spot], spot in wrong)
            open_to_say = confirm is not None and not by_spot[spot].marks
            pictures.append(
                ShownPicture(
                    page,
                    picture(file.public_id, page),
                    words,
                    tone,
                    said.get((file.pk, page), ""),
                    confirm(file.public_id, page) if confirm and open_to_say else "",
                )
            )
        files.append(ShownFile(file, pictures))
    problems = [] if scan.state == SealedScan.State.READING else reading.problems
    return ShownScan(scan, files, problems)


def _words(reading: Reading, picture: rules.Picture, is_wrong: bool) -> tuple[str, str]:
    confirmed = reading.confirmed
    pages = rules.pages_of(reading.paper, picture, confirmed)
    if not picture.marks:
        if picture.spot in confirmed:
            return (_pages(pages) if pages else _("不是申报表的页")), "warn"
        return (_("空白页"), "done") if picture.blank else (_("二维码无法识别"), "error")
    if pages:
        return (_pages(pages), "error" if is_wrong else "ok")
    return _("不是这一版的页"), "error"


def _pages(pages: list[int]) -> str:
    return "、".join(_("第%(page)d页") % {"page": page} for page in pages)
