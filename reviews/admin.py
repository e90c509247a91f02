"""The administrator's look at the reviews: to read only, and neither scores nor comments (S5)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reviews.models import BodyExpert, Expert, PublicNotice, PublishedList, ReviewPlan


class ReadOnly(admin.ModelAdmin):
    """Everything is changed by the actions, with their questions and their record; nothing is here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ReviewPlan)
class ReviewPlanAdmin(ReadOnly):
    list_display = ["track", "number", "state", "filed_at", "decided_at"]
    list_filter = ["state"]


@admin.register(Expert)
class ExpertAdmin(ReadOnly):
    list_display = ["user", "employer", "position"]
    search_fields = ["user__name", "employer"]


@admin.register(BodyExpert)
class BodyExpertAdmin(ReadOnly):
    list_display = ["body", "expert", "is_active", "committed_at"]


@admin.register(PublicNotice)
class PublicNoticeAdmin(ReadOnly):
    list_display = ["title", "opens", "closes"]


@admin.register(PublishedList)
class PublishedListAdmin(ReadOnly):
    list_display = ["ranking", "version", "check_code", "published_at"]
