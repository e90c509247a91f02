"""A workbook with many rows that was uploaded: what it would do, and whether it was done; a unit's nominations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kczg.kit.storage import private_storage, random_key
from nominations.models.season import Ranking, RecommendingUnit


def _place(row: WorkbookImport, name: str) -> str:
    return random_key("imports", ".xlsx")


class WorkbookImport(models.Model):
    """One upload. Nothing of it is imported before somebody confirms, and then all of it or nothing."""

    class State(models.TextChoices):
        CHECKING = "checking", _("正在检查")
        CHECKED = "checked", _("已检查")
        IMPORTING = "importing", _("正在导入")
        DONE = "done", _("已导入")

    EFFECT: int
    """Where a row of the report says what it does."""
    EFFECTIVE: frozenset[str]
    """What a row may do that changes something."""

    file = models.FileField(storage=private_storage, upload_to=_place, max_length=255, blank=True)
    """Kept until it is imported: then the rows hold what it said."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    report = models.JSONField(default=dict)
    """refusals: [[sheet, line, column, reason], …], as many as a page shows; refused: their number; rows: a list
    each, of a shape of the import's own."""
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def count(self, effect: str) -> int:
        """How many rows have, or had, this effect."""
        return sum(row[self.EFFECT] == effect for row in self.rows)

    @property
    def rows(self) -> list[list[Any]]:
        return self.report.get("rows", [])

    @property
    def refused(self) -> int:
        return self.report.get("refused", 0)

    @property
    def importable(self) -> bool:
        """Whether it may be confirmed: checked, nothing refused, and something to do."""
        changes = any(row[self.EFFECT] in self.EFFECTIVE for row in self.rows)
        return self.state == self.State.CHECKED and not self.refused and changes


class UnitImport(WorkbookImport):
    """A unit's workbook; rows: [[line, organisation, title, created | updated | unchanged, number], …]."""

    EFFECT = 3
    EFFECTIVE = frozenset({"created", "updated"})

    unit = models.ForeignKey(RecommendingUnit, on_delete=models.PROTECT, related_name="imports")
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("文件"), max_length=200)

    def __str__(self) -> str:
        return f"{self.unit} {self.name}"
