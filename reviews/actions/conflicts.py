"""回避 kept in step with the facts: rows come and go, and a task that turns out to be in conflict is lifted.

Called after every change that may make a conflict: an expert joins or changes, a nomination passes the form
check or is corrected, before an assignment and the close of the scores; by the worker after a change of
accounts, and once an hour for what no one told of. Pages read rows and change nothing.

Once the scores are closed a result stands that people have seen and may have signed. A conflict that is found
then is put on record, hides the nomination from the expert, and is told to the body and the secretariat; the
sheet stays in the result until they reopen it, for a closed result must not change by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from kczg.kit.outbox import owe
from kczg.kit.record import SYSTEM, Actor, record
from nominations.models import Nomination, Track
from reviews import queries
from reviews.models import BETWEEN, Assignment, Expert, PreliminaryResult, Recusal
from reviews.queries.conflicts import Finding, Key, Pair

AT_A_TIME = 1000
"""Rows in one statement."""


@dataclass(frozen=True)
class Changes:
    """What a comparison changed: recusals that are new, that are no more, and the tasks that it ended."""

    added: Collection[Key] = ()
    removed: Collection[Key] = ()
    ended: Collection[Pair] = ()


def refresh(track: Track, at: datetime, by: Actor | None = None) -> Changes:
    """Compares all experts of a track with all that passed its form check."""
    return _refresh(track, queries.experts_of(track), queries.in_scope(track), at, by)


def refresh_for_nomination(nomination: Nomination, at: datetime, by: Actor | None = None) -> Changes:
    """Compares one nomination with the experts of its track; nothing while it hasn't passed the form check."""
    track = nomination.track
    if track is None:
        return Changes()
    rows = queries.in_scope(track).filter(pk=nomination.pk)
    return _refresh(track, queries.experts_of(track), rows, at, by)


def refresh_for_expert(expert: Expert, at: datetime, by: Actor | None = None) -> list[Changes]:
    """Compares one expert with all that is reviewed by the bodies that the person serves."""
    return [
        _refresh(track, queries.experts_of(track).filter(pk=expert.pk), queries.in_scope(track), at, by)
        for track in queries.tracks_to_compare(expert)
    ]


@transaction.atomic
def _refresh(
    track: Track, experts: QuerySet[Expert], nominations: QuerySet[Nomination], at: datetime, by: Actor | None
) -> Changes:
    """A fixed number of statements, whatever the numbers. The lock on the track keeps assigning and closing away."""
    Track.objects.select_for_update().get(pk=track.pk)
    found = queries.computed(experts, nominations)
    kept = {
        (row.expert_id, row.nomination_id, row.kind): row
        for row in Recusal.objects.filter(
            kind__in=queries.IN_STEP,
            expert__in=experts.values("pk"),
            nomination__in=nominations.values("pk"),
        )
    }
    added = sorted(found.keys() - kept.keys())
    removed = sorted(kept.keys() - found.keys())
    _write(found, kept, added, removed, at)
    who = by or SYSTEM
    if added or removed:
        year = track.ranking.season.year
        record("conflicts_computed", track, who, at, season_year=year, added=added, removed=removed)
    pairs = [(expert, nomination) for expert, nomination, _kind in added]
    return Changes(added, removed, end_tasks(track, who, at, pairs))


def _write(
    found: dict[Key, Finding],
    kept: dict[Key, Recusal],
    added: Collection[Key],
    removed: Collection[Key],
    at: datetime,
) -> None:
    rows = []
    for key in added:
        expert, nomination, kind = key
        rows.append(
            Recusal(expert_id=expert, nomination_id=nomination, kind=kind, at=at, **found[key]._asdict())
        )
    Recusal.objects.bulk_create(rows, batch_size=AT_A_TIME)
    changed = []
    for key in found.keys() & kept.keys():
        row = kept[key]
        if (row.reason, row.certain) != found[key]:
            row.reason, row.certain = found[key]
            changed.append(row)
    Recusal.objects.bulk_update(changed, ["reason", "certain"], batch_size=AT_A_TIME)
    Recusal.objects.filter(pk__in=[kept[key].pk for key in removed]).delete()


def end_tasks(
    track: Track, by: Actor, at: datetime, fresh: Collection[Pair] = (), tell: bool = True
) -> list[Pair]:
    """Ends every standing task of a track whose expert is recused; the body is told, unless its own word did it.

    Returns what was ended.

    After the close it ends none: of the ``fresh`` conflicts those with a standing task are put on record and
    told to the body and the secretariat.
    """
    conflict = Recusal.objects.filter(expert=OuterRef("expert"), nomination=OuterRef("nomination"))
    standing = Assignment.objects.filter(Exists(conflict), nomination__track=track, ended_at=None)
    rows = list(
        standing.select_related("nomination").defer("nomination__answers").select_for_update(of=("self",))
    )
    late = PreliminaryResult.standing.filter(track=track).exists()
    if late:
        rows = [row for row in rows if (row.expert_id, row.nomination_id) in set(fresh)]
    if not rows:
        return []
    if not late:
        Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)
    year, why = track.ranking.season.year, queries.conflict_reasons(track)
    name = "conflict_found_late" if late else "recused"
    for row in rows:
        reason = BETWEEN.join(why[row.expert_id, row.nomination_id])
        event = record(name, row.nomination, by, at, season_year=year, reason=reason, expert=row.expert_id)
    if tell:
        key = f"review_mail:conflict_found:{track.pk}:{event.pk}"
        owe("review_mail", key, name="conflict_found", track_id=track.pk, count=len(rows), late=late)
    return [] if late else [(row.expert_id, row.nomination_id) for row in rows]
