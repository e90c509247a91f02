"""Invariants of nominations: quotas, places, states, versions and their events, recounted from the rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from accounts.models import Membership
from accounts.roles import Duty, Role
from kczg.kit import signing
from kczg.kit.invariants import invariant
from kczg.kit.models import Event
from nominations import quota_record
from nominations.models import (
    Closing,
    Correction,
    Nomination,
    Place,
    Preparation,
    Recommendation,
    SealedScan,
    Selection,
    Track,
    Twin,
    UnitChannel,
    UnitPaper,
    Version,
)
from nominations.rules import check_code, merkle, receipts
from nominations.rules import selection as selection_rules
from nominations.scans import Reading
from nominations.selections import positions
from nominations.states import HOLDS_PLACE, MOVES, State

STATE_EVENTS = frozenset(move.event for move in MOVES.values()) | {"begun"}
CHUNK = 500
GONE = frozenset({State.DRAFT, State.DECLINED, State.WITHDRAWN})


@invariant("quota")
def quota() -> Iterator[str]:
    """Recommended ≤ limit × channels for each unit and track (通知二（二）), counted from the rows alone (Q1)."""
    channels = Counter(UnitChannel.objects.values_list("unit_id", flat=True))
    limits = dict(Track.objects.values_list("pk", "quota"))
    standing = Recommendation.objects.filter(ended_at=None).values_list("unit_id", "nomination__track_id")
    for (unit, track), count in sorted(Counter(standing).items(), key=str):
        most = (limits.get(track) or 0) * channels[unit]
        if count > most:
            yield f"unit {unit} track {track}: {count} recommended, {most} allowed"


@invariant("recorded quota")
def recorded_quota() -> Iterator[str]:
    """The same from the record alone: events and versions replayed, against the limits as they stood (Q1).

    Knows nothing of places and recommendations until the end, when what the record tells is held against the rows.
    """
    yield from quota_record.Replay().faults()


@invariant("places")
def places() -> Iterator[str]:
    """Each place lies within its track's limit and belongs to a channel that the unit has."""
    held = set(UnitChannel.objects.values_list("unit_id", "channel_id"))
    for place in Place.objects.select_related("track").order_by("pk").iterator(CHUNK):
        if (place.unit_id, place.channel_id) not in held:
            yield f"place {place.pk}: unit {place.unit_id} has no channel {place.channel_id}"
        if not 1 <= place.number <= (place.track.quota or 0):
            yield f"place {place.pk}: number {place.number} beyond the limit {place.track.quota}"


@invariant("recommendations")
def recommendations() -> Iterator[str]:
    """A nomination in a state that holds a place has one standing recommendation, and no other has any."""
    standing = Recommendation.objects.filter(ended_at=None).select_related("nomination", "place", "version")
    seen: Counter[int] = Counter()
    for row in standing.defer("nomination__answers", "version__content").order_by("pk").iterator(CHUNK):
        seen[row.nomination_id] += 1
        yield from _misfits(row)
    holding = Nomination.objects.filter(state__in=[str(state) for state in HOLDS_PLACE])
    for pk, number in holding.filter(ranking__separately_organised=False).values_list("pk", "number"):
        if seen[pk] != 1:
            yield f"{number}: {seen[pk]} standing recommendations"


def _misfits(row: Recommendation) -> Iterator[str]:
    nomination = row.nomination
    if nomination.state not in HOLDS_PLACE:
        yield f"{nomination.number}: recommended though {nomination.state}"
    if row.version.submitted_at is None:
        yield f"{nomination.number}: recommended in a version that was not submitted"
    if row.version.nomination_id != nomination.pk:
        yield f"{nomination.number}: recommended in another nomination's version"
    if row.unit_id != nomination.unit_id:
        yield f"{nomination.number}: recommended by unit {row.unit_id}, names {nomination.unit_id}"
    if row.place is None or (row.place.unit_id, row.place.track_id) != (row.unit_id, nomination.track_id):
        yield f"{nomination.number}: its place belongs to another unit or track"


