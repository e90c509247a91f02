"""R3: a file that the worker made and that is gone from the store is told in words on every way to it."""

import pytest
import time_machine
from django.test import Client

from kczg.kit.models import Job
from nominations.actions import papers
from nominations.models import Ranking
from tests import cast

pytestmark = pytest.mark.django_db
GONE = "找不到此文件"


def lost(job: Job) -> None:
    """The job is done and its file is not there any more."""
    job.attach("文件.bin", b"%PDF-1.7")
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    job.result.storage.delete(job.result.name)


@pytest.fixture
def applicant_at_desk(season, applicant):
    with time_machine.travel(cast.DURING_CALL, tick=False):
        client = Client()
        client.force_login(applicant)
        yield client


def test_R3_a_lost_workbook_is_told_in_words(applicant_at_desk, draft):
    lost(papers.request_workbook(draft, cast.acting(cast.cast("applicant"))))
    answer = applicant_at_desk.get(f"/nominations/{draft.number}/data.xlsx")
    assert (answer.status_code, GONE in answer.content.decode()) == (409, True)


def test_R3_a_lost_blank_form_is_told_in_words(applicant_at_desk):
    ranking = Ranking.objects.get(key="open_source")
    lost(papers.blank_of(ranking))
    answer = applicant_at_desk.get("/rankings/open_source/blank.pdf")
    assert (answer.status_code, GONE in answer.content.decode()) == (409, True)
