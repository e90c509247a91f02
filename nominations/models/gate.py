"""The gate: later ends that were granted (延期), and the signed list of what counts once it has shut."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.nomination import Nomination, Version
from nominations.models.proposal import Proposal
from nominations.models.season import Ranking, Season


class Extension(Proposal):
    """A later end of the call for some, proposed by one person and approved by another, with a reason (S7).

    ``scope`` tells for whom. *begun*: for those whose form was begun before ``begun_before``, which the record
    proves; with a ranking, of that ranking alone.
    """

    class Scope(models.TextChoices):
        SEASON = "season", _("全部榜单")
        RANKING = "ranking", _("一个榜单")
        NOMINATION = "nomination", _("一项申报")
        BEGUN = "begun", _("某时刻以前已建立的申报")

    class Whose(models.TextChoices):
        BOTH = "both", _("申报和推荐")
        CALL = "call", _("只是申报")
        RECOMMENDATION = "recommendation", _("只是推荐")

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="extensions")
    scope = models.CharField(_("范围"), max_length=12, choices=Scope.choices)
    whose = models.CharField(_("事项"), max_length=16, choices=Whose.choices, default=Whose.BOTH)
    ranking = models.ForeignKey(Ranking, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    nomination = models.ForeignKey(
        Nomination, null=True, blank=True, on_delete=models.PROTECT, related_name="extensions"
    )
    begun_before = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(_("延至"))

    class Meta(Proposal.Meta):
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(scope="season", ranking=None, nomination=None, begun_before=None)
                    | models.Q(scope="ranking", ranking__isnull=False, nomination=None, begun_before=None)
                    | models.Q(scope="nomination", ranking=None, nomination__isnull=False, begun_before=None)
                    | models.Q(scope="begun", nomination=None, begun_before__isnull=False)
                ),
                name="an_extension_names_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(approved=None)
                | models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by")),
                name="an_extension_takes_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} → {self.until:%Y-%m-%d %H:%M}"

    def holds_for(self, key: str) -> bool:
        """Whether it moves the end of this window."""
        return self.whose in (self.Whose.BOTH, key)

    def covers(self, nomination: Nomination) -> bool:
        """Whether it is granted to a nomination that exists."""
        if self.scope == self.Scope.NOMINATION:
            return self.nomination_id == nomination.pk
        if self.begun_before is not None and nomination.created_at >= self.begun_before:
            return False
        return self.ranking_id in (None, nomination.ranking_id)

    def covers_new(self, ranking_id: int) -> bool:
        """Whether a form may still be begun under it."""
        return self.scope in (self.Scope.SEASON, self.Scope.RANKING) and self.ranking_id in (None, ranking_id)


class Closing(models.Model):
    """The snapshot of one gate of a season, taken exactly once: the signed root of the list of what counts (D3).

    ``statement`` is what was signed; the lines below it stand in the list's order.
    """

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="closings")
    gate = models.DateTimeField(_("截止时间"))
    taken_at = models.DateTimeField()
    statement = models.JSONField()
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=120)
    unfinished = models.PositiveIntegerField(default=0)
    """How many nominations had the gate and didn't count; their people are told."""

    class Meta:
        ordering = ["-gate"]
        constraints = [models.UniqueConstraint(fields=["season", "gate"], name="a_gate_closes_once")]

    def __str__(self) -> str:
        return f"{self.season} {self.gate:%Y-%m-%d %H:%M}"


class ClosingLine(models.Model):
    """One nomination that counts: the version that stood when the gate shut."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="closing_lines")
    entry = models.JSONField()
    path = models.JSONField()
    """The hashes beside its way to the root, so that its receipt is read without the other lines."""

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["closing", "place"], name="a_line_has_its_place"),
            models.UniqueConstraint(fields=["closing", "version"], name="a_version_counts_once_a_gate"),
        ]

    def __str__(self) -> str:
        return f"{self.closing_id}:{self.place}"
