"""The admin site's view of nominations: for looking up only, without their content (S5).

Nothing can be added, changed or deleted here: there is no way around the actions.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from nominations.models import Nomination, Place, Recommendation, Season, Version


class ReadOnly(admin.ModelAdmin):
    """Lists and shows, and refuses everything else."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Nomination)
class NominationAdmin(ReadOnly):
    list_display = ["number", "ranking", "track", "applicant", "unit", "state", "state_since"]
    list_filter = ["season", "ranking", "state"]
    list_select_related = ["ranking", "track__ranking", "applicant", "unit__organisation"]
    search_fields = ["number"]
    fields = [
        "number",
        "season",
        "ranking",
        "track",
        "applicant",
        "unit",
        "state",
        "state_since",
        "submitted_at",
    ]


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = ["nomination", "number", "check_code", "frozen_at"]
    list_select_related = ["nomination"]
    search_fields = ["check_code", "nomination__number"]
    fields = ["nomination", "number", "check_code", "digest", "frozen_at"]


@admin.register(Recommendation)
class RecommendationAdmin(ReadOnly):
    list_display = ["nomination", "unit", "recommended_at", "ended_at"]
    list_select_related = ["nomination", "unit__organisation"]
    search_fields = ["nomination__number"]
    fields = ["nomination", "unit", "version", "place", "recommended_at", "ended_at"]


@admin.register(Place)
class PlaceAdmin(ReadOnly):
    list_display = ["unit", "track", "channel", "number"]
    list_select_related = ["unit__organisation", "track__ranking", "channel"]
    fields = ["unit", "track", "channel", "number"]


@admin.register(Season)
class SeasonAdmin(ReadOnly):
    list_display = ["year", "name", "notice_number"]
    fields = ["year", "name", "notice_number"]
