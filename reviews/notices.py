"""Mails of the review: one template each, whose first line is the subject. Addresses are read when it is sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.invitations import first_steps
from accounts.models import User
from nominations.models import Nomination, ReviewBody, Track
from nominations.openings import opening_for
from nominations.states import Window
from reviews.models import Expert


def _send(name: str, to: User, **facts: Any) -> None:
    if not to.is_active or not to.email:
        return
    text = render_to_string(f"notices/{name}.txt", {"person": to, "site": settings.SITE_URL, **facts})
    subject, _line, body = text.strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [to.email])


def expert_invited(user_id: int, body_id: int) -> None:
    """A body has taken an expert in; who has no password yet gets the link to set one."""
    user = User.objects.get(pk=user_id)
    body = ReviewBody.objects.select_related("organisation", "season").get(pk=body_id)
    tasks = settings.SITE_URL + reverse("reviews:expert_home")
    _send("expert_invited", user, body=body, tasks=tasks, **first_steps(user))


def assigned(expert_id: int, track_id: int) -> None:
    """An expert has new tasks in a track."""
    _tell_expert("assigned", expert_id, track_id)


def reminder(expert_id: int, track_id: int) -> None:
    """An expert still has open tasks; nothing is sent once all are submitted."""
    _tell_expert("reminder", expert_id, track_id)


def _tell_expert(name: str, expert_id: int, track_id: int) -> None:
    expert = Expert.objects.select_related("user").get(pk=expert_id)
    track = Track.objects.select_related("ranking__season").get(pk=track_id)
    standing = expert.assignments.filter(nomination__track=track, ended_at=None, submitted_at=None)
    count = standing.exclude(nomination__recusals__expert=expert).count()
    opening = opening_for(track.ranking.season, Window.PRELIMINARY, track)
    if count:
        tasks = settings.SITE_URL + reverse("reviews:expert_home")
        until = opening.closes if opening else None
        _send(name, expert.user, track=track, count=count, until=until, tasks=tasks)


def rejected(nomination_id: int) -> None:
    """The form check was not passed: the person who filled the form in reads the reasons on the progress page."""
    _tell_applicant("rejected", nomination_id)


def outcome(nomination_id: int) -> None:
    """The list is published: the person who filled the form in learns the outcome."""
    _tell_applicant("outcome", nomination_id)


def _tell_applicant(name: str, nomination_id: int) -> None:
    nomination = Nomination.objects.select_related("created_by", "ranking__season").get(pk=nomination_id)
    page = f"{settings.SITE_URL}/nominations/{nomination.number}/progress/"
    _send(name, nomination.created_by, nomination=nomination, page=page)


MAILS = {mail.__name__: mail for mail in (expert_invited, assigned, reminder, rejected, outcome)}
"""What a job of kind review_mail may name."""
