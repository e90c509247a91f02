"""Letters of the review: one template each, and the kinds that people choose a way for."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.kinds import MAY, Kind, declare
from accounts.letters import Letter, written
from accounts.models import User
from accounts.roles import Role
from nominations.models import Nomination, ReviewBody, Track
from nominations.openings import opening_for
from nominations.states import Window
from reviews.models import Expert

declare(
    Kind("rejected", _("形式审查不通过"), (Role.APPLICANT,)),
    Kind("outcome", _("名单发布"), (Role.APPLICANT,)),
    Kind("expert_invited", _("评审邀请"), (Role.EXPERT,), invites=True),
    Kind("assigned", _("新的评审任务"), (Role.EXPERT,)),
    Kind("reminder", _("评审提醒"), (Role.EXPERT,), MAY),
)


def expert_invited(user_id: int, body_id: int) -> list[Letter]:
    """A body has taken an expert in; who has no password yet gets the link to set one."""
    user = User.objects.get(pk=user_id)
    body = ReviewBody.objects.select_related("organisation", "season").get(pk=body_id)
    return written("expert_invited", [user], reverse("reviews:expert_home"), body=body)


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
    opening = opening_for(track.ranking.season, Window.PRELIMINARY, track)
    until = opening.closes if opening else None
    return written(name, [expert.user], reverse("reviews:expert_home"), track=track, count=count, until=until)


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
    write.__name__: write for write in (expert_invited, assigned, reminder, rejected, outcome)
}
"""What a job of kind review_mail may name."""
