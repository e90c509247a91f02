"""An expert's scores that came back in a workbook: what they would change, and whether it was done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import Track
from nominations.models.unit_import import WorkbookImport
from reviews.models.expert import Expert


class ScoreImport(WorkbookImport):
    """One upload of an expert in a track.

    The report's rows: [[line, label, title, changed | conflict | unchanged, [[head, saved, in the file], …], sheet], …];
    taken: the sheets of which the file counts though they were changed on the page since.
    """

    EFFECT = 3
    EFFECTIVE = frozenset({"changed", "conflict"})

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="imports")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("文件"), max_length=200)

    def __str__(self) -> str:
        return f"{self.expert} {self.name}"
