"""From the last score to the submitted result: close, reasons, signatures, submission, sending back (notice 三（二）).

Scores closed → rows frozen by the first signature → signed by every body of the track → submitted. The
secretariat may send a submitted result back: its scores are then open again, and what follows is a new number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations import transitions
from nominations.fields import characters
from nominations.models import Nomination, Ranking, ReviewBody, Stage, Track
from nominations.openings import opening_for
from nominations.rules.check_code import digest, from_digest
from nominations.states import State, Window
from reviews import meetings, queries
from reviews.actions import conflicts
from reviews.actions.preliminary import judge_track, required_plan
from reviews.models import (
    Assignment,
    FinalMark,
    PreliminaryResult,
    PublicNotice,
    ResultReason,
    ResultSignature,
    ReviewPlan,
)
from reviews.outputs.result import default_reason, rows_now

LONGEST_REASON = 500


def open_items(track: Track, plan: ReviewPlan) -> list[str]:
    """Why the scores can't be closed yet, an item each; empty when they can."""
    waiting = [
        _("%(number)s尚未形式审查") % {"number": nomination.number} for nomination in queries.unchecked(track)
    ]
    by_nomination: dict[int, list[bool]] = {}
    abstained: Counter[int] = Counter()
    for assignment in queries.standing_assignments(track):
        if assignment.abstained_at is not None:
            abstained[assignment.nomination_id] += 1
            continue
        by_nomination.setdefault(assignment.nomination_id, []).append(assignment.submitted_at is not None)
    for nomination in queries.under_review(track):
        sheets = by_nomination.get(nomination.pk, [])
        if len(sheets) < plan.experts_each:
            have = len(sheets), abstained[nomination.pk]
            waiting.append(_too_few(nomination.number, *have, plan.experts_each))
        elif not all(sheets):
            words = _("%(number)s还有%(count)d名专家未提交")
            waiting.append(words % {"number": nomination.number, "count": sheets.count(False)})
    return waiting + _ungrouped(track)


def _ungrouped(track: Track) -> list[str]:
    """Experts whose scores would not count, since the recipe weighs by group and they are in none."""
    scoring = queries.scoring_plan(track)
    if scoring is None or scoring.recipe != ReviewPlan.Recipe.WEIGHTED:
        return []
    known, groups = queries.groups_of(track), {group["key"] for group in scoring.expert_groups}
    experts = {row.expert_id: row.expert for row in queries.counted_sheets(track)}
    words = _("专家%(name)s未归入方案的专家类别，评分无法加权")
    return [words % {"name": each} for pk, each in experts.items() if known.get(pk) not in groups]


def _too_few(number: str, have: int, abstained: int, need: int) -> str:
    facts = {"number": number, "have": have, "need": need, "abstained": abstained}
    if abstained:
        return _("%(number)s有%(abstained)d名专家弃权，余%(have)d名，方案要求%(need)d名，补充专家") % facts
    return _("%(number)s只有%(have)d名专家，方案要求%(need)d名") % facts


@transaction.atomic
def close_scores(track: Track, by: Actor, at: datetime) -> PreliminaryResult:
    """Closes the scores: nothing changes any more, and the ranked table may be read by the body.

    The result is of the plan that the scores were given by; how many experts are wanted says the one in force.
    """
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    plan = required_plan(track)
    conflicts.refresh(track, at, by)
    waiting = open_items(track, plan)
    if waiting:
        words = _("还有%(count)d项未完成") % {"count": len(waiting)}
        raise Refused(refuse("items_open", words, status=409, items=waiting))
    if not queries.under_review(track).exists():
        raise Refused(refuse("nothing_to_close", _("没有通过形式审查的申报"), status=409))
    result = PreliminaryResult.standing.filter(track=track).first()
    if result is None:
        number = PreliminaryResult.objects.filter(track=track).count() + 1
        result = PreliminaryResult.objects.create(
            track=track,
            number=number,
            plan=queries.scoring_plan(track) or plan,
            closed_at=at,
            closed_by=by.user,
        )
        record("scores_closed", result, by, at, season_year=track.ranking.season.year)
        owe("result_analysis", f"result_analysis:{result.pk}", owner=by.user, result_id=result.pk)
    return result


@transaction.atomic
def save_reasons(track: Track, typed: Mapping[int, str], by: Actor, at: datetime) -> int:
    """Keeps the 评审结论 that were typed: nomination id → text; an empty one is taken away. Returns how many changed.

    Refused once the rows are frozen (409), and for what isn't under review in the track (404).
    """
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    result = PreliminaryResult.standing.filter(track=track).first()
    if result is None or result.frozen_at is not None:
        words = _("结果已签署，评审结论不能修改") if result else _("评分尚未结束，先结束评分")
        raise Refused(refuse("reasons_closed", words, status=409))
    ours = {
        n.pk: n for n in queries.under_review(track).filter(pk__in=typed).defer("answers", *queries.HEAVY)
    }
    if set(typed) - set(ours):
        raise Refused(NOT_FOUND)
    # What the figures say by themselves is no word of the body's, and would not follow the figures.
    own_words = {row.nomination.pk: default_reason(row) for row in queries.ranked_result(track, result.plan)}
    typed = {pk: "" if text.strip() == own_words.get(pk) else text for pk, text in typed.items()}
    kept = {row.nomination_id: row for row in ResultReason.objects.filter(nomination__in=ours)}
    changed = 0
    for pk, text in typed.items():
        _judge_reason(ours[pk], text)
        if text.strip() == (kept[pk].text if pk in kept else ""):
            continue
        changed += 1
        if not text.strip():
            kept[pk].delete()
            continue
        ResultReason.objects.update_or_create(
            nomination=ours[pk], defaults={"text": text.strip(), "at": at, "by": by.user}
        )
    if changed:
        record("reasons_saved", result, by, at, season_year=track.ranking.season.year, count=changed)
    return changed


