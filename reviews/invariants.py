"""Invariants of the reviews: nobody judges in a conflict, what was frozen is unchanged, two people publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from kczg.kit.invariants import invariant
from kczg.kit.models import Event
from nominations.models import Nomination
from nominations.rules import check_code
from nominations.states import State
from reviews import queries
from reviews.meetings import poll_of
from reviews.models import (
    Assignment,
    Meeting,
    PreliminaryResult,
    PublicNotice,
    PublishedList,
    Recusal,
    ReviewPlan,
    Round,
    Score,
)
from reviews.outputs import meeting as minute
from reviews.rules import voting


@invariant("recusals")
def recusals() -> Iterator[str]:
    """No standing assignment, and so no score that counts, where the expert is recused (回避).

    Except for what was found after the close: a closed result doesn't change by itself (actions/conflicts.py).
    """
    closed = PreliminaryResult.standing.filter(track=OuterRef("nomination__track"))
    conflict = Recusal.objects.filter(expert=OuterRef("expert"), nomination=OuterRef("nomination"))
    rows = Assignment.objects.annotate(closed=Subquery(closed.values("closed_at")[:1]))
    counted = Q(closed=None) | Exists(conflict.filter(at__lte=OuterRef("closed")))
    for row in rows.filter(Exists(conflict), counted, ended_at=None):
        yield f"assignment {row.pk}: expert {row.expert_id} is recused from nomination {row.nomination_id}"


@invariant("computed_recusals")
def computed_recusals() -> Iterator[str]:
    """The conflicts of every track under review are what facts and requests say now."""
    for track in queries.tracks_to_compare():
        said = queries.computed_of(track)
        rows = Recusal.objects.filter(
            kind__in=queries.IN_STEP,
            expert__in=queries.experts_of(track).values("pk"),
            nomination__in=queries.in_scope(track).values("pk"),
        )
        kept = {(row.expert_id, row.nomination_id, row.kind): (row.reason, row.certain) for row in rows}
        for key in sorted(said.keys() | kept.keys()):
            if said.get(key) != kept.get(key):
                expert, nomination, kind = key
                yield f"nomination {nomination}: the {kind} recusal of expert {expert} isn't as the facts say"


@invariant("scores")
def scores() -> Iterator[str]:
    """What was submitted is complete: each standing, submitted sheet of a closed track has all its scores."""
    for result in PreliminaryResult.objects.select_related("plan"):
        wanted = {criterion["key"] for criterion in result.plan.criteria}
        sheets = Assignment.objects.filter(
            nomination__track=result.track_id, ended_at=None, abstained_at=None
        )
        for sheet in sheets.prefetch_related("scores"):
            if {score.criterion for score in sheet.scores.all()} != wanted:
                yield f"assignment {sheet.pk}: scores don't fit the plan's criteria"
        beyond = Score.objects.filter(assignment__in=sheets, value__gt=result.plan.scale)
        for pk in beyond.values_list("pk", flat=True):
            yield f"score {pk}: above the scale"


@invariant("yardsticks")
def yardsticks() -> Iterator[str]:
    """One yardstick for a track: whatever sheets of it were scored, they were scored by one plan on record."""
    used = (
        Assignment.objects.filter(plan__isnull=False)
        .values("nomination__track")
        .order_by("nomination__track")
    )
    for row in used.annotate(plans=Count("plan", distinct=True)).filter(plans__gt=1):
        yield f"track {row['nomination__track']}: scored by {row['plans']} plans"
    stray = Assignment.objects.filter(plan__isnull=False).exclude(plan__state=ReviewPlan.State.RECORDED)
    for pk in stray.values_list("pk", flat=True):
        yield f"assignment {pk}: scored by a plan that is not on record"


@invariant("abstentions")
def abstentions() -> Iterator[str]:
    """Whoever abstains (弃权) says why, and gives no score to a result."""
    for pk in Assignment.objects.filter(abstained_at__isnull=False, abstain_reason="").values_list(
        "pk", flat=True
    ):
        yield f"assignment {pk}: abstained without a reason"
    abstained = Assignment.objects.filter(abstained_at__isnull=False)
    for result in PreliminaryResult.standing.exclude(submitted_at=None):
        given = {(row["nomination"], sheet["expert"]) for row in result.rows for sheet in row["sheets"]}
        pairs = abstained.filter(nomination__track=result.track_id).values_list("nomination_id", "expert_id")
        for nomination, expert in sorted(given & set(pairs)):
            yield f"result {result.pk}: expert {expert} abstained from nomination {nomination} and is counted"


@invariant("receipts")
def receipts() -> Iterator[str]:
    """What was submitted is unchanged since: the digest of each receipt is that of its sheets (A4)."""
    for event in Event.objects.filter(name="scores_submitted", subject_kind="expert"):
        told = queries.receipt(event)
        if told is None:
            continue
        rows = Assignment.objects.filter(pk__in=told.sheets, submitted_at=told.at).prefetch_related("scores")
        # A task that was lifted and given anew has begun anew: its old receipt has no sheet to hold against.
        if len(rows) == told.count and queries.sheets_digest(rows) != told.digest:
            yield f"event {event.pk}: submitted sheets and receipt differ"


@invariant("results")
def results() -> Iterator[str]:
    """A submitted result has the digest of its rows, and nothing of its track is still in review."""
    for result in PreliminaryResult.objects.exclude(submitted_at=None):
        if check_code.digest(result.rows) != result.digest:
            yield f"result {result.pk}: rows and digest differ"
        still = Nomination.objects.filter(track=result.track_id, state__in=[State.ACCEPTED, State.IN_REVIEW])
        for number in still.values_list("number", flat=True):
            yield f"{number}: in review though its track's result was submitted"


@invariant("meetings")
def meetings() -> Iterator[str]:
    """A closed meeting is as frozen and as its ballots give it again; each round has one ballot for each who voted."""
    rows = Meeting.objects.prefetch_related("rounds__voted").order_by("pk")
    for meeting in rows:
        rounds = list(meeting.rounds.all())
        for row in rounds:
            yield from _round(row)
        if not meeting.is_closed:
            continue
        if check_code.digest(meeting.result) != meeting.digest:
            yield f"meeting {meeting.pk}: result and digest differ"
        if minute.recounted(meeting.result) != meeting.result["elected"]:
            yield f"meeting {meeting.pk}: the ballots give another result"
        if [row["ballots"] for row in meeting.result["rounds"]] != [row.ballots for row in rounds]:
            yield f"meeting {meeting.pk}: the ballots aren't those that were frozen"


def _round(row: Round) -> Iterator[str]:
    voted = {each.expert_id for each in row.voted.all()}
    counted = 0 if row.annulled_at else len(voted)
    given = len(row.ballots) + (sum(each.on_paper for each in row.voted.all()) if row.is_open else 0)
    if given != counted:
        yield f"round {row.pk}: {given} ballots of {counted} voters"
    if not voted <= row.recused.keys():
        yield f"round {row.pk}: somebody voted who wasn't there"
    if any(len(ballot) > row.seats for ballot in row.ballots):
        yield f"round {row.pk}: a ballot approves more than there are places"
    if any(tally.votes > tally.entitled for tally in voting.tallies(poll_of(row))):
        yield f"round {row.pk}: more votes on a candidate than members who may vote on it"


@invariant("notices")
def notices() -> Iterator[str]:
    """A public notice's entries are the ones that were frozen."""
    for notice in PublicNotice.objects.all():
        if check_code.digest(notice.entries) != notice.digest:
            yield f"notice {notice.pk}: entries and digest differ"


