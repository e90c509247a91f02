"""A unit's import of many nominations: upload, a dry run by the worker, and, confirmed, all of them or none.

Each line becomes a draft of the applicant that names the unit. The contact takes it over by mail, completes it and
submits it: the promise is the applicant's. The unit doesn't read it before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions import person_at
from accounts.models import Membership, Organisation, User, normalised
from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.models import Event, Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from kczg.kit.workbooks import MEGABYTE, Unreadable
from nominations import queries
from nominations.actions.beginning import open_draft
from nominations.inputs.many import CATEGORY, EMAIL, MANY, ORGANISATION, Wanted, read_many
from nominations.inputs.sheets import Refusal
from nominations.models import Nomination, Ranking, RecommendingUnit, UnitImport
from nominations.openings import Openings
from nominations.rules import calendar
from nominations.rules.calendar import Opening
from nominations.states import State

SHOWN = 200
"""Refused cells that are kept for the page; the number of all is told."""
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
EVENT = "imported"


@transaction.atomic
def upload(
    unit: RecommendingUnit, ranking: Ranking, file: UploadedFile, by: Actor, at: datetime
) -> UnitImport:
    """Keeps the file and owes the dry run. Refused outside the call and for a file that is too large."""
    may(by.user, "unit.import", unit).or_raise()
    if ranking.season_id != unit.season_id or ranking.form is None or ranking.separately_organised:
        raise Refused(NOT_FOUND)
    calendar.judge(_opening(ranking), at).or_raise()
    if (file.size or 0) > MANY.packed:
        words = {"now": f"{(file.size or 0) / MEGABYTE:.1f}", "limit": MANY.packed // MEGABYTE}
        raise Refused(refuse("too_large", _("文件%(now)s MB，超过%(limit)s MB") % words, status=413))
    row = UnitImport(
        unit=unit, ranking=ranking, name=(file.name or "")[:200], uploaded_by=by.user, uploaded_at=at
    )
    row.file.save("", File(file), save=False)
    row.save()
    owe("unit_import_check", check_key(row), owner=by.user, import_id=row.pk)
    return row


def _opening(ranking: Ranking) -> Opening | None:
    return Openings([ranking.season_id]).to_begin(ranking.season_id, ranking.pk, None)


def check_key(row: UnitImport) -> str:
    return f"unit_import_check:{row.pk}"


def apply_key(row: UnitImport) -> str:
    moment = row.confirmed_at.isoformat() if row.confirmed_at else ""
    return f"unit_import:{row.pk}:{moment}"


def check(row: UnitImport, job: Job) -> None:
    """The dry run: what each line would do, and each cell that hinders it. Changes no nomination."""
    if row.state != UnitImport.State.CHECKING:
        return
    effects, refusals = _plan(row, job)
    _report(row, [(wanted, effect, number) for wanted, effect, number, _found in effects], refusals)


Effect = tuple[Wanted, str, str, Nomination | None]
"""A line, what it does, the number of the nomination that is there already, and that nomination."""


def _plan(row: UnitImport, job: Job) -> tuple[list[Effect], list[Refusal]]:
    form = row.ranking.online_form.for_year(row.unit.season.year)
    try:
        with row.file.open("rb") as file:
            wanted, refusals = read_many(form, file, job.progress)
    except Unreadable as unreadable:
        return [], [Refusal("", 0, "", str(unreadable))]
    known, taken = _imported(row), _submitted(row)
    effects: list[Effect] = []
    for one in wanted:
        nomination, told = known.get(one.key, (None, {}))
        found = _hindrance(one, nomination, told, taken)
        if found:
            refusals.append(found)
        effect = CREATED if nomination is None else UNCHANGED if told["digest"] == one.digest else UPDATED
        effects.append((one, effect, nomination.number if nomination else "", nomination))
    job.progress(len(wanted), len(wanted))
    return effects, refusals


def _imported(row: UnitImport) -> dict[tuple[str, str], tuple[Nomination, dict[str, Any]]]:
    """What the unit has imported into the ranking before, by organisation and title, with what was told of it."""
    events = Event.objects.filter(
        name=EVENT, subject_kind="nomination", data__unit=row.unit_id, data__ranking=row.ranking_id
    )
    told = list(events.order_by("id"))
    rows = Nomination.objects.select_related("created_by").in_bulk({event.subject_id for event in told})
    return {(e.data["organisation"], e.data["title"]): (rows[e.subject_id], e.data) for e in told}


def _submitted(row: UnitImport) -> dict[tuple[str, str], str]:
    """What applicants themselves have handed in to the unit, by organisation and title."""
    rows = Nomination.objects.filter(unit=row.unit, ranking=row.ranking, submitted_at__isnull=False)
    found = queries.with_last_version(rows.exclude(state=State.WITHDRAWN))
    return {
        (each.applicant.normalised_name, normalised(each.shown_title)): each.number
        for each in found.select_related("applicant")
    }


def _hindrance(
    one: Wanted, nomination: Nomination | None, told: dict[str, Any], taken: dict[tuple[str, str], str]
) -> Refusal | None:
    """Why a line can't be imported though its cells are right."""
    if nomination is None:
        number = taken.get(one.key)
        reason = _("此单位已提交同名申报%(number)s") % {"number": number} if number else ""
    elif told["digest"] == one.digest:
        reason = ""
    elif nomination.edit_version != told["edit_version"] or nomination.state != State.DRAFT:
        words = _("申报人已接手%(number)s，不再由导入更改，删去此行")
        return Refusal(one.sheet, one.line, ORGANISATION, words % {"number": nomination.number})
    elif nomination.created_by.email.lower() != one.email:
        return Refusal(one.sheet, one.line, EMAIL, _("与上次导入的联系人不同，联系人不由导入更换"))
    elif nomination.category != one.category:
        return Refusal(one.sheet, one.line, CATEGORY, _("与上次导入的类别不同，类别由申报人更改"))
    else:
        reason = ""
    return Refusal(one.sheet, one.line, ORGANISATION, reason) if reason else None


