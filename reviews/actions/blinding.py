"""匿名评审: the body releases a file to its experts, or keeps it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.models import Nomination, Track
from reviews import queries
from reviews.actions.blind_marks import owe_marks
from reviews.actions.preliminary import judge_track, required_plan
from reviews.models import BlindFile


def judge_blind(track: Track, by: Actor, at: datetime) -> None:
    """Raises Refused unless this body may decide now, and its plan is for a blind review."""
    judge_track(track, by, at)
    if not (queries.scoring_plan(track) or required_plan(track)).blind:
        words = _("本领域方案不是匿名评审，附件按原样提供给专家")
        raise Refused(refuse("not_blind", words, status=409))


def look_again(track: Track, by: Actor, at: datetime) -> None:
    """Has the machine look through the files that it hasn't seen yet."""
    judge_blind(track, by, at)
    owe_marks(track)


@transaction.atomic
def decide_file(nomination: Nomination, file_id: str, given: bool, by: Actor, at: datetime) -> BlindFile:
    """放行, or 不提供, on record with the file's hash. Twice the same has one effect.

    Refused: 404 for a file that isn't the nomination's, 409 while the machine hasn't looked at it, 422 for
    one of which no copy without its properties could be made.
    """
    if nomination.track is None:
        raise Refused(NOT_FOUND)
    judge_blind(nomination.track, by, at)
    queries.judge_share(by.user, nomination).or_raise()
    rows = BlindFile.objects.select_for_update(of=("self",)).select_related("file")
    row = rows.filter(nomination=nomination, file__public_id=file_id).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if row.sha256 != row.file.sha256:
        raise Refused(refuse("not_marked", _("此附件尚未检查，检查后再决定"), status=409))
    if given and not row.copy:
        words = _("此附件不能去除文件属性，不能提供给专家")
        raise Refused(refuse("no_copy", words, status=422))
    if row.decided_at is not None and row.given == given:
        return row
    row.given, row.decided_at, row.decided_by = given, at, by.user
    row.save(update_fields=["given", "decided_at", "decided_by"])
    name, year = "blind_file_given" if given else "blind_file_held", nomination.season.year
    record(name, nomination, by, at, season_year=year, file=file_id, sha256=row.sha256)
    return row
