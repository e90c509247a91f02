"""The one clock: of this process, or of the database, in UTC with microseconds (D1)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from kczg.kit import clock


def test_the_process_clock_is_utc_to_the_microsecond():
    at = datetime(2022, 10, 31, 15, 59, 59, 999999, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        assert clock.now() == at


@pytest.mark.django_db
def test_D1_the_database_clock_answers_and_goes_on_within_a_transaction(settings):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL's clock is asked")
    settings.KCZG_CLOCK = "database"
    with time_machine.travel(datetime(2000, 1, 1, tzinfo=UTC), tick=False):
        first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert first.year > 2000
    assert second > first


def test_beijing_is_eight_hours_ahead():
    assert clock.local(datetime(2022, 10, 31, 16, tzinfo=UTC)).isoformat() == "2022-11-01T00:00:00+08:00"
