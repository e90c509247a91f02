"""Reads: what a person may see, which window holds, how a unit's quota stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import normalised
from accounts.roles import Role
from kczg.kit.clock import SHANGHAI
from kczg.kit.models import Event, StoredFile
from kczg.kit.record import events_of
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.fields.files import named_in
from nominations.models import (
    Correction,
    Nomination,
    PilotPlace,
    Place,
    Preparation,
    Ranking,
    Recommendation,
    RecommendingUnit,
    Season,
    Stage,
    Track,
    UnitChannel,
    Version,
)
from nominations.rules.calendar import Opening
from nominations.rules.quota import Held, Share, Standing
from nominations.states import State, Window


def files_of(nomination: Nomination) -> dict[str, dict[str, dict[str, Any]]]:
    """The files that were sent for a nomination, by place and id, as answers name them (``fields.files``)."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in nomination.attachments.select_related("file"):
        found[row.place][row.file.public_id] = entry_of(row.file)
    return dict(found)


def entry_of(stored: StoredFile) -> dict[str, Any]:
    """A file as an answer names it; what it is in the end is known when its check is over."""
    entry: dict[str, Any] = {
        "id": stored.public_id,
        "name": stored.name,
        "size": stored.size,
        "pages": stored.pages,
        "sha256": stored.sha256,
        "type": stored.media_type,
    }
    if not stored.ready:
        entry["state"] = stored.state
    if stored.refusal_code:
        entry["refusal"] = {"code": stored.refusal_code, "facts": stored.refusal_facts}
    return entry


def file_ids_named(nomination: Nomination) -> set[str]:
    """The files that the draft or a version names."""
    form = nomination.ranking.form
    if form is None:
        return set()
    written = [nomination.answers, *(v.content.get("answers", {}) for v in nomination.versions.all())]
    return {entry["id"] for answers in written for entry in named_in(form, answers)}


def attached(nomination: Nomination, file_id: str, answers: Mapping[str, Any] | None = None) -> StoredFile:
    """A file of a nomination; with ``answers`` only one that they name. Raises Refused (404) else (S3)."""
    form = nomination.ranking.form
    named = answers is None or (
        form is not None and any(entry["id"] == file_id for entry in named_in(form, answers))
    )
    row = nomination.attachments.filter(file__public_id=file_id).select_related("file").first()
    if row is None or not named:
        raise Refused(NOT_FOUND)
    return row.file


def current_season() -> Season | None:
    """The season that pages show: the latest year."""
    return Season.objects.order_by("-year").first()


def windows(season: Season) -> dict[tuple[int | None, str], Opening]:
    """All windows of a season in one query, by (track id or None, stage)."""
    return {
        (row.track_id, row.key): Opening(str(Window(row.key).label), row.opens, row.closes)
        for row in Stage.objects.filter(season=season)
    }


def told_rankings(rankings: Iterable[int]) -> set[int]:
    """Of these rankings, those whose list is published: only then does an applicant read the outcome."""
    rows = Nomination.objects.filter(ranking__in=set(rankings), state=State.PUBLISHED)
    return set(rows.order_by().values_list("ranking", flat=True).distinct())


RESULTS = frozenset({State.SHORTLISTED, State.NOT_SHORTLISTED, State.LISTED, State.NOT_LISTED})
"""States, and the events of the same names, that applicants and units don't read before the list is published."""


def label_told(nomination: Nomination) -> str:
    """The state's word as the applicant and the unit may know it: a result reads 初评中 until it is published."""
    if nomination.state in RESULTS and not told_rankings([nomination.ranking_id]):
        return str(State.IN_REVIEW.label)
    return nomination.state_label


def unit_search(season: Season, words: str, limit: int = 20) -> list[RecommendingUnit]:
    """The season's recommending units whose name holds what was typed; the first ones where nothing was."""
    rows = RecommendingUnit.objects.filter(season=season).select_related("organisation")
    sought = normalised(words).replace("\0", "")  # PostgreSQL knows no such character.
    if sought:
        rows = rows.filter(organisation__normalised_name__contains=sought)
    return list(rows[:limit])


NOT_LISTED = ("answers", "section_versions", "ranking__declaration", "track__ranking__declaration")
"""What a list doesn't show and would be most of what the database sends."""
NOMINATION_RELATIONS = ("season", "ranking", "track__ranking", "applicant", "unit__organisation")


