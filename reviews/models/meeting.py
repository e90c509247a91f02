"""会议评审: the meeting, its members, its rounds, and who has voted; what was voted bears nobody's name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import Track
from reviews.models.expert import Expert
from reviews.models.plan import ReviewPlan


class Meeting(models.Model):
    """A meeting of a track whose plan wants one. It begins with the first round and is frozen by its close.

    Once the scores that it voted on have changed, as after a result was sent back, a further one is held.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        OPEN = "open", _("投票中")
        CLOSED = "closed", _("已结束")

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(default=1)
    plan = models.ForeignKey(ReviewPlan, on_delete=models.PROTECT, related_name="meetings")
    """The plan that asks for it; its ``shortlist`` is the number wanted."""
    title = models.CharField(_("会议名称"), max_length=100)
    agenda = models.TextField(_("议程"))
    place = models.CharField(_("地点"), max_length=200)
    begins = models.DateTimeField(_("开始"))
    ends = models.DateTimeField(_("结束"))
    rounds_most = models.PositiveSmallIntegerField(_("最多投票轮数"), default=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    wanted = models.PositiveSmallIntegerField(_("应选数"), default=0)
    """Set by the first round, from the plan."""
    candidates = models.JSONField(default=list)
    """What is voted on, in the order of the scores, frozen by the first round:
    [{"nomination": id, "number", "title", "applicant", "rank", "figure"}]."""
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("说明"), blank=True)
    """Why it was closed before all rounds were held; empty where nothing was left to vote on."""
    result = models.JSONField(default=dict)
    """What the minute says, with every ballot: see outputs/meeting.py."""
    digest = models.CharField(max_length=64, blank=True)
    check_code = models.CharField(_("核验码"), max_length=9, blank=True)

    class Meta:
        ordering = ["track", "number"]
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="a_meeting_number_once"),
            models.UniqueConstraint(
                fields=["check_code"], condition=~models.Q(check_code=""), name="one_meeting_a_code"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")), name="a_meeting_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED


class MeetingMember(models.Model):
    """An expert who is called to the meeting; ``present`` as the body has ticked it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="members")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="meetings")
    present = models.BooleanField(_("到会"), default=False)
    chair = models.BooleanField(_("主持人"), default=False)

    class Meta:
        ordering = ["-chair", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "expert"], name="a_member_once_a_meeting"),
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(chair=True), name="one_chair_a_meeting"
            ),
        ]

    def __str__(self) -> str:
        return str(self.expert)


class Round(models.Model):
    """A round of votes: who stands, who may vote, and the ballots.

    Ballots are lists of nominations' ids, kept in the order of what they say in one value of this row: neither a
    key nor a place, a moment or a transaction ties one to a row of ``Voted``.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("轮次"))
    """Counts those that were annulled, too."""
    candidates = models.JSONField()
    """[nomination id …] in the meeting's order."""
    seats = models.PositiveSmallIntegerField()
    electors = models.JSONField()
    """{"expert id": [nomination id that the expert is recused from …]} of those present."""
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    annulled_at = models.DateTimeField(null=True)
    reason = models.CharField(_("作废原因"), max_length=300, blank=True)
    ballots = models.JSONField(default=list)
    papers = models.JSONField(default=list)
    """Those entered from paper while the round is open; its close puts them among the others."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="a_round_has_its_number"),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=models.Q(closed_at=None, annulled_at=None),
                name="one_open_round_a_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.annulled_at is None

    @property
    def recused(self) -> dict[int, list[int]]:
        """Expert id → the candidates that the expert doesn't vote on."""
        return {int(expert): ids for expert, ids in self.electors.items()}


class Voted(models.Model):
    """That a member has voted in a round, on the page or on paper; what, nobody knows."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="voted")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="+")
    on_paper = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "expert"], name="one_ballot_a_round")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.expert_id}"
