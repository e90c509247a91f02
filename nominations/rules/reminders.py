"""When somebody with unfinished work is reminded of the gate: seven, three and one day and three hours before."""

from __future__ import annotations

from datetime import datetime, timedelta

BEFORE = (timedelta(days=7), timedelta(days=3), timedelta(days=1), timedelta(hours=3))


def due(closes: datetime, began: datetime, at: datetime) -> timedelta | None:
    """The reminder whose time it is at ``at``: the last one that has come; None before the first, after the gate,

    and where the work was only begun later than that reminder's time.
    """
    if at >= closes:
        return None
    come = [before for before in BEFORE if at >= closes - before]
    if not come or began >= closes - come[-1]:
        return None
    return come[-1]
