"""What a recommending unit does: recommend, return, decline, take a recommendation back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.clock import gate_words
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import ALLOWED, Refused, Verdict, refuse
from nominations import frozen, queries, scans, selections, transitions
from nominations import twins as pairs
from nominations.actions import twins
from nominations.actions.applicant import end_recommendation
from nominations.actions.returning import Notes
from nominations.models import Nomination, Place, Recommendation, RecommendingUnit, SealedScan, Version
from nominations.openings import Openings, opening_of
from nominations.rules import calendar, quota
from nominations.states import State, Window


def _lock(unit: RecommendingUnit) -> None:
    """One at a time takes a place of a unit; the unique key on the place holds without this, too (Q1)."""
    RecommendingUnit.objects.select_for_update().get(pk=unit.pk)


@transaction.atomic
def recommend(
    nomination: Nomination, opinion: str, seen_version: int, by: Actor, at: datetime
) -> Recommendation:
    """Recommends the version that the unit has seen, on the unit's first free place in the track.

    Refused when the quota is used up (通知二（二）), when a selection inside the unit put others before it, when
    the applicant has submitted another version meanwhile, without an opinion, and outside the call. Asking
    twice has one effect (Q2).
    """
    locked = _reread(nomination)
    standing_one = locked.recommendations.filter(ended_at=None).first()
    if standing_one and locked.state == State.RECOMMENDED and standing_one.version.number == seen_version:
        may(by.user, "nomination.recommend", locked).or_raise()
        return standing_one
    version = judge_recommendation(locked, opinion, seen_version, by, at)
    row = _take_place(locked, opinion.strip(), version, by, at)
    transitions.move(
        locked,
        "recommend",
        by,
        at,
        version_code=version.check_code,
        unit=row.unit_id,
        track=locked.track_id,
        place=str(row.place),
        channel=str(row.place.channel) if row.place else "",
        opinion=row.opinion,
    )
    _print_again(version)
    owe("notice_mail", f"notice:recommended:{row.pk}", name="recommended", nomination_id=locked.pk)
    nomination.refresh_from_db()
    return row


def _print_again(version: Version) -> None:
    """Owes the form anew: the unit's opinion is printed in its box as long as the recommendation stands."""
    owe("form_pdf", f"form_pdf:{version.pk}", owner=version.frozen_by, again=True, version_id=version.pk)


def judge_recommendation(
    nomination: Nomination, opinion: str, seen_version: int, by: Actor, at: datetime
) -> Version:
    """The version that would be recommended; raises Refused. A free place is asked for again under the lock."""
    transitions.judge(nomination, "recommend", by, at).or_raise()
    version = nomination.latest_version
    if version.number != seen_version:
        words = _("申报人已提交新的版本，与第%(seen)d版的不同已在申报表中标出") % {"seen": seen_version}
        raise Refused(refuse("new_version", words, _("查看新版本后再推荐"), 409, version=version.number))
    _judge_seal(nomination, version)
    if not opinion.strip():
        raise Refused(refuse("opinion_missing", _("填写推荐意见"), status=422))
    pairs.judge(nomination).or_raise()
    selections.judge_going_up(nomination).or_raise()
    quota.judge(queries.standing_in(nomination.named_unit, nomination.named_track)).or_raise()
    return version


def _judge_seal(nomination: Nomination, version: Version) -> None:
    """Raises Refused unless the page with the unit's seal is there, where the season asks for it."""
    if not frozen.asks_seal(nomination, frozen.RECOMMENDER):
        return
    lacking = scans.what_lacks(version, frozen.RECOMMENDER)
    if lacking:
        words = _("推荐前上传盖有推荐单位公章的页：%(lacking)s") % {"lacking": "；".join(lacking)}
        raise Refused(refuse("seal_missing", words, status=409))


def _reread(nomination: Nomination) -> Nomination:
    """The row as it is, locked: of two requests that arrive together the second reads what the first did."""
    rows = Nomination.objects.select_for_update(of=("self",))
    return rows.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination.pk)


def _take_place(
    nomination: Nomination, opinion: str, version: Version, by: Actor, at: datetime
) -> Recommendation:
    _lock(nomination.named_unit)
    selections.judge_going_up(nomination).or_raise()
    quota.judge(queries.standing_in(nomination.named_unit, nomination.named_track)).or_raise()
    place = _free_place(nomination)
    try:
        with transaction.atomic():
            return Recommendation.objects.create(
                nomination=nomination,
                unit=nomination.named_unit,
                version=version,
                place=place,
                opinion=opinion,
                recommended_at=at,
                recommended_by=by.user,
            )
    except IntegrityError as taken:
        raise Refused(_place_taken()) from taken


def _free_place(nomination: Nomination) -> Place:
    rows = Place.objects.filter(unit=nomination.unit, track=nomination.track, recommendation=None)
    place = rows.select_related("channel").first()
    if place is None:
        raise Refused(_place_taken())
    return place


