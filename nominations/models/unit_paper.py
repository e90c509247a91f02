"""Official papers of a recommending unit, frozen to be stamped: its summary, the minute of a selection."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.season import RecommendingUnit
from nominations.models.selection import Selection


class UnitPaper(models.Model):
    """What a paper of a unit shows, frozen when somebody made it; the same content is the same row.

    The digest covers all that is printed but the paper's own number and moment, so that a stamped paper
    has its worth again when a change is taken back.
    """

    class Kind(models.TextChoices):
        SUMMARY = "summary", _("推荐汇总表")
        MINUTE = "minute", _("遴选纪要")

    unit = models.ForeignKey(RecommendingUnit, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    selection = models.ForeignKey(Selection, null=True, on_delete=models.PROTECT, related_name="papers")
    """The selection that a minute is of; None for a summary."""
    number = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    check_code = models.CharField(_("核验码"), max_length=9, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "number"], name="a_unit_paper_has_its_number"),
            models.UniqueConstraint(fields=["unit", "digest"], name="one_unit_paper_a_content"),
            models.CheckConstraint(
                condition=models.Q(kind="summary", selection=None)
                | models.Q(kind="minute", selection__isnull=False),
                name="a_minute_is_of_a_selection",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_kind_display()} {self.number}"
