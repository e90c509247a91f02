"""Files that people send: taken in, checked by the worker, kept under keys of ours, and served only when sound.

``receive`` takes an upload into quarantine and owes its check; the row is ``checking``, then ``ready`` or
``refused`` with words. ``open_checked`` is the only way to the bytes, ``discard`` the only way out. Who may
send or read a file, and how many, is asked before by the room that uses this one.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from kczg.kit import clock
from kczg.kit.models import StoredFile
from kczg.kit.outbox import owe
from kczg.kit.record import SYSTEM, record
from kczg.kit.storage import fetch, private_storage, random_key, reaching
from kczg.kit.uploads.judging import digest_of, judge
from kczg.kit.verdicts import Refused, refuse

__all__ = ["FILES", "QUARANTINE", "checked", "discard", "open_checked", "owe_check", "receive"]

log = logging.getLogger(__name__)

checked = Signal()
"""Sent with ``file`` when its check is over, in the transaction that writes the verdict."""

QUARANTINE, FILES = "quarantine", "files"
"""Folders of the store: bytes as they came, and what the check wrote."""


def receive(upload: UploadedFile, by: Any, purpose: str, at: datetime) -> StoredFile:
    """Takes a file into quarantine and owes its check; ``by`` is the person who sends it.

    Asks only what is cheap: type, size, name, emptiness. Raises Refused with words (422), or with 503 while
    the store is away.
    """
    kind = judge(upload)
    sha256 = digest_of(upload)
    key = random_key(QUARANTINE, kind.suffix)
    with reaching():
        key = private_storage().save(key, upload)
    try:
        with transaction.atomic():
            stored = StoredFile.objects.create(
                public_id=secrets.token_hex(16),
                purpose=purpose,
                key=key,
                name=upload.name or "",
                size=upload.size or 0,
                media_type=kind.media_type,
                sha256=sha256,
                created_at=at,
                created_by=by,
            )
            owe_check(stored)
    except Exception:
        forget(key)
        raise
    return stored


def owe_check(stored: StoredFile, again: bool = False) -> None:
    """Owes the check of a file once; with ``again`` also where an earlier one had failed."""
    owe("check_file", f"check_file:{stored.pk}", again=again, file_id=stored.pk)


def open_checked(stored: StoredFile) -> IO[bytes]:
    """The sanitised file, copied to a temporary one and proved to be what the check wrote (F4).

    Raises Refused: 404 while it isn't ready, 503 while the store is away, 409 when it is gone or differs,
    which also raises the alarm.
    """
    if not stored.ready:
        raise Refused(refuse("not_found", "", status=404))
    try:
        copy = fetch(stored.key)
    except Refused as refused:
        if refused.verdict.code == "file_missing":
            alarm(stored, "file_missing")
        raise
    if digest_of(copy) != stored.sha256:
        alarm(stored, "file_differs")
        raise Refused(
            refuse(
                "file_differs",
                _("文件与上传时不一致，已停止提供并已告知管理人员"),
                _("需要此文件时，联系秘书处：010-56057633"),
                status=409,
            )
        )
    return copy


def alarm(stored: StoredFile, what: str) -> None:
    """Says in the log and on the record that a kept file is gone or was altered."""
    log.error("%s: stored file %s", what, stored.public_id)
    record(what, stored, SYSTEM, clock.now())


def discard(stored: StoredFile) -> None:
    """Removes a file that nothing names any more: the row, and the bytes once that is committed."""
    key = stored.key
    stored.delete()
    if key:
        transaction.on_commit(lambda: forget(key))


def forget(key: str) -> None:
    """Deletes bytes that no row names; while the store is away ``reconcile_files`` does it later."""
    try:
        private_storage().delete(key)
    except Exception:
        log.warning("%s could not be deleted; reconcile_files does it later", key)
