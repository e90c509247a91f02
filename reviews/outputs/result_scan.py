"""Papers: what a body's scan of the stamped result says, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kczg.kit.models import StoredFile
from nominations.models import ReviewBody
from nominations.rules import scan as rules
from reviews.models import PreliminaryResult, ResultScan
from reviews.outputs.result import paper_number


@dataclass(frozen=True)
class Stamped:
    """A body with its latest scan; ``problems`` is empty where the seal's page of this very result was read."""

    body: ReviewBody
    scan: ResultScan | None
    state: str
    """none, reading, right or wrong."""
    problems: list[str]

    @property
    def word(self) -> str:
        words = {
            "none": _("尚未上传"),
            "reading": _("正在读取"),
            "right": _("核验码一致"),
            "wrong": _("需重新上传"),
        }
        return words[self.state]


def stamped(result: PreliminaryResult, bodies: Iterable[ReviewBody]) -> list[Stamped]:
    """Each body of the track with its latest scan; two queries."""
    latest: dict[int, ResultScan] = {}
    for scan in ResultScan.objects.filter(result=result).select_related("file").order_by("pk"):
        latest[scan.body_id] = scan
    earlier = dict(
        PreliminaryResult.objects.filter(track=result.track_id)
        .exclude(frozen_at=None)
        .values_list("check_code", "frozen_at")
    )
    return [_stamped(result, body, latest.get(body.pk), earlier) for body in bodies]


def _stamped(result: PreliminaryResult, body: ReviewBody, scan: ResultScan | None, earlier: dict) -> Stamped:
    if scan is None:
        return Stamped(body, None, "none", [])
    if scan.file.state == StoredFile.State.REFUSED:
        return Stamped(body, scan, "wrong", [scan.file.refusal])
    if scan.codes is None or not result.pages:
        return Stamped(body, scan, "reading", [])
    seal = result.seal_pages.get(str(body.pk), result.pages)
    paper = rules.Paper(
        paper_number(result), result.check_code, result.digest, result.pages, frozenset({seal})
    )
    pictures = [
        rules.Picture(
            rules.Spot(1, row["page"]),
            tuple(mark for text in row["codes"] if (mark := rules.parse(text))),
            row["blank"],
        )
        for row in scan.codes
    ]
    problems = [rules.words(found, [scan.file.name]) for found in rules.judge(paper, pictures, earlier, {})]
    return Stamped(body, scan, "wrong" if problems else "right", problems)
