"""What the secretariat does before the gate: load a season, set units and their channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.models import Channel, Place, RecommendingUnit, Season, Track, UnitChannel
from nominations.rules.quota import wanted_places


@transaction.atomic
def set_unit(
    season: Season, organisation: Organisation, channel_keys: Sequence[str], by: Actor, at: datetime, reason: str
) -> RecommendingUnit:
    """Makes an organisation a recommending unit with exactly these channels, and builds its places.

    A free place of a channel that is taken away goes; a taken one never does: refused with the reason
    (Q1). Safe to repeat.
    """
    unit, fresh = RecommendingUnit.objects.get_or_create(season=season, organisation=organisation)
    RecommendingUnit.objects.select_for_update().get(pk=unit.pk)
    channels = list(Channel.objects.filter(season=season, key__in=channel_keys))
    missing = set(channel_keys) - {channel.key for channel in channels}
    if missing:
        raise Refused(
            refuse("unknown_channel", _("没有推荐渠道“%(key)s”") % {"key": "、".join(sorted(missing))}, status=422)
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
            for place in Place.objects.filter(unit=unit, track=track).select_related("channel", "recommendation")
        }
        for key, place in existing.items():
            if key not in wanted:
                if hasattr(place, "recommendation"):
                    raise Refused(
                        refuse(
                            "place_in_use",
                            _("%(track)s的名额（%(place)s）已被使用，不能减少") % {"track": track, "place": place},
                            _("先由推荐单位撤回推荐"),
                            status=409,
                        )
                    )
                place.delete()
        Place.objects.bulk_create(
            Place(unit=unit, track=track, channel=channels[key], number=number)
            for key, number in sorted(wanted - existing.keys())
        )
