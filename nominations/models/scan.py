"""The scan of a stamped paper: the files that came, what the worker read on them, what a person confirmed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kczg.kit.models import StoredFile
from nominations.models.nomination import Nomination, Version


class SealedScan(models.Model):
    """A version as it came back with a seal. Whether it is whole is told by nominations.rules.scan.

    ``seal`` is the seal's key in the form's declaration: the applicant's paper has all pages, the unit's the
    page with its box. One scan of a version and seal stands; ``lifted_at`` ends it.
    """

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        COMPLETE = "complete", _("齐全")
        INCOMPLETE = "incomplete", _("需补正")

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="scans")
    seal = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices, default=State.READING)
    pictures = models.JSONField(default=list)
    """What was read: [{"file": id, "page": n, "codes": [text], "blank": bool, "preview": key of its small copy}]."""
    confirmed = models.JSONField(default=list)
    """What a person saw where nothing was read: [{"file": id, "page": n, "shows": page, "by": name, "at": moment}]."""
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "seal"], condition=models.Q(lifted_at=None), name="one_standing_scan"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.seal}"

    @classmethod
    def lift(cls, nomination: Nomination, at: datetime, *seals: str) -> None:
        """Ends the standing scans of a nomination with these seals, as when it is returned or withdrawn."""
        rows = cls.objects.filter(version__nomination=nomination, lifted_at=None, seal__in=seals)
        rows.update(lifted_at=at)

    @property
    def is_complete(self) -> bool:
        return self.state == self.State.COMPLETE


class ScanFile(models.Model):
    """A file of a scan, in the order in which they came; a file belongs to one scan."""

    scan = models.ForeignKey(SealedScan, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="scan_file")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.scan} {self.file}"
