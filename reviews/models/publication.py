"""From the final review to the list: pending marks, the public notice, the published list."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import Nomination, Ranking


class FinalMark(models.Model):
    """终评's mark on a nomination: 拟入榜 or not. Pending, and seen by the secretariat alone."""

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="final_mark")
    proposed = models.BooleanField(_("拟入榜"))
    note = models.CharField(_("评议意见"), max_length=500, blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.nomination.number} {self.proposed}"


class PublicNotice(models.Model):
    """公示 of a ranking: the proposed entries, frozen, open to objections from ``opens`` to ``closes``."""

    ranking = models.OneToOneField(Ranking, on_delete=models.PROTECT, related_name="public_notice")
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("公示正文"))
    entries = models.JSONField()
    """[{"nomination": id, "track", "name", "organisation", "unit"}] ordered by track and name."""
    digest = models.CharField(max_length=64)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-opens"]

    def __str__(self) -> str:
        return self.title


class PublishedList(models.Model):
    """入榜名单: prepared by one person of the secretariat, published by a second one, then frozen.

    A correction is a new version with a reason; rows are never edited once ``published_at`` is set.
    """

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="published_lists")
    version = models.PositiveSmallIntegerField()
    entries = models.JSONField()
    """[{"seq", "nomination": id or None, "track", "name", "organisation", "unit", "province"}]"""
    digest = models.CharField(max_length=64)
    check_code = models.CharField(_("核验码"), max_length=9, unique=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "version"], name="a_list_version_once"),
            models.CheckConstraint(
                condition=models.Q(published_by=None) | ~models.Q(published_by=models.F("prepared_by")),
                name="a_second_person_publishes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ranking} v{self.version}"
