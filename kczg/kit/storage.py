"""Private files: random keys of ours in storage that no browser reaches directly (F3)."""

from __future__ import annotations

import secrets

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """The store of everything that is not public: disk in the embedded run, S3 by settings."""
    return storages["private"]


def random_key(folder: str, suffix: str) -> str:
    """A key that tells nothing about its content and can't be guessed, such as ``papers/9f…c2.pdf``."""
    return f"{folder}/{secrets.token_hex(16)}{suffix}"
