"""初评结果: what a track's bodies sign and submit (notice 三（二）), with the reasons and the stamped pages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kczg.kit.models import StoredFile
from nominations.models import Nomination, ReviewBody, Track
from reviews.models.plan import ReviewPlan


class StandingResults(models.Manager):
    """Results that count: not sent back by the secretariat. A track has one at most."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(sent_back_at=None)


class PreliminaryResult(models.Model):
    """初评结果 of a track: scores closed → rows frozen and signed by each body → submitted to the secretariat.

    One that the secretariat sends back stays as it was; the scores are open again, and what follows is a new
    number. Ask ``standing`` for what counts now and ``objects`` for the whole story.
    """

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="results")
    number = models.PositiveSmallIntegerField(default=1)
    plan = models.ForeignKey(ReviewPlan, on_delete=models.PROTECT, related_name="results")
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rows = models.JSONField(default=list)
    """Ranked rows with every score as decimal text, enough to recompute the order without the database."""
    digest = models.CharField(max_length=64, blank=True)
    check_code = models.CharField(_("核验码"), max_length=9, blank=True)
    analysis = models.JSONField(null=True)
    """What the closed scores say of themselves (outputs/analysis.py); None until the worker has computed it."""
    pages = models.PositiveSmallIntegerField(default=0)
    """Pages of the printed paper; 0 as long as it isn't printed."""
    seal_pages = models.JSONField(default=dict)
    """Body id as text → the page of the paper that has its box for the seal."""
    frozen_at = models.DateTimeField(null=True)
    """When the first body signed: from then on the rows are what every body signs."""
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_back_at = models.DateTimeField(null=True)
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_back_reason = models.TextField(_("退回原因"), blank=True)

    objects = models.Manager()
    standing = StandingResults()

    class Meta:
        ordering = ["track", "number"]
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="a_result_number_once"),
            models.UniqueConstraint(
                fields=["track"], condition=models.Q(sent_back_at=None), name="one_standing_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.track} {self.digest[:8]}"


class ResultSignature(models.Model):
    """A body signs the frozen result; it is submitted once every body of the track has."""

    result = models.ForeignKey(PreliminaryResult, on_delete=models.CASCADE, related_name="signatures")
    body = models.ForeignKey(ReviewBody, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["result", "body"], name="a_body_signs_once")]

    def __str__(self) -> str:
        return f"{self.result} {self.body}"


class ResultReason(models.Model):
    """Why a nomination passes or doesn't, in the body's words; kept when a result is sent back."""

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="result_reason")
    text = models.TextField(_("评审结论"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.nomination.number} {self.text[:20]}"


class ResultScan(models.Model):
    """The stamped page of a submitted result as it came back from a body, and what the worker read on it."""

    result = models.ForeignKey(PreliminaryResult, on_delete=models.PROTECT, related_name="scans")
    body = models.ForeignKey(ReviewBody, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="result_scan")
    codes = models.JSONField(null=True)
    """What the QRs of its pages say; None as long as it hasn't been read."""
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.result} {self.body}"
