"""Working days in China: weekends and public holidays out, the announced 调休 working weekends in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import holidays

from kczg.kit.clock import SHANGHAI, local


def is_working_day(day: date) -> bool:
    """Whether offices work on this day, by the calendar of the ``holidays`` library."""
    return holidays.country_holidays("CN", years=day.year).is_working_day(day)


def end_of_period(opens: datetime, days: int) -> datetime:
    """The first instant after ``days`` whole working days that follow the day of ``opens`` (24时, half-open).

    A notice of 5 days issued on a Monday without holidays ends on the next Monday at 24:00.
    """
    day = local(opens).date()
    counted = 0
    while counted < days:
        day += timedelta(days=1)
        counted += is_working_day(day)
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
