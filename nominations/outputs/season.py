"""Papers: the season's calendar in words, for the line under every page's menu and for the home page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from kczg.kit.clock import gate_words
from kczg.kit.templatetags.page import time_left
from nominations import queries
from nominations.models import Season, Stage
from nominations.rules.calendar import moment_words, stage_word
from nominations.states import Window


def clock_words(at: datetime) -> str:
    """Where the current season stands at a moment, and its next date; empty where no season is loaded."""
    season = queries.current_season()
    return words(season, list(season.stages.filter(track=None)), at) if season else ""


def words(season: Season, stages: list[Stage], at: datetime) -> str:
    """Where a season stands, in one sentence: the stage that is open with its end, or the next one's beginning.

    ``stages`` are the season's own, by their beginning.
    """
    for stage in stages:
        named = {"year": season.year, "stage": stage_word(str(stage.get_key_display()))}
        if at < stage.opens:
            return _("%(year)d年%(stage)s尚未开始，开始时间%(day)s") % {**named, "day": opening_words(stage)}
        if stage.closes is None:
            return _("%(year)d年%(stage)s进行中") % named
        if at < stage.closes:
            named["gate"] = gate_words(stage.closes, with_year=True)
            if stage.key == Window.CALL:
                named["left"] = time_left(stage.closes - at)
                return _("%(year)d年%(stage)s进行中，截止时间：%(gate)s（北京时间），%(left)s") % named
            return _("%(year)d年%(stage)s进行中，至%(gate)s") % named
    return _("%(year)d年各阶段已结束") % {"year": season.year}


def opening_words(stage: Stage) -> str:
    """The day on which a stage begins, such as 2022年9月5日."""
    day = moment_words(stage.opens)[:10].split("-")
    return _("%(year)d年%(month)d月%(day)d日") % {
        "year": int(day[0]),
        "month": int(day[1]),
        "day": int(day[2]),
    }


def publication_words(stage: Stage | None, at: datetime) -> str:
    """When a list that isn't out yet will be (通知三（四）prints the month)."""
    if stage is None or at >= stage.opens:
        return _("名单尚未发布")
    year, month = moment_words(stage.opens)[:7].split("-")
    return _("名单将于%(year)d年%(month)d月发布") % {"year": int(year), "month": int(month)}
