"""Experts, what is assigned to them, whom they must not judge, and the scores that they give."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import Nomination, ReviewBody


class Expert(models.Model):
    """A person who reviews. One person may serve several bodies."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert")
    employer = models.CharField(_("工作单位"), max_length=200)
    position = models.CharField(_("职称/职务"), max_length=100, blank=True)
    expertise = models.CharField(_("专业领域"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.user)


class BodyExpert(models.Model):
    """An expert serves a body in a season; ``committed_at`` is when the 评审承诺 was given."""

    body = models.ForeignKey(ReviewBody, on_delete=models.PROTECT, related_name="body_experts")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="body_experts")
    committed_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["body", "expert"], name="an_expert_once_a_body")]

    def __str__(self) -> str:
        return f"{self.body} · {self.expert}"


class Recusal(models.Model):
    """回避: this expert must not see or judge this nomination, and why."""

    class Kind(models.TextChoices):
        COMPUTED = "computed", _("系统比对")
        DECLARED = "declared", _("专家声明")

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="recusals")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="recusals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(_("回避原因"), max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["expert", "nomination"], name="one_recusal")]

    def __str__(self) -> str:
        return f"{self.expert} ✕ {self.nomination.number}"


class Assignment(models.Model):
    """评审任务: an expert is to score a nomination. Scores are open to change until ``submitted_at``."""

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(_("评审意见"), blank=True)
    saved_at = models.DateTimeField(null=True)
    edit_version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """Set when the assignment was lifted, by recusal or by the body; its scores don't count then."""

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "expert"], name="an_expert_once_a_nomination")
        ]

    def __str__(self) -> str:
        return f"{self.expert} → {self.nomination.number}"


class Score(models.Model):
    """得分 of one criterion of the recorded plan, a decimal between 0 and the plan's scale."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=5, decimal_places=1, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["criterion"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="one_score_a_criterion"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="scores_are_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}={self.value}"
