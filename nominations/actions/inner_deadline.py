"""The inner deadline (内部截止): until when a unit wishes its applicants to submit. The gate stays the only one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.clock import gate_words
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.fields import characters
from nominations.models import RecommendingUnit
from nominations.openings import opening_for
from nominations.states import Window


@transaction.atomic
def set_inner_deadline(
    unit: RecommendingUnit, until: datetime | None, reason: str, by: Actor, at: datetime
) -> None:
    """Sets a unit's inner deadline to ``until`` (exclusive); None takes it away. Asking twice has one effect.

    Refused (422) in the past, at or after the gate (notice 三), and without a reason where applicants have
    been told another one; refused (409) once the gate has shut.
    """
    may(by.user, "unit.set_deadline", unit).or_raise()
    locked = RecommendingUnit.objects.select_for_update(of=("self",)).select_related("season").get(pk=unit.pk)
    before, words = locked.inner_deadline, reason.strip()
    if until != before:
        judge_inner_deadline(locked, until, words, at)
        locked.inner_deadline = until
        locked.save(update_fields=["inner_deadline"])
        after = until.isoformat() if until else None
        facts: dict[str, Any] = {"before": before.isoformat() if before else None, "after": after}
        record("inner_deadline_set", locked, by, at, season_year=locked.season.year, reason=words, **facts)
    unit.inner_deadline = until


def judge_inner_deadline(unit: RecommendingUnit, until: datetime | None, reason: str, at: datetime) -> None:
    """Raises Refused where a unit can't have this inner deadline now."""
    opening = opening_for(unit.season, Window.CALL)
    gate = opening.closes if opening else None
    if gate is None or gate <= at:
        words = _("征集已截止，不能再设内部截止") if gate else _("本年度日程中没有征集截止时间")
        raise Refused(refuse("call_over", words, status=409))
    if until is not None and until <= at:
        raise Refused(refuse("deadline_past", _("时间已过，改为现在以后的时间"), status=422))
    if until is not None and until >= gate:
        words = _("内部截止应早于征集截止时间%(gate)s") % {"gate": gate_words(gate)}
        raise Refused(refuse("deadline_late", words, status=422))
    if unit.inner_deadline is not None and not reason:
        words = _("填写改动原因，申报人已看到原来的时间")
        raise Refused(refuse("reason_missing", words, status=422))
    if hindered := characters.refused(reason, _("原因")):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
