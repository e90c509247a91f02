"""What the secretariat does with a season: set units, their channels and limits, move the dates of a stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.permissions import may
from kczg.kit.clock import gate_words
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.models import (
    Channel,
    Place,
    QuotaChange,
    RecommendingUnit,
    Season,
    Stage,
    Track,
    UnitChannel,
)
from nominations.openings import EXTENDABLE, call_openings
from nominations.rules import calendar
from nominations.rules.quota import judge_limit, takes_two_people, wanted_places
from nominations.states import Window

NAMED = 5
"""So many taken places a refusal names in its words; the others stand in its details."""


@transaction.atomic
def set_unit(
    season: Season,
    organisation: Organisation,
    channel_keys: Sequence[str],
    by: Actor,
    at: datetime,
    reason: str,
    *,
    agreed: QuotaChange | None = None,
) -> RecommendingUnit:
    """Makes an organisation a recommending unit with exactly these channels at once, and builds its places.

    Once the call has opened it asks for the change that two people ``agreed`` on (S7): pages and imports call
    ``quota_changes.change_channels``, which decides. A free place of a channel that is taken away goes; a taken
    one never does: refused with the reason (Q1). Safe to repeat. Refused for everybody but the secretariat.
    """
    may(by.user, "season.manage").or_raise()
    _judge_alone(season, at, agreed)
    lock_quota(season)
    unit, fresh = RecommendingUnit.objects.get_or_create(season=season, organisation=organisation)
    RecommendingUnit.objects.select_for_update().get(pk=unit.pk)
    channels = channels_named(season, channel_keys)
    before = set(UnitChannel.objects.filter(unit=unit).values_list("channel__key", flat=True))
    if not fresh and before == set(channel_keys):
        return unit
    _replace_channels(unit, channels)
    facts: dict[str, Any] = {"season_year": season.year, "reason": reason.strip()}
    record("unit_channels_set", unit, by, at, **facts, before=sorted(before), after=sorted(channel_keys))
    return unit


def _replace_channels(unit: RecommendingUnit, channels: Sequence[Channel]) -> None:
    """The places go first and come last: the database refuses a place of a channel that the unit doesn't have."""
    lost = places_lost(unit, channels)
    judge_lost(lost)
    lost.delete()
    unit.unit_channels.exclude(channel__in=channels).delete()
    for channel in channels:
        UnitChannel.objects.get_or_create(unit=unit, channel=channel)
    build_places([unit], Track.objects.filter(ranking__season=unit.season_id, quota__isnull=False))


@transaction.atomic
def set_limit(
    track: Track, limit: int, by: Actor, at: datetime, reason: str, *, agreed: QuotaChange | None = None
) -> Track:
    """Sets how many each unit and channel may recommend in a track at once (二（二）); builds or removes free places.

    Like ``set_unit`` it asks for what two people ``agreed`` on once the call has opened (S7), never touches a
    taken place, and is safe to repeat. Locks season, units, track, in this order; a unit's row is locked after a
    nomination's and never before one, so recommending waits and nothing waits in a circle.
    """
    may(by.user, "season.manage").or_raise()
    season = track.ranking.season
    _judge_alone(season, at, agreed)
    lock_quota(season)
    units = list(RecommendingUnit.objects.filter(season=season).order_by("pk").select_for_update())
    locked = Track.objects.select_for_update(of=("self",)).select_related("ranking").get(pk=track.pk)
    judge_limit_of(locked, limit)
    before = locked.quota
    if before == limit:
        return locked
    lost = places_beyond(locked, limit)
    judge_lost(lost)
    lost.delete()
    locked.quota = limit
    locked.save(update_fields=["quota"])
    build_places(units, [locked])
    facts: dict[str, Any] = {"season_year": season.year, "reason": reason.strip()}
    record("track_limit_set", locked, by, at, **facts, before=before, after=limit)
    return locked


def lock_quota(season: Season) -> None:
    """One at a time changes the channels or limits of a season: a new unit and a new limit never miss each other."""
    Season.objects.select_for_update(no_key=True).get(pk=season.pk)


