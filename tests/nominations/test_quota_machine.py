"""Q1 as a property: whatever deeds follow one another, the rows are what an independent model counts.

The model knows sets of places and nothing of rows: which channels a unit has, what the limits are, which place each
nomination holds. Every deed goes through its real action, a change of quota through two people.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kczg.kit import invariants
from kczg.kit.verdicts import ALLOWED, Refused
from nominations.actions import applicant, quota_changes, unit
from nominations.models import Nomination, Place, QuotaChange, Recommendation, RecommendingUnit, Track
from nominations.states import State
from tests import cast, unguarded
from tests.cast import DURING_CALL
from tests.races import crowd

pytestmark = pytest.mark.django_db

CHANNELS = ["society", "province", "other"]
"""In the notice's order, in which places are taken."""
TRACKS = ("information", "materials")
NOTES = [{"section": "introduction", "reason": "未写明与同类产品的比较"}]
SETTINGS = settings(
    max_examples=6,
    stateful_step_count=10,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    print_blob=False,
)
NUMBERS = st.integers(0, 7)
UNITS = st.integers(0, 1)
BEGIN = 1
"""The limits at the beginning, so that a place is soon wanted twice."""
WATCHED = ("quota", "recorded quota", "places", "recommendations")
"""The checks that are made after each deed; all are made at the end."""


@dataclass(frozen=True)
class Ending:
    """From where a deed may be done, and where it leads."""

    sources: frozenset[State]
    target: State


WITH_UNIT = frozenset({State.SUBMITTED, State.RECOMMENDED})
ENDINGS = {
    "take_back": Ending(frozenset({State.RECOMMENDED}), State.SUBMITTED),
    "return": Ending(WITH_UNIT, State.RETURNED),
    "decline": Ending(frozenset({State.SUBMITTED}), State.DECLINED),
    "withdraw": Ending(WITH_UNIT | {State.RETURNED}, State.WITHDRAWN),
}


class World:
    """Eight nominations that wait: two units, two tracks, two in each. Built once; each run goes back to it."""

    def __init__(self) -> None:
        self.units = [cast.unit(), cast.unit("广东省科学技术协会", ("province", "other"))]
        self.tracks = {key: cast.track(key) for key in TRACKS}
        for track in self.tracks.values():
            quota_changes.change_limit(track, BEGIN, "年度设置", cast.office(), cast.BEFORE_CALL)
        self.nominations: list[Nomination] = []
        for of in self.units:
            for number, key in enumerate(TRACKS):
                first = cast.submitted(unit=of, track=key)
                begin = 80000 + 1000 * number + 100 * of.pk
                self.nominations += crowd.copies(first, 1, begin)
        self.by = {
            of.pk: cast.unit_actor(self.nominations[n]) for of, n in zip(self.units, (0, 4), strict=True)
        }
        self.applicant = cast.acting(cast.cast("applicant"))
        self.office, self.second = cast.office(), cast.office("office_b")


