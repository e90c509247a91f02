"""单位信息: an applicant gives the credit code; a code on last year's list then stands in the way."""

import pytest
import time_machine
from django.test import Client

from accounts.models import Organisation
from kczg.kit.record import events_of
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/my/organisation/"
CODE = "91110000600037341L"
OURS = "北京云脉传感科技有限公司"


@pytest.fixture
def client(season, applicant):
    with time_machine.travel(cast.DURING_CALL, tick=False):
        client = Client()
        client.force_login(applicant)
        yield client


def test_it_is_kept_as_it_should_be_written_and_is_on_record(client):
    assert OURS in client.get(PAGE).content.decode()
    typed = {"credit_code": " ９１110000 600037341l ", "province": "110000"}
    assert client.post(PAGE, typed).headers["Location"] == "/my/"
    kept = Organisation.objects.get(name=OURS)
    assert (kept.credit_code, kept.province_code) == (CODE, "110000")
    assert events_of(kept).get(name="organisation_described").data["credit_code"] == CODE
    assert client.post(PAGE, {"credit_code": "", "province": ""}).status_code == 302
    kept.refresh_from_db()
    assert (kept.credit_code, kept.province_code) == (None, "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("9111000060003734", "统一社会信用代码应为18位，现有16位"),
        ("91110000600037341A", "统一社会信用代码校验位不符，对照营业执照检查（不含字母I、O、S、V、Z）"),
        ("x" * 61, "60"),
        ("9111\x000060003734", "统一社会信用代码"),
    ],
)
def test_a_wrong_code_is_told_in_words_and_stays_on_the_page(client, typed, words):
    page = client.post(PAGE, {"credit_code": typed, "province": ""})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Organisation.objects.get(name=OURS).credit_code is None


def test_two_organisations_may_give_one_code_and_neither_is_shut_out(client, stranger):
    client.post(PAGE, {"credit_code": CODE, "province": ""})
    other = Client()
    other.force_login(stranger)
    assert other.post(PAGE, {"credit_code": CODE, "province": ""}).status_code == 302
    assert Organisation.objects.filter(credit_code=CODE).count() == 2
