"""Copies of a mould: the same rows for another applicant, unit and title, at another time, many at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model

from kczg.kit.models import Event
from kczg.kit.record import Actor
from nominations.models import Nomination, Place, Recommendation, RecommendingUnit, Version
from nominations.rules import check_code
from reviews.load.moulds import Mould

Row = TypeVar("Row", bound=Model)
Teller = Callable[[Any], Any]


@dataclass(frozen=True)
class Other:
    """What is different in a copy. ``acts`` is the unit's person, ``place`` the one that it takes."""

    number: str
    title: str
    by: Actor
    unit: RecommendingUnit | None
    acts: Actor | None
    place: Place | None
    later: timedelta


class Lot:
    """Rows that are written together: what names another row is written after it."""

    def __init__(self) -> None:
        self.nominations: list[Nomination] = []
        self.versions: list[Version] = []
        self.recommendations: list[Recommendation] = []
        self.events: list[tuple[Nomination, Event]] = []

    def add(self, mould: Mould, other: Other) -> None:
        """One nomination like the mould's, with all that belongs to it."""
        told = _teller(mould, other)
        nomination = _nomination(mould.nomination, told, other)
        versions: dict[int, Version] = {}
        for row in mould.versions:
            versions[row.pk] = _version(row, nomination, told, other, list(versions.values()))
        codes = {row.check_code: versions[row.pk].check_code for row in mould.versions}
        self.nominations.append(nomination)
        self.versions += versions.values()
        self.recommendations += [
            _recommendation(row, nomination, versions[row.version_id], other) for row in mould.recommendations
        ]
        self.events += [(nomination, _event(row, codes, mould, other)) for row in mould.events]

    def write(self) -> None:
        """Writes all that was added."""
        Nomination.objects.bulk_create(self.nominations)
        Version.objects.bulk_create(self.versions)
        Recommendation.objects.bulk_create(self.recommendations)
        for nomination, event in self.events:
            event.subject_id = nomination.pk
        Event.objects.bulk_create(event for _nomination, event in self.events)


def _like(row: Row, **changes: Any) -> Row:
    """A new row with the same columns but for the changes, named as fields or as columns."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not {field.name, field.attname} & changes.keys()
    }
    return type(row)(**kept, **changes)


def _teller(mould: Mould, other: Other) -> Teller:
    """What puts the copy's title and names into JSON in which the mould's stand."""
    row = mould.nomination
    names = {row.title: other.title, row.applicant.name: other.by.organisation.name}
    names[row.created_by.name] = other.by.user.name
    if row.unit and other.unit:
        names[row.unit.organisation.name] = other.unit.organisation.name

    def tell(told: Any) -> Any:
        text = json.dumps(told, ensure_ascii=False)
        for before, after in names.items():
            text = text.replace(before, after)
        return json.loads(text)

    return tell


def _times(row: Model, other: Other, *columns: str) -> dict[str, datetime | None]:
    moments = {column: getattr(row, column) for column in columns}
    return {column: moment and moment + other.later for column, moment in moments.items()}


def _nomination(row: Nomination, told: Teller, other: Other) -> Nomination:
    saves = {
        section: [number, who, (datetime.fromisoformat(when) + other.later).isoformat()]
        for section, (number, who, when) in row.section_versions.items()
    }
    return _like(
        row,
        number=other.number,
        title=other.title,
        submitted_title=other.title if row.submitted_title else "",
        applicant=other.by.organisation,
        created_by=other.by.user,
        edited_by=other.by.user,
        unit=other.unit,
        answers=told(row.answers),
        section_versions=told(saves),
        **_times(row, other, "state_since", "created_at", "edited_at", "submitted_at"),
    )


def _version(
    row: Version, nomination: Nomination, told: Teller, other: Other, earlier: list[Version]
) -> Version:
    content = {**told(row.content), "number": nomination.number}
    if follows := content.get("follows"):
        before = next(one for one in earlier if one.number == follows["version"])
        submitted = datetime.fromisoformat(follows["submitted_at"]) + other.later
        content["follows"] = {**follows, "digest": before.digest, "submitted_at": submitted.isoformat()}
    digest = check_code.digest(content)
    return _like(
        row,
        nomination=nomination,
        content=content,
        digest=digest,
        check_code=check_code.from_digest(digest),
        frozen_by=other.by.user,
        **_times(row, other, "frozen_at", "submitted_at"),
    )


def _recommendation(
    row: Recommendation, nomination: Nomination, version: Version, other: Other
) -> Recommendation:
    return _like(
        row,
        nomination=nomination,
        unit=other.unit,
        version=version,
        place=other.place if row.ended_at is None else None,
        recommended_by=other.acts.user if other.acts else None,
        **_times(row, other, "recommended_at", "ended_at"),
    )


def _event(row: Event, codes: dict[str, str], mould: Mould, other: Other) -> Event:
    """The same event by the copy's people; what it says of the place is what the copy has."""
    by = other.by if row.actor_id == mould.nomination.created_by_id else other.acts
    assert by is not None  # whoever isn't the applicant acts for the unit
    data = dict(row.data)
    if "place" in data and other.place is not None:
        data |= {"place": str(other.place), "channel": str(other.place.channel)}
    if "unit" in data and other.unit is not None:
        data["unit"] = other.unit.pk
    return _like(
        row,
        actor=by.user,
        actor_name=by.user.name,
        organisation_name=by.organisation.name,
        version_code=codes.get(row.version_code, ""),
        data=data,
        **_times(row, other, "at"),
    )
