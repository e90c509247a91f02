"""How a private file leaves: as an attachment, never sniffed, never kept by a cache on the way (F3)."""

from __future__ import annotations

from typing import IO, Any

from django.core.files import File
from django.http import FileResponse

from kczg.kit.models import Job, StoredFile
from kczg.kit.storage import fetch
from kczg.kit.uploads import open_checked


def attachment(file: File | IO[Any], name: str) -> FileResponse:
    """The file as a download that the browser saves as ``name``; other than ASCII goes by RFC 6266."""
    response = FileResponse(file, as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def stored_attachment(stored: StoredFile) -> FileResponse:
    """A file that somebody sent, proved to be unaltered; raises Refused like ``open_checked``."""
    response = attachment(open_checked(stored), stored.name)
    response.headers["Content-Type"] = stored.media_type
    return response


def job_attachment(row: Job) -> FileResponse:
    """The file that a job made; raises Refused where it is gone (409) or the store is away (503)."""
    return attachment(fetch(str(row.result.name)), row.result_name)
