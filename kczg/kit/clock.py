"""The one clock. Nothing else in the product asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment as an aware UTC datetime with microseconds.

    With ``KCZG_CLOCK=database`` PostgreSQL's clock answers, so that several web machines judge a gate by
    one clock; ``clock_timestamp()`` and not ``now()``, which stands still inside a transaction. Otherwise
    this process's clock answers, which tests freeze.
    """
    if settings.KCZG_CLOCK == "database" and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0].astimezone(UTC)
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on the wall clock in Beijing."""
    return moment.astimezone(SHANGHAI)


def gate_words(closes: datetime | None, with_year: bool = False) -> str:
    """The end of a half-open window as papers print it: midnight is 24时 of the day that ends (通知三、四.4).

    ``2022-11-01T00:00+08:00`` gives 10月31日24时, or 2022年10月31日24时 with the year; None gives nothing.
    """
    if closes is None:
        return ""
    wall = local(closes)
    hour, minute = wall.hour, wall.minute
    if (hour, minute) == (0, 0):
        wall, hour = wall - timedelta(days=1), 24
    parts = {"year": wall.year, "month": wall.month, "day": wall.day, "hour": hour, "minute": minute}
    if minute:
        form = (
            _("%(year)d年%(month)d月%(day)d日%(hour)d时%(minute)02d分")
            if with_year
            else _("%(month)d月%(day)d日%(hour)d时%(minute)02d分")
        )
    else:
        form = (
            _("%(year)d年%(month)d月%(day)d日%(hour)d时")
            if with_year
            else _("%(month)d月%(day)d日%(hour)d时")
        )
    return form % parts
