"""The load to expect: which hour a deadline belongs to, what is crowded, which hours are quieter."""

from datetime import datetime, timedelta

import pytest

from kczg.kit.clock import SHANGHAI
from nominations.rules.load import Hour, hour_of, is_crowded, piled, quieter, share


def moment(day, hour, minute=0):
    return datetime(2022, 10, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("until", "begins"),
    [
        (moment(28, 18), moment(28, 17)),
        (moment(28, 17, 30), moment(28, 17)),
        (moment(28, 17, 1), moment(28, 17)),
        (datetime(2022, 11, 1, tzinfo=SHANGHAI), moment(31, 23)),
    ],
)
def test_a_deadline_belongs_to_the_hour_before_it(until, begins):
    assert hour_of(until) == begins


@pytest.mark.parametrize(
    ("units", "expected", "unfinished", "crowded"),
    [
        (10, 0, 1000, True),
        (9, 100, 1000, False),
        (2, 200, 1000, True),
        (2, 199, 1000, False),
        (1, 900, 1000, False),  # One unit's wish is no pile.
        (0, 900, 1000, False),  # The gate itself.
        (2, 0, 0, False),
    ],
)
def test_what_is_crowded(units, expected, unfinished, crowded):
    hour = Hour(moment(28, 17), units, expected)
    assert is_crowded(hour, unfinished) is crowded
    assert piled([hour], unfinished, moment(28, 17, 59)) == ([hour] if crowded else [])
    assert piled([hour], unfinished, moment(28, 18)) == []


def test_the_share_is_rounded_down():
    assert (share(Hour(moment(28, 17), 2, 359), 1000), share(Hour(moment(28, 17)), 0)) == (35, 0)


def test_quieter_hours_lie_near_in_the_working_day_and_before_the_gate():
    expected = {moment(28, 17): 90, moment(28, 16): 5, moment(28, 15): 0, moment(27, 17): 2}
    found = quieter(expected, moment(28, 17), moment(1, 0), moment(29, 0))
    assert found == [moment(28, 13), moment(28, 14), moment(28, 15)]
    late = quieter(expected, moment(28, 17), moment(28, 14, 30), moment(28, 18))
    assert late == [moment(28, 15), moment(28, 16)]
    assert (
        quieter(expected, moment(28, 15), moment(1, 0), moment(29, 0)) == []
    )  # Nothing is emptier than empty.
    nights = quieter({moment(28, 20): 9}, moment(28, 20), moment(28, 18), moment(29, 0) + timedelta(days=5))
    assert nights == [moment(29, 9), moment(29, 10), moment(29, 11)]
