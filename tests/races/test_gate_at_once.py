"""D1, D2 on a real PostgreSQL: hundreds of requests while the gate shuts, and none of them judged wrongly.

The database's clock judges, as on a server; the process's own is an hour off. Two controls show that the same
crowd is judged wrongly where the moment is read after the wait, or by the clock of the machine.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.conf import settings as configured

from kczg.kit import clock
from kczg.kit.models import Event
from kczg.kit.record import events_of
from nominations.models import Attachment, Nomination
from nominations.rules import calendar
from tests import cast
from tests.nominations import attaching
from tests.races import crowd, gate
from tests.races.gate import Asker, Gate, page, wrong

pytestmark = [
    pytest.mark.races,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in configured.DATABASES["default"]["ENGINE"], reason="SQLite has no rows to lock"
    ),
]
BEFORE, AFTER = 240, 240
WAITERS = 12
HOUR = timedelta(hours=1)


@pytest.fixture
def at_the_gate(season, settings):
    """The call is open now, by the database's clock."""
    settings.KCZG_CLOCK = "database"
    cast.unit(channels=("society", "province", "pilot_city"))
    return Gate()


def drafts(number: int) -> list[Nomination]:
    """So many drafts: one that was filled in, and copies of its row."""
    first = cast.draft()
    rows = [first]
    for n in range(1, number):
        row = Nomination.objects.get(pk=first.pk)
        row.pk, row._state.adding, row.number = None, True, f"2022XD{80000 + n}"
        row.save()
        rows.append(cast.reread(row))
    return rows


def holding_up(held: Gate, rows: list[Nomination]) -> None:
    """Twelve are held up by a lock over the gate, four come late and find the same lock."""
    deeds = []
    for row in rows:
        asker = Asker(cast.cast("unit_person"))
        path = page("unit_decline", row)
        deeds.append(partial(asker.ask, "decline", row, path, {"reason": "不成熟"}))
    held.hold_up(deeds[:WAITERS], deeds[WAITERS:], rows)


def test_D1_D2_five_hundred_at_the_gate_and_none_is_judged_wrongly(at_the_gate):
    made, submitted, scans = drafts(5), crowd.submitted(80), attaching.manager()
    at_the_gate.open()
    with time_machine.travel(clock.now() + HOUR, tick=True):
        at_the_gate.crowd(
            [
                *(gate.saving(draft) for draft in made[:3]),
                *(gate.submitting_and_returning(draft) for draft in made[3:]),
                gate.recommending_and_taking_back(submitted[0]),
                gate.ending(submitted[WAITERS + 10 :]),
                gate.uploading(scans),
            ],
            BEFORE,
            AFTER,
        )
        crowded = list(at_the_gate.told)
        assert wrong(at_the_gate) == []
        in_crowd = at_the_gate.at
        at_the_gate.told.clear()
        holding_up(at_the_gate, submitted[1 : WAITERS + 5])
    held = at_the_gate.told
    assert wrong(at_the_gate) == []
    assert [told.accepted for told in held] == [True] * WAITERS + [False] * 4
    assert all(told.waited_over(at_the_gate.at) for told in held[:WAITERS])
    assert len(crowded) + len(held) >= 500
    by_kind = Counter((told.what, told.accepted) for told in crowded)
    assert {what for what, _accepted in by_kind} >= {"save", "submit", "return", "recommend", "upload"}
    assert by_kind["save", True] and by_kind["save", False] and by_kind["upload", True]
    recorded_as_told(crowded, in_crowd)


def recorded_as_told(told: list, gate_at) -> None:
    """The rows say the same: each that was accepted left its mark with its moment, the others none."""
    moves = {"submit": "submitted", "return": "returned", "recommend": "recommended", "decline": "declined"}
    for one in told:
        if one.what in moves:
            subject = Nomination(pk=one.subject)
            found = events_of(subject).filter(name=moves[one.what], at=one.judged_at).count()
            assert found == one.accepted, one
    begun = min(one.before for one in told)
    late = Event.objects.filter(subject_kind="nomination", at__gte=gate_at, name__in=moves.values())
    assert not late.filter(at__lte=max(one.judged_at for one in told)).exists()
    uploads = [one.judged_at for one in told if one.what == "upload" and one.accepted]
    assert list(Attachment.objects.filter(added_at__gte=begun).values_list("added_at", flat=True)) == uploads
    for pk in {one.subject for one in told if one.what == "save"}:
        saved = sum(one.accepted for one in told if one.what == "save" and one.subject == pk)
        assert Nomination.objects.get(pk=pk).section_version("team") == 1 + saved


def test_D1_control_judged_after_the_wait_those_who_came_in_time_are_refused(at_the_gate, monkeypatch):
    rows = crowd.submitted(WAITERS + 4)
    at_the_gate.open()
    judge = calendar.judge
    monkeypatch.setattr(calendar, "judge", lambda window, at: judge(window, clock.now()))
    holding_up(at_the_gate, rows)
    assert len(wrong(at_the_gate)) == WAITERS
    assert not any(told.accepted for told in at_the_gate.told)


def test_D2_control_by_the_clock_of_a_machine_that_is_late_the_crowd_is_judged_wrongly(at_the_gate, settings):
    settings.KCZG_CLOCK = "process"
    made = drafts(2)
    at_the_gate.open()
    with time_machine.travel(clock.now() - HOUR, tick=True):
        at_the_gate.crowd([gate.saving(draft) for draft in made], 4, 4)
    assert len([told for told in wrong(at_the_gate) if told.before >= at_the_gate.at]) >= 4
