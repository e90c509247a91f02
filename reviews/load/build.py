"""Makes the large season: people, units with their places, one nomination of each kind by the actions, its copies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import connection, transaction

from kczg.kit.clock import SHANGHAI, local
from kczg.kit.models import Job
from kczg.kit.record import SYSTEM, Actor
from nominations.actions.season import load_season
from nominations.actions.secretariat import set_unit
from nominations.models import Place, Ranking, RecommendingUnit, Season, Stage, Track
from nominations.states import Window
from reviews.load import people
from reviews.load.copies import Lot, Other
from reviews.load.moulds import Mould, Way
from reviews.load.plan import TAKES, Case, Wanted, channels_of, wanted

LOT = 500
SOURCE = 2022
"""The notice whose season it is."""
OPENED, SHUTS = 45, 20
"""Days since the call opened and until it shuts, seen from the day on which the season is made."""
Told = Callable[[int, int], None]


@dataclass
class Load:
    """The season while it is made."""

    season: Season
    opens: datetime
    units: list[RecommendingUnit]
    unit_people: list[Actor]
    applicants: list[Actor]
    rankings: dict[str, Ranking]
    moulds: dict[tuple[Case, str], Mould] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    places: dict[tuple[int, int], list[Place]] = field(default_factory=lambda: defaultdict(list))

    def make_moulds(self, all_wanted: list[Wanted]) -> list[Wanted]:
        """Takes the first of each kind through the actions; returns the others."""
        left = []
        for one in all_wanted:
            kind = (one.case, one.way)
            if kind in self.moulds:
                left.append(one)
            else:
                self.moulds[kind] = self._way(one).go(self.opens)
        for key, ranking in self.rankings.items():
            ranking.refresh_from_db(fields=["last_number"])
            self.numbers[key] = ranking.last_number
        free = Place.objects.filter(unit__season=self.season, recommendation=None).select_related("channel")
        for place in free.order_by("channel__order", "number"):
            self.places[place.unit_id, place.track_id].append(place)
        return left

    def _way(self, one: Wanted) -> Way:
        unit = None if one.unit is None else self.units[one.unit]
        acts = None if one.unit is None else self.unit_people[one.unit]
        return Way(self.rankings[one.case.ranking], one, self.applicants[one.applicant], unit, acts)

    def copy(self, left: list[Wanted], told: Told) -> None:
        """Writes all others, some hundred at a time."""
        for start in range(0, len(left), LOT):
            lot = Lot()
            for one in left[start : start + LOT]:
                mould = self.moulds[one.case, one.way]
                lot.add(mould, self._other(one, mould))
            lot.write()
            told(start + len(lot.nominations), len(left))
        for key, number in self.numbers.items():
            Ranking.objects.filter(pk=self.rankings[key].pk).update(last_number=number)

    def _other(self, one: Wanted, mould: Mould) -> Other:
        unit = None if one.unit is None else self.units[one.unit]
        ranking = self.rankings[one.case.ranking]
        self.numbers[ranking.key] += 1
        taken = None
        if one.way in TAKES and unit is not None and mould.nomination.track_id is not None:
            taken = self.places[unit.pk, mould.nomination.track_id].pop(0)
        return Other(
            number=f"{self.season.year}{ranking.code}{self.numbers[ranking.key]:05d}",
            title=one.title,
            by=self.applicants[one.applicant],
            unit=unit,
            acts=None if one.unit is None else self.unit_people[one.unit],
            place=taken,
            later=self.opens + one.after - mould.nomination.created_at,
        )


def next_year(now: datetime) -> int:
    """This year, or the first one after it that no season has."""
    taken = set(Season.objects.values_list("year", flat=True))
    year = local(now).year
    while year in taken:
        year += 1
    return year


@transaction.atomic
def build(
    units: int, nominations: int, year: int, seed: int, password: str, now: datetime, told: Told
) -> Season:
    """Makes the season of a year around ``now``, in one transaction: all of it or nothing.

    Nobody is told by mail, and no paper is printed; ``told`` hears how far it is. ``password``: of all
    accounts, "" for none.
    """
    season, _fresh = load_season(SOURCE, year, SYSTEM, now)
    season.is_demo, season.asks_scans = True, False
    season.save(update_fields=["is_demo", "asks_scans"])
    opens = _arrange(season, now)
    owed_before = set(Job.objects.values_list("pk", flat=True))
    unit_people = people.people(people.UNITS, units, password)
    office, before = people.office(password), opens - timedelta(days=1)
    rows = [
        set_unit(season, actor.organisation, channels_of(number), office, before, "压力测试数据")
        for number, actor in enumerate(unit_people)
    ]
    load = Load(
        season=season,
        opens=opens,
        units=rows,
        unit_people=unit_people,
        applicants=people.people(people.APPLICANTS, max(1, nominations // 3), password),
        rankings={row.key: row for row in season.rankings.select_related("season")},
    )
    quotas = {
        (track.ranking.key, track.key): track.quota or 0
        for track in Track.objects.filter(ranking__season=season).select_related("ranking")
    }
    load.copy(load.make_moulds(list(wanted(units, nominations, quotas, seed))), told)
    Job.objects.exclude(pk__in=owed_before).delete()
    return season


def _arrange(season: Season, now: datetime) -> datetime:
    """Moves the season's dates around today; returns when the call opened."""

    def midnight(days: int) -> datetime:
        return datetime.combine(local(now).date() + timedelta(days=days), time(), SHANGHAI)

    opens = midnight(-OPENED)
    around = {
        Window.CALL: (opens, midnight(SHUTS)),
        Window.PRELIMINARY: (midnight(SHUTS), midnight(SHUTS + 30)),
        Window.FINAL: (midnight(SHUTS + 30), midnight(SHUTS + 60)),
        Window.PUBLICATION: (midnight(SHUTS + 60), None),
    }
    for key, (begins, ends) in around.items():
        Stage.objects.filter(season=season, key=key, track=None).update(opens=begins, closes=ends)
    return opens


def freshen() -> None:
    """Lets PostgreSQL look at what the tables hold now: its plans are made for that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
