"""Letters of the review: one template each, and the kinds that people choose a way for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.kinds import MAY, Kind, Way, declare
from accounts.letters import Letter, written
from accounts.models import User
from accounts.roles import Role
from kczg.kit.models import Event
from nominations.models import Nomination, ReviewBody, Track
from nominations.openings import opening_for
from nominations.states import Window
from reviews import queries
from reviews.models import (
    BodyExpert,
    Expert,
    MeetingMember,
    PreliminaryResult,
    ReviewPlan,
    Round,
    ShareProposal,
)

declare(
    Kind("rejected", _("形式审查不通过"), (Role.APPLICANT,)),
    Kind("outcome", _("名单发布"), (Role.APPLICANT,)),
    Kind("plan_filed", _("初评方案待备案"), (Role.OFFICE,)),
    Kind("plan_decided", _("初评方案备案或退回"), (Role.BODY,)),
    Kind("share_proposed", _("待答复的分工"), (Role.BODY,)),
    Kind("result_to_sign", _("待签署初评结果"), (Role.BODY,)),
    Kind("signature_withheld", _("初评结果不予签署"), (Role.BODY,)),
    Kind("result_sent_back", _("初评结果退回修改"), (Role.BODY,)),
    Kind("sheet_reopened", _("评分退回修改"), (Role.EXPERT,)),
    Kind("expert_invited", _("评审邀请"), (Role.EXPERT,), invites=True),
    Kind("expert_accepted", _("专家接受邀请"), (Role.BODY,), (Way.PRODUCT, Way.AT_ONCE)),
    Kind("expert_declined", _("专家谢绝邀请"), (Role.BODY,), MAY),
    Kind("expert_left", _("专家退出评审"), (Role.BODY,), MAY),
    Kind("assigned", _("新的评审任务"), (Role.EXPERT,)),
    Kind("conflict_found", _("评审任务因回避调整"), (Role.BODY, Role.OFFICE)),
    Kind("meeting_called", _("会议通知"), (Role.EXPERT,)),
    Kind("vote_opened", _("会议投票"), (Role.EXPERT,)),
    Kind("reminder", _("评审提醒"), (Role.EXPERT,), MAY),
    Kind("short_of_experts", _("评审专家不足"), (Role.BODY,)),
)


NAMED = 20
"""So many nominations a letter names at most."""


def expert_invited(user_id: int, body_id: int) -> list[Letter]:
    """A body invites an expert: names the body, its tracks and until when, and no nomination.

    Who has no password yet gets the link to set one.
    """
    user = User.objects.get(pk=user_id)
    body = ReviewBody.objects.select_related("organisation", "season").get(pk=body_id)
    tracks = [(track, _until(track)) for track in body.tracks.select_related("ranking__season")]
    page = reverse("reviews:expert_invitations")
    return written("expert_invited", [user], page, body=body, tracks=tracks)


def expert_accepted(row_id: int, event_id: int) -> list[Letter]:
    """To the body's people: an expert has accepted."""
    return _of_expert("expert_accepted", row_id, event_id)


def expert_declined(row_id: int, event_id: int) -> list[Letter]:
    """To the body's people: an expert has declined, with the reason."""
    return _of_expert("expert_declined", row_id, event_id)


def expert_left(row_id: int, event_id: int) -> list[Letter]:
    """To the body's people: an expert has left, with the reason and what has one expert less now."""
    return _of_expert("expert_left", row_id, event_id)


def _of_expert(name: str, row_id: int, event_id: int) -> list[Letter]:
    row = BodyExpert.objects.select_related("expert__user", "body__organisation").get(pk=row_id)
    told = Event.objects.get(pk=event_id)
    lifted = told.data.get("lifted", [])
    page = reverse("reviews:body_assign" if lifted else "reviews:body_experts")
    return written(name, _people_of(row.body), page, row=row, reason=told.reason, lifted=lifted)


def assigned(expert_id: int, track_id: int) -> list[Letter]:
    """An expert has new tasks in a track."""
    return _to_expert("assigned", expert_id, track_id)


def reminder(expert_id: int, track_id: int) -> list[Letter]:
    """An expert still has open tasks; nothing is sent once all are submitted."""
    return _to_expert("reminder", expert_id, track_id)


