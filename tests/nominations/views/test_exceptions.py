"""延期与例外, as two people of the secretariat meet it in a browser."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nominations.models import Extension
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/office/exceptions/"
TYPED = {
    "scope": "season",
    "whose": "both",
    "until_day": "2022-11-01",
    "until_time": "",
    "reason": "征集末日系统故障两小时",
}


@pytest.fixture
def office(season):
    with time_machine.travel(cast.DURING_CALL, tick=False):
        client = Client()
        client.force_login(cast.cast("office_a"))
        yield client


def second() -> Client:
    client = Client()
    client.force_login(cast.cast("office_b"))
    return client


def text(response) -> str:
    return response.content.decode()


def test_one_proposes_another_approves_and_the_pages_say_so(office):
    assert "暂无延期" in text(office.get(PAGE))
    made = office.post(PAGE, TYPED)
    row = Extension.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"{PAGE}{row.pk}/")
    assert "由秘书处另一位同事批准后生效" in text(office.get(made["Location"]))
    refused = office.post(made["Location"], {"decision": "approve"})
    assert refused.status_code == 409
    assert "提出的人不能批准自己的" in text(refused)
    page = text(second().get(made["Location"]))
    assert "11月1日24时" in page and "批准延期" in page
    assert second().post(made["Location"], {"decision": "approve"}).status_code == 302
    assert "已批准" in text(office.get(PAGE))
    # Everybody's page has the new end at once.
    client = Client()
    client.force_login(cast.cast("applicant"))
    assert "2022年11月1日24时" in text(client.get(f"/nominations/{cast.draft().number}/"))


def test_a_refused_one_changes_nothing(office):
    office.post(PAGE, TYPED)
    row = Extension.objects.get()
    assert second().post(f"{PAGE}{row.pk}/", {"decision": "refuse"}).status_code == 302
    row.refresh_from_db()
    assert row.approved is False and "未批准" in text(office.get(PAGE))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"scope": ""}, "选择范围"),
        ({"scope": "ranking"}, "选择榜单"),
        ({"scope": "nomination"}, "填写申报编号，例如2022XD00017"),
        ({"scope": "nomination", "number": "2022XD99999"}, "本年度没有编号为2022XD99999的申报"),
        ({"scope": "begun"}, "填写时刻，在此以前建立的申报可以延期"),
        ({"until_day": "2022-10-01"}, "延至的时间已过，改为今天或以后的时间"),
        ({"until_day": "2022-10-30"}, "延至的时间应晚于现在的截止时间"),
        ({"until_day": ""}, "填写延至日期"),
        ({"until_time": "25:00"}, "延至时间写成18:00这样的时间"),
        ({"reason": ""}, "填写原因"),
    ],
)
def test_what_lacks_is_told_in_words_and_what_was_typed_stays(office, changed, words):
    page = office.post(PAGE, TYPED | changed)
    assert page.status_code == 422
    assert words in text(page)
    assert changed.get("reason", TYPED["reason"]) in text(page)
    assert not Extension.objects.exists()


def test_each_scope_is_kept_with_what_it_needs(office):
    draft = cast.draft()
    office.post(PAGE, TYPED | {"scope": "ranking", "ranking": "open_source", "number": draft.number})
    office.post(
        PAGE, TYPED | {"scope": "nomination", "ranking": "open_source", "number": draft.number.lower()}
    )
    office.post(PAGE, TYPED | {"scope": "begun", "begun_day": "2022-10-31", "begun_time": "23:30"})
    begun, one, ranking = Extension.objects.all()
    assert (ranking.ranking.key, ranking.nomination) == ("open_source", None)
    assert (one.ranking, one.nomination) == (None, draft)
    assert begun.begun_before.isoformat() == "2022-10-31T15:30:00+00:00"


def test_the_lists_have_a_fixed_number_of_queries(office):
    def queries(address):
        with CaptureQueriesContext(connection) as caught:
            assert office.get(address).status_code == 200
        return len(caught)

    cast.extension()
    few = queries(PAGE)
    for _turn in range(29):
        cast.extension()
    assert queries(PAGE) == few
    cast.unit(channels=("society", "consortium", "other"))
    cast.recommended()
    one = queries(f"/office/closings/{cast.closing().pk}/")
    for _turn in range(2):
        cast.recommended()
    from nominations.models import Closing, ClosingLine

    ClosingLine.objects.all().delete()
    Closing.objects.all().delete()
    assert queries(f"/office/closings/{cast.closing().pk}/") == one
