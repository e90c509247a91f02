"""Working days: weekends, holidays and 调休, and the end of a period as a half-open instant."""

from datetime import date, datetime

import pytest

from kczg.kit.clock import SHANGHAI
from reviews.rules.working_days import end_of_period, is_working_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2022, 12, 12), True),
        (date(2022, 12, 17), False),
        (date(2023, 1, 2), False),  # 元旦
        (date(2023, 1, 24), False),  # 春节
        (date(2023, 1, 28), True),  # a Saturday that is worked for 春节
        (date(2022, 10, 8), True),  # a Saturday that is worked for 国庆节
    ],
)
def test_days(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("opens", "days", "ends"),
    [
        # Monday: Tuesday to Friday and the next Monday count.
        ("2022-12-12 10:00", 5, "2022-12-20 00:00"),
        ("2022-12-12 00:00", 5, "2022-12-20 00:00"),
        ("2022-12-12 23:59", 5, "2022-12-20 00:00"),
        # Over 元旦, whose Monday is a holiday.
        ("2022-12-29 09:00", 5, "2023-01-07 00:00"),
        # Over 春节: 21 to 27 January are off, Saturday 28 and Sunday 29 are worked.
        ("2023-01-19 09:00", 5, "2023-02-01 00:00"),
        ("2022-12-12 10:00", 1, "2022-12-14 00:00"),
    ],
)
def test_the_period_ends_at_24_of_its_last_working_day(opens, days, ends):
    begin = datetime.fromisoformat(opens).replace(tzinfo=SHANGHAI)
    assert end_of_period(begin, days) == datetime.fromisoformat(ends).replace(tzinfo=SHANGHAI)