def _to_expert(name: str, expert_id: int, track_id: int) -> list[Letter]:
    expert = Expert.objects.select_related("user").get(pk=expert_id)
    track = Track.objects.select_related("ranking__season").get(pk=track_id)
    standing = expert.assignments.filter(nomination__track=track, ended_at=None, submitted_at=None)
    count = standing.exclude(nomination__recusals__expert=expert).count()
    if not count:
        return []
    page = reverse("reviews:expert_home")
    return written(name, [expert.user], page, track=track, count=count, until=_until(track))


def _until(track: Track) -> datetime | None:
    opening = opening_for(track.ranking.season, Window.PRELIMINARY, track)
    return opening.closes if opening else None


def _to_body(
    name: str, body: ReviewBody, track: Track, page: str = "body_results", **facts: Any
) -> list[Letter]:
    address = f"{reverse(f'reviews:{page}')}?track={track.pk}"
    return written(name, _people_of(body), address, track=track, **facts)


def _people_of(body: ReviewBody) -> list[User]:
    """Those who act for a body now."""
    acting = {"organisation": body.organisation_id, "role": Role.BODY, "is_active": True}
    rows = User.objects.filter(
        is_active=True, **{f"memberships__{key}": value for key, value in acting.items()}
    )
    return list(rows.distinct().order_by("pk"))


def plan_filed(plan_id: int) -> list[Letter]:
    """A body filed its plan: the secretariat is to put it on record or to send it back."""
    plan = ReviewPlan.objects.select_related("track__ranking__season", "body__organisation").get(pk=plan_id)
    held = {"memberships__role": Role.OFFICE, "memberships__is_active": True}
    people = list(User.objects.filter(is_active=True, **held).distinct().order_by("pk"))
    page = reverse("reviews:office_plan", args=[plan.pk])
    return written("plan_filed", people, page, track=plan.track, plan=plan)


def plan_decided(plan_id: int) -> list[Letter]:
    """The secretariat put a plan on record or sent it back: all bodies of the track read which, and why."""
    plan = ReviewPlan.objects.select_related("track__ranking__season").get(pk=plan_id)
    recorded = plan.state == ReviewPlan.State.RECORDED
    return [
        letter
        for body in plan.track.bodies.select_related("organisation")
        for letter in _to_body(
            "plan_decided", body, plan.track, page="body_plan", plan=plan, recorded=recorded
        )
    ]


def share_proposed(proposal_id: int, body_id: int) -> list[Letter]:
    """A co-body proposed who deals with what, and this one is to answer; nothing once somebody did."""
    rows = ShareProposal.objects.select_related("track__ranking__season", "body__organisation")
    proposal = rows.filter(pk=proposal_id, agreed=None).first()
    if proposal is None:
        return []
    body = ReviewBody.objects.select_related("organisation").get(pk=body_id)
    return _to_body("share_proposed", body, proposal.track, page="body_share", other=proposal.body)


def result_to_sign(result_id: int, body_id: int) -> list[Letter]:
    """A co-body has signed the joint result, and this one is to sign; nothing once it was submitted or opened."""
    result = PreliminaryResult.standing.select_related("track__ranking__season").filter(pk=result_id).first()
    if result is None or result.frozen_at is None or result.submitted_at is not None:
        return []
    body = ReviewBody.objects.select_related("organisation").get(pk=body_id)
    return _to_body("result_to_sign", body, result.track)


def signature_withheld(event_id: int, body_id: int) -> list[Letter]:
    """A co-body doesn't sign the joint result; its reason stands in the letter."""
    event = Event.objects.get(pk=event_id)
    result = PreliminaryResult.objects.select_related("track__ranking__season").get(pk=event.subject_id)
    body = ReviewBody.objects.select_related("organisation").get(pk=body_id)
    return _to_body("signature_withheld", body, result.track, reason=event.reason)


