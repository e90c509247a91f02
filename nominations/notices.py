"""Letters of applying and recommending: one template each, and the kinds that people choose a way for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.kinds import MAY, Kind, Way, declare
from accounts.letters import Letter, written
from accounts.models import User
from accounts.roles import Role
from nominations import queries, twins
from nominations.models import Nomination, RecommendingUnit, Twin, UnitImport
from nominations.openings import opening_for, opening_of
from nominations.states import UNSUBMITTED, State, Window

AT_ONCE_BEFORE_GATE = timedelta(days=3)
"""So long before the gate a new submission is told at once, whatever was chosen."""
LAST_HOURS = timedelta(hours=3)
LAST_DAY = timedelta(hours=24)

declare(
    Kind("handed_over", _("推荐单位代建草稿"), (Role.APPLICANT,), invites=True),
    Kind("received", _("提交成功"), (Role.APPLICANT,), MAY),
    Kind(
        "submitted",
        _("新的待推荐申报"),
        (Role.UNIT,),
        (Way.AT_ONCE, Way.DIGEST, Way.PRODUCT),
        at_once_within=AT_ONCE_BEFORE_GATE,
        hint=_("汇总列出待推荐的申报和剩余名额；推荐截止前3天起，新的申报都立即发送邮件"),
    ),
    Kind("digest", _("每日汇总"), (Role.UNIT,), follows="submitted"),
    Kind("returned", _("退回修改"), (Role.APPLICANT,), sms_within=LAST_DAY),
    Kind("correction_asked", _("形式审查要求补正"), (Role.APPLICANT,), sms_within=LAST_DAY),
    Kind("corrected", _("补正已提交"), (Role.APPLICANT,), MAY),
    Kind("correction_in", _("收到补正"), (Role.BODY,), MAY),
    Kind("declined", _("不予推荐"), (Role.APPLICANT,)),
    Kind("recommended", _("已推荐"), (Role.APPLICANT,), MAY),
    Kind("closing_soon", _("截止提醒：尚未提交"), (Role.APPLICANT,), MAY, sms_within=LAST_HOURS),
    Kind("unit_waiting", _("截止提醒：还有待推荐"), (Role.UNIT,), MAY, sms_within=LAST_HOURS),
    Kind("unfinished", _("征集已截止，申报未完成"), (Role.APPLICANT, Role.UNIT)),
    Kind("twin_found", _("发现相近申报"), (Role.UNIT,), MAY),
    Kind("twin_resolved", _("相近申报已认定"), (Role.UNIT,)),
    Kind("twin_dropped", _("认定为重复申报"), (Role.APPLICANT,)),
)


def _people(organisation_id: int, role: str) -> list[User]:
    """Those who act for an organisation in a role, now."""
    acting = User.objects.filter(
        is_active=True,
        memberships__organisation=organisation_id,
        memberships__role=role,
        memberships__is_active=True,
    )
    return list(acting.order_by("pk").distinct())


def _nomination(nomination_id: int) -> Nomination:
    return Nomination.objects.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination_id)


def _facts(nomination: Nomination, page: str, event: str = "") -> dict[str, Any]:
    opening = opening_of(nomination, Window.CALL)
    told = queries.last_event(nomination, event) if event else None
    return {
        "nomination": nomination,
        "version": nomination.versions.submitted().last(),
        "until": opening.closes if opening else None,
        "reason": told.reason if told else "",
        "page": reverse(f"nominations:{page}", args=[nomination.number]),
    }


def submitted(nomination_id: int) -> list[Letter]:
    """To the applicant's people the receipt, to the unit's people that something waits."""
    nomination = _nomination(nomination_id)
    facts = _facts(nomination, "submitted")
    letters = written("received", _people(nomination.applicant_id, Role.APPLICANT), **facts)
    if nomination.unit is not None and nomination.submitted_at is not None:
        opening = opening_of(nomination, Window.RECOMMENDATION)
        facts["until"] = opening.closes if opening else None
        facts["page"] = reverse("nominations:unit_nomination", args=[nomination.number])
        letters += written("submitted", _people(nomination.unit.organisation_id, Role.UNIT), **facts)
    return letters


def recommended(nomination_id: int) -> list[Letter]:
    """To the applicant's people: the unit has recommended."""
    return _to_applicant("recommended", nomination_id, "progress")


def returned(nomination_id: int) -> list[Letter]:
    """To the applicant's people: why it came back, and until when it can be submitted again."""
    return _to_applicant("returned", nomination_id, "tasks")


def correction_asked(nomination_id: int) -> list[Letter]:
    """To the applicant's people: what the review body wants corrected, and until when; nothing once it was."""
    nomination = _nomination(nomination_id)
    correction = queries.correction_of(nomination)
    if correction is None:
        return []
    people = _people(nomination.applicant_id, Role.APPLICANT)
    facts = {**_facts(nomination, "tasks", event="correction_asked"), "until": correction.until}
    return written("correction_asked", people, **facts)


def corrected(nomination_id: int) -> list[Letter]:
    """To the applicant's people: the correction is in; to the people of its review bodies, that they go on."""
    letters = _to_applicant("corrected", nomination_id, "progress")
    nomination = _nomination(nomination_id)
    page = f"{reverse('reviews:body_check', args=[nomination.number])}?track={nomination.track_id}"
    told = {
        person.pk: person
        for body in nomination.named_track.bodies.all()
        for person in _people(body.organisation_id, Role.BODY)
    }
    version = nomination.versions.submitted().last()
    people = list(told.values())
    return letters + written("correction_in", people, page, nomination=nomination, version=version)


