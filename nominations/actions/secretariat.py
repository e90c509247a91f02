"""What the secretariat does with a season: set units and their channels, move the dates of a stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.permissions import may
from kczg.kit.clock import gate_words
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.models import Channel, Place, RecommendingUnit, Season, Stage, Track, UnitChannel
from nominations.openings import EXTENDABLE
from nominations.rules import calendar
from nominations.rules.quota import wanted_places
from nominations.states import Window


@transaction.atomic
def set_unit(
    season: Season,
    organisation: Organisation,
    channel_keys: Sequence[str],
    by: Actor,
    at: datetime,
    reason: str,
) -> RecommendingUnit:
    """Makes an organisation a recommending unit with exactly these channels, and builds its places.

    A free place of a channel that is taken away goes; a taken one never does: refused with the reason
    (Q1). Safe to repeat. Refused for everybody but the secretariat.
    """
    may(by.user, "season.manage").or_raise()
    unit, fresh = RecommendingUnit.objects.get_or_create(season=season, organisation=organisation)
    RecommendingUnit.objects.select_for_update().get(pk=unit.pk)
    channels = list(Channel.objects.filter(season=season, key__in=channel_keys))
    missing = set(channel_keys) - {channel.key for channel in channels}
    if missing:
        raise Refused(
            refuse(
                "unknown_channel",
                _("没有推荐渠道“%(key)s”") % {"key": "、".join(sorted(missing))},
                status=422,
            )
        )
    before = set(UnitChannel.objects.filter(unit=unit).values_list("channel__key", flat=True))
    if not fresh and before == set(channel_keys):
        return unit
    unit.unit_channels.exclude(channel__in=channels).delete()
    for channel in channels:
        UnitChannel.objects.get_or_create(unit=unit, channel=channel)
    build_places(unit)
    record(
        "unit_channels_set",
        unit,
        by,
        at,
        season_year=season.year,
        reason=reason,
        before=sorted(before),
        after=sorted(channel_keys),
    )
    return unit


def build_places(unit: RecommendingUnit) -> None:
    """Makes the unit's rows of places equal to limit × channels; raises Refused if a taken one would go."""
    channels = {row.channel.key: row.channel for row in unit.unit_channels.select_related("channel")}
    for track in Track.objects.filter(ranking__season=unit.season, quota__isnull=False):
        wanted = set(wanted_places(track.quota, list(channels)))
        existing = {
            (place.channel.key, place.number): place
            for place in Place.objects.filter(unit=unit, track=track).select_related(
                "channel", "recommendation"
            )
        }
        for key, place in existing.items():
            if key not in wanted:
                if hasattr(place, "recommendation"):
                    raise Refused(
                        refuse(
                            "place_in_use",
                            _("%(track)s的名额（%(place)s）已被使用，不能减少")
                            % {"track": track, "place": place},
                            _("先由推荐单位撤回推荐"),
                            status=409,
                        )
                    )
                place.delete()
        Place.objects.bulk_create(
            Place(unit=unit, track=track, channel=channels[key], number=number)
            for key, number in sorted(wanted - existing.keys())
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
    season would overlap, and for the end of a call that has begun: that takes two people (actions/extensions.py).
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
    if stage.key in EXTENDABLE and stage.opens <= at and closes != stage.closes:
        words = _("%(stage)s已经开始，改变截止时间由两人办理") % {"stage": name}
        raise Refused(refuse("stage_open", words, _("在“延期与例外”中提出"), status=422))
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
