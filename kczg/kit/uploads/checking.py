"""The check of a file, done by the worker: in a process of its own, with little time, memory and knowledge."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction

from kczg.kit import clock
from kczg.kit.models import Job, StoredFile
from kczg.kit.outbox import MOST_ATTEMPTS, job
from kczg.kit.storage import PIECE, private_storage, random_key
from kczg.kit.uploads import FILES, checked, forget
from kczg.kit.uploads.judging import KINDS, digest_of

INSPECTION = Path(__file__).with_name("inspection.py")
SECONDS = 120
TOO_HEAVY = {-signal.SIGXCPU, -signal.SIGABRT, -signal.SIGSEGV}
"""How the program ends when a file needs too much: its limits stop it. A kill from outside is not the file's."""


@job("check_file")
def check_file(owed: Job, file_id: int) -> None:
    """Judges and sanitises one file. May run twice: what is judged already stays as it is."""
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None or stored.state != StoredFile.State.CHECKING:
        return
    with tempfile.TemporaryDirectory(prefix="kczg_check_") as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        with private_storage().open(stored.key) as raw, source.open("wb") as copy:
            shutil.copyfileobj(raw, copy, PIECE)
        try:
            answer = inspect(source, target, stored.media_type)
        except Exception:
            if owed.attempts < MOST_ATTEMPTS - 1:
                raise
            answer = {"refused": "unchecked", "facts": {}}
        if "refused" in answer:
            keep_refusal(stored, answer["refused"], answer["facts"])
        else:
            keep_clean(stored, target, answer["ok"])


def inspect(source: Path, target: Path, media_type: str) -> dict[str, Any]:
    """What the program found: {"ok": facts} or {"refused": code, "facts": …}."""
    limits = {
        "pages": settings.UPLOAD_MAX_PAGES,
        "pixels": settings.UPLOAD_MAX_PIXELS,
        "unpacked": settings.UPLOAD_MAX_UNPACKED_BYTES,
    }
    # -I: neither our folder nor the environment is read; without them it knows no address and no secret.
    command = [
        sys.executable,
        "-I",
        str(INSPECTION),
        str(source),
        str(target),
        media_type,
        json.dumps(limits),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, env={}, check=False)
    except subprocess.TimeoutExpired:
        return {"refused": "too_heavy", "facts": {}}
    if done.returncode in TOO_HEAVY:
        return {"refused": "too_heavy", "facts": {}}
    if done.returncode:
        raise RuntimeError(f"the inspection ended with {done.returncode}: {done.stderr[-400:]!r}")
    return json.loads(done.stdout)


def keep_refusal(stored: StoredFile, code: str, facts: dict[str, Any]) -> None:
    """Ends a check with a no: the words stay, the bytes go."""
    key = stored.key
    stored.state, stored.key = StoredFile.State.REFUSED, ""
    stored.refusal_code, stored.refusal_facts, stored.checked_at = code, facts, clock.now()
    _finish(stored, key, "")


def keep_clean(stored: StoredFile, target: Path, facts: dict[str, int]) -> None:
    """Ends a check with a yes: the sanitised file takes the place of the one that came."""
    key = stored.key
    suffix = next(kind.suffix for kind in KINDS if kind.media_type == stored.media_type)
    with target.open("rb") as clean:
        stored.sha256, stored.size = digest_of(clean), target.stat().st_size
        stored.key = private_storage().save(random_key(FILES, suffix), File(clean))
    stored.pages, stored.width, stored.height = facts["pages"], facts["width"], facts["height"]
    stored.state, stored.checked_at = StoredFile.State.READY, clock.now()
    _finish(stored, key, stored.key)


@transaction.atomic
def _finish(stored: StoredFile, before: str, after: str) -> None:
    """Writes the verdict if nobody has meanwhile discarded or judged the file, and drops what is left over."""
    standing = StoredFile.objects.select_for_update().filter(pk=stored.pk, state=StoredFile.State.CHECKING)
    if standing.exists():
        stored.save()
        checked.send(StoredFile, file=stored)
        transaction.on_commit(lambda: forget(before))
    elif after:
        transaction.on_commit(lambda: forget(after))
