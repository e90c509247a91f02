"""What leads to an assignment: a suggestion made by the worker, and a table that the body filled in and uploaded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import Track
from nominations.models.unit_import import WorkbookImport
from reviews.models.plan import ReviewPlan


class AssignmentSuggestion(models.Model):
    """Who might review what in a track. Binds nobody: it is adopted, changed or left, and what stands stays."""

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="suggestions")
    plan = models.ForeignKey(ReviewPlan, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    """None as long as the worker has not made it."""
    digest = models.CharField(max_length=64, blank=True)
    """Of what it was made from (``queries.Board.digest``): where that differs now, it isn't adopted."""
    pairs = models.JSONField(default=list)
    """What is new: [[expert id, nomination id, points of fit, [[kind, code], …]], …]; see rules/fit.py."""
    shortages = models.JSONField(default=list)
    """[[nomination id, how many experts it still lacks], …]"""
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.track} {self.pk}"


class AssignmentsImport(WorkbookImport):
    """A track's table of assignments, filled in. Rows: [[line, number, expert, added | removed, [expert id,
    nomination id]], …]."""

    EFFECT = 3
    EFFECTIVE = frozenset({"added", "removed"})

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="assignments_imports")
    name = models.CharField(_("文件"), max_length=200)

    def __str__(self) -> str:
        return self.name
