"""What an applicant does with a draft: save, choose a unit, submit, withdraw. Beginning it: beginning.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.clock import local
from kczg.kit.outbox import owe
from kczg.kit.record import Actor
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict, refuse
from nominations import eligibility, frozen, queries, scans, transitions
from nominations.actions import attachments, correction, twins
from nominations.actions.reopened import judge_questions, judge_whole
from nominations.answers import walk
from nominations.models import (
    Nomination,
    Recommendation,
    RecommendingUnit,
    SealedScan,
    Version,
)
from nominations.openings import writing_of
from nominations.rules import calendar, check_code
from nominations.states import MOVES, State


def judge_edit(nomination: Nomination, by: Actor, at: datetime) -> None:
    """Raises Refused unless this person may write in the nomination at this moment."""
    may(by.user, "nomination.edit", nomination).or_raise()
    if not nomination.is_editable:
        raise Refused(
            refuse(
                "not_editable",
                _("此申报现为“%(state)s”，不能修改") % {"state": queries.label_told(nomination)},
                _("需要更正时，联系推荐单位或初评机构"),
                status=409,
            )
        )
    calendar.judge(writing_of(nomination), at).or_raise()


@transaction.atomic
def save_draft(
    nomination: Nomination,
    section: str,
    updates: Mapping[str, Any],
    base_version: int,
    by: Actor,
    at: datetime,
) -> Nomination:
    """Keeps answers of one section, valid or not; ``base_version`` is the section's number that was read.

    ``updates`` holds declared questions only (``forms.read_updates``). Refused with ``edited_meanwhile``
    (409) and both texts when somebody else saved the section since, with ``not_returned`` (409) when an
    answer would change that the unit didn't return; raises Refused like ``judge_edit``. Then nothing is
    kept. Returns the nomination as saved.
    """
    locked = Nomination.objects.select_for_update().get(pk=nomination.pk)
    judge_edit(locked, by, at)
    updates = attachments.true_answers(locked, updates)
    changed = {key: value for key, value in updates.items() if locked.answers.get(key) != value}
    judge_questions(locked, list(changed))
    if changed and base_version != locked.section_version(section):
        theirs = {key: locked.answers.get(key) for key in changed}
        raise Refused(_edited_meanwhile(locked, section, theirs, changed))
    if changed:
        _keep(locked, section, changed, by, at)
    return locked


def _keep(nomination: Nomination, section: str, changed: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Writes changed answers of a section, and what follows from them; the nomination is locked."""
    before = nomination.answers
    nomination.answers = {**nomination.answers, **changed}
    nomination.section_versions = {
        **nomination.section_versions,
        section: [nomination.section_version(section) + 1, by.user.name, at.isoformat()],
    }
    _follow_answers(nomination)
    attachments.follow(nomination, before, at)
    nomination.edit_version += 1
    nomination.edited_at, nomination.edited_by = at, by.user
    columns = ["answers", "section_versions", "track", "title", "edit_version", "edited_at", "edited_by"]
    nomination.save(update_fields=columns)


def _follow_answers(nomination: Nomination) -> None:
    """The track and the title are columns, so that lists and quotas can ask for them."""
    form = nomination.ranking.form
    title_key = form.title_question if form else ""
    nomination.title = str(nomination.answers.get(title_key) or "").strip()[:200]
    named = nomination.answers.get("track")
    if nomination.ranking.tracks.count() > 1:
        nomination.track = nomination.ranking.tracks.filter(name=named).first() if named else None


def _edited_meanwhile(
    nomination: Nomination, section: str, theirs: Mapping[str, Any], yours: Mapping[str, Any]
):
    number, who, when = nomination.last_save(section)
    moment = local(datetime.fromisoformat(when))
    return refuse(
        "edited_meanwhile",
        _("此页%(time)s已由%(name)s修改。下面标出两份的不同，选择保留哪一份")
        % {"time": moment.strftime("%H:%M"), "name": who},
        status=409,
        version=number,
        fields=[{"key": key, "yours": yours[key], "theirs": value} for key, value in theirs.items()],
    )


@transaction.atomic
def choose_unit(nomination: Nomination, unit: RecommendingUnit, by: Actor, at: datetime) -> None:
    """Names the unit that is to recommend; a unit of the same season, while the draft may be edited.

    Another one than before only where the whole form is open: parts were returned by the unit that it names.
    """
    locked = Nomination.objects.select_for_update().get(pk=nomination.pk)
    judge_edit(locked, by, at)
    if unit.season_id != locked.season_id or locked.ranking.separately_organised:
        raise Refused(NOT_FOUND)
    if locked.unit_id != unit.pk:
        judge_whole(locked, _("推荐单位"))
        # What was returned by one unit is a draft again: another one sees it once it is submitted to it.
        locked.submitted_at = None
        twins.close_of(locked, by, at)
    locked.unit, locked.edited_at, locked.edited_by = unit, at, by.user
    locked.edit_version += 1
    locked.save(update_fields=["unit", "submitted_at", "edited_at", "edited_by", "edit_version"])
    nomination.unit = unit


def problems_before_submission(nomination: Nomination) -> list[dict[str, str]]:
    """What hinders the submission: what the form lacks, then what the stamped paper lacks."""
    return problems_of_form(nomination) + scans.seal_problems(nomination)