def _judge_alone(season: Season, at: datetime, agreed: QuotaChange | None) -> None:
    """Raises Refused (409) where two people are needed and haven't agreed (S7)."""
    if agreed is None and takes_two_people(call_openings(season.pk), at):
        words = _("征集已开始，改变推荐渠道和名额由两人办理")
        raise Refused(refuse("two_people", words, _("在“单位、名额、账号”中提出"), status=409))


def channels_named(season: Season, keys: Sequence[str]) -> list[Channel]:
    """The season's channels with these keys, in the notice's order; raises Refused (422) for a key of none."""
    channels = list(Channel.objects.filter(season=season, key__in=keys))
    missing = set(keys) - {channel.key for channel in channels}
    if missing:
        words = _("没有推荐渠道“%(key)s”") % {"key": "、".join(sorted(missing))}
        raise Refused(refuse("unknown_channel", words, status=422))
    return channels


def judge_limit_of(track: Track, limit: int) -> None:
    """Raises Refused (422) where a track can't have this limit; whether places are taken is another question."""
    if track.ranking.separately_organised:
        words = _("%(ranking)s另行组织，没有推荐名额") % {"ranking": track.ranking}
        raise Refused(refuse("separately_organised", words, status=422))
    judge_limit(limit).or_raise()


def places_lost(unit: RecommendingUnit, channels: Sequence[Channel]) -> QuerySet[Place]:
    """The places of a unit that it would lose with no more than these channels."""
    return Place.objects.filter(unit=unit).exclude(channel__in=channels)


def places_beyond(track: Track, limit: int) -> QuerySet[Place]:
    """The places of all units in a track whose number is beyond a limit."""
    return Place.objects.filter(track=track, number__gt=limit)


def judge_lost(lost: QuerySet[Place]) -> None:
    """Raises Refused (409) where one of these places is taken: names unit, track, place and holder (Q1)."""
    taken = list(
        lost.filter(recommendation__isnull=False)
        .select_related("unit__organisation", "track__ranking", "channel", "recommendation__nomination")
        .defer("track__ranking__declaration", "recommendation__nomination__answers")
        .order_by(
            "unit__organisation__name", "track__ranking__order", "track__order", "channel__order", "number"
        )
    )
    if not taken:
        return
    lines = [
        _("%(unit)s，%(track)s，%(channel)s第%(number)d个名额：%(nomination)s“%(title)s”")
        % {
            "unit": place.unit,
            "track": place.track,
            "channel": place.channel,
            "number": place.number,
            "nomination": place.recommendation.nomination.number,
            "title": place.recommendation.nomination.shown_title,
        }
        for place in taken
    ]
    more = _("；另有%(count)d个") % {"count": len(lines) - NAMED} if len(lines) > NAMED else ""
    words = _("有%(count)d个名额已被使用，不能减少：%(places)s") % {
        "count": len(lines),
        "places": "；".join(lines[:NAMED]) + more,
    }
    hint = _("先由推荐单位撤回这些推荐，再办理；或只减少空余的名额")
    raise Refused(refuse("place_in_use", words, hint, status=409, places=lines))


def build_places(units: Sequence[RecommendingUnit], tracks: Iterable[Track]) -> None:
    """Adds the rows of places that these units lack in these tracks: limit × channels, numbered."""
    ours, wanted = [unit.pk for unit in units], list(tracks)
    channels: dict[int, list[int]] = defaultdict(list)
    for unit_id, channel_id in UnitChannel.objects.filter(unit__in=ours).values_list("unit_id", "channel_id"):
        channels[unit_id].append(channel_id)
    rows = Place.objects.filter(unit__in=ours, track__in=wanted).order_by()
    standing = set(rows.values_list("unit_id", "track_id", "channel_id", "number"))
    Place.objects.bulk_create(
        Place(unit_id=unit_id, track_id=track.pk, channel_id=channel, number=number)
        for unit_id in ours
        for track in wanted
        for channel, number in wanted_places(track.quota, channels[unit_id])
        if (unit_id, track.pk, channel, number) not in standing
    )


