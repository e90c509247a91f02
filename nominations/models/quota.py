"""The quota as a set of numbered places, and the recommendation that takes one (notice 二（二）)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.nomination import Nomination, Version
from nominations.models.season import Channel, RecommendingUnit, Track


class Place(models.Model):
    """One place of a unit in a track, granted by one of its channels and numbered from 1 within it."""

    unit = models.ForeignKey(RecommendingUnit, on_delete=models.CASCADE, related_name="places")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="places")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="places")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["channel__order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "track", "channel", "number"], name="a_place_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="places_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.number}"


class Recommendation(models.Model):
    """A unit recommends a version of a nomination on one of its places.

    ``place`` is unique: a place is taken once, whatever arrives at the same time. It is None once the
    recommendation was taken back or returned (``ended_at``), so that the place is free again.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="recommendations")
    unit = models.ForeignKey(RecommendingUnit, on_delete=models.PROTECT, related_name="recommendations")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="recommendations")
    place = models.OneToOneField(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="recommendation"
    )
    opinion = models.TextField(_("推荐意见"))
    order = models.PositiveSmallIntegerField(_("推荐排序"), null=True, blank=True)
    recommended_at = models.DateTimeField()
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["recommended_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination"],
                condition=models.Q(ended_at=None),
                name="one_standing_recommendation",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, place__isnull=False)
                | models.Q(ended_at__isnull=False, place=None),
                name="a_standing_recommendation_has_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.nomination.number}"
