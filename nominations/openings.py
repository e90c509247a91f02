"""Reads: the window that holds for whom. A stage's dates, the track's own before the season's, then what was granted.

The one place that answers "until when" for applicants and units, for one nomination or for many; rules/calendar.py
then judges a moment against it (D1, D2).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from nominations.models import Correction, Extension, Nomination, Season, Stage, Track
from nominations.rules.calendar import Opening, extended
from nominations.states import State, Window

EXTENDABLE = (Window.CALL, Window.RECOMMENDATION)


class Openings:
    """The windows of a few seasons with the extensions granted in them, read with two queries."""

    def __init__(self, seasons: Iterable[int]):
        wanted = self._seasons = set(seasons)
        self._stages = {
            (row.season_id, row.track_id, row.key): Opening(str(Window(row.key).label), row.opens, row.closes)
            for row in Stage.objects.filter(season__in=wanted)
        }
        self._granted = list(Extension.objects.filter(season__in=wanted, approved=True))

    def of(self, nomination: Nomination, key: str) -> Opening | None:
        """The window of a stage for one nomination; that of its correction is its own."""
        if key == Window.CORRECTION:
            return self._corrections.get(nomination.pk)
        opening = self._printed(nomination.season_id, nomination.track_id, key)
        return extended(opening, [e.until for e in self._extensions(key) if e.covers(nomination)])

    def to_write(self, nomination: Nomination) -> Opening | None:
        """The window in which its applicant may write and submit."""
        correcting = nomination.state == State.CORRECTING
        return self.of(nomination, Window.CORRECTION if correcting else Window.CALL)

    @cached_property
    def _corrections(self) -> dict[int, Opening]:
        """The corrections that wait, one query, and only where one is asked for."""
        rows = Correction.objects.filter(nomination__season__in=self._seasons, answered_at=None)
        name = str(Window.CORRECTION.label)
        return {row.nomination_id: Opening(name, row.asked_at, row.until) for row in rows}

    def to_begin(self, season_id: int, ranking_id: int, track: Track | None) -> Opening | None:
        """The window in which a form of a ranking may be begun."""
        opening = self._printed(season_id, track.pk if track else None, Window.CALL)
        return extended(opening, [e.until for e in self._extensions(Window.CALL) if e.covers_new(ranking_id)])

    def for_all(self, season_id: int, key: str, track: Track | None = None) -> Opening | None:
        """What a page says of everybody's window: with the extensions that were granted to all."""
        opening = self._printed(season_id, track.pk if track else None, key)
        rankings = (None, track.ranking_id) if track else (None,)
        whole = (Extension.Scope.SEASON, Extension.Scope.RANKING)
        found = [e for e in self._extensions(key) if e.scope in whole and e.ranking_id in rankings]
        return extended(opening, [e.until for e in found])

    def gate(self, nomination: Nomination) -> Opening | None:
        """The window that ends last for a nomination: after it, it can't come to count any more."""
        call = self.of(nomination, Window.CALL)
        if nomination.ranking.separately_organised:
            return call
        ends = [opening for opening in (call, self.of(nomination, Window.RECOMMENDATION)) if opening]
        return max(ends, key=lambda opening: (opening.closes is None, opening.closes), default=None)

    def _printed(self, season_id: int, track_id: int | None, key: str) -> Opening | None:
        """As the calendar has it. Where units have no window of their own, the call's is theirs (notice 三（一）)."""
        keys = (key, Window.CALL) if key == Window.RECOMMENDATION else (key,)
        for place in ((season_id, track_id), (season_id, None)):
            for each in keys:
                if found := self._stages.get((*place, each)):
                    return found
        return None

    def _extensions(self, key: str) -> list[Extension]:
        return [e for e in self._granted if e.holds_for(key)] if key in EXTENDABLE else []


def opening_of(nomination: Nomination, key: str) -> Opening | None:
    """The window of a stage for one nomination, asked for by itself."""
    return Openings([nomination.season_id]).of(nomination, key)


def writing_of(nomination: Nomination) -> Opening | None:
    """The window in which the applicant of one nomination may write, asked for by itself."""
    return Openings([nomination.season_id]).to_write(nomination)


def call_openings(season_id: int) -> list[datetime]:
    """The moments at which the call opens: for the season, and for tracks with dates of their own."""
    rows = Stage.objects.filter(season=season_id, key=Window.CALL)
    return list(rows.order_by("opens").values_list("opens", flat=True))


def opening_for(season: Season, key: str, track: Track | None = None) -> Opening | None:
    """What a page says of a season's or track's window."""
    return Openings([season.pk]).for_all(season.pk, key, track)
