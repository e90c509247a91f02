"""Closing: once a gate has shut, the list of what counts is signed, exactly once, and who isn't done is told (D3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from kczg.kit import signing
from kczg.kit.outbox import owe
from kczg.kit.record import SYSTEM, record
from nominations.models import (
    Closing,
    ClosingLine,
    Extension,
    Nomination,
    Recommendation,
    Season,
    Stage,
    Version,
)
from nominations.openings import EXTENDABLE, Openings
from nominations.rules import merkle, receipts
from nominations.rules.calendar import GRACE
from nominations.rules.check_code import canonical
from nominations.states import HOLDS_PLACE, State

CHUNK = 500
UNFINISHED = frozenset({State.DRAFT, State.RETURNED, State.SUBMITTED})
"""Where a nomination stands that somebody meant to bring further."""


def gates_due(season: Season, at: datetime) -> list[datetime]:
    """The instants at which a gate of the season shut, long enough ago, and that have no closing list yet."""
    stages = Stage.objects.filter(season=season, key__in=EXTENDABLE, closes__lte=at - GRACE)
    granted = Extension.objects.filter(season=season, approved=True, until__lte=at - GRACE)
    ends = {row.closes for row in stages if row.closes} | {row.until for row in granted}
    return sorted(ends - set(Closing.objects.filter(season=season).values_list("gate", flat=True)))


def close_gates(at: datetime) -> list[Closing]:
    """Takes every closing list that is due; safe to run at any time and by several workers at once (D3)."""
    taken = []
    for season in Season.objects.all():
        for gate in gates_due(season, at):
            if (closing := close_gate(season, gate, at)) is not None:
                taken.append(closing)
    return taken


@transaction.atomic
def close_gate(season: Season, gate: datetime, at: datetime) -> Closing | None:
    """Signs the list of what counts at one gate, and owes a letter to everyone with unfinished work.

    A nomination belongs to the gate at which its last window ends. None where another worker was first.
    """
    Season.objects.select_for_update().get(pk=season.pk)
    if Closing.objects.filter(season=season, gate=gate).exists():
        return None
    shut = list(_shut_at(season, gate))
    counting = [nomination for nomination in shut if counts(nomination)]
    unfinished = [row for row in shut if not counts(row) and row.state in UNFINISHED]
    versions = _versions_that_count(counting)
    entries = [line_of(versions[nomination.pk], nomination) for nomination in counting]
    leaves = [receipts.leaf(entry) for entry in entries]
    root = merkle.root(leaves)
    statement = receipts.closing_statement(season.year, gate.isoformat(), len(entries), root)
    closing = Closing.objects.create(
        season=season,
        gate=gate,
        taken_at=at,
        statement=statement,
        key=signing.public_key(),
        signature=signing.sign(canonical(statement)),
        unfinished=len(unfinished),
    )
    ClosingLine.objects.bulk_create(
        (
            ClosingLine(closing=closing, place=place, version=versions[row.pk], entry=entry, path=path)
            for place, (row, entry, path) in enumerate(zip(counting, entries, _paths(leaves), strict=True))
        ),
        batch_size=CHUNK,
    )
    _tell(unfinished, season, gate, at)
    record("gate_closed", closing, SYSTEM, at, season_year=season.year, statement=statement)
    return closing


def counts(nomination: Nomination) -> bool:
    """Whether it goes on to the review: recommended, or submitted where no unit recommends (notice 二)."""
    if nomination.ranking.separately_organised:
        return nomination.state in HOLDS_PLACE | {State.SUBMITTED}
    return nomination.state in HOLDS_PLACE


def line_of(version: Version, nomination: Nomination) -> dict[str, object]:
    """What the list says of a version."""
    arrived = version.submitted_at.isoformat() if version.submitted_at else ""
    return receipts.line(nomination.number, version.number, version.digest, arrived)


def _paths(leaves: list[bytes]) -> list[list[str]]:
    return [[step.hex() for step in steps] for steps in merkle.proofs(leaves)]


def _shut_at(season: Season, gate: datetime) -> Iterator[Nomination]:
    openings = Openings([season.pk])
    rows = Nomination.objects.filter(season=season).select_related("ranking").order_by("number")
    heavy = ("answers", "section_versions", "ranking__declaration")
    for row in rows.defer(*heavy).iterator(CHUNK):
        opening = openings.gate(row)
        if opening is not None and opening.closes == gate:
            yield row


def _versions_that_count(nominations: Iterable[Nomination]) -> dict[int, Version]:
    """The version that was recommended; where no unit recommends, the one that was submitted last."""
    ids = [nomination.pk for nomination in nominations]
    found: dict[int, Version] = {}
    for begin in range(0, len(ids), CHUNK):
        part = ids[begin : begin + CHUNK]
        found |= {
            row.nomination_id: row
            for row in Version.objects.submitted().filter(nomination__in=part).order_by("number")
        }
        standing = Recommendation.objects.filter(nomination__in=part, ended_at=None).select_related("version")
        found |= {row.nomination_id: row.version for row in standing}
    return found


def _tell(unfinished: Iterable[Nomination], season: Season, gate: datetime, at: datetime) -> None:
    moment = gate.isoformat()
    for nomination in unfinished:
        record("left_unfinished", nomination, SYSTEM, at, season_year=season.year, gate=moment)
        key = f"notice:unfinished:{nomination.pk}:{moment}"
        owe("notice_mail", key, name="unfinished", nomination_id=nomination.pk)