def _judge_reason(nomination: Nomination, text: str) -> None:
    name = _("%(number)s的评审结论") % {"number": nomination.number}
    if hindered := characters.refused(text, name):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
    if len(text.strip()) > LONGEST_REASON:
        words = _("%(name)s不超过%(limit)d个字符，现为%(now)d个")
        facts = {"name": name, "limit": LONGEST_REASON, "now": len(text.strip())}
        raise Refused(refuse("reason_too_long", words % facts, status=422))


def unsigned(result: PreliminaryResult) -> list[ReviewBody]:
    """The bodies of the track that have yet to sign, in their order."""
    signed = set(result.signatures.values_list("body", flat=True))
    return [body for body in result.track.bodies.select_related("organisation") if body.pk not in signed]


@transaction.atomic
def submit_result(track: Track, by: Actor, at: datetime, seen: str | None = None) -> PreliminaryResult:
    """报送初评结果: signs for the person's body; the last body's signature submits. Twice has one effect (Q2).

    The first signature freezes the rows, so that every body signs the same; a co-body is told that it is to
    sign. ``seen``: digest of the rows that the signer read. Refused (409) where they are others now, and while the scores are open.
    """
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    result = (
        PreliminaryResult.standing.select_related("plan", "track__ranking__season")
        .filter(track=track)
        .first()
    )
    if result is None:
        raise Refused(refuse("scores_open", _("评分尚未结束，先结束评分"), status=409))
    if result.submitted_at is not None:
        return result
    if result.frozen_at is None:
        meetings.judge_ended(track).or_raise()
        _freeze(result, at)
    if seen is not None and seen != result.digest:
        raise Refused(refuse("result_changed", _("结果内容已有变化，核对后再签署"), status=409))
    ours = {organisation.pk for organisation in by.user.organisations_in(Role.BODY)}
    body = next((each for each in unsigned(result) if each.organisation_id in ours), None)
    # One person signs once, whichever bodies the person acts for: two signatures are two people's.
    if body is None or result.signatures.filter(by=by.user).exists():
        return result
    ResultSignature.objects.create(result=result, body=body, by=by.user, at=at)
    year = track.ranking.season.year
    record("result_signed", result, by, at, season_year=year, digest=result.digest, body=body.pk)
    waiting = unsigned(result)
    if not waiting:
        _submit(result, by, at)
    for other in waiting:
        key = f"review_mail:result_to_sign:{result.pk}:{other.pk}:{at:%Y%m%d%H%M%S}"
        owe("review_mail", key, name="result_to_sign", result_id=result.pk, body_id=other.pk)
    return result


def _freeze(result: PreliminaryResult, at: datetime) -> None:
    result.rows = rows_now(result)
    result.digest, result.frozen_at = digest(result.rows), at
    result.check_code = from_digest(result.digest)
    result.save(update_fields=["rows", "digest", "check_code", "frozen_at"])


def _submit(result: PreliminaryResult, by: Actor, at: datetime) -> None:
    standing = {n.pk: n for n in queries.under_review(result.track)}
    for row in result.rows:
        nomination = standing[row["nomination"]]
        nomination.track = (
            result.track
        )  # With its bodies read already, so that each move doesn't ask for them.
        transitions.move(
            nomination, "shortlist" if row["shortlisted"] else "pass_over", by, at, rank=row["rank"]
        )
    result.submitted_at, result.submitted_by = at, by.user
    result.save(update_fields=["submitted_at", "submitted_by"])
    year = result.track.ranking.season.year
    record("result_submitted", result, by, at, season_year=year, digest=result.digest, rows=len(result.rows))
    owe("result_pdf", f"result_pdf:{result.pk}", owner=by.user, result_id=result.pk)


@transaction.atomic
def withhold(track: Track, reason: str, by: Actor, at: datetime) -> None:
    """A body of the track doesn't sign, or takes its signature back, with its reason: the rows are open again.

    Only between the first signature and the submission (409 else).
    """
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    result = PreliminaryResult.standing.filter(track=track).first()
    if result is None or result.frozen_at is None or result.submitted_at is not None:
        raise Refused(refuse("nothing_to_sign", _("现在没有待签署的结果"), status=409))
    judge_words(reason)
    result.signatures.all().delete()
    result.rows, result.digest, result.check_code, result.frozen_at = [], "", "", None
    result.save(update_fields=["rows", "digest", "check_code", "frozen_at"])
    year = track.ranking.season.year
    event = record("signature_withheld", result, by, at, season_year=year, reason=reason.strip())
    for body in track.bodies.exclude(organisation__in=by.user.organisations_in(Role.BODY)):
        key = f"review_mail:signature_withheld:{event.pk}:{body.pk}"
        owe("review_mail", key, name="signature_withheld", event_id=event.pk, body_id=body.pk)


