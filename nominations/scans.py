"""Reads of scans: the standing one of a version and seal, what hinders it, what is missing before a submission."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kczg.kit.models import StoredFile
from nominations import frozen
from nominations.models import Nomination, SealedScan, Version
from nominations.rules import scan as rules
from nominations.rules.scan import Finding, Paper, Picture, Spot


def scan_of(version: Version, seal: str) -> SealedScan | None:
    """The standing scan of a version with this seal."""
    return standing_scans(version).filter(seal=seal).first()


def standing_scans(version: Version) -> QuerySet[SealedScan]:
    """The standing scans of a version, the applicant's first."""
    return SealedScan.objects.filter(version=version, lifted_at=None).order_by("seal")


def shown_with(versions: Iterable[Version]) -> QuerySet[SealedScan]:
    """The standing scans that go with versions, the applicant's first: their own, and the page that the unit stamped.

    The unit stamped the version that it recommended; after a correction (补正) that is an earlier one.
    """
    rows = list(versions)
    own = Q(version__in=rows)
    units = Q(version__nomination__in=[row.nomination_id for row in rows], seal=frozen.RECOMMENDER)
    return SealedScan.objects.filter(own | units, lifted_at=None).order_by("seal")


class Reading:
    """A scan as the rules see it: the paper, the pictures in order, and what was confirmed."""

    def __init__(self, scan: SealedScan):
        self.scan = scan
        self.files = [row.file for row in scan.files.select_related("file")]
        self.order = {file.pk: number for number, file in enumerate(self.files, start=1)}

    @property
    def names(self) -> list[str]:
        return [file.name for file in self.files]

    @property
    def paper(self) -> Paper:
        version = self.scan.version
        pages = version.pages or 0
        box = version.seal_pages.get(self.scan.seal)
        whole = self.scan.seal == frozen.APPLICANT or box is None
        needed = frozenset(range(1, pages + 1)) if whole else frozenset({box})
        number = version.content["number"]
        return Paper(number, version.check_code, version.digest, pages, needed)

    @property
    def pictures(self) -> list[Picture]:
        read = [
            Picture(
                Spot(self.order[row["file"]], row["page"]),
                tuple(mark for text in row["codes"] if (mark := rules.parse(text))),
                row["blank"],
            )
            for row in self.scan.pictures
            if row["file"] in self.order
        ]
        return sorted(read, key=lambda picture: picture.spot)

    @property
    def confirmed(self) -> dict[Spot, int]:
        return {
            Spot(self.order[row["file"]], row["page"]): row["shows"]
            for row in self.scan.confirmed
            if row["file"] in self.order
        }

    @property
    def is_under_way(self) -> bool:
        """Whether a file is still to be checked or read."""
        read = {row["file"] for row in self.scan.pictures}
        checking, ready = StoredFile.State.CHECKING, StoredFile.State.READY
        return any(
            file.state == checking or (file.state == ready and file.pk not in read) for file in self.files
        )

    @property
    def findings(self) -> list[Finding]:
        """What hinders, as the rules find it now."""
        version = self.scan.version
        own = Version.objects.filter(nomination=version.nomination_id)
        moments = dict(own.values_list("check_code", "frozen_at"))
        return rules.judge(self.paper, self.pictures, moments, self.confirmed)

    @property
    def problems(self) -> list[str]:
        return [rules.words(finding, self.names) for finding in self.findings]

    @property
    def state(self) -> str:
        if self.is_under_way:
            return SealedScan.State.READING
        return SealedScan.State.INCOMPLETE if self.findings else SealedScan.State.COMPLETE


def lifted_version(nomination: Nomination) -> Version | None:
    """The version whose stamped scan the last change lifted; None where none was, or the form stands as frozen."""
    if frozen.standing(nomination) is not None:
        return None
    rows = nomination.versions.filter(scans__lifted_at=None, scans__seal=frozen.APPLICANT)
    return rows.order_by("number").last()


def may_return_to(nomination: Nomination, version: Version) -> bool:
    """Whether the form can stand again as it was frozen: not once a later version was submitted."""
    last = nomination.versions.submitted().last()
    return last is None or version.number >= last.number


def seal_problems(nomination: Nomination) -> list[dict[str, str]]:
    """What is missing of the applicant's seal before a submission, as [{section, key, message}]."""
    if not frozen.asks_seal(nomination, frozen.APPLICANT):
        return []
    version = frozen.standing(nomination)
    if version is None:
        lifted = lifted_version(nomination)
        if lifted is None:
            return [_problem("preview", _("生成盖章版PDF，打印盖章后上传扫描件"))]
        return [_problem("seal", rules.outdated_words(lifted.check_code, lifted.frozen_at))]
    return [_problem("seal", message) for message in what_lacks(version, frozen.APPLICANT)]


def what_lacks(version: Version, seal: str) -> list[str]:
    """What is missing of a version's scan with this seal, in words; empty when it is whole."""
    scan = scan_of(version, seal)
    if scan is None:
        return [_("上传盖章扫描件")]
    if scan.state == SealedScan.State.READING:
        return [_("盖章扫描件正在读取，读完后再试")]
    return [] if scan.is_complete else Reading(scan).problems


def _problem(section: str, message: str) -> dict[str, str]:
    return {"section": section, "key": "seal", "message": message}