def visible_to(user: Any, role: str) -> QuerySet[Nomination]:
    """Exactly the nominations whose page this person may open in a role (S4).

    A review body and an expert read what reviews.queries finds for them; here they find nothing.
    """
    rows = Nomination.objects.select_related(*NOMINATION_RELATIONS)
    ours = [organisation.pk for organisation in user.organisations_in(role)]
    if role == Role.APPLICANT:
        return rows.filter(applicant_id__in=ours)
    if role == Role.UNIT:
        return rows.filter(unit__organisation_id__in=ours, submitted_at__isnull=False)
    if role == Role.OFFICE and user.has_role(Role.OFFICE):
        return rows
    return rows.none()


def nomination_for(user: Any, role: str, number: str) -> Nomination:
    """The nomination with this number, if the person may see it in this role; raises Refused (404) else."""
    found = visible_to(user, role).filter(number=number).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def with_last_version(rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """The same rows with number, check code and title of their last version, without the texts, for lists.

    While the applicant changes what was returned, the title's column holds what is typed; a unit reads the
    version's (S5).
    """
    last = Version.objects.submitted().filter(nomination=OuterRef("pk")).order_by("-number")
    return rows.annotate(
        last_number=Subquery(last.values("number")[:1]),
        last_code=Subquery(last.values("check_code")[:1]),
        last_title=F("submitted_title"),
    ).defer(*NOT_LISTED)


def with_returns(rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """The same rows with ``was_returned``: whether the unit that they name has returned them before."""
    returns = Event.objects.filter(subject_kind="nomination", subject_id=OuterRef("pk"), name="returned")
    own = returns.filter(organisation_name=OuterRef("unit__organisation__name"))
    return rows.annotate(was_returned=Exists(own))


def standing_recommendations(unit: RecommendingUnit, track: Track | None = None) -> QuerySet[Recommendation]:
    """What the unit recommends and hasn't taken back, by track, then in the unit's own order."""
    rows = Recommendation.objects.filter(unit=unit, ended_at=None)
    rows = rows.filter(nomination__track=track) if track is not None else rows
    related = ("nomination__track__ranking", "nomination__applicant", "place__channel", "version")
    heavy = ("nomination__answers", "nomination__track__ranking__declaration", "version__content")
    by_track = ("nomination__track__ranking__order", "nomination__track__order")
    within = (F("order").asc(nulls_last=True), "recommended_at", "pk")
    return rows.select_related(*related).defer(*heavy).order_by(*by_track, *within)


def preparation_of(nomination: Nomination) -> Preparation | None:
    """What was prepared for an approver and still holds: the nomination waits as it did then."""
    rows = Preparation.objects.filter(nomination=nomination, prepared_at__gte=nomination.state_since)
    return rows.select_related("prepared_by").first() if nomination.state == State.SUBMITTED else None


def with_preparation(rows: QuerySet[Nomination]) -> QuerySet[Any]:
    """The same rows with ``prepared``: whether a recommendation waits for an approver's consent (报审)."""
    standing = Preparation.objects.filter(nomination=OuterRef("pk"), prepared_at__gte=OuterRef("state_since"))
    return rows.annotate(prepared=Exists(standing.filter(nomination__state=State.SUBMITTED)))


def unit_of(user: Any, season: Season) -> RecommendingUnit | None:
    """The recommending unit of a season that the person acts for."""
    ours = user.organisations_in(Role.UNIT)
    return (
        RecommendingUnit.objects.select_related("organisation")
        .filter(season=season, organisation__in=ours)
        .first()
    )


def standings(unit: RecommendingUnit, track: Track | None = None) -> list[Standing]:
    """The unit's quota by track, with who holds each place: one query for places, one for tracks."""
    places = Place.objects.filter(unit=unit)
    tracks = Track.objects.filter(ranking__season_id=unit.season_id, quota__isnull=False)
    tracks = tracks.select_related("ranking").defer("ranking__declaration")
    if track is not None:
        places, tracks = places.filter(track=track), tracks.filter(pk=track.pk)
    rows = places.values_list(
        "track_id",
        "channel__name",
        "number",
        "recommendation__nomination__number",
        "recommendation__nomination__submitted_title",
        "recommendation__recommended_at",
    )
    held: dict[int, list[Held]] = defaultdict(list)
    for track_id, channel, number, holder, title, since in rows:
        held[track_id].append(Held(channel, number, holder or "", title or "", since))
    return [_standing(row, held[row.pk]) for row in tracks]


def _standing(track: Track, places: list[Held]) -> Standing:
    shares = Counter(place.channel for place in places)
    return Standing(
        ranking=track.ranking.name,
        track=track.name,
        track_id=track.pk,
        shares=tuple(Share(name, count) for name, count in shares.items()),
        used=sum(bool(place.holder) for place in places),
        places=tuple(places),
    )


def standing_in(unit: RecommendingUnit, track: Track) -> Standing:
    """The unit's quota in one track, as its limit, its sum and what is used."""
    return standings(unit, track)[0]


def unit_channels(unit: RecommendingUnit) -> list[str]:
    """The names of the channels through which a unit recommends."""
    return [row.channel.name for row in UnitChannel.objects.filter(unit=unit).select_related("channel")]


def open_rankings(season: Season) -> QuerySet[Ranking]:
    """The season's rankings with their tracks and bodies, in the notice's order."""
    tracks = Track.objects.prefetch_related("bodies__organisation")
    return season.rankings.prefetch_related(Prefetch("tracks", queryset=tracks))


def unfinished(season: Season) -> QuerySet[Nomination]:
    """Nominations whose owner still has something to do before the gate."""
    return Nomination.objects.filter(season=season, state__in=[State.DRAFT, State.RETURNED, State.SUBMITTED])


def pilot_places(season: Season) -> list[str]:
    """The names of the season's 试点城市（园区）, as far as they are known."""
    return list(PilotPlace.objects.filter(season=season).values_list("name", flat=True))


def seasons() -> list[Season]:
    """All seasons, the latest first."""
    return list(Season.objects.order_by("-year"))


def filtered(season: Season, wanted: Mapping[str, str]) -> QuerySet[Nomination]:
    """A season's nominations as the master table filters them, by number; what is empty doesn't filter.

    ``wanted``: status, ranking, track ("none": not chosen yet), unit (id), channel, province, day
    (YYYY-MM-DD, of submission), submitted ("1": was submitted),
    recommended ("1": holds a place), q (number, names). The page and the
    spreadsheet ask the same.
    """
    rows = Nomination.objects.filter(season=season).select_related(*NOMINATION_RELATIONS)
    columns = {
        "status": "state",
        "ranking": "ranking__key",
        "track": "track__key",
        "unit": "unit_id",
        "province": "applicant__province_code",
    }
    given: dict[str, Any] = {column: wanted[name] for name, column in columns.items() if wanted.get(name)}
    if given.get("track__key") == "none":
        del given["track__key"]
        given["track"] = None
    if given.get("applicant__province_code") == "none":
        given["applicant__province_code"] = ""
    rows = rows.filter(**given)
    if wanted.get("submitted"):
        rows = rows.filter(submitted_at__isnull=False)
    standing = Recommendation.objects.filter(ended_at=None)
    if wanted.get("channel"):
        standing = standing.filter(place__channel__key=wanted["channel"])
    if wanted.get("channel") or wanted.get("recommended"):
        rows = rows.filter(pk__in=standing.values("nomination"))
    if wanted.get("day"):
        begins = datetime.combine(date.fromisoformat(wanted["day"]), time(), SHANGHAI)
        rows = rows.filter(submitted_at__gte=begins, submitted_at__lt=begins + timedelta(days=1))
    text = wanted.get("q", "").strip()
    if text:
        found = Q(number__icontains=text) | Q(title__icontains=text) | Q(applicant__name__icontains=text)
        rows = rows.filter(found | Q(unit__organisation__name__icontains=text))
    return rows.order_by("number")


DEALT_WITH = ("recommended", "recommendation_taken_back", "returned", "declined")
"""Events that prove that a unit has read the version: a page that is only opened leaves no trace (I7)."""


def last_dealt_with(nomination: Nomination, unit: RecommendingUnit) -> str:
    """The check code of the version that anybody of this unit dealt with last; "" where nobody has yet."""
    rows = events_of(nomination).filter(name__in=DEALT_WITH, organisation_name=unit.organisation.name)
    return rows.exclude(version_code="").values_list("version_code", flat=True).last() or ""


def correction_of(nomination: Nomination) -> Correction | None:
    """What its body asks to be corrected, while it does."""
    waits = nomination.state == State.CORRECTING
    return Correction.objects.filter(nomination=nomination).first() if waits else None


def last_event(nomination: Nomination, name: str) -> Event | None:
    """The latest event of this name on a nomination."""
    return events_of(nomination).filter(name=name).last()
