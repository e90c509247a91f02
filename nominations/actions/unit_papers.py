"""What a unit has printed: its summary and the minutes of its selections, frozen for the seal; its spreadsheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.models import RecommendingUnit, Selection, UnitPaper
from nominations.outputs import unit_paper as output
from nominations.rules import check_code


@transaction.atomic
def freeze_summary(unit: RecommendingUnit, by: Actor, at: datetime) -> Job:
    """生成盖章版: freezes the unit's summary and owes its paper; without a change it is the same row.

    Refused (409) as long as nothing is recommended.
    """
    may(by.user, "unit.print", unit).or_raise()
    RecommendingUnit.objects.select_for_update().get(pk=unit.pk)
    content = output.summary_content(unit)
    if not content["entries"]:
        raise Refused(refuse("nothing_recommended", _("尚未推荐，推荐后再生成汇总表"), status=409))
    return _printed(_frozen(unit, content, None, by, at), by)


@transaction.atomic
def freeze_minute(selection: Selection, by: Actor, at: datetime) -> Job:
    """打印纪要: freezes the minute of a closed selection and owes its paper; the same content is the same row."""
    may(by.user, "unit.print", selection.unit).or_raise()
    RecommendingUnit.objects.select_for_update().get(pk=selection.unit_id)
    if not selection.is_closed:
        raise Refused(NOT_FOUND)
    content = output.minute_content(selection)
    return _printed(_frozen(selection.unit, content, selection, by, at), by)


def _frozen(
    unit: RecommendingUnit, content: dict[str, Any], selection: Selection | None, by: Actor, at: datetime
) -> UnitPaper:
    """The row of a content; the unit's row is held, so that two requests don't count to the same number."""
    digest = check_code.digest(content)
    standing = UnitPaper.objects.filter(unit=unit, digest=digest).first()
    if standing is not None:
        return standing
    kind = UnitPaper.Kind.MINUTE if selection else UnitPaper.Kind.SUMMARY
    row = UnitPaper.objects.create(
        unit=unit,
        kind=kind,
        selection=selection,
        number=UnitPaper.objects.filter(unit=unit, kind=kind).count() + 1,
        content=content,
        digest=digest,
        check_code=check_code.from_digest(digest),
        made_at=at,
        made_by=by.user,
    )
    record("unit_paper_frozen", row, by, at, season_year=content["year"], version_code=row.check_code)
    return row


def _printed(row: UnitPaper, by: Actor) -> Job:
    """The paper is owed to each person who asks: a file is its owner's alone (S6)."""
    key = f"unit_paper:{row.pk}:{by.user.pk}"
    failed = Job.objects.filter(key=key, state=Job.State.FAILED).exists()
    return owe("unit_paper", key, owner=by.user, again=failed, paper_id=row.pk)


@transaction.atomic
def request_summary_book(unit: RecommendingUnit, by: Actor, at: datetime) -> Job:
    """Owes the summary as a spreadsheet, once for each content and person; it needs no recommendation."""
    may(by.user, "unit.print", unit).or_raise()
    digest = check_code.digest(output.summary_content(unit))
    key = f"unit_summary_xlsx:{unit.pk}:{digest[:16]}:{by.user.pk}"
    failed = Job.objects.filter(key=key, state=Job.State.FAILED).exists()
    job = owe("unit_summary_xlsx", key, owner=by.user, again=failed, unit_id=unit.pk)
    record("exported", job, by, at, season_year=unit.season.year, kind=job.kind)
    return job
