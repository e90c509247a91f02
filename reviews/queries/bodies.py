"""Reads of a review body: its tracks, the plan in force, what reached it, what the form check sees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from accounts.roles import Role
from kczg.kit.record import events_of
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import eligibility
from nominations.answers import Tree, walk
from nominations.models import Nomination, ReviewBody, Season, Track, Version
from nominations.rules import conditions
from nominations.rules.calendar import GRACE
from nominations.states import State
from reviews.models import ReviewPlan

AFTER_REVIEW = (State.LISTED, State.NOT_LISTED, State.PUBLISHED)

PASSED_CHECK = (State.ACCEPTED, State.IN_REVIEW, State.SHORTLISTED, State.NOT_SHORTLISTED)


def tracks_of(user: Any, season: Season) -> list[Track]:
    """The tracks that the person's bodies review in a season."""
    ours = user.organisations_in(Role.BODY)
    rows = Track.objects.filter(ranking__season=season, bodies__organisation__in=ours).distinct()
    rows = rows.select_related("ranking__season").defer("ranking__declaration")
    return list(rows.prefetch_related("bodies__organisation"))


def body_for(user: Any, track: Track) -> ReviewBody:
    """The body of the track that the person acts for; raises Refused (404) when there is none."""
    ours = {organisation.pk for organisation in user.organisations_in(Role.BODY)}
    for body in track.bodies.all():
        if body.organisation_id in ours:
            return body
    raise Refused(NOT_FOUND)


def plan_in_force(track: Track) -> ReviewPlan | None:
    """The latest plan that the secretariat has put on record (备案)."""
    return track.plans.filter(state=ReviewPlan.State.RECORDED).order_by("-number").first()


def latest_plan(track: Track) -> ReviewPlan | None:
    return track.plans.order_by("-number").first()


RELATIONS = ("season", "ranking", "track__ranking", "applicant", "unit__organisation")

HEAVY = ("ranking__declaration", "track__ranking__declaration")
"""Lists leave the forms' declarations in the database; a page of one nomination reads them."""


def _at_body(track: Track) -> QuerySet[Nomination]:
    """Told by the title that was submitted: what an applicant types in a correction isn't the body's to read yet."""
    rows = Nomination.objects.filter(track=track).annotate(last_title=F("submitted_title"))
    return rows.select_related(*RELATIONS).defer(*HEAVY)


def waiting_in(track: Track) -> State:
    """The state in which a nomination waits for the form check."""
    return State.SUBMITTED if track.ranking.separately_organised else State.RECOMMENDED


def to_check(track: Track, at: datetime | None = None) -> QuerySet[Nomination]:
    """What waits for the form check: recommended, or submitted where the ranking is separately organised.

    With a moment also what was to be corrected by then and wasn't.
    """
    waits = Q(state=waiting_in(track))
    if at is not None:
        waits |= Q(state=State.CORRECTING, correction__until__lte=at - GRACE)
    return _at_body(track).filter(waits).order_by("number")


def unchecked(track: Track) -> QuerySet[Nomination]:
    """All whose form check isn't decided, corrections that are still awaited among them."""
    return _at_body(track).filter(state__in=[waiting_in(track), State.CORRECTING]).order_by("number")


def under_review(track: Track) -> QuerySet[Nomination]:
    """What passed the form check, by number."""
    return _at_body(track).filter(state__in=PASSED_CHECK).order_by("number")


def reviewed(track: Track) -> QuerySet[Nomination]:
    """What passed the form check, whatever has become of it since; by number."""
    return _at_body(track).filter(state__in=[*PASSED_CHECK, *AFTER_REVIEW]).order_by("number")


CHECKS = ("waiting", "correcting", "passed", "rejected")
"""What the queue of the form check is filtered by."""


def states_checked(track: Track, check: str) -> tuple[State, ...]:
    """The states behind one word of the queue's filter; any other word: all that reached the body."""
    states = {
        "waiting": (waiting_in(track),),
        "correcting": (State.CORRECTING,),
        "passed": (*PASSED_CHECK, *AFTER_REVIEW),
        "rejected": (State.REJECTED,),
    }
    return states.get(check) or tuple(state for name in CHECKS for state in states[name])


def received(track: Track, check: str = "") -> QuerySet[Nomination]:
    """All that reached the body, or one part of it: waiting, correcting, passed, rejected; by number."""
    rows = _at_body(track).filter(state__in=states_checked(track, check))
    return rows.defer("answers", *HEAVY).order_by("number")


def received_waiting_first(track: Track, check: str = "") -> QuerySet[Nomination]:
    """The same, what waits for the form check first, then what is being corrected."""
    now = (When(state=waiting_in(track), then=0), When(state=State.CORRECTING, then=1))
    done = Case(*now, default=2, output_field=IntegerField())
    return received(track, check).select_related("correction").order_by(done, "number")


def next_to_check(track: Track, after: str, at: datetime, leave: Iterable[int] = ()) -> str | None:
    """The number of the next that waits for the form check, from the top again behind the last; None: all done.

    ``leave``: ids of what another body of a joint track checks.
    """
    numbers = list(to_check(track, at).exclude(pk__in=list(leave)).values_list("number", flat=True))
    return next((number for number in numbers if number > after), numbers[0] if numbers else None)


def check_reasons(nomination: Nomination) -> str:
    """Why the form check was not passed, from the record; empty where it was, or is yet to come."""
    if nomination.state != State.REJECTED:
        return ""
    event = events_of(nomination).filter(name="rejected").last()
    return event.reason if event else ""


def received_one(track_ids: Iterable[int], number: str) -> Nomination:
    """One of what reached the body by its number; raises Refused (404) for what did not, or is another's."""
    rows = Nomination.objects.filter(track__in=track_ids, number=number).annotate(
        last_title=F("submitted_title")
    )
    found = rows.select_related(*RELATIONS).first()
    reached = (State.RECOMMENDED, State.CORRECTING, *PASSED_CHECK, *AFTER_REVIEW, State.REJECTED)
    if found is None or not (
        found.state in reached or (found.ranking.separately_organised and found.state == State.SUBMITTED)
    ):
        raise Refused(NOT_FOUND)
    return found


def counts_by_state(track: Track) -> dict[str, int]:
    """How many of a track are in each state, one query: all that a body may know before the gate."""
    rows = Nomination.objects.filter(track=track).values("state").order_by("state")
    return {row["state"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def frozen(nomination: Nomination) -> tuple[Version, Tree]:
    """The version that is reviewed and the walk of its frozen content; raises Refused (404) where there is none."""
    version = nomination.versions.submitted().last()
    if version is None or nomination.ranking.form is None:
        raise Refused(NOT_FOUND)
    content = version.content
    form, year = nomination.ranking.form, nomination.season.year
    return version, walk(form, content["answers"], category=content["category"], season_year=year)


def condition_results(nomination: Nomination, version: Version) -> list[conditions.ConditionResult]:
    """What the system found about each condition of annex 1, held against the frozen version."""
    if nomination.ranking.form is None:
        return []
    return eligibility.results(eligibility.of_version(nomination, version))
