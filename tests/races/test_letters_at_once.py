"""Eight workers with one job: each person is told once and mailed once (R2)."""

import pytest
from django.conf import settings
from django.core import mail

from accounts import letters
from accounts.models import Notice
from kczg.kit.models import Job
from nominations import notices
from tests import cast
from tests.races import crowd

pytestmark = [
    pytest.mark.races,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has no rows to lock"
    ),
]


def test_R2_eight_workers_with_one_job_mail_nobody_twice(unit_person, submitted):
    job = Job.objects.get(kind="notice_mail")

    def work():
        letters.deliver(job, notices.submitted(submitted.pk), cast.DURING_CALL)

    crowd.together([work] * 8)
    assert Notice.objects.count() == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["lijing@example.org", "wangmin@example.org"]
