"""Experts whom a body wants to take in at once, from a workbook."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import ReviewBody, Track
from nominations.models.unit_import import WorkbookImport


class ExpertsImport(WorkbookImport):
    """One upload; the report's rows: [[line, name, added | changed | unchanged, [what changes, …]], …]."""

    EFFECT = 2
    EFFECTIVE = frozenset({"added", "changed"})

    body = models.ForeignKey(ReviewBody, on_delete=models.PROTECT, related_name="experts_imports")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    """By whose plan the experts are taken in and grouped."""
    name = models.CharField(_("文件"), max_length=200)

    def __str__(self) -> str:
        return self.name
