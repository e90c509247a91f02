"""Which season a page of the secretariat or of the public is about: the year in the address, else the latest."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kczg.kit.verdicts import Refused, refuse
from nominations import queries
from nominations.models import Season


def chosen(request: HttpRequest) -> tuple[Season, dict[str, Any]]:
    """The season named by ``?year=``, or the latest where none or an unknown one is named.

    The second part goes into the page's context. Raises Refused (409) while no season is loaded.
    """
    seasons = queries.seasons()
    if not seasons:
        raise Refused(refuse("no_season", _("还没有年度数据"), _("由系统管理员载入年度"), status=409))
    asked = request.GET.get("year", "")
    season = next((row for row in seasons if str(row.year) == asked), seasons[0])
    return season, {"season": season, "seasons": seasons}


def of_year(year: int) -> Season | None:
    """The season of a year, if it is loaded."""
    return next((season for season in queries.seasons() if season.year == year), None)
