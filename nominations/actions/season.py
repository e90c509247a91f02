"""Loading a season: the notice's data files and the shipped declarations, written into the season's rows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, normalised
from accounts.permissions import may
from kczg.kit.record import SYSTEM, Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.actions.papers import owe_blank
from nominations.fields.base import Declaration
from nominations.fields.yearly import with_options
from nominations.models import Channel, Ranking, ReviewBody, Season, Stage, Track
from nominations.rankings import DECLARATIONS

FOLDER = Path(__file__).resolve().parent.parent / "seasons"


def printed_season(source: int) -> dict[str, Any]:
    """The data of a season as its notice printed it; raises Refused when there is none of that year."""
    path = FOLDER / str(source) / "season.toml"
    if not path.is_file():
        known = "、".join(sorted(folder.name for folder in FOLDER.iterdir() if folder.name.isdigit()))
        raise Refused(
            refuse(
                "unknown_season", _("没有%(year)s年的通知数据") % {"year": source}, _("现有：%s") % known, 404
            )
        )
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Asked:
    """A ranking's form as a year asks it: {year} filled in, with the names of its tracks."""

    name: str
    form: Declaration
    tracks: tuple[str, ...]


def forms_of(year: int) -> list[Asked]:
    """The forms of a year: the season's own copies; the shipped ones where no season of it is loaded.

    Raises Refused where there is neither.
    """
    rows = Ranking.objects.filter(season__year=year, declaration__isnull=False).prefetch_related("tracks")
    loaded = [
        Asked(row.name, row.online_form.for_year(year), _named(track.name for track in row.tracks.all()))
        for row in rows
    ]
    return loaded or shipped_forms(year)


def shipped_forms(year: int) -> list[Asked]:
    """What loading the season of a year would copy; raises Refused where its notice isn't known."""
    return [
        Asked(row["name"], form.for_year(year), _named(track.get("name", "") for track in row["tracks"]))
        for row in printed_season(year)["rankings"]
        if (form := _declaration(row)) is not None
    ]


def _declaration(row: dict[str, Any]) -> Declaration | None:
    """The shipped form of a ranking, with the options that the notice of the year prints."""
    declaration = DECLARATIONS.get(row["key"])
    if declaration is not None:
        for key, labels in row.get("options", {}).items():
            declaration = with_options(declaration, key, labels)
    return declaration


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name)


@transaction.atomic
def load_season(source: int, year: int, by: Actor, at: datetime) -> tuple[Season, bool]:
    """Writes the season that ``source``'s notice describes as the season of ``year``, its dates moved.

    Safe to run twice: what stands is left alone, what is missing is added. The declarations of the forms are
    copied into the season, so that a later change of the shipped ones doesn't touch it. Returns the season
    and whether it is new. Refused for everybody but the secretariat and the operator's command.
    """
    if by is not SYSTEM:  # No request can act as this one object: Actor.of makes others.
        may(by.user, "season.manage").or_raise()
    printed = printed_season(source)
    shift = year - source
    season, fresh = Season.objects.get_or_create(
        year=year,
        defaults={
            "name": printed["name"].replace(str(source), str(year)),
            "notice_number": printed["notice_number"] if not shift else "",
            "asks_scans": printed["asks_scans"],
        },
    )
    for row in printed["stages"]:
        moved = {
            bound: row[bound].replace(year=row[bound].year + shift) if bound in row else None
            for bound in ("opens", "closes")
        }
        Stage.objects.get_or_create(season=season, key=row["key"], track=None, defaults=moved)
    for order, row in enumerate(printed["channels"]):
        Channel.objects.get_or_create(
            season=season, key=row["key"], defaults={"name": row["name"], "order": order}
        )
    bodies = {row["key"]: _body(season, row) for row in printed["bodies"]}
    for order, row in enumerate(printed["rankings"]):
        _ranking(season, row, order, bodies)
    if fresh:
        record("season_loaded", season, by, at, season_year=year, source=source)
    return season, fresh


def _body(season: Season, row: dict[str, Any]) -> ReviewBody:
    organisation = organisation_named(row["name"])
    body, _fresh = ReviewBody.objects.get_or_create(
        season=season,
        organisation=organisation,
        defaults={"contact_name": row["contact"], "office_line": row["line"]},
    )
    return body


def organisation_named(name: str, **details: Any) -> Organisation:
    """The organisation of this name, made if it isn't there yet; names are compared normalised."""
    found = Organisation.objects.filter(normalised_name=normalised(name)).first()
    return found or Organisation.objects.create(name=name, **details)


def _ranking(season: Season, row: dict[str, Any], order: int, bodies: dict[str, ReviewBody]) -> None:
    declaration = _declaration(row)
    ranking, _fresh = Ranking.objects.get_or_create(
        season=season,
        key=row["key"],
        defaults={
            "code": row["code"],
            "name": row["name"],
            "summary": row["summary"],
            "order": order,
            "separately_organised": row.get("separately_organised", False),
        },
    )
    if ranking.declaration is None and declaration is not None:
        ranking.declaration, ranking.declaration_number = declaration.to_json(), 1
        ranking.save(update_fields=["declaration", "declaration_number"])
    if ranking.declaration is not None:
        owe_blank(ranking)
    for number, printed in enumerate(row["tracks"]):
        track, fresh = Track.objects.get_or_create(
            ranking=ranking,
            key=printed["key"],
            defaults={"name": printed.get("name", ""), "order": number, "quota": printed.get("quota")},
        )
        if fresh:
            track.bodies.set(bodies[key] for key in printed["bodies"])
