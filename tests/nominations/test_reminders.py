"""Reminders before the gate: to whom, when, and each once."""

from datetime import timedelta

import pytest

from kczg.kit.models import Job
from nominations import notices
from nominations.actions.reminders import remind
from nominations.models import Nomination
from nominations.rules.reminders import due
from nominations.states import State
from tests import cast

D, H, TICK = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
GATE = cast.GATE


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (GATE - 7 * D - TICK, None),
        (GATE - 7 * D, 7 * D),
        (GATE - 3 * D - TICK, 7 * D),
        (GATE - 3 * D, 3 * D),
        (GATE - D, D),
        (GATE - 3 * H - TICK, D),
        (GATE - 3 * H, 3 * H),
        (GATE - TICK, 3 * H),
        (GATE, None),
    ],
)
def test_the_reminder_whose_time_has_come(at, expected):
    assert due(GATE, GATE - 30 * D, at) == expected


def test_who_begins_after_a_reminders_time_gets_the_next_one():
    began = GATE - 2 * D
    assert due(GATE, began, GATE - 2 * D + H) is None
    assert due(GATE, began, GATE - D) == D


@pytest.mark.django_db
def test_each_unfinished_draft_and_each_unit_with_waiting_ones_is_told_once_at_each_time(season):
    drafts = [cast.draft(), cast.returned()]
    waiting = [cast.submitted(), cast.submitted()]
    cast.recommended()
    Nomination.objects.update(created_at=GATE - 20 * D)
    Nomination.objects.filter(state=State.SUBMITTED).update(submitted_at=GATE - 20 * D)
    assert remind(GATE - 8 * D) == 0
    for at in (GATE - 7 * D, GATE - 3 * D, GATE - D, GATE - 3 * H):
        assert remind(at) == 3
        assert remind(at + 5 * timedelta(minutes=1)) == 0
    assert remind(GATE) == 0
    jobs = Job.objects.filter(kind="notice_mail", args__name="closing_soon")
    assert {job.args["nomination_id"] for job in jobs} == {row.pk for row in drafts}
    cast.cast("unit_person")
    (letter,) = notices.unit_waiting(waiting[0].unit_id)
    assert letter.subject == "“科创中国”系列榜单：还有2项待推荐，2022年10月31日24时截止"


@pytest.mark.django_db
def test_nothing_is_sent_where_the_work_was_done_meanwhile(season, submitted, unit_person):
    assert notices.closing_soon(submitted.pk) == []
    assert len(notices.unit_waiting(submitted.unit_id)) == 1
    cast.recommend(submitted)
    assert notices.unit_waiting(submitted.unit_id) == []
