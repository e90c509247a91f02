"""The quota as the record tells it: events and frozen versions replayed from the beginning, beside the rows (A1, Q1).

An event's number is given under the lock of what it changes, so a place that was given back is always recorded
before it is taken again, and a limit before what fills it: the replay never sees more than there was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models.fields.json import KeyTextTransform

from kczg.kit.models import Event
from nominations.models import Recommendation, RecommendingUnit, Track, UnitChannel, Version
from nominations.states import HOLDS_PLACE, MOVES, State

BEGINS = MOVES["recommend"].event
ENDS = frozenset(
    move.event
    for move in MOVES.values()
    if State.RECOMMENDED in move.sources and move.target not in HOLDS_PLACE
)
CHANNELS, LIMIT = "unit_channels_set", "track_limit_set"
CHUNK = 2000
Key = tuple[int, int]


class Replay:
    """One walk over the record. Where it says nothing of a unit's channels or a track's limit, the rows stand."""

    def __init__(self) -> None:
        tracks = list(
            Track.objects.values_list("pk", "ranking__season__year", "ranking__name", "name", "quota")
        )
        self._tracks = {(year, ranking, name): pk for pk, year, ranking, name, _quota in tracks}
        self._limit_now = {pk: quota or 0 for pk, *_names, quota in tracks}
        units = RecommendingUnit.objects.order_by().values_list("pk", "season__year", "organisation__name")
        self._units = {(year, name): pk for pk, year, name in units}
        self._channels_now: dict[int, set[str]] = defaultdict(set)
        for unit, key in UnitChannel.objects.order_by().values_list("unit_id", "channel__key"):
            self._channels_now[unit].add(key)
        self._limit: dict[int, int] = {}
        self._channels: dict[int, set[str]] = {}
        self._held: dict[int, Key] = {}
        self._used: Counter[Key] = Counter()

    def faults(self) -> Iterator[str]:
        """One line for each moment at which more was recommended than allowed, and for each way the rows differ."""
        self._begin()
        names = [BEGINS, *ENDS, CHANNELS, LIMIT]
        rows = Event.objects.filter(name__in=names).order_by("id")
        for chunk in _in_chunks(rows.iterator(CHUNK)):
            named = _versions_of(chunk)
            for row in chunk:
                yield from self._step(row, named)
        yield from self._against_rows()

    def _begin(self) -> None:
        """What stood before the first change on record: its ``before``; without a change, what stands now."""
        for event in Event.objects.filter(name__in=[CHANNELS, LIMIT]).order_by("-id"):
            if event.name == LIMIT:
                self._limit[event.subject_id] = event.data["before"] or 0
            else:
                self._channels[event.subject_id] = set(event.data["before"])

    def _step(self, event: Event, named: dict[str, tuple[Any, ...]]) -> Iterator[str]:
        if event.name == LIMIT:
            yield from self._limit_set(event)
        elif event.name == CHANNELS:
            yield from self._channels_set(event)
        elif event.name == BEGINS:
            key = self._place_of(event, named)
            if key is None:
                yield f"event {event.pk}: recommended by no known unit in no known track"
                return
            self._held[event.subject_id] = key
            self._used[key] += 1
            yield from self._over([key], event)
        elif key := self._held.pop(event.subject_id, None):
            self._used[key] -= 1

    def _limit_set(self, event: Event) -> Iterator[str]:
        if self._limit[event.subject_id] != (event.data["before"] or 0):
            yield f"event {event.pk}: the limit of track {event.subject_id} wasn't {event.data['before']}"
        self._limit[event.subject_id] = event.data["after"] or 0
        yield from self._over([key for key in self._used if key[1] == event.subject_id], event)

    def _channels_set(self, event: Event) -> Iterator[str]:
        if self._channels[event.subject_id] != set(event.data["before"]):
            yield f"event {event.pk}: the channels of unit {event.subject_id} weren't {event.data['before']}"
        self._channels[event.subject_id] = set(event.data["after"])
        yield from self._over([key for key in self._used if key[0] == event.subject_id], event)

    def _over(self, keys: Iterable[Key], event: Event) -> Iterator[str]:
        for unit, track in keys:
            limit = self._limit.get(track, self._limit_now.get(track, 0))
            most = limit * len(self._channels.get(unit, self._channels_now[unit]))
            if self._used[unit, track] > most:
                count = self._used[unit, track]
                yield f"event {event.pk}: unit {unit} track {track}: {count} recommended, {most} allowed then"

    def _place_of(self, event: Event, named: dict[str, tuple[Any, ...]]) -> Key | None:
        """Unit and track as the event says; where it is older than that, as the version names them."""
        if "unit" in event.data and "track" in event.data:
            return event.data["unit"], event.data["track"]
        year, ranking, track, unit = named.get(event.version_code, (None, "", "", ""))
        found = self._units.get((year, unit)), self._tracks.get((year, ranking, track))
        return (found[0], found[1]) if found[0] and found[1] else None

    def _against_rows(self) -> Iterator[str]:
        rows = Recommendation.objects.filter(ended_at=None).order_by()
        standing = Counter(rows.values_list("unit_id", "nomination__track_id"))
        for unit, track in sorted(standing.keys() | self._used.keys(), key=str):
            told, found = self._used[unit, track], standing[unit, track]
            if told != found:
                yield f"unit {unit} track {track}: {found} recommended, {told} by the record"
        for track, limit in self._limit.items():
            if self._limit_now.get(track) != limit:
                yield f"track {track}: its limit is {self._limit_now.get(track)}, {limit} by the record"
        for unit, keys in self._channels.items():
            if self._channels_now[unit] != keys:
                yield f"unit {unit}: its channels are {sorted(self._channels_now[unit])}, {sorted(keys)} by the record"


def _in_chunks(events: Iterator[Event]) -> Iterator[list[Event]]:
    chunk: list[Event] = []
    for event in events:
        chunk.append(event)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _versions_of(events: Iterable[Event]) -> dict[str, tuple[Any, ...]]:
    """Check code → year, ranking, track and unit of versions whose event doesn't tell unit and track itself."""
    codes = [event.version_code for event in events if event.name == BEGINS and "unit" not in event.data]
    rows = Version.objects.filter(check_code__in=codes).order_by()
    track, unit = KeyTextTransform("track", "content"), KeyTextTransform("unit", "content")
    names = ("check_code", "nomination__season__year", "nomination__ranking__name", track, unit)
    return {code: tuple(rest) for code, *rest in rows.values_list(*names)}
