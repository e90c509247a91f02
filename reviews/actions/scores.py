"""What an expert does: gives the 评审承诺, declares 回避, scores, comments, submits; 弃权 is in abstention.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.clock import local
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from nominations.fields import characters
from nominations.models import Nomination, Track
from nominations.openings import opening_for
from nominations.rules import calendar
from nominations.states import Window
from reviews import blinding, queries
from reviews.actions import invitations
from reviews.actions.preliminary import required_plan
from reviews.models import Assignment, BodyExpert, Expert, PreliminaryResult, Recusal, ReviewPlan, Score
from reviews.rules.scoring import read_score

LONGEST_REASON = 300
LONGEST_COMMENT = 2000
"""字 at most, counted as everywhere; the page's counter and the server say the same."""


@transaction.atomic
def commit_to_rules(expert: Expert, by: Actor, at: datetime) -> None:
    """Accepts every invitation of an expert that waits for an answer, with consent and 评审承诺."""
    for row in BodyExpert.objects.filter(expert=expert, committed_at=None, is_active=True):
        invitations.accept(row, True, True, by, at)


def _judge_self(expert: Expert, by: Actor) -> None:
    if by.user is None or expert.user_id != by.user.pk:
        raise Refused(NOT_FOUND)


def has_committed(expert: Expert, track: Track) -> bool:
    """Whether the 评审承诺 was given to one of the track's bodies: with the acceptance of its invitation."""
    return queries.has_accepted(expert, track)


@transaction.atomic
def recuse(expert: Expert, nomination: Nomination, reason: str, by: Actor, at: datetime) -> None:
    """An expert declares a conflict: the nomination leaves the list at once and its scores don't count.

    Only what the expert could be asked to review (404 else), while scores are open. Twice has one effect.
    """
    _judge_self(expert, by)
    track = nomination.track
    if track is None or not queries.experts_of(track).filter(pk=expert.pk).exists():
        raise Refused(NOT_FOUND)
    calendar.judge(opening_for(nomination.season, Window.PRELIMINARY, track), at).or_raise()
    if not queries.under_review(track).filter(pk=nomination.pk).exists():
        raise Refused(NOT_FOUND)
    if not reason.strip():
        shown = blinding.headings([nomination], queries.scoring_plan(track))[nomination.pk]
        words = _("%(title)s：填写回避原因") % {"title": shown.title}
        raise Refused(refuse("reason_missing", words, status=422))
    if hindered := characters.refused(reason, _("回避原因")):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
    if len(reason.strip()) > LONGEST_REASON:
        words = _("回避原因不超过%(limit)d个字符，现为%(now)d个") % {
            "limit": LONGEST_REASON,
            "now": len(reason.strip()),
        }
        raise Refused(refuse("reason_too_long", words, status=422))
    Track.objects.select_for_update().get(pk=track.pk)
    if PreliminaryResult.standing.filter(track=track).exists():
        raise Refused(refuse("scores_closed", _("评分已结束，不能再声明回避"), status=409))
    _row, fresh = Recusal.objects.get_or_create(
        expert=expert,
        nomination=nomination,
        kind=Recusal.Kind.DECLARED,
        defaults={"reason": reason.strip(), "at": at},
    )
    if not fresh:
        return
    Assignment.objects.filter(expert=expert, nomination=nomination, ended_at=None).update(ended_at=at)
    year = nomination.season.year
    record("recused", nomination, by, at, season_year=year, reason=reason.strip(), expert=expert.pk)


def judge_scoring(assignment: Assignment, by: Actor, at: datetime) -> ReviewPlan:
    """The plan to score by, one for the whole track; raises Refused when this person can't score this now."""
    may(by.user, "assignment.score", assignment).or_raise()
    if assignment.submitted_at is not None:
        raise Refused(refuse("scores_locked", _("评分已提交，不能修改"), status=409))
    plan = judge_track_scoring(assignment.expert, queries.track_of(assignment), at)
    if assignment.abstained_at is not None:
        raise Refused(refuse("abstained", _("此项已弃权，撤回弃权后才能打分"), status=409))
    return plan


def judge_track_scoring(expert: Expert, track: Track, at: datetime) -> ReviewPlan:
    calendar.judge(opening_for(track.ranking.season, Window.PRELIMINARY, track), at).or_raise()
    if not has_committed(expert, track):
        raise Refused(refuse("no_commitment", _("先接受评审邀请，再开始评审"), status=409))
    if PreliminaryResult.standing.filter(track=track).exists():
        raise Refused(refuse("scores_locked", _("评分已结束，不能修改"), status=409))
    return queries.scoring_plan(track) or required_plan(track)


