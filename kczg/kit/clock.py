"""The one clock. Nothing else in the product asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

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
