"""What an applicant thinks over while the draft may be edited: its category, and the promises that it asks for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kczg.kit.record import Actor
from nominations import eligibility
from nominations.actions.applicant import judge_edit
from nominations.actions.beginning import judge_category
from nominations.actions.reopened import judge_whole
from nominations.models import Nomination


@transaction.atomic
def choose_category(nomination: Nomination, category: str, by: Actor, at: datetime) -> None:
    """Changes the category while the whole draft may be edited. Answers that it doesn't ask for are kept, not submitted."""
    locked = (
        Nomination.objects.select_for_update(of=("self",)).select_related("ranking").get(pk=nomination.pk)
    )
    judge_edit(locked, by, at)
    judge_category(locked.ranking.online_form, category)
    if locked.category != category:
        judge_whole(locked, _("类别"))
        locked.category, locked.edited_at, locked.edited_by = category, at, by.user
        locked.edit_version += 1
        locked.save(update_fields=["category", "edited_at", "edited_by", "edit_version"])
    nomination.category = category


@transaction.atomic
def promise(nomination: Nomination, keys: Collection[str], by: Actor, at: datetime) -> None:
    """Adds promises to meet declared conditions of the present track and category; others are left out.

    What was promised before stays: a change back to a former track or category asks for nothing again. What an
    answer asks for that the unit returned may always be promised.
    """
    rows = Nomination.objects.select_for_update(of=("self",))
    locked = rows.select_related("ranking", "season", "track", "applicant").get(pk=nomination.pk)
    judge_edit(locked, by, at)
    asked = {condition.key for condition in eligibility.of_draft(locked).declared}
    added = asked.intersection(keys) - set(locked.promises)
    if added:
        locked.promises = sorted({*locked.promises, *added})
        locked.edited_at, locked.edited_by = at, by.user
        locked.edit_version += 1
        locked.save(update_fields=["promises", "edited_at", "edited_by", "edit_version"])
    nomination.promises = locked.promises