def _report(row: UnitImport, rows: Sequence[tuple[Wanted, str, str]], refusals: Sequence[Refusal]) -> None:
    # By sheet and line, as a person goes through the file; what is about the whole file comes first.
    refusals = sorted(refusals, key=lambda refusal: (refusal.sheet, refusal.line))
    row.report = {
        "refused": len(refusals),
        "refusals": [[r.sheet, r.line, r.column, r.reason] for r in refusals[:SHOWN]],
        "rows": [[one.line, one.organisation, one.title, effect, number] for one, effect, number in rows],
    }
    row.state = UnitImport.State.CHECKED
    row.save(update_fields=["report", "state"])


@transaction.atomic
def confirm(row: UnitImport, by: Actor, at: datetime) -> None:
    """Owes the import of what was checked, judged by this moment. Asking twice has one effect (Q2)."""
    may(by.user, "unit.import", row.unit).or_raise()
    locked = UnitImport.objects.select_for_update().get(pk=row.pk)
    if locked.state in (UnitImport.State.IMPORTING, UnitImport.State.DONE):
        return
    calendar.judge(_opening(locked.ranking), at).or_raise()
    if not locked.importable:
        message = _("文件还不能导入")
        raise Refused(refuse("not_importable", message, _("改正列出的单元格后重新上传"), status=409))
    locked.state, locked.confirmed_by, locked.confirmed_at = UnitImport.State.IMPORTING, by.user, at
    locked.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    owe("unit_import", apply_key(locked), owner=by.user, import_id=row.pk)


@transaction.atomic
def apply(import_id: int, job: Job) -> None:
    """Imports all lines or none: what has come in the way since the check is told, and nothing is changed."""
    row = UnitImport.objects.select_for_update().get(pk=import_id)
    if row.state != UnitImport.State.IMPORTING or row.confirmed_at is None:
        return
    # Who imports or begins in the ranking waits: of two imports at once the second finds the first one's drafts.
    Ranking.objects.select_for_update().get(pk=row.ranking_id)
    by = Actor(user=row.confirmed_by, role=Role.UNIT, organisation=row.unit.organisation)
    effects, refusals = _plan(row, job)
    done = []
    if not refusals:
        try:
            with transaction.atomic():
                may(by.user, "unit.import", row.unit).or_raise()
                done = [_import(row, effect, by, row.confirmed_at) for effect in effects]
        except Refused as refused:
            refusals = [Refusal("", 0, "", refused.verdict.message)]
    if refusals:
        _report(row, [(one, effect, number) for one, effect, number, _found in effects], refusals)
        return
    _report(row, done, [])
    row.state = UnitImport.State.DONE
    row.save(update_fields=["state"])
    record(
        "nominations_imported",
        row.unit,
        by,
        row.confirmed_at,
        season_year=row.unit.season.year,
        rows=len(done),
    )
    _finish(row, [number for _one, effect, number in done if effect == CREATED])


def _import(row: UnitImport, effect: Effect, by: Actor, at: datetime) -> tuple[Wanted, str, str]:
    one, what, number, nomination = effect
    if what == UNCHANGED:
        return one, what, number
    if nomination is None:
        contact = person_at(one.email, one.person)
        nomination = open_draft(
            row.ranking,
            by,
            at,
            applicant=_organisation(one, contact),
            created_by=contact,
            track=row.ranking.tracks.filter(name=one.answers.get("track") or "").first(),
            unit=row.unit,
            category=one.category,
            title=one.title,
            answers=one.answers,
        )
    else:
        nomination.answers, nomination.title = one.answers, one.title
        nomination.track = row.ranking.tracks.filter(name=one.answers.get("track") or "").first()
        nomination.edit_version += 1
        nomination.edited_at, nomination.edited_by = at, by.user
        nomination.save(update_fields=["answers", "title", "track", "edit_version", "edited_at", "edited_by"])
    organisation, title = one.key
    record(
        EVENT,
        nomination,
        by,
        at,
        season_year=row.unit.season.year,
        unit=row.unit_id,
        ranking=row.ranking_id,
        organisation=organisation,
        title=title,
        digest=one.digest,
        edit_version=nomination.edit_version,
    )
    return one, what, nomination.number


def _organisation(one: Wanted, contact: User) -> Organisation:
    """The applicant that the contact acts for: one of this name that is theirs already, else a row of its own.

    An organisation that others act for is never joined by its name or code: the contact would read what is theirs.
    """
    ours = Organisation.objects.filter(
        Q(normalised_name=normalised(one.organisation)),
        memberships__user=contact,
        memberships__role=Role.APPLICANT,
        memberships__is_active=True,
    ).first()
    if ours is not None:
        return ours
    free = one.credit_code and not Organisation.objects.filter(credit_code=one.credit_code).exists()
    made = Organisation.objects.create(name=one.organisation, credit_code=one.credit_code if free else None)
    Membership.objects.create(user=contact, organisation=made, role=Role.APPLICANT)
    return made


def _finish(row: UnitImport, created: list[str]) -> None:
    """Each contact is told once of all drafts; the file has done its work and goes."""
    people = Nomination.objects.filter(number__in=created).order_by().values_list("created_by", flat=True)
    for user_id in sorted(set(people)):
        owe("import_mail", f"import_mail:{row.pk}:{user_id}", import_id=row.pk, user_id=user_id)
    name = row.file.name or ""
    row.file = ""
    row.save(update_fields=["file"])
    transaction.on_commit(lambda: row.file.storage.delete(name))