@transaction.atomic
def give_units_a_stage(season: Season, by: Actor, at: datetime) -> Stage:
    """The units' own stage of the season, with the call's dates at first; safe to repeat (notice 三（一）)."""
    may(by.user, "season.manage").or_raise()
    call = Stage.objects.get(season=season, key=Window.CALL, track=None)
    dates = {"opens": call.opens, "closes": call.closes}
    row, fresh = Stage.objects.get_or_create(
        season=season, key=Window.RECOMMENDATION, track=None, defaults=dates
    )
    if fresh:
        record("units_stage_set", row, by, at, season_year=season.year)
    return row


@transaction.atomic
def set_stage(
    stage: Stage, opens: datetime, closes: datetime | None, reason: str, by: Actor, at: datetime
) -> Stage:
    """Moves a stage of the calendar to ``opens`` … ``closes`` (exclusive; None: no end), with a reason (通知三).

    Refused without a reason, where it would end before it begins or in the past, where two stages of the
    season would overlap, and for a call that has begun: its end takes two people (actions/extensions.py), its
    beginning stays.
    Both pairs of dates stand in the record.
    """
    may(by.user, "season.manage").or_raise()
    locked = Stage.objects.select_for_update(of=("self",)).select_related("season").get(pk=stage.pk)
    judge_stage(locked, opens, closes, at)
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("填写改动原因"), status=422))
    before = [locked.opens.isoformat(), locked.closes.isoformat() if locked.closes else None]
    locked.opens, locked.closes = opens, closes
    locked.save(update_fields=["opens", "closes"])
    record(
        "stage_set",
        locked,
        by,
        at,
        season_year=locked.season.year,
        reason=reason.strip(),
        stage=locked.key,
        before=before,
        after=[opens.isoformat(), closes.isoformat() if closes else None],
    )
    return locked


def judge_stage(stage: Stage, opens: datetime, closes: datetime | None, at: datetime) -> None:
    """Raises Refused (422) where a stage can't have these dates; the words name the stage it would overlap."""
    if (opens, closes) == (stage.opens, stage.closes):
        raise Refused(refuse("stage_unchanged", _("日期没有改动"), status=422))
    if closes is not None and closes <= opens:
        raise Refused(refuse("stage_backwards", _("截止日期不能早于开始日期"), status=422))
    if closes is not None and closes != stage.closes and closes <= at:
        raise Refused(refuse("stage_past", _("截止时间已过，改为今天或以后的日期"), status=422))
    name = calendar.stage_word(str(stage.get_key_display()))
    if stage.key in EXTENDABLE and stage.opens <= at:
        _judge_begun(stage, opens, closes, name)
    beside = Stage.objects.filter(season_id=stage.season_id, track=stage.track_id).exclude(pk=stage.pk)
    if stage.key in EXTENDABLE:
        beside = beside.exclude(key__in=EXTENDABLE)
    for other in beside:
        begins_before_end = closes is None or other.opens < closes
        ends_after_begin = other.closes is None or other.closes > opens
        if begins_before_end and ends_after_begin:
            words = _("%(stage)s与%(other)s的日期重叠：%(other)s为%(opens)s至%(closes)s")
            facts = {
                "stage": name,
                "other": other.get_key_display(),
                "opens": calendar.moment_words(other.opens)[:10],
                "closes": gate_words(other.closes, with_year=True) or _("不设截止"),
            }
            raise Refused(refuse("stages_overlap", words % facts, _("先改相邻阶段的日期"), status=422))


def _judge_begun(stage: Stage, opens: datetime, closes: datetime | None, name: str) -> None:
    """Raises Refused (422) where one person would move what has begun: its end takes two people (S7).

    Its beginning stays, for whoever put it off could then change end, channels and limits alone.
    """
    if closes != stage.closes:
        words = _("%(stage)s已经开始，改变截止时间由两人办理") % {"stage": name}
        raise Refused(refuse("stage_open", words, _("在“延期与例外”中提出"), status=422))
    if opens != stage.opens:
        words = _("%(stage)s已经开始，不再改变开始日期") % {"stage": name}
        raise Refused(refuse("stage_open", words, _("改变截止时间在“延期与例外”中提出"), status=422))
