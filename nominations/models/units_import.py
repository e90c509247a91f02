"""Units that the secretariat wants to bring into a season at once: from a workbook, or from a starting list."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.season import Season
from nominations.models.unit_import import WorkbookImport


class UnitsImport(WorkbookImport):
    """One upload, or one starting list, which has no file.

    The report's rows: [[line, name, added | changed | unchanged, [what changes, …]], …]; channels: whether the
    channels of any unit change.
    """

    class Source(models.TextChoices):
        FILE = "file", _("导入文件")
        ASSOCIATIONS = "associations", _("省级科协初始名单")
        SOCIETIES = "societies", _("全国学会初始名单")

    EFFECT = 2
    EFFECTIVE = frozenset({"added", "changed"})

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="units_imports")
    source = models.CharField(max_length=20, choices=Source.choices)
    name = models.CharField(_("文件"), max_length=200, blank=True)
    reason = models.TextField(_("原因"))

    def __str__(self) -> str:
        return self.name or str(self.get_source_display())

    @property
    def changes_channels(self) -> bool:
        """Whether it changes what some unit may recommend; after the call has opened that takes two people (S7)."""
        return bool(self.report.get("channels"))
