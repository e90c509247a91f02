"""The plan that a body files before it scores (notice 四.3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import ReviewBody, Track
from reviews.rules.recipe import USUAL_TIES


class ReviewPlan(models.Model):
    """评审工作方案, 专家构成方案 and 评价标准 of a track; a later filing is a new number."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        FILED = "filed", _("已报送，待备案")
        RECORDED = "recorded", _("已备案")
        SENT_BACK = "sent_back", _("退回修改")

    class Recipe(models.TextChoices):
        MEAN = "mean", _("平均分")
        TRIMMED = "trimmed", _("去掉最高分和最低分后的平均分")
        MEDIAN = "median", _("中位数")
        STANDARDISED = "standardised", _("按专家标准化后的平均分")
        WEIGHTED = "weighted", _("按专家类别加权的平均分")

    class Tie(models.TextChoices):
        HEAVIEST = "heaviest", _("权重最高的指标平均分高者在前")
        NEXT = "next", _("其余指标按权重从高到低依次比较平均分")
        MEDIAN = "median", _("总分的中位数高者在前")
        SPREAD = "spread", _("最高分与最低分之差小者在前")

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="plans")
    body = models.ForeignKey(ReviewBody, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    work_plan = models.TextField(_("评审工作方案"), blank=True)
    expert_plan = models.TextField(_("专家构成方案"), blank=True)
    criteria = models.JSONField(_("评价标准"), default=list)
    """[{"key": "c1", "name": text, "weight": whole percent, "meaning": text}]"""
    scale = models.PositiveSmallIntegerField(_("每项满分"), default=100)
    recipe = models.CharField(_("计分办法"), max_length=20, choices=Recipe.choices, default=Recipe.MEAN)
    ties = models.JSONField(_("同分处理"), default=list)
    """Keys of the tie rules in the order in which they are asked; see rules/recipe.py."""
    expert_groups = models.JSONField(_("专家类别"), default=list)
    """[{"key": "g1", "name": text, "weight": whole percent}]: whom the recipe ``weighted`` weighs by."""
    scale_words = models.JSONField(_("等级说明"), default=list)
    """[{"least": whole percent of the scale, "word": text}], highest first: what a score means in words."""
    blind = models.BooleanField(_("匿名评审"), default=False)
    """Experts see neither who applies nor who recommends."""
    meeting = models.BooleanField(_("会议评审"), default=False)
    """After the scores a meeting votes on who passes."""
    experts_each = models.PositiveSmallIntegerField(_("每项申报的专家数"), default=2)
    shortlist = models.PositiveSmallIntegerField(_("初评通过数"), default=10)
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    office_note = models.TextField(_("秘书处意见"), blank=True)

    class Meta:
        ordering = ["track", "number"]
        constraints = [models.UniqueConstraint(fields=["track", "number"], name="a_plan_once")]

    def __str__(self) -> str:
        return f"{self.track} {self.number}"

    @property
    def tie_words(self) -> list[str]:
        """What decides between equal figures, in the order in which it is asked."""
        return [str(self.Tie(key).label) for key in self.ties or USUAL_TIES]
