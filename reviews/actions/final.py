"""The final review: pending marks of the secretariat on what the bodies submitted (notice 三（三）)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.models import Nomination, Ranking, Track
from nominations.openings import opening_for
from nominations.rules import calendar
from nominations.states import State, Window
from reviews.models import FinalMark, PreliminaryResult, PublicNotice


def tracks_without_result(ranking: Ranking) -> list[Track]:
    """The tracks whose preliminary result hasn't been submitted though something is under review in them."""
    submitted = PreliminaryResult.standing.filter(track__ranking=ranking, submitted_at__isnull=False)
    still = [State.RECOMMENDED, State.CORRECTING, State.ACCEPTED, State.IN_REVIEW]
    if ranking.separately_organised:
        still.append(State.SUBMITTED)
    return list(
        ranking.tracks.filter(nominations__state__in=still)
        .exclude(pk__in=submitted.values("track"))
        .distinct()
        .order_by("order")
    )


def judge_begun(ranking: Ranking, key: Window, at: datetime, track: Track | None = None) -> None:
    """Raises Refused before a stage of the secretariat's own begins; its end binds the others, not it."""
    opening = opening_for(ranking.season, key, track)
    begun = calendar.Opening(opening.name, opening.opens) if opening else None
    calendar.judge(begun, at).or_raise()


@transaction.atomic
def mark(nomination: Nomination, proposed: bool, note: str, by: Actor, at: datetime) -> FinalMark:
    """Marks 拟入榜 or 未入榜. Pending: nobody outside the secretariat sees it, no state changes.

    Only what the body shortlisted; not after the public notice has been issued, whose entries are frozen.
    """
    may(by.user, "season.manage").or_raise()
    # The notice is issued under this lock: a mark comes before it and is in it, or after it and is refused.
    Ranking.objects.select_for_update().get(pk=nomination.ranking_id)
    locked = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("ranking__season", "track")
        .get(pk=nomination.pk)
    )
    judge_begun(locked.ranking, Window.FINAL, at, locked.track)
    if locked.state != State.SHORTLISTED:
        raise Refused(refuse("not_shortlisted", _("只有初评通过的申报可以标记"), status=409))
    if PublicNotice.objects.filter(ranking=locked.ranking).exists():
        raise Refused(refuse("notice_issued", _("公示已发布，标记不能修改"), status=409))
    row, _fresh = FinalMark.objects.update_or_create(
        nomination=locked,
        defaults={"proposed": proposed, "note": note.strip(), "marked_at": at, "marked_by": by.user},
    )
    record(
        "marked",
        row,
        by,
        at,
        season_year=locked.season.year,
        reason=note.strip(),
        proposed=proposed,
        number=locked.number,
    )
    return row
