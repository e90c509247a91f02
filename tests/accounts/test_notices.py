"""Letters: a row in the product for each person and event, and one mail of it, whatever happens on the way (R2)."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import letters, tasks
from accounts.models import Notice
from kczg.kit import outbox
from kczg.kit.models import Job
from tests import cast
from tests.servers import free_port

pytestmark = pytest.mark.django_db

AT = cast.DURING_CALL
MINUTE = timedelta(minutes=1)


@pytest.fixture
def job(submitted, unit_person):
    """The job that tells both sides of a submission: 李静 of the applicant, 王敏 of the unit."""
    return Job.objects.get(kind="notice_mail")


def done(job, at=AT):
    with time_machine.travel(at, tick=False):
        Job.objects.filter(pk=job.pk).update(state="queued")
        outbox.run(job.pk)
    job.refresh_from_db()
    return job.state


def stand():
    """Who was told, and how far the mail is."""
    return list(Notice.objects.order_by("pk").values_list("person__username", "kind", "mail"))


def to():
    return [address for message in mail.outbox for address in message.to]


def test_R2_each_is_told_once_however_often_the_job_runs(job):
    assert [done(job) for _turn in range(3)] == ["done"] * 3
    assert stand() == [("lijing", "received", "sent"), ("wangmin", "submitted", "sent")]
    assert to() == ["lijing@example.org", "wangmin@example.org"]


def test_R2_a_worker_lost_after_the_first_mail_goes_on_with_the_second(job):
    done(job)
    Notice.objects.filter(kind="submitted").update(mail="waiting")
    done(job)
    assert to() == ["lijing@example.org", "wangmin@example.org", "wangmin@example.org"]
    # The one that may have left before has the same id, by which a mailbox knows it.
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(set(ids)) == 2 and ids[1] == ids[2]


def test_R3_with_the_mail_server_away_the_product_tells_and_the_mail_waits(job, settings):
    memory = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert done(job) == "done"
    assert stand() == [("lijing", "received", "waiting"), ("wangmin", "submitted", "waiting")]
    assert letters.post_waiting(AT + MINUTE) == 0
    settings.EMAIL_BACKEND = memory
    assert letters.post_waiting(AT) == 0, "what a job has just written is that job's"
    with time_machine.travel(AT + MINUTE, tick=False):
        assert (tasks.post_letters(), tasks.post_letters()) == (2, 0)
    assert to() == ["lijing@example.org", "wangmin@example.org"]


def test_a_refused_address_holds_up_nobody_and_is_given_up(job, settings):
    settings.EMAIL_BACKEND = "tests.accounts.refusing.EmailBackend"
    assert done(job) == "done"
    assert stand() == [("lijing", "received", "waiting"), ("wangmin", "submitted", "sent")]
    tried = []
    for minutes in range(1, 200):
        letters.post_waiting(AT + minutes * MINUTE)
        tried.append(Notice.objects.earliest("pk").tries)
    assert [tried.index(n) + 1 for n in (2, 3, 4, 5)] == [5, 15, 35, 75]
    assert (stand()[0][2], tried[-1]) == ("failed", 5)


def test_who_left_meanwhile_is_not_mailed(job, applicant):
    with time_machine.travel(AT, tick=False):
        letters.keep("test", cast.notices.submitted(job.args["nomination_id"]), AT)
    applicant.is_active = False
    applicant.save()
    assert letters.post_waiting(AT + MINUTE) == 1
    assert stand()[0] == ("lijing", "received", "")


def test_the_page_shows_ones_own_unread_first_and_marks_them(job, office_a, client: Client):
    done(job)
    first = Notice.objects.get(person__username="lijing")
    second = letters.keep("later", cast.notices.submitted(job.args["nomination_id"]), AT + MINUTE)[0]
    client.force_login(cast.cast("applicant"))
    page = client.get("/messages/").text
    assert "站内通知（2）" in page and page.index(f"/messages/{second}/") < page.index(
        f"/messages/{first.pk}/"
    )
    with time_machine.travel(AT + 2 * MINUTE, tick=False):
        answer = client.post(f"/messages/{second}/", {"open": "1"})
    assert answer.headers["Location"] == first.page == "/nominations/2022XD00001/submitted/"
    page = client.get("/messages/").text
    assert "站内通知（1）" in page and page.count("2022XD00001已提交</h2>") == 1
    assert page.index(f"/messages/{first.pk}/") < page.index('href="/nominations/2022XD00001/submitted/"')
    assert cast.cast("applicant").unread == 1, "looking changes nothing (I7)"
    assert client.post(f"/messages/{first.pk}/").headers["Location"] == "/messages/"
    assert "站内通知（" not in client.get("/messages/").text
    # Read once more: when it was read first stays.
    client.post(f"/messages/{second}/")
    assert Notice.objects.get(pk=second).read_at == AT + 2 * MINUTE
    client.force_login(office_a)
    assert "暂无通知" in client.get("/messages/").text
    assert client.post(f"/messages/{first.pk}/").status_code == 404


def test_all_at_once_and_thirty_a_page_with_the_same_queries(job, client: Client):
    done(job)
    client.force_login(cast.cast("applicant"))

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/messages/").status_code == 200
        return len(caught)

    one = queries()
    row = Notice.objects.get(person__username="lijing")
    for n in range(30):
        row.pk, row.event = None, f"copy:{n}"
        row.save()
    assert queries() == one
    assert client.get("/messages/").text.count("<article") == 30
    assert client.get("/messages/?page=2").text.count("<article") == 1
    page = client.post("/messages/read/", follow=True).text
    assert "已将31条通知标为已读" in page and "站内通知（" not in page
    assert Notice.objects.filter(read_at=None).count() == 1, "the unit's person has read nothing"


def test_notices_are_kept_for_a_year(job):
    done(job)
    assert letters.clear_old(AT + timedelta(days=366)) == 0
    assert letters.clear_old(AT + timedelta(days=366, seconds=1)) == 2