def judge_words(reason: str) -> None:
    """Raises Refused (422) for a reason that is empty, unreadable or too long."""
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("填写原因"), status=422))
    if hindered := characters.refused(reason, _("原因")):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
    if len(reason.strip()) > LONGEST_REASON:
        words = _("%(name)s不超过%(limit)d个字符，现为%(now)d个")
        facts = {"name": _("原因"), "limit": LONGEST_REASON, "now": len(reason.strip())}
        raise Refused(refuse("reason_too_long", words % facts, status=422))


@transaction.atomic
def send_back(
    result: PreliminaryResult, reason: str, until: datetime | None, by: Actor, at: datetime
) -> None:
    """The secretariat sends a submitted result back: its scores are open again and its pending marks are dropped.

    ``until``: the moment before which the bodies submit anew; needed (422) where the preliminary review would
    be over for them, and kept as the track's own window. Not once the ranking's public notice is out (409).
    """
    may(by.user, "season.manage").or_raise()
    # The notice and the marks are made under the ranking's lock: they come before this and are seen, or after it.
    Ranking.objects.select_for_update().get(tracks=result.track_id)
    track = Track.objects.select_for_update().select_related("ranking__season").get(pk=result.track_id)
    locked = PreliminaryResult.standing.filter(pk=result.pk, submitted_at__isnull=False).first()
    if locked is None:
        raise Refused(refuse("not_submitted", _("此结果未报送或已退回"), status=409))
    judge_words(reason)
    if PublicNotice.objects.filter(ranking=track.ranking_id).exists():
        raise Refused(refuse("notice_issued", _("公示已发布，初评结果不能退回"), status=409))
    _open_until(track, until, at)
    marks = FinalMark.objects.filter(nomination__track=track)
    dropped = list(marks.order_by("nomination").values_list("nomination__number", flat=True))
    marks.delete()
    moved = [State.SHORTLISTED, State.NOT_SHORTLISTED]
    rows = Nomination.objects.filter(track=track, state__in=moved).select_related(*queries.RELATIONS)
    for nomination in rows.order_by("number"):
        transitions.move(nomination, "reopen_review", by, at, reason=reason)
    locked.sent_back_at, locked.sent_back_by, locked.sent_back_reason = at, by.user, reason.strip()
    locked.save(update_fields=["sent_back_at", "sent_back_by", "sent_back_reason"])
    year = track.ranking.season.year
    record("result_sent_back", locked, by, at, season_year=year, reason=reason.strip(), marks=dropped)
    owe(
        "review_mail",
        f"review_mail:result_sent_back:{locked.pk}",
        name="result_sent_back",
        result_id=locked.pk,
    )
    # What was found to be in conflict after the close ends now that the scores are open again.
    conflicts.refresh(track, at, by)
    result.refresh_from_db()


def _open_until(track: Track, until: datetime | None, at: datetime) -> None:
    opening = opening_for(track.ranking.season, Window.PRELIMINARY, track)
    over = opening is None or (opening.closes is not None and opening.closes <= at)
    if until is None:
        if over:
            raise Refused(refuse("until_missing", _("初评已截止，填写重新报送的截止时间"), status=422))
        return
    if until <= at:
        raise Refused(refuse("until_past", _("重新报送的截止时间应晚于现在"), status=422))
    opens = opening.opens if opening else at
    Stage.objects.update_or_create(
        season=track.ranking.season,
        key=Window.PRELIMINARY,
        track=track,
        defaults={"opens": opens, "closes": until},
    )


@transaction.atomic
def reopen_sheet(sheet: Assignment, reason: str, by: Actor, at: datetime) -> None:
    """Gives a submitted sheet back to its expert with a reason, while the track's scores are open. Twice: once."""
    track = queries.track_of(sheet)
    judge_track(track, by, at)
    Track.objects.select_for_update().get(pk=track.pk)
    if PreliminaryResult.standing.filter(track=track).exists():
        raise Refused(refuse("scores_closed", _("评分已结束，不能重新打开"), status=409))
    locked = Assignment.objects.select_for_update().filter(pk=sheet.pk, ended_at=None).first()
    if locked is None:
        raise Refused(NOT_FOUND)
    if locked.submitted_at is None:
        return
    judge_words(reason)
    locked.submitted_at = None
    locked.save(update_fields=["submitted_at"])
    event = record(
        "sheet_reopened",
        sheet.nomination,
        by,
        at,
        season_year=track.ranking.season.year,
        reason=reason.strip(),
        expert=sheet.expert_id,
    )
    key = f"review_mail:sheet_reopened:{event.pk}"
    owe("review_mail", key, name="sheet_reopened", expert_id=sheet.expert_id, track_id=track.pk)
