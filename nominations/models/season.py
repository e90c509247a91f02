"""The season and all that it says of itself: calendar, rankings, tracks, channels, units, bodies."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from nominations.fields.base import Declaration
from nominations.states import STAGES


class Season(models.Model):
    """One year's call, as the notice of that year announced it."""

    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    name = models.CharField(_("名称"), max_length=100)
    notice_number = models.CharField(_("通知文号"), max_length=60, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    asks_scans = models.BooleanField(_("提交盖章扫描件"), default=False)
    """Whether a form goes along as a scan with its seals; a ranking's form says which seals it has."""

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.name


class Ranking(models.Model):
    """One of the season's seven rankings, with the season's own copy of its form's declaration."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="rankings")
    key = models.SlugField(max_length=40)
    code = models.CharField(_("编号字头"), max_length=4)
    name = models.CharField(_("榜单"), max_length=60)
    summary = models.TextField(_("面向对象"), blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    separately_organised = models.BooleanField(_("另行组织"), default=False)
    declaration = models.JSONField(null=True, blank=True)
    declaration_number = models.PositiveSmallIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    correction_days = models.PositiveSmallIntegerField(_("补正期限"), default=0)
    """Days that an applicant has for a correction that the body asks for, once; 0: it may not ask."""

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["season", "key"], name="one_ranking_a_key")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def form(self) -> Declaration | None:
        """The season's copy of the form; None while the ranking has no online form."""
        return Declaration.from_json(self.declaration) if self.declaration else None

    @property
    def online_form(self) -> Declaration:
        """The season's copy of the form; raises LookupError while the ranking has none."""
        if self.form is None:
            raise LookupError(f"{self.key} has no online form")
        return self.form


class ReviewBody(models.Model):
    """A preliminary review body of the season, with the office line printed in the notice (五（一）)."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="bodies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="review_bodies")
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True)
    office_line = models.CharField(_("联系电话"), max_length=40, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["season", "organisation"], name="one_body_a_season")]

    def __str__(self) -> str:
        return self.organisation.name


class Track(models.Model):
    """What a quota and a review body belong to: a ranking's field, or the whole ranking where it has none.

    ``quota`` is the number that each unit and channel may recommend (notice 二（二）); None where the ranking
    is separately organised. ``name`` is empty for the one track of a ranking without fields.
    """

    ranking = models.ForeignKey(Ranking, on_delete=models.CASCADE, related_name="tracks")
    key = models.SlugField(max_length=40)
    name = models.CharField(_("领域"), max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    quota = models.PositiveSmallIntegerField(_("每个推荐渠道的名额"), null=True, blank=True)
    planned_number = models.PositiveSmallIntegerField(_("计划入榜数"), default=10)
    bodies = models.ManyToManyField(ReviewBody, related_name="tracks", verbose_name=_("初评机构"))

    class Meta:
        ordering = ["ranking__order", "order"]
        constraints = [models.UniqueConstraint(fields=["ranking", "key"], name="one_track_a_key")]

    def __str__(self) -> str:
        return f"{self.ranking.name}（{self.name}）" if self.name else self.ranking.name

    @property
    def short_name(self) -> str:
        """The field's name, or the ranking's where it has no fields."""
        return self.name or self.ranking.name


class Stage(models.Model):
    """A half-open window of the calendar: from ``opens``, to ``closes`` exclusive (None: no end).

    A row with a track stands instead of the season's row for that track alone.
    """

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="stages")
    key = models.CharField(_("阶段"), max_length=20, choices=STAGES)
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.CASCADE, related_name="stages")
    opens = models.DateTimeField(_("开始"))
    closes = models.DateTimeField(_("截止"), null=True, blank=True)

    class Meta:
        ordering = ["opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "key"], condition=models.Q(track=None), name="one_stage_a_season"
            ),
            models.UniqueConstraint(fields=["key", "track"], name="one_stage_a_track"),
            models.CheckConstraint(
                condition=models.Q(closes=None) | models.Q(closes__gt=models.F("opens")),
                name="stage_opens_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} {self.get_key_display()}"


class Channel(models.Model):
    """A channel of recommendation (notice 二（一）)."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="channels")
    key = models.SlugField(max_length=40)
    name = models.CharField(_("推荐渠道"), max_length=60)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["season", "key"], name="one_channel_a_key")]

    def __str__(self) -> str:
        return self.name


class RecommendingUnit(models.Model):
    """An organisation that recommends in a season, through one channel or several (可叠加)."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="units")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="recommending_units"
    )
    channels = models.ManyToManyField(Channel, through="UnitChannel", related_name="units")
    contact_name = models.CharField(_("联系人姓名"), max_length=100, blank=True)
    contact_email = models.EmailField(_("联系人邮箱"), blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    to_check = models.BooleanField(_("待核对"), default=False)
    """It came from a starting list, and no person has said yet that it is right."""
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    inner_deadline = models.DateTimeField(_("内部截止"), null=True, blank=True)
    """Until when the unit wishes its applicants to submit (exclusive); no gate: what comes later arrives, too."""

    class Meta:
        ordering = ["organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["season", "organisation"], name="one_unit_a_season"),
            models.CheckConstraint(
                condition=models.Q(to_check=False) | models.Q(checked_by=None, checked_at=None),
                name="a_checked_unit_is_not_to_check",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class UnitChannel(models.Model):
    """A unit recommends through a channel; it has the channel's places as long as this row stands."""

    unit = models.ForeignKey(RecommendingUnit, on_delete=models.CASCADE, related_name="unit_channels")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="unit_channels")

    class Meta:
        ordering = ["channel__order"]
        constraints = [models.UniqueConstraint(fields=["unit", "channel"], name="a_channel_once_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.channel}"