class Quota(RuleBasedStateMachine):
    """``world`` is set by the test; the rest is the model. ``last``: the last deed, if it is one that may be repeated."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.limit = dict.fromkeys(TRACKS, BEGIN)
        self.channels = {0: {"society"}, 1: {"province", "other"}}
        self.held: dict[int, tuple[str, int]] = {}
        self.last: dict[int, str] = {}
        self.state = dict.fromkeys(range(len(self.world.nominations)), State.SUBMITTED)

    def teardown(self) -> None:
        self.all_faults = list(invariants.faults())
        transaction.set_rollback(True)
        self.inside.__exit__(None, None, None)
        assert self.all_faults == []

    # --- The model -----------------------------------------------------------------------------------------

    def where(self, n: int) -> tuple[int, str]:
        """Whose and in which track a nomination is."""
        return n // 4, TRACKS[n // 2 % 2]

    def places(self, whose: int, track: str) -> list[tuple[str, int]]:
        return [
            (channel, number)
            for channel in CHANNELS
            if channel in self.channels[whose]
            for number in range(1, self.limit[track] + 1)
        ]

    def taken(self, whose: int, track: str) -> set[tuple[str, int]]:
        return {place for n, place in self.held.items() if self.where(n) == (whose, track)}

    def attempt(self, deed, expected: bool) -> bool:
        """Does the deed; whether it was done, which must be what the model expects."""
        try:
            with transaction.atomic():
                deed()
        except Refused as refused:
            assert not expected, refused.verdict
            return False
        assert expected, "done, though the model refuses it"
        return True

    # --- The deeds -----------------------------------------------------------------------------------------

    def row(self, n: int) -> Nomination:
        return Nomination.objects.get(pk=self.world.nominations[n].pk)

    def by(self, n: int):
        return self.world.by[self.world.nominations[n].unit_id]

    @rule(whose=UNITS, track=st.integers(0, 1))
    def recommend(self, whose: int, track: int) -> None:
        """Both that a unit has in a track: at the beginning there is a place for one."""
        for n in (4 * whose + 2 * track, 4 * whose + 2 * track + 1):
            self.recommend_one(n)

    def recommend_one(self, n: int) -> None:
        free = [place for place in self.places(*self.where(n)) if place not in self.taken(*self.where(n))]
        again = self.state[n] == State.RECOMMENDED
        row = self.row(n)
        deed = lambda: unit.recommend(row, cast.OPINION, row.latest_version.number, self.by(n), DURING_CALL)  # noqa: E731
        if self.attempt(deed, again or (self.state[n] == State.SUBMITTED and bool(free))) and not again:
            self.held[n], self.state[n] = free[0], State.RECOMMENDED
            self.last.pop(n, None)

    def leaves(self, n: int, deed, sources: set[State], target: State) -> None:
        """A deed that ends a recommendation, if there is one."""
        again = self.state[n] == target != State.SUBMITTED and target != State.RETURNED
        if self.attempt(lambda: deed(self.row(n)), again or self.state[n] in sources) and not again:
            self.held.pop(n, None)
            self.state[n] = target

    @rule(n=NUMBERS, key=st.sampled_from(sorted(ENDINGS)))
    def end(self, n: int, key: str) -> None:
        """A deed that ends a recommendation, if there is one; the same again has no second effect."""
        ending = ENDINGS[key]
        row = self.row(n)
        deeds = {
            "take_back": lambda: unit.take_back(row, "换报", self.by(n), DURING_CALL),
            "return": lambda: unit.return_for_changes(row, NOTES, self.by(n), DURING_CALL),
            "decline": lambda: unit.decline(row, "来年再报", self.by(n), DURING_CALL),
            "withdraw": lambda: applicant.withdraw(row, "暂不申报", self.world.applicant, DURING_CALL),
        }
        again = self.last.get(n) == key
        if self.attempt(deeds[key], again or self.state[n] in ending.sources) and not again:
            self.held.pop(n, None)
            self.state[n], self.last[n] = ending.target, key

    @rule(n=NUMBERS)
    def resubmit(self, n: int) -> None:
        if self.state[n] == State.RETURNED:
            applicant.submit(self.row(n), self.world.applicant, DURING_CALL, promised=True)
            self.state[n] = State.SUBMITTED
            self.last.pop(n)

    def decided(self, change) -> None:
        if isinstance(change, QuotaChange):
            quota_changes.decide_change(change, True, self.world.second, DURING_CALL)

    @rule(track=st.sampled_from(TRACKS), limit=st.sampled_from([0, 1, 1, 2, 3]))
    def change_limit(self, track: str, limit: int) -> None:
        row = Track.objects.select_related("ranking__season").get(pk=self.world.tracks[track].pk)
        given = (row, limit, "调整", self.world.office, DURING_CALL)
        beyond = any(number > limit for whose in (0, 1) for _c, number in self.taken(whose, track))
        if self.attempt(lambda: self.decided(quota_changes.change_limit(*given)), not beyond):
            self.limit[track] = limit

    @rule(whose=UNITS, channels=st.sets(st.sampled_from(CHANNELS)))
    def change_channels(self, whose: int, channels: set[str]) -> None:
        of = self.world.units[whose]
        given = (of.season, of.organisation, sorted(channels), "调整", self.world.office, DURING_CALL)
        lost = any(c not in channels for track in TRACKS for c, _n in self.taken(whose, track))
        if self.attempt(lambda: self.decided(quota_changes.change_channels(*given)), not lost):
            self.channels[whose] = channels

    # --- What must be so after each ------------------------------------------------------------------------

    @invariant()
    def the_rows_are_what_the_model_counts(self) -> None:
        rows = Recommendation.objects.filter(ended_at=None)
        held = {row.nomination_id: (row.place.channel.key, row.place.number) for row in _with_places(rows)}
        numbers = {row.pk: n for n, row in enumerate(self.world.nominations)}
        assert {numbers[pk]: place for pk, place in held.items()} == self.held
        built = {(whose, track): set() for whose in (0, 1) for track in TRACKS}
        whose = {row.pk: n for n, row in enumerate(self.world.units)}
        columns = ("unit_id", "track__key", "channel__key", "number")
        for of, track, channel, number in Place.objects.filter(track__key__in=TRACKS).values_list(*columns):
            built[whose[of], track].add((channel, number))
        for of, track in built:
            assert built[of, track] == set(self.places(of, track))
            used = rows.filter(unit=self.world.units[of], nomination__track__key=track).count()
            assert used <= self.limit[track] * len(self.channels[of])
        assert [line for name in WATCHED for line in invariants.CHECKS[name]()] == []


def _with_places(rows):
    return rows.select_related("place__channel")


@pytest.fixture
def world(season):
    Quota.world = World()
    assert list(invariants.faults()) == []
    yield Quota.world
    del Quota.world


def test_Q1_the_quota_holds_whatever_deeds_follow_one_another(world):
    run_state_machine_as_test(Quota, settings=SETTINGS)
    assert RecommendingUnit.objects.count() == 2 and not Recommendation.objects.exists()


@contextmanager
def _without_unique_place() -> Iterator[None]:
    table = Recommendation._meta.db_table
    with unguarded.triggers_off(), connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
        name = next(n for n, c in found.items() if c["unique"] and c["columns"] == ["place_id"])
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        yield


def test_Q1_control_the_machine_finds_a_quota_that_is_not_kept(world, monkeypatch):
    """Without the count and the key every recommendation goes on the unit's first place."""
    first = lambda nomination: Place.objects.filter(unit=nomination.unit, track=nomination.track).first()  # noqa: E731
    monkeypatch.setattr(unit.quota, "judge", lambda standing: ALLOWED)
    monkeypatch.setattr(unit, "_free_place", first)
    with _without_unique_place(), pytest.raises(AssertionError):
        run_state_machine_as_test(Quota, settings=SETTINGS)
