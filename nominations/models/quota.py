"""The quota as a set of numbered places, the recommendation that takes one (notice 二（二）), and its changes (S7)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from nominations.models.nomination import Nomination, Version
from nominations.models.proposal import Proposal
from nominations.models.season import Channel, RecommendingUnit, Season, Track


class Place(models.Model):
    """One place of a unit in a track, granted by one of its channels and numbered from 1 within it.

    The database itself refuses a place beyond its track's limit or of a channel that the unit doesn't have, and
    a recommendation on a place of another unit or track (migration 0008, guards.py): so the rows alone hold Q1.
    """

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


class QuotaChange(Proposal):
    """A change of a unit's channels or of a track's limit that one person proposed and another decides (S7).

    Exactly one of ``organisation`` (its channels, as a recommending unit of the season; perhaps a new one) and
    ``track`` (its limit) is named. ``before`` and ``after`` are lists of channel keys, or limits.
    """

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="quota_changes")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField()
    after = models.JSONField()

    class Meta(Proposal.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation=None, track__isnull=False)
                | models.Q(organisation__isnull=False, track=None),
                name="a_quota_change_names_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(approved=None, decided_by=None)
                | models.Q(approved__isnull=False, decided_by__isnull=False)
                & ~models.Q(decided_by=models.F("proposed_by")),
                name="a_quota_change_takes_two_people",
            ),
            models.UniqueConstraint(
                fields=["season", "organisation"],
                condition=models.Q(approved=None),
                name="one_open_change_a_unit",
            ),
            models.UniqueConstraint(
                fields=["track"], condition=models.Q(approved=None), name="one_open_change_a_track"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.track or self.organisation}: {self.before} → {self.after}"


class Preparation(models.Model):
    """A recommendation that one of the unit's people has prepared for an approver (报审): the opinion, on a version.

    It holds as long as the nomination waits as it did then: any move after ``prepared_at`` makes it void.
    """

    nomination = models.OneToOneField(Nomination, on_delete=models.CASCADE, related_name="preparation")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    opinion = models.TextField(_("推荐意见"))
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.nomination.number} {self.prepared_at}"
