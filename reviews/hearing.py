"""What the reviews hear of elsewhere: facts of accounts and experts that may make a conflict of interest (回避).

The other rooms know nothing of reviews, so they are listened to here. A change owes a comparison to the worker:
it must neither slow down nor fail what changed. Changes of many rows at once send no signal; the hourly
comparison finds those.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save

from accounts.models import Membership, Organisation, User
from kczg.kit.outbox import owe
from nominations.models import Nomination
from reviews import queries
from reviews.models import Expert

FACTS = {"name", "email", "mobile", "normalised_name", "credit_code"}
"""Columns of people and organisations that are compared; a login, say, saves others."""


def begin() -> None:
    """Begins to listen."""
    for signal in (post_save, post_delete):
        signal.connect(membership_changed, sender=Membership, dispatch_uid="reviews.membership")
    for sender, heard in (
        (User, user_changed),
        (Organisation, organisation_changed),
        (Expert, expert_changed),
    ):
        post_save.connect(heard, sender=sender, dispatch_uid=f"reviews.{sender.__name__}")


def membership_changed(instance: Membership, **_signal: Any) -> None:
    _owe_experts(Q(user=instance.user_id))


def user_changed(instance: User, created: bool, update_fields: Any = None, **_signal: Any) -> None:
    if not created and (update_fields is None or FACTS & set(update_fields)):
        _owe_experts(Q(user=instance.pk))


def expert_changed(instance: Expert, created: bool, **_signal: Any) -> None:
    if not created:
        _owe_experts(Q(pk=instance.pk))


def organisation_changed(
    instance: Organisation, created: bool, update_fields: Any = None, **_signal: Any
) -> None:
    if created or (update_fields is not None and not FACTS & set(update_fields)):
        return
    _owe_experts(Q(user__memberships__organisation=instance.pk))
    held = Q(applicant=instance.pk) | Q(unit__organisation=instance.pk)
    rows = Nomination.objects.filter(
        held, track__in=queries.tracks_to_compare(), state__in=queries.PASSED_CHECK
    )
    for track in rows.order_by("track").values_list("track", flat=True).distinct():
        owe("conflicts_of_track", f"conflicts_of_track:{track}", again=True, track_id=track)


def _owe_experts(whom: Q) -> None:
    for pk in (
        Expert.objects.filter(whom, body_experts__is_active=True).values_list("pk", flat=True).distinct()
    ):
        owe("conflicts_of_expert", f"conflicts_of_expert:{pk}", again=True, expert_id=pk)
