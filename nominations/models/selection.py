"""Selection inside a unit (内部遴选): who stands, who voted how, what came out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.nomination import Nomination, Version
from nominations.models.season import RecommendingUnit, Track
from nominations.rules.selection import Manner

MANNERS = [
    (Manner.RANKING.value, _("排序（给全部候选项排序）")),
    (Manner.VOTING.value, _("投票（从候选项中选出）")),
]


class Selection(models.Model):
    """One selection of a unit in a track. One stands, open or closed; a cancelled one is kept with its reason.

    ``result`` is frozen by the close: ballots, voters and lines, from which anybody in the unit recomputes it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("投票中")
        CLOSED = "closed", _("已结束")
        CANCELLED = "cancelled", _("已取消")

    unit = models.ForeignKey(RecommendingUnit, on_delete=models.PROTECT, related_name="selections")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="selections")
    manner = models.CharField(_("方式"), max_length=10, choices=MANNERS)
    named = models.BooleanField(_("记名"), default=False)
    places = models.PositiveSmallIntegerField(_("可推荐数"))
    """How many places were free when it was opened: so many go up."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chair = models.CharField(_("主持人"), max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.JSONField(default=dict)
    """{"ballots": [{"choices": [number …], "name": only where named}], "voters": [name …],
    "lines": [{"number", "points", "firsts", "rank", "tied"}]}."""
    decision = models.JSONField(default=dict)
    """How the chair ordered those who were tied: {"order": [number …], "reason", "by", "at"}; empty: not yet."""
    reason = models.TextField(_("取消原因"), blank=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "track"],
                condition=models.Q(state__in=["open", "closed"]),
                name="one_standing_selection",
            ),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="a_selection_is_for_places"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.track}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def lines(self) -> list[dict[str, Any]]:
        return self.result.get("lines", [])


class Candidate(models.Model):
    """A nomination that stands in a selection, in the version that its members read."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="candidates")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="candidacies")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "nomination"], name="a_candidate_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.selection_id} {self.nomination_id}"


class Ballot(models.Model):
    """One member's ballot; ``user`` is None for a member without an account, whose paper somebody entered.

    ``choices`` are numbers of nominations, the best first. They are taken out by the close of a secret selection.
    """

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="ballots")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    choices = models.JSONField(default=list)
    cast_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "user"],
                condition=models.Q(user__isnull=False),
                name="one_ballot_a_member",
            ),
            models.UniqueConstraint(
                fields=["selection", "name"], condition=models.Q(user=None), name="one_ballot_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.selection_id} {self.name}"
