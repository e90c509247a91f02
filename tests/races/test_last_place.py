"""The last place of a unit: 32 at once, with the lock, without it, and without lock and unique key (Q1)."""

import threading
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from kczg.kit.record import events_of
from kczg.kit.verdicts import Verdict
from nominations.actions import unit as actions
from nominations.models import Place, Recommendation
from nominations.states import State
from tests import cast
from tests.races import crowd

pytestmark = [
    pytest.mark.races,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has no rows to lock"
    ),
]
CROWD = 32
WORDS = "电子信息领域3个名额已用完。撤回1项已推荐的，再推荐此项"


def recommending(rows):
    by = cast.unit_actor(rows[0])
    return [lambda row=row: actions.recommend(row, cast.OPINION, 1, by, cast.DURING_CALL) for row in rows]


def split(answers):
    """The winners' rows, and the verdicts of the others."""
    refused = [answer for answer in answers if isinstance(answer, Verdict)]
    return [answer for answer in answers if not isinstance(answer, Verdict)], refused


def standing():
    return Recommendation.objects.filter(ended_at=None).count()


@pytest.fixture
def one_place_left(season):
    """32 that wait and 2 that are recommended in a track with 3 places."""
    for title in ("甲技术", "乙技术"):
        cast.recommended(title=title)
    return crowd.submitted(CROWD)


def test_Q1_the_last_place_goes_to_one_of_32(one_place_left):
    won, refused = split(crowd.together(recommending(one_place_left)))
    assert len(won) == 1
    assert [(verdict.code, verdict.message) for verdict in refused] == [("quota_used_up", WORDS)] * 31
    assert standing() == 3
    states = [cast.reread(row).state for row in one_place_left]
    assert sorted(states) == [State.RECOMMENDED] + [State.SUBMITTED] * 31
    assert sum(events_of(row).filter(name="recommended").count() for row in one_place_left) == 1


def test_Q1_without_the_lock_the_unique_key_holds_alone(one_place_left, monkeypatch):
    monkeypatch.setattr(actions, "_lock", lambda unit: None)
    won, refused = split(crowd.together(recommending(one_place_left)))
    assert len(won) == 1
    assert {verdict.code for verdict in refused} <= {"place_taken", "quota_used_up"}
    assert standing() == 3


def all_have_checked(monkeypatch, count):
    """Nobody takes a place before everybody has found one free: the worst that may happen without a lock."""
    checked = threading.Barrier(count)
    judge = actions._free_place

    def look_and_wait(*given):
        place = judge(*given)
        checked.wait(crowd.WAIT)
        return place

    monkeypatch.setattr(actions, "_lock", lambda unit: None)
    monkeypatch.setattr(actions, "_free_place", look_and_wait)


@contextmanager
def without_the_unique_key():
    """Takes the unique key of a place away, and gives it back when the rows are gone."""
    table = Recommendation._meta.db_table
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
        name = next(n for n, c in constraints.items() if c["unique"] and c["columns"] == ["place_id"])
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    try:
        yield
    finally:
        Recommendation.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (place_id)')


def test_Q1_when_all_have_found_the_place_free_the_key_lets_one_in(one_place_left, monkeypatch):
    eight = one_place_left[:8]
    all_have_checked(monkeypatch, len(eight))
    won, refused = split(crowd.together(recommending(eight)))
    assert len(won) == 1
    assert [(verdict.code, verdict.status) for verdict in refused] == [("place_taken", 409)] * 7
    assert standing() == 3


def test_Q1_control_without_lock_and_key_the_quota_would_be_passed(one_place_left, monkeypatch):
    eight = one_place_left[:8]
    all_have_checked(monkeypatch, len(eight))
    with without_the_unique_key():
        won, _refused = split(crowd.together(recommending(eight)))
        assert len(won) == 8
        assert standing() == 10
        assert Place.objects.filter(track=cast.track()).count() == 3


def test_Q1_many_for_many_places_fill_them_and_no_more(season):
    rows = crowd.submitted(12)
    won, refused = split(crowd.together(recommending(rows)))
    assert (len(won), len(refused), standing()) == (3, 9, 3)


def test_Q1_recommending_and_taking_back_at_once_never_go_over(season):
    held = [cast.recommended(title=f"技术{n}") for n in "甲乙丙"]
    rows = crowd.submitted(9)
    by = cast.unit_actor(held[0])
    back = [lambda row=row: actions.take_back(row, "换报", by, cast.DURING_CALL) for row in held]
    answers = crowd.together([*recommending(rows), *back])
    won, _refused = split(answers[: len(rows)])
    assert standing() == len(won) <= 3