@invariant("versions")
def versions() -> Iterator[str]:
    """Each version's digest and check code are those of its content, and versions count 1, 2, 3 (A4).

    One that was frozen after a return follows the earlier version that its supplementary sheet names.
    """
    numbers: dict[int, list[int]] = defaultdict(list)
    by_number: dict[tuple[int, int], str] = {}
    following: list[tuple[int, int, int, dict[str, Any]]] = []
    for row in Version.objects.select_related("nomination").defer("nomination__answers").iterator(CHUNK):
        numbers[row.nomination_id].append(row.number)
        if check_code.digest(row.content) != row.digest:
            yield f"version {row.pk}: content and digest differ"
        if check_code.from_digest(row.digest) != row.check_code:
            yield f"version {row.pk}: check code and digest differ"
        if row.content.get("number") != row.nomination.number:
            yield f"version {row.pk}: content is of {row.content.get('number')}"
        by_number[row.nomination_id, row.number] = row.digest
        if "follows" in row.content:
            following.append((row.pk, row.nomination_id, row.number, row.content["follows"]))
    for pk, nomination, own, follows in following:
        earlier = by_number.get((nomination, follows["version"]))
        if earlier != follows["digest"] or follows["version"] >= own:
            yield f"version {pk}: follows version {follows['version']}, which is another one"
    for pk, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"nomination {pk}: versions {sorted(found)}"
    yield from _titles()
    without = Nomination.objects.annotate(count=Count("versions__submitted_at")).filter(count=0)
    for number in without.exclude(state__in=[State.DRAFT, State.WITHDRAWN]).values_list("number", flat=True):
        yield f"{number}: no version though submitted"


def _titles() -> Iterator[str]:
    """A nomination's column for it holds the title that was submitted last, and is empty where none was."""
    last = Version.objects.submitted().filter(nomination=OuterRef("pk")).order_by("-number")
    told = Subquery(last.values_list(KeyTextTransform("title", "content"))[:1])
    rows = Nomination.objects.annotate(told=Coalesce(told, Value(""))).exclude(submitted_title=F("told"))
    for number in rows.values_list("number", flat=True):
        yield f"{number}: its submitted title isn't its last version's"


@invariant("corrections")
def corrections() -> Iterator[str]:
    """What waits for a correction was asked for one that has no answer; an answer is a later version of its own."""
    asked = set(Correction.objects.filter(answered_at=None).values_list("nomination_id", flat=True))
    for pk, number in Nomination.objects.filter(state=State.CORRECTING).values_list("pk", "number"):
        if pk not in asked:
            yield f"{number}: waits for a correction that nobody asked for, or that was made"
    rows = Correction.objects.filter(answer__isnull=False).select_related("version", "answer")
    for row in rows.defer("version__content", "answer__content").order_by("pk"):
        if row.answer is None or row.answer.nomination_id != row.nomination_id:
            yield f"correction {row.pk}: its answer is another nomination's"
        elif row.answer.number < row.version.number:
            yield f"correction {row.pk}: answered by an earlier version"


@invariant("preparations")
def preparations() -> Iterator[str]:
    """What was prepared for an approver is about a version of its own nomination that was submitted."""
    for row in Preparation.objects.select_related("version").order_by("pk").iterator(CHUNK):
        if row.version.nomination_id != row.nomination_id or row.version.submitted_at is None:
            yield f"preparation {row.pk}: of version {row.version_id}, not one of nomination {row.nomination_id}"


@invariant("unit_people")
def unit_people() -> Iterator[str]:
    """Where anybody acts for a recommending unit, one of its people is an administrator."""
    acting = Membership.objects.filter(role=Role.UNIT, is_active=True).order_by("organisation_id")
    leading = set(acting.filter(duty=Duty.ADMINISTER).values_list("organisation_id", flat=True))
    for organisation in acting.values_list("organisation_id", flat=True).distinct():
        if organisation not in leading:
            yield f"organisation {organisation}: has people and no administrator"


@invariant("scans")
def scans() -> Iterator[str]:
    """A standing scan is as whole as its rules find it, and its pictures are of its own files."""
    rows = SealedScan.objects.filter(lifted_at=None).select_related("version").prefetch_related("files")
    for scan in rows.order_by("pk").iterator(CHUNK):
        own = {row.file_id for row in scan.files.all()}
        if any(picture["file"] not in own for picture in scan.pictures):
            yield f"scan {scan.pk}: has pictures of a file that isn't its own"
        elif (found := Reading(scan).state) != scan.state:
            yield f"scan {scan.pk}: is {scan.state}, the rules say {found}"


