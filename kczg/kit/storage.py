"""Private files: random keys of ours in storage that no browser reaches directly (F3)."""

from __future__ import annotations

import logging
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _

from kczg.kit.verdicts import Refused, refuse

log = logging.getLogger(__name__)


def private_storage() -> Storage:
    """The store of everything that is not public: disk in the embedded run, S3 by settings."""
    return storages["private"]


def random_key(folder: str, suffix: str) -> str:
    """A key that tells nothing about its content and can't be guessed, such as ``papers/9f…c2.pdf``."""
    return f"{folder}/{secrets.token_hex(16)}{suffix}"


PIECE = 1024 * 1024


def fetch(key: str) -> IO[bytes]:
    """The kept bytes in a temporary file, whole before the first one is served; raises Refused like ``reaching``."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - whoever serves it closes it.
    with reaching(), private_storage().open(key) as source:
        shutil.copyfileobj(source, copy, PIECE)
    copy.seek(0)
    return copy


@contextmanager
def reaching() -> Iterator[None]:
    """Turns what a store raises into a refusal in words: 503 while it is away, 409 where a file is gone (R3)."""
    try:
        yield
    except FileNotFoundError as fault:
        raise Refused(
            refuse(
                "file_missing",
                _("找不到此文件"),
                _("重新生成或上传；仍不行，联系秘书处：010-56057633"),
                status=409,
            )
        ) from fault
    except Exception as fault:
        if not is_outage(fault):
            raise
        log.error("the file store does not answer: %s", type(fault).__name__)
        raise Refused(
            refuse(
                "files_away",
                _("文件暂时无法存取"),
                _("1分钟后重试；仍不行，联系秘书处：010-56057633"),
                status=503,
            )
        ) from fault


def is_outage(fault: Exception) -> bool:
    """Whether a store raised this because it can't be reached or takes nothing, and not a fault of ours."""
    # Imported where something went wrong: half a second that a store on disk never needs.
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return isinstance(fault, (OSError, Boto3Error, BotoCoreError, ClientError))
