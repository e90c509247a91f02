"""Rows without files and files without rows: found nightly, and repaired where that is possible (R3, A1)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from kczg.kit import clock
from kczg.kit.invariants import invariant
from kczg.kit.models import Job, StoredFile
from kczg.kit.storage import private_storage
from kczg.kit.uploads import FILES, QUARANTINE, forget, owe_check
from kczg.kit.uploads.judging import digest_of

log = logging.getLogger(__name__)

JOBS = "jobs"
"""The folder of files that jobs made (``Job.result``)."""
SETTLED = timedelta(days=1)
"""Younger bytes may belong to a transaction that is under way."""
CHUNK = 500
FOLDER = {StoredFile.State.CHECKING: QUARANTINE, StoredFile.State.READY: FILES}


@invariant("files")
def faults() -> Iterator[str]:
    """Each row has its bytes where its state puts them, with its SHA-256; no bytes lie about without a row (F4)."""
    for row in StoredFile.objects.order_by("pk").iterator(CHUNK):
        yield from _faults_of(row)
    for pk, key in Job.objects.exclude(result="").values_list("pk", "result"):
        if not private_storage().exists(key):
            yield f"job {pk}: its file is gone"
    for key in orphans(clock.now()):
        yield f"{key}: belongs to no row"


def _faults_of(row: StoredFile) -> Iterator[str]:
    folder = FOLDER.get(StoredFile.State(row.state))
    if folder is None:
        if row.key:
            yield f"file {row.public_id}: refused, and its bytes are kept"
        return
    if not row.key.startswith(f"{folder}/"):
        yield f"file {row.public_id}: {row.state}, and kept as {row.key}"
    try:
        with private_storage().open(row.key) as kept:
            if digest_of(kept) != row.sha256:
                yield f"file {row.public_id}: content and SHA-256 differ"
    except FileNotFoundError:
        yield f"file {row.public_id}: its bytes are gone"


def orphans(at: datetime) -> Iterator[str]:
    """Keys in the store that no row names, and that were written a day ago or earlier."""
    named = {*StoredFile.objects.values_list("key", flat=True), *Job.objects.values_list("result", flat=True)}
    store = private_storage()
    for folder in (QUARANTINE, FILES, JOBS):
        try:
            names = store.listdir(folder)[1]
        except FileNotFoundError:
            continue
        for key in (f"{folder}/{name}" for name in names):
            if key not in named and store.get_modified_time(key) < at - SETTLED:
                yield key


def repair(at: datetime) -> tuple[int, int]:
    """Deletes bytes without a row, owes again checks that were given up; how many of each."""
    gone = list(orphans(at))
    for key in gone:
        forget(key)
    waiting = StoredFile.objects.filter(state=StoredFile.State.CHECKING)
    keys = {f"check_file:{row.pk}": row for row in waiting}
    alive = Job.objects.filter(key__in=keys, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    lost = keys.keys() - set(alive.values_list("key", flat=True))
    for key in lost:
        owe_check(keys[key], again=True)
    return len(gone), len(lost)