@invariant("lists")
def lists() -> Iterator[str]:
    """A published list is as frozen, published by a second person (S7), and its entries are in that state."""
    for row in PublishedList.objects.select_related("ranking__season"):
        if check_code.digest(_frozen(row)) != row.digest:
            yield f"list {row.pk}: entries and digest differ"
        if check_code.from_digest(row.digest) != row.check_code:
            yield f"list {row.pk}: check code and digest differ"
        if row.published_at is not None:
            yield from _published(row)
    for pk in PublishedList.objects.filter(published_by=F("prepared_by")).values_list("pk", flat=True):
        yield f"list {pk}: prepared and published by one person"


def _frozen(row: PublishedList) -> list[dict[str, Any]]:
    facts = {"ranking": row.ranking.key, "year": row.ranking.season.year, "version": row.version}
    return [*row.entries, facts]


def _published(row: PublishedList) -> Iterator[str]:
    if row.published_by_id is None:
        yield f"list {row.pk}: published by nobody"
    listed = {entry["nomination"] for entry in row.entries if entry.get("nomination")}
    states = dict(Nomination.objects.filter(ranking=row.ranking_id).values_list("pk", "state"))
    for pk in sorted(listed):
        if states.get(pk) != State.PUBLISHED:
            yield f"list {row.pk}: nomination {pk} is {states.get(pk)}"
    newest = not PublishedList.objects.filter(ranking=row.ranking_id, version__gt=row.version).exists()
    if newest:
        for pk in sorted(pk for pk, state in states.items() if state == State.PUBLISHED and pk not in listed):
            yield f"list {row.pk}: nomination {pk} is published and not on it"
