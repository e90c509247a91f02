"""补正: what a review body asked an applicant to correct, once, and the version that answered it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from nominations.models.nomination import Nomination, Version


class Correction(models.Model):
    """One request; that a nomination has one at most is the key of this table."""

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="correction")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    """What the body had read."""
    findings = models.JSONField(default=list)
    """Conditions that it found not met: [{"condition": key, "text": as printed, "reason": text}]."""
    notes = models.JSONField(default=list)
    """What may be corrected: as ``Nomination.returned_notes``, each with its section."""
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    """Until when it may be submitted, exclusive."""
    answer = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    unsent = models.JSONField(null=True)
    """The answers that stood written when the body decided without an answer; None where it didn't."""

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("asked_at")), name="correction_has_time"
            ),
            models.CheckConstraint(
                condition=models.Q(answer=None, answered_at=None)
                | models.Q(answer__isnull=False, answered_at__lt=models.F("until")),
                name="correction_answered_in_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id} until {self.until}"
