"""The season of a story: its dates moved around the present moment, and moved again as the story goes on."""

from __future__ import annotations

from datetime import timedelta

from kczg.kit import clock
from nominations.models import Stage
from nominations.states import Window
from reviews.models import PublicNotice
from tests import cast

LONG = timedelta(days=30)
ORDER = (Window.CALL, Window.PRELIMINARY, Window.FINAL, Window.PUBLICATION)


def put_into(stage: Window) -> None:
    """Moves the season's dates so that it is in this stage now: those before it are over."""
    now, place = clock.now(), ORDER.index(stage)
    for number, key in enumerate(ORDER):
        opens = now + LONG * (number - place) - LONG / 2
        closes = None if key == Window.PUBLICATION else opens + LONG
        Stage.objects.filter(season=cast.season_2022(), key=key).update(opens=opens, closes=closes)


def end_notice_period() -> None:
    """Moves every public notice back, so that its period is over."""
    for notice in PublicNotice.objects.all():
        notice.opens, notice.closes = notice.opens - LONG, notice.closes - LONG
        notice.save(update_fields=["opens", "closes"])
