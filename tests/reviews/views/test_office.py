"""The secretariat from the dashboard to the published list, as two people in two browsers."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kczg.kit.models import Event
from kczg.kit.record import SYSTEM, record
from nominations.models import Nomination
from reviews.events import WORDS as REVIEW_WORDS
from reviews.models import FinalMark, PublicNotice, PublishedList, ReviewPlan
from reviews.views.office import ALL_WORDS
from tests import cast
from tests.cast import DURING_CALL, IN_FINAL, IN_PRELIMINARY, IN_PUBLICATION
from tests.reviews.many import copies

pytestmark = pytest.mark.django_db

FINAL = "/office/final/2022/pioneer_technology/"
NOTICE = "/office/notices/2022/pioneer_technology/"
LIST = "/office/publish/2022/pioneer_technology/"


def browser(key: str = "office_a") -> Client:
    client = Client(REMOTE_ADDR=cast.ADDRESS)
    client.force_login(cast.cast(key))
    return client


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def at():
    """Moves the clock for the rest of a test."""
    travels = []

    def go(moment):
        for travel in travels:
            travel.stop()
        travels[:] = [time_machine.travel(moment, tick=False)]
        travels[0].start()

    yield go
    for travel in travels:
        travel.stop()


PAGES = [
    "/office/",
    "/office/final/",
    "/office/notices/",
    "/office/publish/",
    "/office/audit/",
    FINAL,
    NOTICE,
    LIST,
]


@pytest.mark.parametrize("address", PAGES)
def test_only_the_secretariat_enters(address, season, applicant, at):
    at(IN_FINAL)
    assert browser().get(address).status_code == 200
    stranger = Client()
    assert stranger.get(address).status_code == 302
    stranger.force_login(applicant)
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/office/", "/office/audit/", "/office/final/", "/office/notices/"])
@pytest.mark.parametrize(
    "query",
    ["year=x", "page=-1", "page=9e9", "name=%00", "person=%00", "first=2022-99-01", "first=9999-12-31", "last=0000-00-00", "job=%F0"],
)  # fmt: skip
def test_a_malformed_address_is_answered(season, address, query, at):
    at(IN_FINAL)
    assert browser().get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/office/final/1999/pioneer_technology/",
        "/office/final/99999999999999999999/x/",
        "/office/plans/99999999999999999999/",
        "/office/notices/2022/nothing/",
    ],
)
def test_what_is_not_there_is_404(season, address, at):
    at(IN_FINAL)
    assert browser().get(address).status_code == 404


def test_the_dashboard_counts_and_links_to_the_lists(season, at):
    at(DURING_CALL)
    cast.recommended()
    cast.draft(title="未完成的技术")
    page = text(browser().get("/office/"))
    for link in (
        "/office/nominations/?year=2022&amp;status=recommended",
        "/office/nominations/?year=2022&amp;ranking=pioneer_technology&amp;track=information&amp;status=draft",
        "/office/nominations/?year=2022&amp;channel=society",
        "/office/nominations/?year=2022&amp;province=none&amp;submitted=1",
        "/office/nominations/?year=2022&amp;day=2022-10-20",
    ):
        assert link in page
        assert browser().get(link.replace("&amp;", "&")).context["page_obj"].paginator.count == 1
    assert "暂无待办" in page and "还剩11天" in page


def test_the_dashboard_asks_the_same_number_of_queries_for_30_rows(season, at):
    at(IN_PRELIMINARY)
    first, client = cast.recommended(), browser()

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/office/")
        return len(caught)

    one = count()
    copies(first, 29)
    assert count() == one
    assert client.get("/office/").context["tallies"].total == 30


def test_a_plan_is_recorded_or_sent_back_with_a_reason(season, at):
    at(IN_PRELIMINARY)
    plan, client = cast.filed_plan(), browser()
    address = f"/office/plans/{plan.pk}/"
    assert f'<a href="{address}">方案待备案：先导技术榜（电子信息）</a>' in text(client.get("/office/"))
    assert "技术先进性" in text(client.get(address))
    refused = client.post(address, {"decision": "send_back", "note": ""})
    assert refused.status_code == 422 and "填写退回原因" in text(refused)
    assert client.post(address, {"decision": "record", "note": "x\0"}).status_code == 422
    assert client.post(address, {"decision": "send_back", "note": "补充专家构成"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.office_note) == (ReviewPlan.State.SENT_BACK, "补充专家构成")
    again = client.post(address, {"decision": "record", "note": ""})
    assert again.status_code == 409 and "此方案已处理" in text(again)
    second = cast.filed_plan()
    assert client.post(f"/office/plans/{second.pk}/", {"decision": "record"}).status_code == 302
    second.refresh_from_db()
    assert second.state == ReviewPlan.State.RECORDED
    assert "此方案已处理" not in text(client.get(f"/office/plans/{second.pk}/"))


def test_a_notice_waits_for_the_tracks_that_are_still_reviewed(season, at):
    nomination = cast.recommended(track="biomedicine", title="长效微球制剂")
    first = cast.shortlisted()
    at(IN_FINAL)
    client = browser()
    client.post(FINAL, {"mark": "proposed", "chosen": [first.pk]})
    page = text(client.get("/office/"))
    assert "公示待发布" not in page
    assert "生物医药尚未报送初评结果" in text(client.get(NOTICE))
    Nomination.objects.filter(pk=nomination.pk).update(state="rejected")
    assert "公示待发布：先导技术榜" in text(client.get("/office/"))


def test_marks_in_bulk_answer_row_by_row(season, at):
    at(IN_FINAL)
    client = browser()
    good, also = cast.accepted(), cast.accepted(title="高可靠工业总线控制器")
    cast.assign_all()
    cast.score_all()
    cast.close_and_submit()
    page = text(client.get(FINAL))
    assert "初评通过2，拟入榜0，计划10，未标记2" in page and "吴志远" in page
    empty = client.post(FINAL, {"mark": "proposed"})
    assert empty.status_code == 422 and "先勾选申报再标记" in text(empty)
    assert client.post(FINAL, {"mark": "nonsense", "chosen": [good.pk]}).status_code == 422
    assert client.post(FINAL, {"mark": "proposed", "chosen": ["x", "9" * 30]}).status_code == 422
    assert (
        client.post(FINAL, {"mark": "proposed", "chosen": [good.pk], "note": "长" * 501}).status_code == 422
    )
    assert client.post(FINAL, {"mark": "proposed", "chosen": [good.pk], "note": "a\0"}).status_code == 422
    assert not FinalMark.objects.exists()
    Nomination.objects.filter(pk=also.pk).update(state="published")
    done = client.post(FINAL, {"mark": "proposed", "chosen": [good.pk, also.pk], "note": "同意"}, follow=True)
    assert f"已标记拟入榜1项：{good.number}" in text(done)
    assert f"{also.number}：只有初评通过的申报可以标记" in text(done)
    assert list(FinalMark.objects.values_list("nomination", "proposed", "note")) == [(good.pk, True, "同意")]


def test_the_season_goes_from_marks_to_the_published_list(season, at):
    nomination = cast.shortlisted()
    at(IN_FINAL)
    first, public = browser("office_a"), Client()
    assert "1项初评通过的申报待标记：先导技术榜" in text(first.get("/office/"))
    assert "还有1项初评通过的申报未标记" in text(first.get(NOTICE))
    first.post(FINAL, {"mark": "proposed", "chosen": [nomination.pk]})
    assert "公示待发布：先导技术榜" in text(first.get("/office/"))

    draft = first.get(NOTICE).context["form"].initial
    assert "公示期至2022年12月19日24时" in draft["text"]
    short = first.post(NOTICE, draft | {"days": "4"})
    assert short.status_code == 422 and "公示期至少5个工作日，现为4个" in text(short)
    assert first.post(NOTICE, draft | {"days": "五"}).status_code == 422
    longer = first.post(NOTICE, draft | {"days": "6"})
    assert "公示期至2022年12月20日24时" in text(longer) and "2022年12月19日24时" not in text(longer)
    preview = first.post(NOTICE, draft)
    assert nomination.title in text(preview) and not PublicNotice.objects.exists()
    assert nomination.title not in text(public.get("/notices/"))
    assert first.post(NOTICE, draft | {"issue": "1"}).status_code == 302
    notice = PublicNotice.objects.get()
    assert (notice.opens, notice.closes) == (IN_FINAL, datetime(2022, 12, 19, 16, tzinfo=UTC))
    assert nomination.title in text(public.get(f"/notices/{notice.pk}/"))
    assert "公示已发布，标记不能修改" in text(
        first.post(FINAL, {"mark": "left_out", "chosen": [nomination.pk]}, follow=True)
    )

    early = first.post(LIST, {"prepare": "1"})
    print(text(early)[2500:])
    assert early.status_code == 409 and "发布推介尚未开始" in text(early)
    at(IN_PUBLICATION)
    first, second = browser("office_a"), browser("office_b")
    assert "公示已结束，名单待准备：先导技术榜" in text(first.get("/office/"))
    assert first.post(LIST, {"prepare": "1"}).status_code == 302
    assert "名单待第二人复核发布：先导技术榜" in text(second.get("/office/"))
    assert "不能由准备名单的人发布" in text(first.get(LIST))
    own = first.post(LIST, {"typed": "2022先导技术榜"})
    assert own.status_code == 409
    assert nomination.title not in text(public.get("/lists/2022/pioneer_technology/"))
    wrong = second.post(LIST, {"typed": "2022"})
    assert wrong.status_code == 422 and "输入“2022先导技术榜”以确认发布" in text(wrong)
    assert second.post(LIST, {"typed": ""}).status_code == 422
    assert second.post(LIST, {"typed": "2022先导技术榜"}).status_code == 302
    assert PublishedList.objects.get().published_by == cast.cast("office_b")
    assert nomination.title in text(public.get("/lists/2022/pioneer_technology/"))
    assert "由孙悦发布" in text(first.get(LIST))
    assert "暂无待办" in text(first.get("/office/"))


def test_a_list_without_notice_is_not_prepared(season, at):
    at(IN_PUBLICATION)
    answer = browser().post(LIST, {})
    assert answer.status_code == 409 and "公示后才能发布名单" in text(answer)


# --- The record --------------------------------------------------------------------------------------------


def test_every_event_has_a_word(published):
    recorded = set(Event.objects.values_list("name", flat=True))
    assert recorded - set(ALL_WORDS) == set()
    assert REVIEW_WORDS.keys() <= ALL_WORDS.keys()


def test_the_record_is_filtered_by_what_who_and_when(published, at):
    at(IN_PUBLICATION)
    client = browser()

    def names(query: str) -> set[str]:
        return {event.name for event in client.get(f"/office/audit/?{query}").context["rows"]}

    assert names("name=marked") == {"marked"}
    assert names("person=孙悦&first=2023-01-10&last=2023-01-10") == {"list_published", "listed", "published"}
    assert names("last=2022-08-31") == set()
    page = text(client.get("/office/audit/?name=recommended"))
    assert "王敏（中国电子学会）" in page and published.number in page and cast.ADDRESS in page


def test_the_record_asks_the_same_number_of_queries_for_30_rows_and_50_are_a_page(season, at):
    at(DURING_CALL)
    client = browser()
    Event.objects.count()
    first = cast.draft()

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/office/audit/")
        return len(caught)

    one = count()
    for _n in range(60):
        record("submitted", first, SYSTEM, DURING_CALL)
    assert count() == one
    assert len(client.get("/office/audit/").context["rows"]) == 50
