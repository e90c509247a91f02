"""Reads of a blind review's files: which ones the frozen forms name, what was marked, what waits for the body."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kczg.kit.models import StoredFile
from nominations.fields import files
from nominations.models import Attachment, Nomination, Ranking, Track, Version
from reviews.models import BlindFile
from reviews.queries.bodies import under_review


@dataclass(frozen=True)
class NamedFile:
    """A file that a frozen form names: its place in the form, the stored file, and what was marked in it."""

    number: int
    stored: StoredFile
    row: BlindFile | None

    @property
    def marked(self) -> bool:
        return self.row is not None and self.row.sha256 == self.stored.sha256

    @property
    def waits(self) -> bool:
        """Whether the body has yet to decide on it."""
        return self.row is None or not self.marked or self.row.decided_at is None


def named_files(nominations: Iterable[Nomination]) -> dict[int, list[NamedFile]]:
    """Nomination id → the files of its frozen form in printed order; four queries whatever their number."""
    rows = list(nominations)
    rankings = Ranking.objects.in_bulk({row.ranking_id for row in rows})
    answers: dict[int, dict] = {}
    for version in Version.objects.submitted().filter(nomination__in=rows).order_by("number"):
        answers[version.nomination_id] = version.content["answers"]
    sent = Attachment.objects.filter(nomination__in=rows).select_related("file")
    stored = {(row.nomination_id, row.file.public_id): row.file for row in sent}
    marked = {row.file_id: row for row in BlindFile.objects.filter(nomination__in=rows)}
    found: dict[int, list[NamedFile]] = {}
    for row in rows:
        form = rankings[row.ranking_id].form
        entries = files.named_in(form, answers.get(row.pk, {})) if form else []
        known = [(n, stored.get((row.pk, entry["id"]))) for n, entry in enumerate(entries, start=1)]
        found[row.pk] = [NamedFile(n, file, marked.get(file.pk)) for n, file in known if file is not None]
    return found


def unmarked_files(track: Track) -> list[tuple[Nomination, StoredFile]]:
    """The files of what is under review that the machine hasn't looked at as they are now."""
    rows = list(under_review(track))
    named = named_files(rows)
    return [(row, each.stored) for row in rows for each in named[row.pk] if not each.marked]