@transaction.atomic
def save_scores(
    assignment: Assignment,
    typed: Mapping[str, str],
    comment: str | None,
    by: Actor,
    at: datetime,
    base_version: int | None = None,
    to_applicant: str | None = None,
) -> Assignment:
    """Keeps what an expert typed: criterion key → text. Declared criteria only; empty ones stay open.

    ``comment`` (to the body) and ``to_applicant`` stay as they are where None. ``base_version`` is the sheet's
    number that the page read: where it is an older one and something differs, nothing is kept and both texts come
    back (409). The first score binds the sheet to the plan that it is scored by.
    """
    if assignment.plan_id is None:
        # The first score settles by which plan the track is scored; the lock comes before the sheet's, as everywhere.
        Track.objects.select_for_update().get(pk=queries.track_of(assignment).pk)
    locked = own_sheet(assignment, by)
    plan = judge_scoring(locked, by, at)
    names = {criterion["key"]: criterion["name"] for criterion in plan.criteria}
    values = {key: read_score(text, plan.scale, names[key]) for key, text in typed.items() if key in names}
    kept = {score.criterion: score.value for score in locked.scores.all()}
    changed = {key: value for key, value in values.items() if kept.get(key) != value}
    texts = _changed_texts(locked, comment, to_applicant)
    if not changed and not texts:
        return locked
    if base_version is not None and base_version != locked.edit_version:
        if locked.plan_id is None and locked.saved_at is None:
            words = _("评价标准已更新，核对后再保存")
            raise Refused(refuse("criteria_changed", words, status=409, version=locked.edit_version))
        raise Refused(_edited_meanwhile(locked, kept, changed, texts))
    for key, value in changed.items():
        if value is None:
            Score.objects.filter(assignment=locked, criterion=key).delete()
        else:
            Score.objects.update_or_create(assignment=locked, criterion=key, defaults={"value": value})
    for name, text in texts.items():
        setattr(locked, name, text)
    if locked.plan_id is None and any(value is not None for value in changed.values()):
        locked.plan = plan
    locked.opened_at = locked.opened_at or at
    locked.saved_at, locked.edit_version = at, locked.edit_version + 1
    locked.save(update_fields=[*TEXTS, "plan", "opened_at", "saved_at", "edit_version"])
    return queries.assignments_of(by.user).get(pk=locked.pk)


def own_sheet(assignment: Assignment, by: Actor) -> Assignment:
    """The expert's sheet as it stands, locked until the transaction ends; raises Refused (404) for no own one."""
    # ``of`` names the row itself: the lock is on the sheet, not on what is read along with it.
    locked = queries.assignments_of(by.user).select_for_update(of=("self",)).filter(pk=assignment.pk).first()
    if locked is None:
        raise Refused(NOT_FOUND)
    return locked


TEXTS = ("comment", "comment_applicant")
"""What an expert writes beside the scores: to the body, and to the applicant."""


def _changed_texts(sheet: Assignment, *given: str | None) -> dict[str, str]:
    pairs = zip(TEXTS, given, strict=True)
    return {name: text for name, text in pairs if text is not None and text != getattr(sheet, name)}


def _edited_meanwhile(
    sheet: Assignment, kept: Mapping[str, Any], changed: Mapping[str, Any], texts: Mapping[str, str]
) -> Verdict:
    moment = f"{local(sheet.saved_at):%H:%M}" if sheet.saved_at else ""
    who = sheet.expert.user.name
    theirs = {f"score-{key}": str(kept.get(key, "")) for key in changed}
    theirs |= {name: getattr(sheet, name) for name in texts}
    return refuse(
        "edited_meanwhile",
        _("此页%(time)s已由%(name)s修改。下面标出两份的不同，选择保留哪一份") % {"time": moment, "name": who},
        status=409,
        version=sheet.edit_version,
        by=who,
        at=moment,
        theirs=theirs,
    )


def opened(assignment: Assignment, at: datetime) -> None:
    """Keeps when the expert first did something with a sheet, were it only to skip it."""
    Assignment.objects.filter(pk=assignment.pk, opened_at=None).update(opened_at=at)


def missing_in(assignment: Assignment, plan: ReviewPlan) -> list[str]:
    """What an expert's sheet still lacks, in words; empty when it is complete, or abstained from (弃权)."""
    if assignment.abstained_at is not None:
        return []
    scored = {score.criterion for score in assignment.scores.all()}
    lacking = [
        _("%(criterion)s未打分") % {"criterion": criterion["name"]}
        for criterion in plan.criteria
        if criterion["key"] not in scored
    ]
    if not assignment.comment.strip():
        lacking.append(_("未填写评审意见"))
    return lacking


@transaction.atomic
def submit_scores(expert: Expert, track: Track, by: Actor, at: datetime) -> int:
    """全部提交: locks all of an expert's sheets in a track. Refused while one lacks something. Returns how many.

    Asked twice, the second time finds nothing open and has no effect (Q2).
    """
    _judge_self(expert, by)
    open_ones = queries.assignments_of(by.user).filter(nomination__track=track, submitted_at=None)
    rows = list(open_ones.order_by("pk").select_for_update(of=("self",)))
    if not rows:
        return 0
    may(by.user, "assignment.score", rows[0]).or_raise()
    plan = judge_track_scoring(expert, track, at)
    headings = blinding.headings([row.nomination for row in rows], plan)
    lacking = {
        headings[row.nomination_id].label: missing for row in rows if (missing := missing_in(row, plan))
    }
    if lacking:
        words = _("还有%(count)d项未评完") % {"count": len(lacking)}
        raise Refused(refuse("sheets_open", words, status=422, items=lacking))
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(submitted_at=at)
    told: dict[str, Any] = {
        "track": track.pk,
        "count": len(rows),
        "sheets": [row.pk for row in rows],
        "digest": queries.sheets_digest(rows),
    }
    record("scores_submitted", expert, by, at, season_year=track.ranking.season.year, **told)
    return len(rows)