def result_sent_back(result_id: int) -> list[Letter]:
    """The secretariat sent the result back: all bodies of the track read why."""
    result = PreliminaryResult.objects.select_related("track__ranking__season").get(pk=result_id)
    opening = opening_for(result.track.ranking.season, Window.PRELIMINARY, result.track)
    until = opening.closes if opening else None
    return [
        letter
        for body in result.track.bodies.select_related("organisation")
        for letter in _to_body(
            "result_sent_back", body, result.track, reason=result.sent_back_reason, until=until
        )
    ]


def sheet_reopened(expert_id: int, track_id: int) -> list[Letter]:
    """A body gave a submitted sheet back to its expert."""
    return _to_expert("sheet_reopened", expert_id, track_id)


def conflict_found(track_id: int, count: int, late: bool) -> list[Letter]:
    """Tasks ended because of 回避; found after the close (``late``), nothing ended and the secretariat hears, too."""
    track = Track.objects.select_related("ranking__season").get(pk=track_id)
    readers = {
        "body_conflicts": Q(
            memberships__role=Role.BODY, memberships__organisation__review_bodies__tracks=track
        )
    }
    if late:
        readers["office_conflicts"] = Q(memberships__role=Role.OFFICE)
    letters = []
    for name, acting in readers.items():
        people = User.objects.filter(acting, is_active=True, memberships__is_active=True)
        page = f"{reverse(f'reviews:{name}')}?track={track.pk}"
        told = list(people.order_by("pk").distinct())
        letters += written("conflict_found", told, page, track=track, count=count, late=late)
    return letters


def meeting_called(meeting_id: int, expert_id: int) -> list[Letter]:
    """会议通知: a member of a meeting is told when and where; nothing to who was taken off again."""
    row = MeetingMember.objects.select_related("expert__user", "meeting").filter(
        meeting=meeting_id, expert=expert_id
    )
    return [each for member in row for each in _to_member("meeting_called", member)]


def vote_opened(round_id: int, expert_id: int) -> list[Letter]:
    """A round of votes has begun; nothing is sent once it has ended."""
    found = Round.objects.filter(pk=round_id, closed_at=None, annulled_at=None).first()
    if found is None:
        return []
    row = MeetingMember.objects.select_related("expert__user", "meeting")
    return _to_member("vote_opened", row.get(meeting=found.meeting_id, expert=expert_id), round=found)


def _to_member(name: str, member: MeetingMember, **facts: Any) -> list[Letter]:
    page = reverse("reviews:expert_meeting", args=[member.meeting_id])
    return written(name, [member.expert.user], page, meeting=member.meeting, **facts)


def short_of_experts(track_id: int) -> list[Letter]:
    """Experts are lost, and nominations lack some: all bodies of the track are told; nobody once none lacks any."""
    track = Track.objects.select_related("ranking__season").get(pk=track_id)
    plan = queries.plan_in_force(track)
    short = queries.short_numbers(track, plan) if plan else []
    facts = {"count": len(short), "numbers": short[:NAMED], "more": len(short) > NAMED}
    return [
        letter
        for body in (track.bodies.select_related("organisation") if short else ())
        for letter in _to_body("short_of_experts", body, track, "body_assign", **facts)
    ]


def rejected(nomination_id: int) -> list[Letter]:
    """The form check was not passed: the person who filled the form in reads the reasons on the progress page."""
    return _to_applicant("rejected", nomination_id)


def outcome(nomination_id: int) -> list[Letter]:
    """The list is published: the person who filled the form in learns the outcome."""
    return _to_applicant("outcome", nomination_id)


def _to_applicant(name: str, nomination_id: int) -> list[Letter]:
    nomination = Nomination.objects.select_related("created_by", "ranking__season").get(pk=nomination_id)
    page = reverse("nominations:progress", args=[nomination.number])
    return written(name, [nomination.created_by], page, nomination=nomination)


MAILS: dict[str, Callable[..., list[Letter]]] = {
    write.__name__: write
    for write in (
        expert_invited,
        expert_accepted,
        expert_declined,
        expert_left,
        assigned,
        conflict_found,
        reminder,
        meeting_called,
        vote_opened,
        rejected,
        outcome,
        plan_filed,
        plan_decided,
        share_proposed,
        result_to_sign,
        signature_withheld,
        result_sent_back,
        sheet_reopened,
        short_of_experts,
    )
}
"""What a job of kind review_mail may name."""
