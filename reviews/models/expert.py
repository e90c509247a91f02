"""Experts, what is assigned to them, whom they must not judge, and the scores that they give."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from nominations.models import Nomination, ReviewBody
from reviews.models.plan import ReviewPlan

BETWEEN = "；"
"""What stands between the reasons of one recusal, as kept."""


class Expert(models.Model):
    """A person who reviews. One person may serve several bodies."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert")
    employer = models.CharField(_("工作单位"), max_length=200)
    position = models.CharField(_("职称/职务"), max_length=100, blank=True)
    expertise = models.CharField(_("专业领域"), max_length=200, blank=True)
    parent_organisation = models.CharField(_("上级单位"), max_length=200, blank=True)
    address = models.CharField(_("单位地址"), max_length=200, blank=True)
    industries = models.JSONField(_("国民经济行业"), default=list)
    """Codes of GB/T 4754-2017 that the expert knows, of any level."""
    strategic = models.JSONField(_("战略性新兴产业"), default=list)
    """Codes of 战略性新兴产业分类（2018）."""
    tracks = models.JSONField(_("领域"), default=list)
    """Keys of the tracks that the expert knows, as ``field_key`` has them."""
    confirmed_at = models.DateTimeField(null=True)
    """When the person last kept these facts; from then on nobody else writes them."""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.user)


class BodyExpert(models.Model):
    """An expert serves a body in a season: invited, then accepted or declined by the person.

    ``is_active`` as long as the body may give tasks: neither declined nor left nor removed. What the person agrees
    to with the answer, and to which version of the words: the 评审承诺 and the use of personal data.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("已邀请")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "已接受")
        DECLINED = "declined", _("已谢绝")
        LEFT = "left", _("已退出")
        REMOVED = "removed", _("已移出")

    body = models.ForeignKey(ReviewBody, on_delete=models.PROTECT, related_name="body_experts")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="body_experts")
    committed_at = models.DateTimeField(null=True)
    """When the 评审承诺 was given."""
    commitment_version = models.CharField(max_length=20, blank=True)
    consented_at = models.DateTimeField(null=True)
    """When the person agreed that personal data are used."""
    consent_version = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    group = models.CharField(_("专家类别"), max_length=20, blank=True)
    """Key of one of the recorded plan's ``expert_groups``."""
    most = models.PositiveSmallIntegerField(_("最多评审项数"), null=True)
    """Load limit of the expert at this body; None: none."""
    invited_at = models.DateTimeField(null=True)
    """When the last letter was owed."""
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    """Why the person declined or left, or was removed."""

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["body", "expert"], name="an_expert_once_a_body")]

    def __str__(self) -> str:
        return f"{self.body} · {self.expert}"

    @property
    def state(self) -> State:
        if self.is_active:
            return self.State.ACCEPTED if self.committed_at else self.State.INVITED
        if self.left_at:
            return self.State.LEFT
        return self.State.DECLINED if self.declined_at else self.State.REMOVED


def in_words(computed: str) -> str:
    """Computed reasons as kept, in the language of who reads them."""
    return gettext("；").join(gettext(part) for part in computed.split(BETWEEN))


class Recusal(models.Model):
    """回避: this expert must not see or judge this nomination, and why.

    Whoever asks whether a pair is in conflict reads these rows and nothing else. ``computed`` and ``applicant``
    rows are kept in step with the facts by reviews.actions.conflicts alone.
    """

    class Kind(models.TextChoices):
        COMPUTED = "computed", _("系统比对")
        DECLARED = "declared", _("专家声明")
        APPLICANT = "applicant", _("申报方申请")
        BODY = "body", _("初评机构认定")

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="recusals")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="recusals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(_("回避原因"), max_length=300)
    """Of a computed one the words of rules/conflicts.py in the source language, joined by “；”."""
    certain = models.BooleanField(default=True)
    """False: what the comparison found may be chance, and the body may lift it with a reason."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    """Of the body who said so; None for what was computed or declared."""

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["expert", "nomination", "kind"], name="one_recusal_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.expert} ✕ {self.nomination.number}"

    @property
    def words(self) -> str:
        """The reason as people read it: what was computed in their language, what a person wrote as it is."""
        if self.kind != self.Kind.COMPUTED:
            return self.reason
        return in_words(self.reason)

    @property
    def may_be_lifted(self) -> bool:
        """Whether the body may end it: its own word, and what the comparison found without being sure."""
        return self.kind == self.Kind.BODY or (self.kind == self.Kind.COMPUTED and not self.certain)


class LiftedRecusal(models.Model):
    """解除回避: the body looked at what the comparison had found and says why it is none.

    It holds for the reasons that it names; another one, found later, keeps the expert away again.
    """

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="lifted_recusals")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="lifted_recusals")
    found = models.CharField(max_length=300)
    """What ``Recusal.reason`` was."""
    reason = models.CharField(_("解除原因"), max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["expert", "nomination"], name="lifted_once_a_pair")]

    def __str__(self) -> str:
        return f"{self.expert} ○ {self.nomination.number}"

    @property
    def words(self) -> str:
        """What was found, as people read it."""
        return in_words(self.found)


class Assignment(models.Model):
    """评审任务: an expert is to score a nomination. Scores are open to change until ``submitted_at``."""

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(ReviewPlan, null=True, on_delete=models.PROTECT, related_name="sheets")
    """The plan that the scores were given by; set with the first of them and kept."""
    comment = models.TextField(_("评审意见"), blank=True)
    """To the body."""
    comment_applicant = models.TextField(_("给申报人的意见"), blank=True)
    opened_at = models.DateTimeField(null=True)
    abstained_at = models.DateTimeField(null=True)
    abstain_reason = models.CharField(_("弃权原因"), max_length=300, blank=True)
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
