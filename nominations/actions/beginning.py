"""Beginning a draft: by the applicant after the self-check, or by a unit that imports for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import Role
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.fields.base import Declaration
from nominations.models import Nomination, Ranking, RecommendingUnit, Track
from nominations.openings import Openings
from nominations.rules import calendar
from nominations.states import State


@transaction.atomic
def begin(
    ranking: Ranking,
    by: Actor,
    at: datetime,
    *,
    applicant: Organisation,
    track: Track | None = None,
    unit: RecommendingUnit | None = None,
    promises: Sequence[str] = (),
    title: str = "",
    category: str = "",
    answers: Mapping[str, Any] | None = None,
    key: str = "",
) -> Nomination:
    """Opens a draft and gives it its number, such as 2022XD00017.

    ``key`` names the request: asked twice by one person, it begins one draft and answers with it (Q2).

    ``title`` is the name that the self-check asked for; it becomes the answer that names the nomination.
    ``answers`` are what it asked besides. ``category`` is one of the form's, by its printed name.

    Refused outside the call (notice 三（一）), for a ranking without an online form, without a category where
    the form has some, and for a person who doesn't act for ``applicant``.
    """
    if not any(o.pk == applicant.pk for o in by.user.organisations_in(Role.APPLICANT)):
        raise Refused(NOT_FOUND)
    begun_with = f"{by.user.pk}-{key}"[:40] if key else None
    if begun := _begun(by, begun_with):
        return begun
    return open_draft(
        ranking,
        by,
        at,
        applicant=applicant,
        created_by=by.user,
        track=track,
        unit=unit,
        promises=promises,
        title=title,
        category=category,
        answers=answers,
        begun_with=begun_with,
    )


def open_draft(
    ranking: Ranking,
    by: Actor,
    at: datetime,
    *,
    applicant: Organisation,
    created_by: User,
    track: Track | None = None,
    unit: RecommendingUnit | None = None,
    promises: Sequence[str] = (),
    title: str = "",
    category: str = "",
    answers: Mapping[str, Any] | None = None,
    begun_with: str | None = None,
) -> Nomination:
    """Makes the draft for whoever was found to be allowed to; the caller holds the ranking's lock.

    ``created_by`` is the applicant's person whom mails go to, ``by`` whoever does it.
    """
    if ranking.form is None:
        raise Refused(
            refuse("no_form", _("此榜单的线上申报表尚未开放"), _("联系秘书处：010-56057633"), status=409)
        )
    judge_category(ranking.form, category)
    if track is None and ranking.tracks.count() == 1:
        track = ranking.tracks.get()
    if (track and track.ranking_id != ranking.pk) or (unit and unit.season_id != ranking.season_id):
        raise Refused(NOT_FOUND)
    opening = Openings([ranking.season_id]).to_begin(ranking.season_id, ranking.pk, track)
    calendar.judge(opening, at).or_raise()
    Ranking.objects.filter(pk=ranking.pk).update(last_number=F("last_number") + 1)
    running = Ranking.objects.values_list("last_number", flat=True).get(pk=ranking.pk)
    nomination = Nomination.objects.create(
        number=f"{ranking.season.year}{ranking.code}{running:05d}",
        season=ranking.season,
        ranking=ranking,
        track=track,
        category=category,
        applicant=applicant,
        created_by=created_by,
        unit=unit,
        state_since=at,
        title=title[:200],
        answers=_first_answers(ranking.form, track, title, answers or {}),
        promises=sorted(promises),
        edited_at=at,
        edited_by=by.user,
        created_at=at,
        begun_with=begun_with,
    )
    record("begun", nomination, by, at, season_year=ranking.season.year, to_state=State.DRAFT)
    return nomination


def _begun(by: Actor, begun_with: str | None) -> Nomination | None:
    """The draft that this request began before. Two of one person's at once wait for one another."""
    if begun_with is None:
        return None
    User.objects.select_for_update().get(pk=by.user.pk)
    return Nomination.objects.filter(begun_with=begun_with).first()


def judge_category(form: Declaration, category: str) -> None:
    """Raises Refused unless the category is one of the form's; "" where it has none."""
    offered = [option.label for option in form.categories]
    if category not in (offered or [""]):
        raise Refused(refuse("no_category", _("选择申报类别"), "、".join(offered), status=422))


def _first_answers(
    form: Declaration, track: Track | None, title: str, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers that the self-check already knows."""
    known = {key: value for key, value in answers.items() if form.question(key)}
    if track and track.name:
        known["track"] = track.name
    if title and form.title_question:
        known[form.title_question] = title
    return known
