"""The outbox: what is owed is a row; the broker may be down, a worker may be lost, nothing is done twice (R2)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from kczg.kit import outbox
from kczg.kit.models import Job
from kczg.kit.tasks import run_job

pytestmark = pytest.mark.django_db

AT = datetime(2022, 10, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def handler(monkeypatch):
    """A kind of job that notes its arguments, and fails as often as told."""
    done = []

    def work(job, **args):
        done.append(args)
        if args.get("fails", 0) > job.attempts:
            raise ValueError("纸张用完")

    monkeypatch.setitem(outbox.HANDLERS, "test_kind", work)
    return done


@pytest.fixture
def broker(monkeypatch):
    """What the broker was handed; ``up`` False: it can't be reached."""

    class Broker:
        up = True
        sent: list[int] = []

    def apply_async(args, retry):
        if not Broker.up:
            raise ConnectionError("no broker")
        Broker.sent.append(args[0])

    Broker.sent = []
    monkeypatch.setattr(run_job, "apply_async", apply_async)
    return Broker


def owe(key="test:1", **args):
    return outbox.owe("test_kind", key, **args)


def test_R2_a_job_is_sent_when_its_transaction_commits_and_not_before(
    handler, broker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = owe()
        assert broker.sent == []
    assert broker.sent == [row.pk]
    row.refresh_from_db()
    assert (row.state, row.sent_at is not None) == (Job.State.QUEUED, True)


def test_R2_what_is_rolled_back_is_not_owed(handler, broker, django_capture_on_commit_callbacks):
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        owe()
        _ = 1 / 0
    assert (Job.objects.count(), broker.sent) == (0, [])


def test_R2_with_the_broker_down_the_row_stays_queued_and_is_reconciled(
    handler, broker, django_capture_on_commit_callbacks
):
    broker.up = False
    with django_capture_on_commit_callbacks(execute=True):
        row = owe()
    row.refresh_from_db()
    assert (row.state, row.sent_at) == (Job.State.QUEUED, None)
    broker.up = True
    assert outbox.reconcile(AT) == 1
    assert broker.sent == [row.pk]


def test_R2_reconciling_leaves_alone_what_was_sent_a_moment_ago(handler, broker):
    row = owe()
    Job.objects.filter(pk=row.pk).update(sent_at=AT)
    assert outbox.reconcile(AT + timedelta(seconds=19)) == 0
    assert outbox.reconcile(AT + timedelta(seconds=21)) == 1


def test_R2_a_job_runs_once_however_often_it_is_delivered(handler, broker):
    row = owe(version_id=7)
    for _ in range(3):
        outbox.run(row.pk)
    row.refresh_from_db()
    assert handler == [{"version_id": 7}]
    assert (row.state, row.attempts, row.error) == (Job.State.DONE, 0, "")


def test_R2_a_job_that_fails_three_times_is_parked(handler, broker):
    row = owe(fails=9)
    states = []
    for _ in range(5):
        outbox.run(row.pk)
        row.refresh_from_db()
        states.append((row.state, row.attempts))
    parked = (Job.State.FAILED, 3)
    assert states == [(Job.State.QUEUED, 1), (Job.State.QUEUED, 2), parked, parked, parked]
    assert row.error == "ValueError: 纸张用完"
    assert len(handler) == 3


def test_R2_a_job_that_fails_once_is_done_at_the_second_try(handler, broker):
    row = owe(fails=1)
    outbox.run(row.pk)
    outbox.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (Job.State.DONE, 1, "")


def test_R2_a_job_whose_worker_was_lost_is_taken_up_again_and_parked_at_the_third(handler, broker):
    row = owe()
    states = []
    for _ in range(3):
        Job.objects.filter(pk=row.pk).update(state=Job.State.RUNNING, started_at=AT)
        outbox.reconcile(AT + outbox.STALE_AFTER + timedelta(seconds=1))
        row.refresh_from_db()
        states.append((row.state, row.attempts))
    assert states == [(Job.State.QUEUED, 1), (Job.State.QUEUED, 2), (Job.State.FAILED, 3)]


def test_R2_a_running_job_is_left_to_its_worker(handler, broker):
    row = owe()
    Job.objects.filter(pk=row.pk).update(state=Job.State.RUNNING, started_at=AT)
    assert outbox.reconcile(AT + outbox.STALE_AFTER) == 0


def test_R2_one_key_is_one_debt(handler, broker):
    assert owe().pk == owe().pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(key="test:1", kind="test_kind", owed_at=AT)
    assert Job.objects.count() == 1


def test_what_ended_is_owed_anew_only_when_asked(handler, broker):
    row = owe(fails=9)
    for _ in range(3):
        outbox.run(row.pk)
    assert owe().state == Job.State.FAILED
    again = outbox.owe("test_kind", "test:1", again=True, fails=0)
    assert (again.pk, again.state, again.attempts) == (row.pk, Job.State.QUEUED, 0)
    outbox.run(row.pk)
    row.refresh_from_db()
    assert row.state == Job.State.DONE


def test_what_is_owed_again_while_it_runs_is_done_once_more(monkeypatch, handler, broker):
    """What the running job has read is old by then: an opinion given while the form is being printed."""
    row = owe()
    seen = []

    def owing(job, **args):
        seen.append(args)
        if len(seen) == 1:
            outbox.owe("test_kind", "test:1", again=True)

    monkeypatch.setitem(outbox.HANDLERS, "test_kind", owing)
    outbox.run(row.pk)
    row.refresh_from_db()
    assert row.state == Job.State.QUEUED
    outbox.run(row.pk)
    row.refresh_from_db()
    assert (row.state, len(seen)) == (Job.State.DONE, 2)


def test_every_kind_that_the_code_owes_has_a_handler():
    import re
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    sources = [
        p for app in ("accounts", "nominations", "reviews", "kczg") for p in (root / app).rglob("*.py")
    ]
    owed = {kind for path in sources for kind in re.findall(r'\bowe\(\s*"(\w+)"', path.read_text("utf-8"))}
    assert owed
    assert owed <= set(outbox.HANDLERS)
