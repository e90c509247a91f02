"""报审: one of the unit's people prepares a recommendation, and an approver finds it in the queue with the opinion."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations import queries, transitions
from nominations.models import Nomination, Preparation


@transaction.atomic
def prepare(nomination: Nomination, opinion: str, seen_version: int, by: Actor, at: datetime) -> Preparation:
    """Keeps the opinion on the version that was read, for an approver; a later one stands instead of an earlier.

    Takes no place: the quota is asked when it is recommended. Refused without an opinion (422), for another
    version (409), where the nomination doesn't wait (409), and outside the call. Asking twice has one effect (Q2).
    """
    rows = Nomination.objects.select_for_update(of=("self",))
    locked = rows.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination.pk)
    transitions.judge(locked, "recommend", by, at, permission="nomination.prepare").or_raise()
    version = locked.latest_version
    if version.number != seen_version:
        words = _("申报人已提交新的版本，与第%(seen)d版的不同已在申报表中标出") % {"seen": seen_version}
        raise Refused(refuse("new_version", words, _("查看新版本后再报审"), 409, version=version.number))
    if not opinion.strip():
        raise Refused(refuse("opinion_missing", _("填写推荐意见"), status=422))
    standing = queries.preparation_of(locked)
    if standing and (standing.opinion, standing.prepared_by_id) == (opinion.strip(), by.user.pk):
        return standing
    given = {"version": version, "opinion": opinion.strip(), "prepared_at": at, "prepared_by": by.user}
    row, _fresh = Preparation.objects.update_or_create(nomination=locked, defaults=given)
    code = version.check_code
    record("opinion_prepared", locked, by, at, season_year=locked.season.year, version_code=code)
    return row
