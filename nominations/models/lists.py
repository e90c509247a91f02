"""The season's lists that the notice refers to and doesn't print: earlier honourees, 试点城市（园区）.

Each line says where it is from and who checked it; each list says whether it is whole.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.season import Season
from nominations.rules.likeness import comparable


class Line(models.Model):
    """What a line of any list has: a name, where it is from, and who checked it (nobody yet: 待核对)."""

    name = models.CharField(_("名称"), max_length=200)
    normalised_name = models.CharField(max_length=200, editable=False, db_index=True)
    source = models.CharField(_("出处"), max_length=300)
    checked_by = models.CharField(_("核对人"), max_length=60, blank=True)
    checked_on = models.DateField(_("核对日期"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.normalised_name = comparable(self.name)[:200]
        super().save(*args, **kwargs)


class Honouree(Line):
    """Who was on an earlier list and is no longer a candidate (annex 1); with where the line is from."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="honourees")
    ranking_name = models.CharField(_("上年榜单"), max_length=60)
    track_name = models.CharField(_("领域"), max_length=40, blank=True)
    organisation_name = models.CharField(_("单位"), max_length=200, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)

    class Meta:
        ordering = ["ranking_name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "ranking_name", "track_name", "normalised_name", "organisation_name"],
                name="an_honouree_once",
            )
        ]


class PilotPlace(Line):
    """One of the “科创中国” 试点城市（园区）, 65 in the notice of 2022."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="pilot_places")
    kind = models.CharField(_("类型"), max_length=20, blank=True)
    province_code = models.CharField(_("省份"), max_length=6, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["season", "normalised_name"], name="a_pilot_place_once")
        ]


PILOT_PLACES = "pilot_places"
"""The key of the list of 试点城市（园区）; a list of honourees has its ranking's name."""


class ListState(models.Model):
    """Whether a list of the season is whole. Without a row it is not: what it lacks proves nothing."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="list_states")
    key = models.CharField(max_length=60)
    complete = models.BooleanField(_("名单完整"), default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["season", "key"], name="one_state_a_list")]

    def __str__(self) -> str:
        return f"{self.season} {self.key}"


class ListImport(models.Model):
    """The rows of a file that was read and found right, waiting for the person's confirmation."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="list_imports")
    kind = models.CharField(max_length=20)
    rows = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.season} {self.kind} {self.made_at:%Y-%m-%d %H:%M}"
