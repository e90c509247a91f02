"""补正: a review body asks once for a correction; the applicant answers in time, or it decides without (rules/correction.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, Verdict, refuse
from nominations import transitions
from nominations.actions import attachments
from nominations.actions.returning import Notes
from nominations.models import Correction, Nomination, Ranking, Version
from nominations.openings import opening_of
from nominations.reopened import HELD
from nominations.rules import correction as rules
from nominations.states import State, Window

Finding = Mapping[str, str]


def judge(nomination: Nomination, by: Actor, at: datetime) -> Verdict:
    """Whether this person may ask for a correction of it now: who, from where, when, and whether it was asked before."""
    verdict = transitions.judge(nomination, _asking(nomination), by, at)
    if verdict:
        opening = opening_of(nomination, Window.PRELIMINARY)
        before = Correction.objects.filter(nomination=nomination).exists()
        days = nomination.ranking.correction_days
        verdict = rules.judge(days, before, at, opening.closes if opening else None)
    return verdict


def _asking(nomination: Nomination) -> str:
    return "ask_correction_direct" if nomination.ranking.separately_organised else "ask_correction"


@transaction.atomic
def ask(
    nomination: Nomination,
    findings: Sequence[Finding],
    notes: Sequence[Mapping[str, str]],
    by: Actor,
    at: datetime,
) -> Correction:
    """The body names what may be corrected and why; the nomination keeps its place. Owes the applicant's letter.

    ``findings``: conditions not met, [{"condition": key, "text": as printed, "reason": text}], perhaps none.
    ``notes``: [{"section": key, "field": question key or "", "reason": text}], one at least, never the whole
    form or its track. Refused (422) where a note has no reason or names what the version doesn't ask, (409)
    where ``judge`` says so. The same again has one effect (Q2).
    """
    locked = _locked(nomination)
    said = Notes(locked, notes)
    reason = "；".join([*(finding["reason"] for finding in findings), said.words])
    if transitions.repeated(locked, _asking(locked), by, reason):
        return locked.correction
    judge(locked, by, at).or_raise()
    said.judge()
    _judge_parts(said.kept)
    version = locked.latest_version
    transitions.move(
        locked,
        _asking(locked),
        by,
        at,
        reason=reason,
        version_code=version.check_code,
        fields={"returned_notes": said.kept},
        findings=list(findings),
        parts=[[note["section"], note["field"]] for note in said.kept],
    )
    made = Correction.objects.create(
        nomination=locked,
        version=version,
        findings=list(findings),
        notes=said.kept,
        asked_at=at,
        asked_by=by.user,
        until=rules.until(at, locked.ranking.correction_days),
    )
    key = f"notice:correction_asked:{locked.pk}"
    owe("notice_mail", key, name="correction_asked", nomination_id=locked.pk)
    nomination.refresh_from_db()
    return made


def _locked(nomination: Nomination) -> Nomination:
    rows = Nomination.objects.select_for_update(of=("self",))
    return rows.select_related("season", "ranking", "track").get(pk=nomination.pk)


def _judge_parts(notes: Sequence[Mapping[str, str]]) -> None:
    """Raises Refused (422) for what no correction opens."""
    if any(not note["section"] for note in notes):
        words = _("补正不能打开整份申报表，勾选要补正的部分或栏目")
        raise Refused(refuse("whole_form", words, status=422))
    if any(note["field"] in HELD for note in notes):
        raise Refused(refuse("track_held", _("领域占用推荐名额，补正时不能更改"), status=422))


def move_of(nomination: Nomination) -> str:
    """The move by which its applicant hands in what is written now."""
    if nomination.state != State.CORRECTING:
        return "submit"
    return "correct_direct" if nomination.ranking.separately_organised else "correct"


def answered(nomination: Nomination, version: Version, at: datetime) -> None:
    """The applicant's correction is in: which version it is, and when it came."""
    Correction.objects.filter(nomination=nomination).update(answer=version, answered_at=at)


def leave_unanswered(nomination: Nomination) -> None:
    """The body decides without an answer: the locked nomination says again what its last version says.

    What was typed since is kept with the request; nothing of it was submitted.
    """
    version = nomination.latest_version
    Correction.objects.filter(nomination=nomination).update(unsent=nomination.answers)
    before, content = nomination.answers, version.content
    nomination.answers, nomination.promises = content["answers"], content["promises"]
    nomination.title, nomination.returned_notes = content["title"], []
    nomination.edit_version += 1
    attachments.follow(nomination, before, version.submitted_at or version.frozen_at)
    nomination.save(update_fields=["answers", "promises", "title", "returned_notes", "edit_version"])


@transaction.atomic
def set_days(ranking: Ranking, days: int, reason: str, by: Actor, at: datetime) -> Ranking:
    """The secretariat sets for how many days a ranking's applicants may correct; 0: its bodies can't ask. On record.

    What was asked before keeps its day. Refused (422) without a reason and beyond the bounds of the rules.
    """
    may(by.user, "season.manage").or_raise()
    rules.judge_days(days).or_raise()
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("填写改动原因"), status=422))
    locked = Ranking.objects.select_for_update(of=("self",)).select_related("season").get(pk=ranking.pk)
    before = locked.correction_days
    if before == days:
        return locked
    locked.correction_days = days
    locked.save(update_fields=["correction_days"])
    year, why = locked.season.year, reason.strip()
    record("correction_set", locked, by, at, season_year=year, reason=why, before=before, after=days)
    return locked
