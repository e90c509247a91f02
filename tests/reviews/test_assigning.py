"""Assigning by the actions: the suggestion of the worker, load limits, what is short, the table both ways."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from nominations.states import State
from reviews import queries
from reviews.actions import assigning as actions
from reviews.models import Assignment, BodyExpert, Expert, Recusal
from tests import cast
from tests.reviews import assigning
from tests.reviews.assigning import abstain, board, by, refusal

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY


@pytest.fixture(autouse=True)
def during_review(db):
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def track(season):
    return cast.track()


@pytest.fixture
def world(track):
    return assigning.world()


# --- The suggestion ----------------------------------------------------------------------------------------


def test_a_suggestion_is_owed_once_and_made_by_the_worker(track, world):
    one, other = (actions.ask_suggestion(track, by(), AT) for _n in range(2))
    assert one == other
    assert Job.objects.filter(kind="assignment_suggestion").count() == 1
    made = assigning.suggestion()
    assert made.made_at == AT
    assert len(made.pairs) == 6
    assert made.shortages == []
    assert made.digest == board(track).digest
    # Still fits: asked again, it is the same one. Once something has changed it is made anew.
    assert actions.ask_suggestion(track, by(), AT) == made
    assigning.experts(1)
    assert actions.ask_suggestion(track, by(), AT) != made


def test_the_same_state_of_things_gets_the_same_suggestion(track, world):
    plan = queries.plan_in_force(track)
    first = actions.suggest(track, plan)
    assert actions.suggest(track, plan) == first
    actions.ask_suggestion(track, by(), AT)
    assert {(e, n) for e, n, _points, _why in assigning.suggestion().pairs} == first


def test_fields_decide_and_the_reason_is_kept(track, world):
    rows, people = world
    Expert.objects.filter(pk__in=[people[1].pk, people[3].pk]).update(
        industries=["39"], tracks=["information"]
    )
    rows[0].answers["industries"] = ["3983"]
    rows[0].save(update_fields=["answers"])
    actions.ask_suggestion(track, by(), AT)
    found = {(e, n): (points, why) for e, n, points, why in assigning.suggestion().pairs}
    assert {e for e, n in found if n == rows[0].pk} == {people[1].pk, people[3].pk}
    points, why = found[people[1].pk, rows[0].pk]
    assert points == 30
    assert queries.fit_words(why) == "行业相符：计算机、通信和其他电子设备制造业；熟悉本领域"


def test_what_an_enterprise_names_by_word_is_found_in_the_catalogue(track):
    answer = {"code": "1.2", "name": "集成电路制造"}
    from reviews.queries import assigning as reads

    assert reads._named_path(answer) == ("1", "1.2", "1.2.4")
    assert reads._named_path({**answer, "name": "别的"}) == ("1", "1.2")
    assert reads._named_path({"code": "none", "name": "集成电路制造"}) == ()


def test_limits_conflicts_and_shortages(track, world):
    rows, people = world
    BodyExpert.objects.filter(expert=people[0]).update(most=1)
    BodyExpert.objects.filter(expert__in=people[1:3]).update(most=0)
    Recusal.objects.create(expert=people[3], nomination=rows[2], kind="body", reason="师生", at=AT)
    actions.ask_suggestion(track, by(), AT)
    made = assigning.suggestion()
    pairs = {(e, n) for e, n, _points, _why in made.pairs}
    assert pairs == {(people[3].pk, rows[0].pk), (people[3].pk, rows[1].pk), (people[0].pk, rows[2].pk)}
    assert made.shortages == [[row.pk, 1] for row in rows]


def test_a_limit_is_for_all_tracks_of_the_body(track, world):
    rows, people = world
    other = cast.track("foundation")
    other.bodies.set(track.bodies.all())
    BodyExpert.objects.filter(expert=people[0]).update(most=3)
    elsewhere = assigning.more(rows[0], 2)
    for row in elsewhere:
        row.track = other
        row.save(update_fields=["track"])
        Assignment.objects.create(expert=people[0], nomination=row, assigned_at=AT, assigned_by=by().user)
    assert queries.load_limits(track) == {people[0].pk: 1}
    assert queries.load_limits(other) == {people[0].pk: 3}


def test_nothing_is_suggested_where_nothing_may_be_assigned(track, world):
    stranger = cast.acting(cast.cast("other_body_person"), Role.BODY)
    assert refusal(actions.ask_suggestion, track, stranger, AT).status == 404
    assert refusal(actions.ask_suggestion, track, by(), AT + timedelta(days=30)).status == 409
    cast.filed_plan()
    assert refusal(actions.ask_suggestion, track, by(), AT).code == "plan_filed"


# --- Adopting and changing ---------------------------------------------------------------------------------


def test_adopting_publishes_the_tasks_and_begins_the_reviews(track, world):
    _rows, _people = world
    actions.ask_suggestion(track, by(), AT)
    made = assigning.suggestion()
    pairs = [tuple(pair[:2]) for pair in made.pairs]
    assert actions.assign(track, pairs, by(), AT, adopted=made) == 6
    assert {row.state for row in queries.under_review(track)} == {State.IN_REVIEW}
    made.refresh_from_db()
    assert made.adopted_at == AT
    assert Event.objects.get(name="assigned").data["pairs"] == sorted(map(list, pairs))
    # What it was made from has changed: it isn't adopted a second time.
    verdict = refusal(actions.assign, track, pairs, by(), AT, adopted=made)
    assert (verdict.code, verdict.status) == ("suggestion_stale", 409)


def test_a_load_limit_is_named(track, world):
    rows, people = world
    BodyExpert.objects.filter(expert=people[0]).update(most=2)
    pairs = [(people[0].pk, row.pk) for row in rows]
    assert (
        refusal(actions.assign, track, pairs, by(), AT).message == f"{people[0]}最多评审2项，现为3项，减少1项"
    )
    BodyExpert.objects.filter(expert=people[0]).update(most=None)
    actions.assign(track, pairs, by(), AT)
    # A limit that comes later lifts nothing.
    BodyExpert.objects.filter(expert=people[0]).update(most=2)
    assert actions.assign(track, pairs, by(), AT) == 3


def test_who_abstained_is_neither_asked_again_nor_lifted(track, world):
    rows, people = world
    pairs = [(people[0].pk, rows[0].pk), (people[1].pk, rows[0].pk)]
    actions.assign(track, pairs, by(), AT)
    abstain(pairs[0])
    assert refusal(actions.assign, track, pairs, by(), AT).message == (
        f"{people[0]}已对{rows[0].number}弃权，改选其他专家"
    )
    assert actions.assign(track, pairs[1:], by(), AT) == 1
    assert not Assignment.objects.exclude(ended_at=None).exists()
    assert pairs[0] not in actions.suggest(track, queries.plan_in_force(track))


def test_a_sheet_of_who_has_left_stays_and_gets_no_company(track, world):
    rows, people = world
    pair = (people[0].pk, rows[0].pk)
    actions.assign(track, [pair], by(), AT)
    Assignment.objects.update(submitted_at=AT)
    BodyExpert.objects.filter(expert=people[0]).update(is_active=False)
    assert actions.assign(track, [pair], by(), AT) == 1
    verdict = refusal(actions.assign, track, [pair, (people[0].pk, rows[1].pk)], by(), AT)
    assert verdict.message == f"{people[0]}已不在专家名单中，改选其他专家"


def test_only_what_is_missing_is_topped_up(track, world):
    rows, _people = world
    pairs = actions.suggest(track, queries.plan_in_force(track))
    actions.assign(track, pairs, by(), AT)
    lost = sorted(pairs)[0]
    Assignment.objects.filter(expert=lost[0], nomination=lost[1]).update(ended_at=AT)
    BodyExpert.objects.filter(expert=lost[0]).update(is_active=False)
    mine = {pair for pair in pairs if pair[0] == lost[0]}
    Assignment.objects.filter(expert=lost[0]).update(ended_at=AT)
    actions.ask_suggestion(track, by(), AT)
    made = assigning.suggestion()
    assert sorted(n for _e, n, _points, _why in made.pairs) == sorted(n for _e, n in mine)
    assert board(track).standing == pairs - mine
    assert Counter(n for _e, n in actions.suggest(track, queries.plan_in_force(track))) == {
        row.pk: 2 for row in rows
    }


def test_the_body_is_told_of_a_shortage_once(track, world):
    rows, _people = world
    actions.tell_shortage(track)
    assert not Job.objects.filter(key__startswith="review_mail:short").exists()
    pairs = actions.suggest(track, queries.plan_in_force(track))
    actions.assign(track, pairs, by(), AT)
    actions.tell_shortage(track)
    assert not Job.objects.filter(key__startswith="review_mail:short").exists()
    lost = sorted(pairs)[0]
    abstain(lost)
    for _n in range(2):
        actions.tell_shortage(track)
    job = Job.objects.get(key__startswith="review_mail:short")
    outbox.run(job.pk)
    sent = mail.outbox[-1]
    assert sent.subject == f"“科创中国”系列榜单：{track}有1项申报评审专家不足"
    assert next(row.number for row in rows if row.pk == lost[1]) in sent.body
    assert f"/body/assign/?track={track.pk}" in sent.body


# --- At full size ------------------------------------------------------------------------------------------


def test_500_nominations_and_60_experts_cost_as_many_queries_as_a_few(track, world):
    def count():
        with CaptureQueriesContext(connection) as seen:
            actions.suggest(track, queries.plan_in_force(track))
        return len(seen)

    few = count()
    assigning.more(world[0][0], 497)
    assigning.experts(56)
    assert count() == few
    assert len(actions.suggest(track, queries.plan_in_force(track))) == 1000
