"""The nomination, which is a draft as long as it is written, and its versions, frozen to be stamped or submitted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from kczg.kit.models import StoredFile
from nominations.models.season import Ranking, RecommendingUnit, Season, Track
from nominations.states import EDITABLE, State


class Nomination(models.Model):
    """One entry of an applicant for a ranking. ``state`` is written by nominations.transitions alone."""

    number = models.CharField(_("申报编号"), max_length=20, unique=True)
    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="nominations")
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="nominations")
    track = models.ForeignKey(Track, null=True, on_delete=models.PROTECT, related_name="nominations")
    category = models.CharField(_("类别"), max_length=40, blank=True)
    applicant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="nominations")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        RecommendingUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="nominations"
    )
    title = models.CharField(_("名称"), max_length=200, blank=True)
    submitted_title = models.CharField(max_length=200, blank=True, editable=False)
    """The title of the version that was submitted last; what units search and sort by."""
    state = models.CharField(
        _("状态"), max_length=20, choices=State.choices, default=State.DRAFT, db_index=True
    )
    state_since = models.DateTimeField()
    answers = models.JSONField(default=dict, blank=True)
    promises = models.JSONField(default=list, blank=True)
    """Keys of the conditions that the applicant declared to meet, in the self-check (资格自查)."""
    edit_version = models.PositiveIntegerField(default=1)
    section_versions = models.JSONField(default=dict, blank=True)
    """Section key → [number of its saves, who saved it last, when]: two people in two sections don't collide."""
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_notes = models.JSONField(default=list, blank=True)
    """Why it came back: [{"section": key or "", "field": question key or "", "reason": text}]; see
    ``rules.reopened`` for what they open. Emptied by the next submission."""
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    begun_with = models.CharField(max_length=40, null=True, unique=True, editable=False)
    """The key of the request that began it: asked twice, it is begun once (Q2). None where nobody sent one."""

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["unit", "state", "submitted_at"], name="nomination_unit_queue"),
            models.Index(fields=["track", "state"], name="nomination_track_state"),
            models.Index(fields=["applicant", "state"], name="nomination_applicant"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def is_editable(self) -> bool:
        """Whether the state lets the applicant write; the gate is asked besides."""
        return self.state in EDITABLE

    @property
    def named_unit(self) -> RecommendingUnit:
        """The unit that it names; raises LookupError in a draft without one, and where no unit recommends."""
        if self.unit is None:
            raise LookupError(f"{self.number} names no unit")
        return self.unit

    @property
    def named_track(self) -> Track:
        """Its track; raises LookupError in a draft without one."""
        if self.track is None:
            raise LookupError(f"{self.number} names no track")
        return self.track

    @property
    def is_past_inner_deadline(self) -> bool:
        """Whether it was submitted last after its unit's inner deadline (逾内部截止), which hinders nothing."""
        until = self.unit.inner_deadline if self.unit else None
        return until is not None and self.submitted_at is not None and self.submitted_at >= until

    @property
    def latest_version(self) -> Version:
        """What was submitted last; raises LookupError where nothing was."""
        version = self.versions.submitted().last()
        if version is None:
            raise LookupError(f"{self.number} has no submitted version")
        return version

    def section_version(self, section: str) -> int:
        """How often a section was saved; a page sends back the number that it read."""
        return self.section_versions.get(section, [0])[0]

    def last_save(self, section: str) -> tuple[int, str, str]:
        """Number of a section's saves, who saved it last, when; the person who began where nobody saved yet.

        The self-check fills answers in before a section was ever saved.
        """
        number, who, when = self.section_versions.get(section) or (
            0,
            self.created_by.name,
            self.created_at.isoformat(),
        )
        return number, who, when

    @property
    def shown_title(self) -> str:
        """The title, or what stands for none; for who reads versions alone, the last version's (``last_title``)."""
        return getattr(self, "last_title", self.title) or str(_("未命名申报"))

    @property
    def state_label(self) -> str:
        """The state's word; in the separately organised rankings `submitted` reads 已提交."""
        if self.state == State.SUBMITTED and self.ranking.separately_organised:
            return str(_("已提交"))
        return str(self.get_state_display())


class Attachment(models.Model):
    """A file that was sent for one place of a nomination's form; ``nominations.actions.attachments`` writes rows.

    Whether it goes along is said by the answers: they name it, or not yet. ``removed_at``: the draft names it
    no more; it is kept for a day, and as long as a version names it.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="attachments")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=100)
    """The question, or question.column of rows, as ``fields.files.places`` names it."""
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["nomination", "place"], name="attachment_place")]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.place} {self.file_id}"


class VersionSet(models.QuerySet["Version"]):
    def submitted(self) -> VersionSet:
        """Those that were handed in; the others were frozen to be stamped and are the applicant's alone."""
        return self.filter(submitted_at__isnull=False)


class Version(models.Model):
    """The form as it was frozen: rows are only added. The digest covers all that the paper shows (A4).

    Where the applicant's seal is asked for, a version is frozen first, printed, stamped and scanned, and
    then submitted; else it is frozen by the submission. Nobody but the applicant hears of one that wasn't
    submitted.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField()
    """answers, promises, track, category, title, applicant, unit, form: the declaration's digest; after a return
    also follows: {version, digest, submitted_at}, and notes: the unit's, as in ``Nomination.returned_notes``."""
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    """When it was submitted last; None: frozen to be stamped, and never submitted."""
    digest = models.CharField(max_length=64)
    check_code = models.CharField(_("核验码"), max_length=9, unique=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveSmallIntegerField(null=True)
    """How many pages it has on paper; None until it was printed."""
    seal_pages = models.JSONField(default=dict)
    """Key of a seal → the page on which its box stands."""

    objects = VersionSet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["nomination", "number"], name="a_version_once")]

    def __str__(self) -> str:
        return f"{self.nomination.number} v{self.number} {self.check_code}"