def _place_taken() -> Verdict:
    return refuse("place_taken", _("名额刚被占用"), _("刷新本页后再试"), status=409)


@transaction.atomic
def return_for_changes(
    nomination: Nomination, notes: Sequence[Mapping[str, str]], by: Actor, at: datetime
) -> None:
    """Sends it back with reasons: [{"section": key or "", "field": question key or "", "reason": text}].

    A note names the whole form (no section), a section, or one question of it: that alone is open again, see
    ``rules.reopened``. Its place, if it held one, is free. Refused (422) without any reason, and where a note
    names what the version doesn't ask.
    """
    locked = _reread(nomination)
    said = Notes(locked, notes)
    if transitions.repeated(locked, "return", by, said.words):
        return
    transitions.judge(locked, "return", by, at).or_raise()
    judge_return(locked, at).or_raise()
    said.judge()
    transitions.move(
        locked,
        "return",
        by,
        at,
        reason=said.words,
        version_code=locked.latest_version.check_code,
        fields={"returned_notes": said.kept},
        parts=[[note["section"], note["field"]] for note in said.kept],
    )
    end_recommendation(locked, at)
    SealedScan.lift(locked, at, frozen.RECOMMENDER)
    _print_again(locked.latest_version)
    owe(
        "notice_mail",
        f"notice:returned:{locked.pk}:{at.isoformat()}",
        name="returned",
        nomination_id=locked.pk,
    )
    nomination.refresh_from_db()


def judge_return(nomination: Nomination, at: datetime) -> Verdict:
    """Whether the applicant could still submit it again: where units have longer than applicants, nobody could."""
    opening = opening_of(nomination, Window.CALL)
    if opening is not None and opening.is_over(at):
        words = _("征集已于%(gate)s截止，退回后申报人不能再提交") % {"gate": gate_words(opening.closes)}
        return refuse("too_late_to_return", words, _("可以推荐或不予推荐"), status=409)
    return ALLOWED


@transaction.atomic
def decline(nomination: Nomination, reason: str, by: Actor, at: datetime) -> None:
    """Does not recommend (不予推荐), with the reason that the applicant reads."""
    locked = _reread(nomination)
    if transitions.repeated(locked, "decline", by, reason):
        return
    transitions.move(locked, "decline", by, at, reason=reason)
    owe("notice_mail", f"notice:declined:{locked.pk}", name="declined", nomination_id=locked.pk)
    twins.close_of(locked, by, at)
    nomination.refresh_from_db()


@transaction.atomic
def take_back(nomination: Nomination, reason: str, by: Actor, at: datetime) -> None:
    """Takes a recommendation back before the gate: the place is free, the nomination waits again."""
    locked = _reread(nomination)
    if transitions.repeated(locked, "take_back", by, reason):
        return
    transitions.move(locked, "take_back", by, at, reason=reason)
    end_recommendation(locked, at)
    _print_again(locked.latest_version)
    nomination.refresh_from_db()


@transaction.atomic
def save_order(unit: RecommendingUnit, orders: Mapping[int, int | None], by: Actor, at: datetime) -> None:
    """推荐排序: keeps the number of each standing recommendation, by its id; None takes the number away.

    Ids that aren't the unit's own standing ones are left out of account. Refused (422) where two of a track
    have one number, with both names in ``details["problems"]`` by id, and outside the call.
    """
    may(by.user, "unit.order", unit).or_raise()
    _lock(unit)
    rows = [row for row in queries.standing_recommendations(unit) if row.pk in orders]
    problems = _same_numbers(rows, orders)
    if problems:
        raise Refused(refuse("same_order", "；".join(problems.values()), status=422, problems=problems))
    changed = [row for row in rows if row.order != orders[row.pk]]
    openings = Openings([unit.season_id])
    for row in changed:
        calendar.judge(openings.of(row.nomination, Window.RECOMMENDATION), at).or_raise()
    if not changed:
        calendar.judge(openings.for_all(unit.season_id, Window.RECOMMENDATION), at).or_raise()
    for row in changed:
        Recommendation.objects.filter(pk=row.pk).update(order=orders[row.pk])
    if changed:
        order = [[row.nomination.number, orders[row.pk]] for row in rows]
        record("order_saved", unit, by, at, season_year=unit.season.year, order=order)


def _same_numbers(rows: Sequence[Recommendation], orders: Mapping[int, int | None]) -> dict[int, str]:
    """Id of a row whose number another of its track has already → words that name both."""
    first: dict[tuple[int | None, int], Recommendation] = {}
    problems: dict[int, str] = {}
    for row in rows:
        number = orders[row.pk]
        if number is None:
            continue
        other = first.setdefault((row.nomination.track_id, number), row)
        if other is not row:
            names = {"one": other.nomination.shown_title, "other": row.nomination.shown_title}
            problems[row.pk] = _("“%(one)s”与“%(other)s”的排序都是%(number)d") % {**names, "number": number}
    return problems
