"""The record: one event for each thing that happened, written in the transaction that does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest

from kczg.kit.models import Event


@dataclass(frozen=True)
class Actor:
    """Who acts, in which role and for whom, and from where."""

    user: Any = None
    role: str = ""
    organisation: Any = None
    ip: str | None = None

    @classmethod
    def of(cls, request: HttpRequest, role: str = "") -> Actor:
        """The person behind a request, acting in ``role`` for the organisation that gives it."""
        user = request.user
        organisation = user.organisation_in(role) if role and user.is_authenticated else None
        return cls(user=user, role=role, organisation=organisation, ip=client_address(request))


SYSTEM = Actor(role="system")
"""The product itself: the gate, the end of a notice period, a command."""


def client_address(request: HttpRequest) -> str | None:
    """The address of the other side; the proxy's header is trusted only where settings say so."""
    return request.META.get("REMOTE_ADDR") or None


def record(
    name: str,
    subject: models.Model,
    by: Actor,
    at: datetime,
    *,
    season_year: int | None = None,
    from_state: str = "",
    to_state: str = "",
    version_code: str = "",
    reason: str = "",
    **data: Any,
) -> Event:
    """Writes one event about ``subject``; ``name`` is a verb in the past tense, such as ``submitted``."""
    return Event.objects.create(
        at=at,
        name=name,
        subject_kind=kind_of(subject),
        subject_id=subject.pk,
        season_year=season_year,
        actor=by.user if by.user is not None and by.user.pk else None,
        actor_name=by.user.name if by.user is not None and by.user.pk else "",
        role=by.role,
        organisation_name=by.organisation.name if by.organisation else "",
        ip=by.ip,
        from_state=from_state,
        to_state=to_state,
        version_code=version_code,
        reason=reason,
        data=data,
    )


def kind_of(subject: models.Model) -> str:
    """What the record calls a thing: the name of its model."""
    return str(subject._meta.model_name)


def events_of(subject: models.Model) -> models.QuerySet[Event]:
    """All that happened to one thing, oldest first."""
    return Event.objects.filter(subject_kind=kind_of(subject), subject_id=subject.pk)