def problems_of_form(nomination: Nomination) -> list[dict[str, str]]:
    """What is missing or too long, in printed order: [{section, key, message}]; empty when all is well."""
    tree = walk(
        nomination.ranking.online_form,
        attachments.true_answers(nomination, nomination.answers),
        track=nomination.track.name if nomination.track else "",
        category=nomination.category,
        season_year=nomination.season.year,
    )
    found = [
        {"section": view.section.key, "key": problem.key, "message": problem.message}
        for view in tree.sections
        for item in view.items
        for problem in item.problems
    ]
    found += _unmet_conditions(nomination) + _missing_promises(nomination)
    if not nomination.ranking.separately_organised and nomination.unit is None:
        found.append({"section": "unit", "key": "unit", "message": _("选择推荐单位")})
    return found


def _unmet_conditions(nomination: Nomination) -> list[dict[str, str]]:
    """The conditions of annex 1 that an answer doesn't meet, each at the question that it looks at."""
    form = nomination.ranking.form
    found = []
    for result in eligibility.unmet(eligibility.of_draft(nomination)):
        condition = result.condition
        section = form.section_of(condition.question) if form else None
        words = {"text": condition.text.rstrip("，。"), "finding": result.message}
        message = _("不符合申报条件“%(text)s”：%(finding)s") % words if condition.clause else result.message
        found.append(
            {"section": section.key if section else "", "key": condition.question, "message": message}
        )
    return found


def _missing_promises(nomination: Nomination) -> list[dict[str, str]]:
    """The promises that the present track and category ask for and nobody gave, as after a change of either."""
    words = _("确认是否符合申报条件“%(text)s”")
    return [
        {
            "section": "conditions",
            "key": f"promise-{condition.key}",
            "message": words % {"text": condition.text.rstrip("，。")},
        }
        for condition in eligibility.missing_promises(eligibility.of_draft(nomination))
    ]


@transaction.atomic
def submit(nomination: Nomination, by: Actor, at: datetime, *, promised: bool) -> Version:
    """Freezes a version, hands it to the recommending unit (or the body) and owes the printed form.

    ``promised`` is the tick under the undertaking. Asking twice has one effect and one answer (Q2).
    Refused with ``incomplete`` (422) and the list of what is missing. What a body wants corrected goes back to it.
    """
    locked = Nomination.objects.select_for_update().get(pk=nomination.pk)
    key = correction.move_of(locked)
    done = locked.state == State.SUBMITTED or transitions.repeated(locked, "correct", by, "")
    if done and may(by.user, "nomination.submit", locked):
        return locked.latest_version
    transitions.judge(locked, key, by, at).or_raise()
    problems = problems_before_submission(locked)
    if not promised:
        problems.append({"section": "check", "key": "promised", "message": _("勾选承诺后再提交")})
    if problems:
        raise Refused(incomplete(problems))
    version = _version_to_submit(locked, by, at)
    Version.objects.filter(pk=version.pk).update(submitted_at=at)
    version.submitted_at = at
    transitions.move(
        locked,
        key,
        by,
        at,
        version_code=version.check_code,
        fields={
            "submitted_at": at,
            "returned_notes": [],
            "submitted_title": version.content["title"],
        },
        version=version.number,
    )
    owe("form_pdf", f"form_pdf:{version.pk}", owner=by.user, version_id=version.pk)
    letter = MOVES[key].event
    owe("notice_mail", f"notice:{letter}:{version.pk}:{at.isoformat()}", name=letter, nomination_id=locked.pk)
    if letter == "corrected":
        correction.answered(locked, version, at)
    twins.owe_comparison(version, at)
    nomination.refresh_from_db()
    return version


def incomplete(problems: list[dict[str, str]]) -> Verdict:
    """The refusal of what isn't whole yet, with the list of what is missing."""
    message = _("还有%(count)d处需要填写或修改") % {"count": len(problems)}
    return refuse("incomplete", message, status=422, problems=problems)


def _version_to_submit(nomination: Nomination, by: Actor, at: datetime) -> Version:
    """The stamped version where the applicant's seal is asked for, else the form as it stands, frozen now."""
    standing = frozen.standing(nomination) if frozen.asks_seal(nomination, frozen.APPLICANT) else None
    return standing or freeze(nomination, by, at)


def freeze(nomination: Nomination, by: Actor, at: datetime) -> Version:
    """A new version of the form as it stands; ``nomination`` is locked and complete."""
    nomination.answers = attachments.true_answers(nomination, nomination.answers)
    number = nomination.versions.count() + 1
    content = frozen.content_of(nomination, number, frozen.after_return(nomination))
    digest = check_code.digest(content)
    return Version.objects.create(
        nomination=nomination,
        number=number,
        content=content,
        digest=digest,
        check_code=check_code.from_digest(digest),
        frozen_at=at,
        frozen_by=by.user,
    )


@transaction.atomic
def withdraw(nomination: Nomination, reason: str, by: Actor, at: datetime) -> None:
    """Takes the nomination back before the gate; its place, if it held one, is free again."""
    locked = Nomination.objects.select_for_update().get(pk=nomination.pk)
    if transitions.repeated(locked, "withdraw", by, reason):
        return
    transitions.move(locked, "withdraw", by, at, reason=reason)
    SealedScan.lift(locked, at, frozen.APPLICANT, frozen.RECOMMENDER)
    end_recommendation(locked, at)
    twins.close_of(locked, by, at)
    nomination.refresh_from_db()


def end_recommendation(nomination: Nomination, at: datetime) -> None:
    """Frees the place of the standing recommendation, if there is one."""
    Recommendation.objects.filter(nomination=nomination, ended_at=None).update(ended_at=at, place=None)
