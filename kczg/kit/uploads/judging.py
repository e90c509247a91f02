"""What a request asks of a file: cheap, by content, extension and declared type together; nothing is decoded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import magic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kczg.kit import characters
from kczg.kit.uploads.words import megabytes, refusal
from kczg.kit.verdicts import Refused, refuse


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: its type, its extensions, how it begins, and the extension that we give it."""

    media_type: str
    extensions: tuple[str, ...]
    begins: bytes
    declared: tuple[str, ...]

    @property
    def suffix(self) -> str:
        return self.extensions[0]


KINDS = (
    Kind("application/pdf", (".pdf",), b"%PDF-", ("application/pdf",)),
    Kind("image/jpeg", (".jpg", ".jpeg"), b"\xff\xd8\xff", ("image/jpeg", "image/jpg", "image/pjpeg")),
    Kind("image/png", (".png",), b"\x89PNG\r\n\x1a\n", ("image/png",)),
)
ACCEPT = ".pdf,.jpg,.jpeg,.png"
"""For the file input of a page."""
HEAD = 4096


def refused(code: str, **facts: Any) -> Refused:
    """The refusal of a file, to be raised; its code begins with ``file_``."""
    return Refused(refuse(f"file_{code}", refusal(code, facts), status=422))


def judge(upload: UploadedFile) -> Kind:
    """The kind of an upload whose content, extension and declared type agree; raises Refused otherwise."""
    if hindered := characters.refused(upload.name or "", _("文件名")):
        raise Refused(refuse("file_name", hindered, status=422))
    size = upload.size or 0
    if not size:
        raise refused("empty")
    if size > settings.UPLOAD_MAX_BYTES:
        raise refused("too_big", now=megabytes(size), limit=megabytes(settings.UPLOAD_MAX_BYTES))
    suffix = PurePath(upload.name or "").suffix.lower()
    named = next((kind for kind in KINDS if suffix in kind.extensions), None)
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    held = next((kind for kind in KINDS if head.startswith(kind.begins)), None)
    if held is None or named is None:
        raise refused("type")
    declared = (upload.content_type or "").lower()
    if (
        held is not named
        or declared not in held.declared
        or magic.from_buffer(head, mime=True) != held.media_type
    ):
        raise refused("mismatch")
    return held


def digest_of(file: Any) -> str:
    """SHA-256 of an open file, read a piece at a time; leaves it at its beginning."""
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found
