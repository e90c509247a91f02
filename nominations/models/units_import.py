"""Units that the secretariat wants to bring into a season at once: from a workbook, or from a starting list."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kczg.kit.storage import private_storage, random_key
from nominations.models.season import Season
from nominations.models.unit_import import UnitImport


def _place(row: UnitsImport, name: str) -> str:
    return random_key("imports", ".xlsx")


class UnitsImport(models.Model):
    """One upload, or one starting list. Nothing of it holds before it is confirmed, and then all of it or nothing."""

    class Source(models.TextChoices):
        FILE = "file", _("导入文件")
        ASSOCIATIONS = "associations", _("省级科协初始名单")
        SOCIETIES = "societies", _("全国学会初始名单")

    State = UnitImport.State
    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="units_imports")
    source = models.CharField(max_length=20, choices=Source.choices)
    name = models.CharField(_("文件"), max_length=200, blank=True)
    file = models.FileField(storage=private_storage, upload_to=_place, max_length=255, blank=True)
    """Kept until it is imported; a starting list has none."""
    reason = models.TextField(_("原因"))
    state = models.CharField(
        max_length=10, choices=UnitImport.State.choices, default=UnitImport.State.CHECKING
    )
    report = models.JSONField(default=dict)
    """refused, refusals: as of UnitImport; rows: [[line, name, added | changed | unchanged, [what changes, …]], …];
    channels: whether the channels of any unit change."""
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name or str(self.get_source_display())

    def count(self, effect: str) -> int:
        """How many units would be, or were, added, changed or left unchanged."""
        return sum(row[2] == effect for row in self.rows)

    @property
    def rows(self) -> list[list[Any]]:
        return self.report.get("rows", [])

    @property
    def refused(self) -> int:
        return self.report.get("refused", 0)

    @property
    def changes_channels(self) -> bool:
        """Whether it changes what some unit may recommend; after the call has opened that takes two people (S7)."""
        return bool(self.report.get("channels"))

    @property
    def importable(self) -> bool:
        """Whether it may be confirmed: checked, nothing refused, and something to do."""
        changing = self.count("added") + self.count("changed")
        return self.state == self.State.CHECKED and not self.refused and changing > 0
