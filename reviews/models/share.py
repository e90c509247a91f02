"""分工: which of a joint track's bodies deals with which nomination, proposed by one and agreed to by the others."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import Nomination, ReviewBody, Track


class Share(models.Model):
    """This body checks and assigns this nomination. Without a row every body of the track may."""

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="share")
    body = models.ForeignKey(ReviewBody, on_delete=models.PROTECT, related_name="shares")

    def __str__(self) -> str:
        return f"{self.nomination.number} → {self.body}"


class ShareProposal(models.Model):
    """A split as one body proposed it; it holds from the moment when a person of another body agrees."""

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="share_proposals")
    body = models.ForeignKey(ReviewBody, on_delete=models.PROTECT, related_name="+")
    split = models.JSONField()
    """Nomination id as text → body id."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True)
    """None as long as nobody has answered."""
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("不同意的原因"), max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["track"], condition=models.Q(agreed=None), name="one_open_share_proposal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.track} {self.at:%Y-%m-%d}"
