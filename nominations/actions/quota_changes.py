"""Changes of channels and limits (名额): at once by one person before the call, by two people afterwards (S7).

Everybody who changes a unit's channels or a track's limit calls ``change_channels`` or ``change_limit``: they
decide whether it happens at once or is put before a second person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.permissions import may
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.actions import secretariat
from nominations.models import QuotaChange, RecommendingUnit, Season, Track, UnitChannel
from nominations.openings import call_openings
from nominations.rules.quota import takes_two_people


@transaction.atomic
def change_channels(
    season: Season,
    organisation: Organisation,
    channel_keys: Sequence[str],
    reason: str,
    by: Actor,
    at: datetime,
) -> RecommendingUnit | QuotaChange:
    """Gives an organisation exactly these channels: the unit where it holds at once, the proposal where two decide.

    The unit, too, where nothing is to be changed. Refused without a reason (422), where a taken place would go
    (409), while another change of the unit waits (409), and for everybody but the secretariat. Safe to repeat.
    """
    may(by.user, "season.manage").or_raise()
    judge_reason(reason)
    if not takes_two_people(call_openings(season.pk), at):
        return secretariat.set_unit(season, organisation, channel_keys, by, at, reason)
    secretariat.lock_quota(season)
    channels = secretariat.channels_named(season, channel_keys)
    unit = RecommendingUnit.objects.filter(season=season, organisation=organisation).first()
    before, after = channels_of(season, organisation), sorted(set(channel_keys))
    if unit is not None and before == after:
        return unit
    if unit is not None:
        secretariat.judge_lost(secretariat.places_lost(unit, channels))
    return _propose(
        QuotaChange(season=season, organisation=organisation, before=before, after=after), reason, by, at
    )


@transaction.atomic
def change_limit(track: Track, limit: int, reason: str, by: Actor, at: datetime) -> Track | QuotaChange:
    """Sets a track's limit: the track where it holds at once, the proposal where two decide.

    Refused like ``change_channels``, and for a number that can't be a limit (422). Safe to repeat.
    """
    may(by.user, "season.manage").or_raise()
    judge_reason(reason)
    season = track.ranking.season
    if not takes_two_people(call_openings(season.pk), at):
        return secretariat.set_limit(track, limit, by, at, reason)
    secretariat.lock_quota(season)
    standing = Track.objects.select_related("ranking").get(pk=track.pk)
    secretariat.judge_limit_of(standing, limit)
    if standing.quota == limit:
        return standing
    secretariat.judge_lost(secretariat.places_beyond(standing, limit))
    return _propose(
        QuotaChange(season=season, track=standing, before=standing.quota, after=limit), reason, by, at
    )


def judge_reason(reason: str) -> None:
    """Raises Refused (422) where a change has no reason (S7)."""
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("填写改动原因"), status=422))


def channels_of(season: Season, organisation: Organisation) -> list[str]:
    """The keys of the channels that an organisation has as a unit of the season, sorted."""
    rows = UnitChannel.objects.filter(unit__season=season, unit__organisation=organisation)
    return sorted(rows.values_list("channel__key", flat=True))


def _propose(wish: QuotaChange, reason: str, by: Actor, at: datetime) -> QuotaChange:
    """Puts a change before a second person; the very same again is the same one (Q2)."""
    waiting = QuotaChange.objects.filter(
        season=wish.season, organisation=wish.organisation, track=wish.track, approved=None
    ).first()
    if waiting is not None:
        same = (waiting.after, waiting.reason, waiting.proposed_by_id)
        if same == (wish.after, reason.strip(), by.user.pk):
            return waiting
        words = _("%(what)s有一项改动待批准") % {"what": wish.track or wish.organisation}
        raise Refused(refuse("change_waiting", words, _("先办理那一项改动"), status=409, change=waiting.pk))
    wish.reason, wish.proposed_at, wish.proposed_by = reason.strip(), at, by.user
    wish.save(force_insert=True)
    _record("quota_change_proposed", wish, by, at)
    return wish


@transaction.atomic
def decide_change(change: QuotaChange, approve: bool, by: Actor, at: datetime) -> None:
    """A second person of the secretariat approves or refuses; an approved change holds at once.

    It is judged anew: refused (409) where a place that would go was taken meanwhile, or where what it changes is
    no longer what it was; it then stays open. Refused for who proposed it, and once it is decided. Asking twice
    for the same has one effect (Q2).
    """
    may(by.user, "season.manage").or_raise()
    rows = QuotaChange.objects.select_for_update(of=("self",))
    locked = rows.select_related("season", "organisation", "track__ranking__season").get(pk=change.pk)
    if locked.approved is not None:
        if locked.approved == approve and locked.decided_by_id == by.user.pk:
            return
        raise Refused(refuse("decided", _("这项改动刚刚由他人办理"), _("刷新本页，查看最新状态"), status=409))
    if locked.proposed_by_id == by.user.pk:
        words = _("改动由另一人批准，提出的人不能批准自己的")
        raise Refused(refuse("same_person", words, _("由秘书处另一位同事办理"), status=409))
    if approve:
        _carry_out(locked, by, at)
    locked.approved, locked.decided_at, locked.decided_by = approve, at, by.user
    locked.save(update_fields=["approved", "decided_at", "decided_by"])
    _record("quota_change_approved" if approve else "quota_change_refused", locked, by, at)
    change.refresh_from_db()


def _carry_out(change: QuotaChange, by: Actor, at: datetime) -> None:
    secretariat.lock_quota(change.season)
    if standing_value(change) != change.before:
        words = _("提出以后，推荐渠道或名额已经改过")
        raise Refused(refuse("changed_meanwhile", words, _("不批准这项改动，按现状重新提出"), status=409))
    if change.track is not None:
        secretariat.set_limit(change.track, change.after, by, at, change.reason, agreed=change)
    elif change.organisation is not None:
        given = change.season, change.organisation, change.after
        secretariat.set_unit(*given, by, at, change.reason, agreed=change)


def standing_value(change: QuotaChange) -> Any:
    """What holds now of what a change is about: the limit, or the channels."""
    if change.track is not None:
        return Track.objects.values_list("quota", flat=True).get(pk=change.track.pk)
    return channels_of(change.season, change.organisation) if change.organisation else None


def _record(name: str, change: QuotaChange, by: Actor, at: datetime) -> None:
    facts = {
        "unit": change.organisation.name if change.organisation else None,
        "track": str(change.track) if change.track else None,
        "before": change.before,
        "after": change.after,
    }
    record(name, change, by, at, season_year=change.season.year, reason=change.reason, **facts)
