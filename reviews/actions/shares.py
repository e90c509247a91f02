"""分工 between the bodies of a joint track: one proposes, another one agrees; then each deals with its share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.models import ReviewBody, Track
from reviews import queries
from reviews.actions.preliminary import judge_track
from reviews.actions.results import judge_words
from reviews.models import Share, ShareProposal


def _own_body(track: Track, by: Actor) -> ReviewBody:
    return queries.body_for(by.user, track)


@transaction.atomic
def propose(track: Track, split: Mapping[int, int], by: Actor, at: datetime) -> ShareProposal:
    """Proposes who deals with what: nomination id → body id. It comes instead of an own open proposal.

    Refused where the track has one body (409), while another body's proposal waits (409), for a nomination that
    isn't at the track or a body that doesn't answer for it (422), and for a split that says nothing (422).
    """
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    bodies = {body.pk for body in track.bodies.all()}
    if len(bodies) < 2:
        raise Refused(refuse("no_joint_track", _("本领域由一家机构初评，不需要分工"), status=409))
    if not split:
        raise Refused(refuse("nothing_split", _("先为申报选择办理机构"), status=422))
    known = set(queries.received(track).values_list("pk", flat=True))
    if set(split) - known or set(split.values()) - bodies:
        raise Refused(refuse("unknown_share", _("申报或机构不在本领域，刷新本页后再试"), status=422))
    body = _own_body(track, by)
    waiting = queries.open_proposal(track)
    if waiting is not None and waiting.body_id != body.pk:
        words = _("%(body)s提出的分工待答复，先答复再提出") % {"body": waiting.body}
        raise Refused(refuse("proposal_waits", words, status=409))
    ShareProposal.objects.filter(track=track, agreed=None).delete()
    row = ShareProposal.objects.create(
        track=track, body=body, split={str(key): value for key, value in split.items()}, at=at, by=by.user
    )
    year = track.ranking.season.year
    record("share_proposed", track, by, at, season_year=year, body=body.pk, split=row.split)
    for other in track.bodies.exclude(pk=body.pk):
        key = f"review_mail:share_proposed:{row.pk}:{other.pk}"
        owe("review_mail", key, name="share_proposed", proposal_id=row.pk, body_id=other.pk)
    return row


@transaction.atomic
def answer(track: Track, proposal_id: int, agreed: bool, reason: str, by: Actor, at: datetime) -> None:
    """Another body agrees, and the split holds at once; or doesn't, with its reason. Twice has one effect (Q2)."""
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    row = ShareProposal.objects.filter(track=track, pk=proposal_id).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if row.agreed is not None:
        if row.agreed == agreed:
            return
        raise Refused(refuse("answered", _("此分工已答复"), status=409))
    ours = {organisation.pk for organisation in by.user.organisations_in(Role.BODY)}
    if row.body.organisation_id in ours or row.by_id == by.user.pk:
        raise Refused(refuse("own_proposal", _("由联合初评机构答复，不能答复本机构提出的分工"), status=409))
    may(by.user, "track.review", track).or_raise()
    if not agreed:
        judge_words(reason)
    row.agreed, row.answered_at, row.answered_by = agreed, at, by.user
    row.reason = "" if agreed else reason.strip()
    row.save()
    if agreed:
        Share.objects.filter(nomination__track=track).delete()
        Share.objects.bulk_create(
            Share(nomination_id=int(key), body_id=body) for key, body in sorted(row.split.items())
        )
    name = "share_agreed" if agreed else "share_declined"
    record(name, track, by, at, season_year=track.ranking.season.year, reason=row.reason, proposal=row.pk)