@invariant("events")
def events() -> Iterator[str]:
    """A nomination's events lead from state to state without a gap, by moves of the table, to where it stands."""
    allowed = {(source, move.target, move.event) for move in MOVES.values() for source in move.sources}
    at: dict[int, str] = {}
    rows = Event.objects.filter(subject_kind="nomination", name__in=STATE_EVENTS).order_by("id")
    for pk, name, source, target in rows.values_list("subject_id", "name", "from_state", "to_state").iterator(
        CHUNK
    ):
        if name != "begun" and (source, target, name) not in allowed:
            yield f"nomination {pk}: {name} from {source} to {target} is no move of the table"
        if at.get(pk, "") != source:
            yield f"nomination {pk}: {name} from {source} though it was {at.get(pk, 'nowhere')}"
        at[pk] = target
    for pk, number, state in Nomination.objects.values_list("pk", "number", "state").iterator(CHUNK):
        if at.get(pk) != state:
            yield f"{number}: is {state}, its last event says {at.get(pk)}"


@invariant("closings")
def closings() -> Iterator[str]:
    """Each closing list's signature is its statement's, and its lines give the root and are those of their versions."""
    for closing in Closing.objects.order_by("pk"):
        if not signing.is_signed(check_code.canonical(closing.statement), closing.signature, closing.key):
            yield f"closing {closing.pk}: the signature is of another statement"
        leaves = []
        for place, line in enumerate(closing.lines.select_related("version").defer("version__content")):
            leaves.append(receipts.leaf(line.entry))
            if line.place != place:
                yield f"closing {closing.pk}: line {place} stands at {line.place}"
            if line.entry["digest"] != line.version.digest:
                yield f"closing {closing.pk}: line {place} and its version differ"
        if (closing.statement["count"], closing.statement["root"]) != (
            len(leaves),
            merkle.root(leaves).hex(),
        ):
            yield f"closing {closing.pk}: the lines are not those that were signed"


@invariant("twins")
def twins() -> Iterator[str]:
    """A pair is of one ranking and of versions of its two; both stand while it is open; a decision has an author."""
    rows = Twin.objects.select_related("one", "other", "one_version", "other_version")
    heavy = ("one__answers", "other__answers", "one_version__content", "other_version__content")
    for row in rows.defer(*heavy).order_by("pk").iterator(CHUNK):
        if row.one.ranking_id != row.other.ranking_id:
            yield f"twin {row.pk}: its two are of different rankings"
        if (row.one_version.nomination_id, row.other_version.nomination_id) != (row.one_id, row.other_id):
            yield f"twin {row.pk}: its versions are of other nominations"
        for one in (row.one, row.other):
            if row.state == Twin.State.OPEN and (one.state in GONE or one.submitted_at is None):
                yield f"twin {row.pk}: is open though {one.number} is {one.state}"
        if (row.state == Twin.State.KEPT) != (row.kept_id in (row.one_id, row.other_id)):
            yield f"twin {row.pk}: is {row.state}, keeps {row.kept_id}"
        decided = row.state in (Twin.State.KEPT, Twin.State.DISTINCT)
        if decided and not (row.resolved_by_id and row.resolved_at and row.reason):
            yield f"twin {row.pk}: is {row.state} by nobody or without a reason"


@invariant("unit papers")
def unit_papers() -> Iterator[str]:
    """Each paper of a unit has the digest and the check code of its content, and is of its own unit (A4)."""
    for row in UnitPaper.objects.select_related("selection").order_by("pk").iterator(CHUNK):
        if check_code.digest(row.content) != row.digest:
            yield f"unit paper {row.pk}: content and digest differ"
        if check_code.from_digest(row.digest) != row.check_code:
            yield f"unit paper {row.pk}: check code and digest differ"
        if row.selection is not None and row.selection.unit_id != row.unit_id:
            yield f"unit paper {row.pk}: is of another unit's selection"


@invariant("selections")
def selections() -> Iterator[str]:
    """A closed selection's result is what its ballots give, one for each voter; secret ballots bear no choice.

    No more of its candidates are recommended than there were places.
    """
    for row in Selection.objects.filter(closed_at__isnull=False).order_by("pk").iterator(CHUNK):
        numbers = list(row.candidates.values_list("nomination__number", flat=True))
        said = row.result["ballots"]
        given = [ballot["choices"] for ballot in said]
        if [asdict(line) for line in selection_rules.tally(row.manner, numbers, given)] != row.lines:
            yield f"selection {row.pk}: the ballots give another result"
        names, voters = row.ballots.values_list("name", flat=True), row.result["voters"]
        if sorted(names) != sorted(voters) or len(said) != len(voters):
            yield f"selection {row.pk}: ballots and voters differ"
        if not row.named and row.ballots.exclude(choices=[]).exists():
            yield f"selection {row.pk}: a secret ballot can be read"
        _here, up = positions(row)
        if row.is_closed and len(up) > row.places:
            yield f"selection {row.pk}: {len(up)} of its candidates recommended, {row.places} were to go up"
