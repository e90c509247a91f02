"""Reads of the split between the bodies of a joint track."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Role
from kczg.kit.verdicts import ALLOWED, Verdict, refuse
from nominations.models import Nomination, Track
from reviews.models import Share, ShareProposal


def shares_of(track: Track) -> dict[int, int]:
    """Nomination id → id of the body that deals with it; what isn't in it, every body of the track may."""
    return dict(Share.objects.filter(nomination__track=track).values_list("nomination", "body"))


def open_proposal(track: Track) -> ShareProposal | None:
    """The split that waits for another body's answer."""
    rows = ShareProposal.objects.select_related("body__organisation", "by", "track")
    return rows.filter(track=track, agreed=None).first()


def judge_share(user: Any, nomination: Nomination) -> Verdict:
    """Whether the split leaves this nomination to a body that the person acts for; one query."""
    share = Share.objects.select_related("body__organisation").filter(nomination=nomination).first()
    ours = {organisation.pk for organisation in user.organisations_in(Role.BODY)}
    if share is None or share.body.organisation_id in ours:
        return ALLOWED
    words = _("按分工，%(number)s由%(body)s办理") % {"number": nomination.number, "body": share.body}
    return refuse("others_share", words, _("需要调整时，在“分工”中重新提出"), status=409)


def others_share(user: Any, track: Track) -> set[int]:
    """The ids of the track's nominations that the split leaves to other bodies than the person's."""
    ours = [organisation.pk for organisation in user.organisations_in(Role.BODY)]
    rows = Share.objects.filter(nomination__track=track).exclude(body__organisation__in=ours)
    return set(rows.values_list("nomination", flat=True))
