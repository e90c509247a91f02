"""What is kept to notice one entry that was submitted twice: a fingerprint of each nomination, and the pairs found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.nomination import Nomination, Version
from nominations.rules import twins


class Fingerprint(models.Model):
    """What a nomination's last submitted version is compared by: a few hundred bytes in place of its answers.

    The worker writes rows. Telephone numbers and addresses stand in it as digests alone (A5).
    """

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="fingerprint")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=400)
    core = models.CharField(max_length=400)
    holders = models.JSONField(default=list)
    credit_code = models.CharField(max_length=18, blank=True)
    signs = models.JSONField(default=dict)
    signature = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.nomination_id} v{self.version_id}"


class Twin(models.Model):
    """Two nominations of one ranking that are the same entry or near; ``one`` is the earlier row.

    ``nominations.actions.twins`` writes rows; a pair has one row for ever. ``reasons`` are keys of
    ``rules.twins.words``. Notes of the units stand in the record (``twin_noted``).
    """

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        DISTINCT = "distinct", _("不是同一申报")
        KEPT = "kept", _("同一申报，保留其一")
        CLOSED = "closed", _("已自动关闭")

    class Degree(models.TextChoices):
        SAME = twins.Degree.SAME.value, _("相同")
        NEAR = twins.Degree.NEAR.value, _("相近")

    one = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="+")
    one_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    other_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    degree = models.CharField(_("程度"), max_length=10, choices=Degree.choices)
    reasons = models.JSONField(default=list)
    percent = models.PositiveSmallIntegerField(default=0)
    """How much of their long texts is alike, in percent."""
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.OPEN, db_index=True
    )
    found_at = models.DateTimeField()
    kept = models.ForeignKey(Nomination, null=True, on_delete=models.PROTECT, related_name="+")
    """The one that stays, where both are the same entry."""
    reason = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="a_pair_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="a_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id} {self.state}"

    @property
    def reason_words(self) -> list[str]:
        """Why they are the same or near, in the reader's language."""
        return twins.words(self.reasons, self.percent)

    @property
    def is_resolved(self) -> bool:
        """Whether the secretariat has decided on it."""
        return self.state in (self.State.DISTINCT, self.State.KEPT)

    def partner(self, nomination_id: int) -> Nomination:
        """The other one of the pair."""
        return self.other if nomination_id == self.one_id else self.one
