"""Papers: the QR at the foot of each page, which says of whose version it is which page.

It is drawn over the finished PDF: how many pages there are is known only then, and a second lay-out would
cost half a second. Where the boxes for the seals stand is read from the PDF, too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import segno

from nominations.rules.scan import Mark

MILLIMETRE = 72 / 25.4
LEFT, BOTTOM, SIDE = 28 * MILLIMETRE, 6 * MILLIMETRE, 16 * MILLIMETRE
"""Where papers.css leaves room for it in the foot; at 16 mm a dot of it is 0.48 mm wide."""
SEAL = "seal-"
"""How the id of a seal's box begins in the template."""


@dataclass(frozen=True)
class Marked:
    """The paper with its marks; how many pages it has, and on which each seal's box stands."""

    content: bytes
    pages: int
    seal_pages: dict[str, int]


@dataclass(frozen=True)
class Box:
    """Where a seal's box begins: its page, and how far from the foot of the page, in millimetres."""

    page: int
    height: float


def marked(content: bytes, number: str, code: str, version: int, digest: str, site: str) -> Marked:
    """The paper with a mark on each page."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        count = len(pdf.pages)
        for page, sheet in enumerate(pdf.pages, start=1):
            mark = Mark(code, number, version, digest, page, count)
            # What the page draws changes the grid it draws on; ours begins with the grid as it was.
            sheet.contents_add(b"q\n", prepend=True)
            sheet.contents_add(b"\nQ\n" + drawing(mark.address(site)))
        seals = {key: box.page for key, box in seal_boxes(pdf).items()}
        out = io.BytesIO()
        pdf.save(out)
    return Marked(out.getvalue(), count, seals)


def drawing(text: str) -> bytes:
    """A QR as one filled path, marked as no part of the text: whoever has the paper read aloud doesn't hear it."""
    code = segno.make_qr(text, error="m", boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    dot = SIDE / len(rows)
    path = "".join(
        f"{LEFT + begin * dot:.3f} {BOTTOM + SIDE - (row + 1) * dot:.3f} {length * dot:.3f} {dot:.3f} re\n"
        for row, dots in enumerate(rows)
        for begin, length in _runs(dots)
    )
    return f"/Artifact <</Type /Pagination /Subtype /Footer>> BDC\nq 0 g\n{path}f\nQ\nEMC\n".encode("ascii")


def _runs(dots: bytes) -> Iterator[tuple[int, int]]:
    """Where dark dots follow one another in a row: the first, and how many."""
    begin = None
    for place, dot in enumerate(dots + b"\0"):
        if dot and begin is None:
            begin = place
        elif not dot and begin is not None:
            yield begin, place - begin
            begin = None


def seal_boxes(pdf: pikepdf.Pdf) -> dict[str, Box]:
    """The boxes of the seals by their keys, as the printed form names its places."""
    if "/Names" not in pdf.Root or "/Dests" not in pdf.Root.Names:
        return {}
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    return {
        str(name).removeprefix(SEAL): Box(pages[place[0].objgen], float(place[3]) / MILLIMETRE)
        for name, place in pikepdf.NameTree(pdf.Root.Names.Dests).items()
        if str(name).startswith(SEAL)
    }
