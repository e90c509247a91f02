"""How a private file leaves: as an attachment, never sniffed, never kept by a cache on the way (F3)."""

from __future__ import annotations

from typing import IO, Any

from django.core.files import File
from django.http import FileResponse


def attachment(file: File | IO[Any], name: str) -> FileResponse:
    """The file as a download that the browser saves as ``name``; other than ASCII goes by RFC 6266."""
    response = FileResponse(file, as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
