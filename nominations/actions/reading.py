"""Reading a scan: the worker looks at each page of each file that came, and writes down what it read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from kczg.kit import page_codes
from kczg.kit.models import Job, StoredFile
from kczg.kit.storage import private_storage, random_key
from kczg.kit.uploads import checking, open_checked
from nominations.actions.seal import settle
from nominations.models import SealedScan

PREVIEWS = "previews"
"""Folder of the small copies, which are private like the files."""


def read(scan: SealedScan, owed: Job) -> None:
    """Checks and reads what is still to be read. May run twice: what was read already is left alone."""
    done = {row["file"] for row in scan.pictures}
    waiting = [row.file for row in scan.files.select_related("file") if row.file_id not in done]
    for stored in waiting:
        checking.check_file(owed, stored.pk)
        stored.refresh_from_db()
    ready = [stored for stored in waiting if stored.ready]
    total, count = sum(stored.pages for stored in ready), 0
    owed.progress(0, total)
    for stored in ready:
        pictures = []
        for picture in _pictures(stored):
            pictures.append(picture)
            count += 1
            owed.progress(count, total)
        keep(scan.pk, stored, pictures)
    keep(scan.pk, None, [])


def _pictures(stored: StoredFile) -> Iterator[dict[str, Any]]:
    with open_checked(stored) as file:
        for number, picture in enumerate(page_codes.pictures(file, stored.media_type), start=1):
            codes = page_codes.codes(picture)
            key = random_key(PREVIEWS, ".jpg")
            yield {
                "file": stored.pk,
                "page": number,
                "codes": codes,
                "blank": not codes and page_codes.is_blank(picture),
                "preview": private_storage().save(key, ContentFile(page_codes.preview(picture))),
            }


@transaction.atomic
def keep(scan_id: int, stored: StoredFile | None, pictures: list[dict[str, Any]]) -> None:
    """Adds what was read on one file, unless the file was taken out or read by another run meanwhile."""
    scan = SealedScan.objects.select_for_update().filter(pk=scan_id).first()
    if scan is None:
        _drop(pictures)
        return
    wanted = stored is not None and scan.files.filter(file=stored).exists()
    known = stored is not None and any(row["file"] == stored.pk for row in scan.pictures)
    if wanted and not known:
        scan.pictures = [*scan.pictures, *pictures]
    else:
        _drop(pictures)
    settle(scan)


def _drop(pictures: list[dict[str, Any]]) -> None:
    for picture in pictures:
        private_storage().delete(picture["preview"])
