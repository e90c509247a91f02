"""Stamped papers made from real prints: the printed form, pages as pictures, a red seal on them, a file of them."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from functools import cache

import pypdfium2
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from kczg.kit import clock
from kczg.kit.models import Job, StoredFile
from kczg.kit.storage import private_storage, random_key
from kczg.kit.uploads import FILES
from kczg.kit.uploads.judging import digest_of
from nominations import frozen, tasks
from nominations.actions import reading, seal
from nominations.models import ScanFile, SealedScan, Version

RED = (200, 30, 35)


def pages(content: bytes, dpi: int = 150) -> list[Image.Image]:
    """The pages of a PDF as a scanner of this resolution sees them."""
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]


def stamped(page: Image.Image, at: tuple[float, float] = (0.68, 0.4)) -> Image.Image:
    """The page with a round red seal, 42 mm across, at this share of its width and height."""
    out, width = page.copy(), page.width
    radius = round(width * 21 / 210)
    x, y = round(at[0] * page.width), round(at[1] * page.height)
    draw = ImageDraw.Draw(out)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=max(3, radius // 12))
    points = [
        (
            x + radius * 0.35 * math.sin(turn * math.tau * 2 / 5),
            y - radius * 0.35 * math.cos(turn * math.tau * 2 / 5),
        )
        for turn in range(5)
    ]
    draw.polygon(points, fill=RED)
    return out


def pdf_of(pictures: Sequence[Image.Image]) -> bytes:
    """Pictures bound as a PDF, as a scanner does."""
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=150, quality=80)
    return out.getvalue()


def jpeg_of(picture: Image.Image, quality: int = 80) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


@cache
def _printed(pk: int, digest: str) -> bytes:
    return tasks.print_version(
        Version.objects.select_related("nomination__ranking", "nomination__season").get(pk=pk)
    )


def printed(version: Version) -> bytes:
    """The version's paper, as the worker prints it."""
    content = _printed(version.pk, version.digest)
    if version.pages is None:
        version.refresh_from_db()
    if version.pages is None:
        # Printed for another test, whose rows are gone.
        content = tasks.print_version(version)
        version.refresh_from_db()
    return content


def scanned(version: Version) -> bytes:
    """The whole paper, stamped and scanned as one PDF."""
    return pdf_of([stamped(page) for page in pages(printed(version))])


def stored(
    content: bytes, by, name: str = "盖章扫描件.pdf", media_type: str = "application/pdf"
) -> StoredFile:
    """A file as it is once it was checked."""
    with io.BytesIO(content) as file:
        digest = digest_of(file)
    count = len(pypdfium2.PdfDocument(content)) if media_type == "application/pdf" else 1
    key = private_storage().save(random_key(FILES, ".pdf"), ContentFile(content))
    return StoredFile.objects.create(
        public_id=key[-36:-4],
        purpose=seal.PURPOSE,
        key=key,
        name=name,
        size=len(content),
        sha256=digest,
        media_type=media_type,
        pages=count,
        state="ready",
        created_at=clock.now(),
        created_by=by,
    )


def keep_scan(version: Version, key: str = frozen.APPLICANT) -> SealedScan:
    """A scan that stands, with one picture that was read, whatever is on it; for who looks at pages alone."""
    by = version.frozen_by
    scan = SealedScan.objects.create(version=version, seal=key, uploaded_at=version.frozen_at, uploaded_by=by)
    file = stored(pdf_of([Image.new("RGB", (400, 566), "white")]), by)
    ScanFile.objects.create(scan=scan, file=file)
    preview = private_storage().save(
        random_key(reading.PREVIEWS, ".jpg"), ContentFile(jpeg_of(Image.new("L", (40, 57))))
    )
    scan.pictures = [{"file": file.pk, "page": 1, "codes": [], "blank": False, "preview": preview}]
    seal.settle(scan)
    return scan


def work(kinds: Iterable[str] = ("form_pdf", "check_file", "read_scan")) -> None:
    """Does what is owed, as the worker does, until nothing of these kinds is left."""
    from kczg.kit import outbox

    while rows := list(Job.objects.filter(kind__in=list(kinds), state=Job.State.QUEUED).order_by("pk")):
        for row in rows:
            outbox.run(row.pk)