def declined(nomination_id: int) -> list[Letter]:
    """To the applicant's people: the unit declines, with its reason."""
    return _to_applicant("declined", nomination_id, "progress")


def _to_applicant(name: str, nomination_id: int, page: str) -> list[Letter]:
    nomination = _nomination(nomination_id)
    people = _people(nomination.applicant_id, Role.APPLICANT)
    return written(name, people, **_facts(nomination, page, event=name))


def handed_over(import_id: int, user_id: int) -> list[Letter]:
    """To the contact: which drafts a unit has made for the applicant, and how to get in."""
    row = UnitImport.objects.select_related("unit__organisation", "unit__season").get(pk=import_id)
    person = User.objects.get(pk=user_id)
    numbers = [each[4] for each in row.rows if each[3] == "created"]
    rows = Nomination.objects.filter(number__in=numbers, created_by=person).select_related("ranking")
    opening = opening_for(row.unit.season, Window.CALL)
    facts: dict[str, Any] = {
        "unit": row.unit,
        "nominations": rows.order_by("number"),
        "page": reverse("nominations:my"),
        "until": opening.closes if opening else None,
    }
    return written("handed_over", [person], **facts)


def closing_soon(nomination_id: int) -> list[Letter]:
    """To the applicant's people: the gate is near and the form isn't submitted; nothing where it was meanwhile."""
    still = Nomination.objects.filter(
        pk=nomination_id, state__in=[str(state) for state in UNSUBMITTED]
    ).exists()
    return _to_applicant("closing_soon", nomination_id, "tasks") if still else []


def unfinished(nomination_id: int) -> list[Letter]:
    """To the applicant's people, and to the unit where it was waiting there: the gate has shut, it doesn't count."""
    nomination = _nomination(nomination_id)
    letters = _to_applicant("unfinished", nomination_id, "progress")
    if nomination.unit is not None and nomination.state == State.SUBMITTED:
        people = _people(nomination.unit.organisation_id, Role.UNIT)
        letters += written("unfinished", people, **_facts(nomination, "unit_nomination"))
    return letters


def unit_waiting(unit_id: int) -> list[Letter]:
    """To the unit's people: the gate is near and so many nominations wait; nothing where none does any more."""
    unit = RecommendingUnit.objects.select_related("organisation", "season").get(pk=unit_id)
    rows = Nomination.objects.filter(unit=unit, state=State.SUBMITTED)
    opening = opening_for(unit.season, Window.RECOMMENDATION)
    facts: dict[str, Any] = {
        "count": rows.count(),
        "unit": unit,
        "until": opening.closes if opening else None,
        "page": reverse("nominations:unit_desk"),
    }
    return (
        written("unit_waiting", _people(unit.organisation_id, Role.UNIT), **facts) if facts["count"] else []
    )


def twin_found(twin_id: int) -> list[Letter]:
    """To the people of both units: what waits with them seems to be one entry; nothing where it's decided already."""
    twin = twins.pairs().get(pk=twin_id)
    return _to_both_units("twin_found", twin) if twin.state == Twin.State.OPEN else []


def twin_resolved(twin_id: int) -> list[Letter]:
    """To the people of both units the decision; to the applicant of what isn't kept, without naming the other (S4)."""
    twin = twins.pairs().get(pk=twin_id)
    letters = _to_both_units("twin_resolved", twin)
    if twin.state == Twin.State.KEPT:
        dropped = _nomination(twin.partner(twin.kept_id or 0).pk)
        people = _people(dropped.applicant_id, Role.APPLICANT)
        letters += written("twin_dropped", people, **_facts(dropped, "progress"))
    return letters


def _to_both_units(name: str, twin: Twin) -> list[Letter]:
    letters: list[Letter] = []
    told: set[int] = set()
    for nomination in (twin.one, twin.other):
        if nomination.submitted_at is None or nomination.unit is None:
            continue  # A draft again: the unit that it names now doesn't know of it (S4).
        if nomination.unit.organisation_id in told:
            continue
        told.add(nomination.unit.organisation_id)
        page = reverse("nominations:unit_twin", args=[nomination.number, twin.pk])
        facts: dict[str, Any] = {
            "nomination": nomination,
            "sight": twins.seen_from(nomination, twin),
            "twin": twin,
        }
        people = _people(nomination.unit.organisation_id, Role.UNIT)
        letters += written(name, people, page, **facts)
    return letters


def digest(user_id: int) -> list[Letter]:
    """To one person of units: all that waits there now, and the quota; nothing where nothing waits any more."""
    person, season = User.objects.get(pk=user_id), queries.current_season()
    unit = queries.unit_of(person, season) if season else None
    if unit is None:
        return []
    opening = opening_for(unit.season, Window.RECOMMENDATION)
    rows = Nomination.objects.filter(unit=unit, state=State.SUBMITTED).defer("answers", "section_versions")
    facts: dict[str, Any] = {
        "unit": unit,
        "nominations": list(rows.order_by("submitted_at", "pk")),
        "places": [place for place in queries.standings(unit) if place.limit],
        "until": opening.closes if opening else None,
        "page": reverse("nominations:unit_desk"),
    }
    return written("digest", [person], **facts) if facts["nominations"] else []


LETTERS: dict[str, Callable[..., list[Letter]]] = {
    write.__name__: write
    for write in (
        *(
            submitted,
            recommended,
            returned,
            correction_asked,
            corrected,
            declined,
            closing_soon,
            unfinished,
            unit_waiting,
            digest,
        ),
        *(twin_found, twin_resolved),
    )
}
"""What a job of kind notice_mail may name."""
