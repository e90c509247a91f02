"""What a recommending unit does: recommend, return, decline, take a recommendation back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.outbox import owe
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused, refuse
from nominations import queries, transitions
from nominations.actions.applicant import end_recommendation
from nominations.models import Nomination, Place, Recommendation, RecommendingUnit
from nominations.rules import quota
from nominations.states import State


def _lock(unit: RecommendingUnit) -> None:
    """One at a time takes a place of a unit; the unique key on the place holds without this, too (Q1)."""
    RecommendingUnit.objects.select_for_update().get(pk=unit.pk)


@transaction.atomic
def recommend(
    nomination: Nomination, opinion: str, seen_version: int, by: Actor, at: datetime
) -> Recommendation:
    """Recommends the version that the unit has seen, on the unit's first free place in the track.

    Refused when the quota is used up (通知二（二）), when the applicant has submitted another version
    meanwhile, without an opinion, and outside the call. Asking twice has one effect (Q2).
    """
    locked = Nomination.objects.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination.pk)
    standing_one = locked.recommendations.filter(ended_at=None).first()
    if standing_one and locked.state == State.RECOMMENDED and standing_one.version.number == seen_version:
        may(by.user, "nomination.recommend", locked).or_raise()
        return standing_one
    transitions.judge(locked, "recommend", by, at).or_raise()
    version = locked.versions.last()
    if version.number != seen_version:
        raise Refused(
            refuse("new_version", _("申报人已提交新的版本"), _("查看新版本后再推荐"), status=409, version=version.number)
        )
    if not opinion.strip():
        raise Refused(refuse("opinion_missing", _("填写推荐意见"), status=422))
    row = _take_place(locked, opinion.strip(), version, by, at)
    transitions.move(
        locked,
        "recommend",
        by,
        at,
        version_code=version.check_code,
        place=str(row.place),
        channel=row.place.channel.name,
        opinion=row.opinion,
    )
    owe("notice_mail", f"notice:recommended:{row.pk}", name="recommended", nomination_id=locked.pk)
    nomination.refresh_from_db()
    return row


def _take_place(nomination: Nomination, opinion: str, version, by: Actor, at: datetime) -> Recommendation:
    _lock(nomination.unit)
    quota.judge(queries.standing_in(nomination.unit, nomination.track)).or_raise()
    place = (
        Place.objects.filter(unit=nomination.unit, track=nomination.track, recommendation=None)
        .select_related("channel")
        .first()
    )
    try:
        with transaction.atomic():
            return Recommendation.objects.create(
                nomination=nomination,
                unit=nomination.unit,
                version=version,
                place=place,
                opinion=opinion,
                recommended_at=at,
                recommended_by=by.user,
            )
    except IntegrityError as taken:
        raise Refused(refuse("place_taken", _("名额刚被占用"), _("刷新本页后再试"), status=409)) from taken


@transaction.atomic
def return_for_changes(
    nomination: Nomination, notes: Sequence[dict[str, str]], by: Actor, at: datetime
) -> None:
    """Sends it back with reasons by section: [{"section": key or "", "reason": text}]; frees its place."""
    locked = Nomination.objects.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination.pk)
    kept = [note for note in notes if note["reason"].strip()]
    if not kept:
        raise Refused(refuse("reason_missing", _("填写退回原因，申报人将看到"), status=422))
    words = "；".join(note["reason"].strip() for note in kept)
    transitions.move(locked, "return", by, at, reason=words, fields={"returned_notes": kept})
    end_recommendation(locked, at)
    owe("notice_mail", f"notice:returned:{locked.pk}:{at.isoformat()}", name="returned", nomination_id=locked.pk)
    nomination.refresh_from_db()


@transaction.atomic
def decline(nomination: Nomination, reason: str, by: Actor, at: datetime) -> None:
    """Does not recommend (不予推荐), with the reason that the applicant reads."""
    locked = Nomination.objects.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination.pk)
    transitions.move(locked, "decline", by, at, reason=reason)
    owe("notice_mail", f"notice:declined:{locked.pk}", name="declined", nomination_id=locked.pk)
    nomination.refresh_from_db()


@transaction.atomic
def take_back(nomination: Nomination, reason: str, by: Actor, at: datetime) -> None:
    """Takes a recommendation back before the gate: the place is free, the nomination waits again."""
    locked = Nomination.objects.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination.pk)
    transitions.move(locked, "take_back", by, at, reason=reason)
    end_recommendation(locked, at)
    nomination.refresh_from_db()
