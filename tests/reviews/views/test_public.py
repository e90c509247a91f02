"""What the public reads, and that nothing of a list is read before it is published (P5)."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kczg.kit import outbox
from kczg.kit.models import Job
from nominations.models import Season
from reviews.actions import publication
from reviews.models import PublicNotice, PublishedList
from tests import cast
from tests.cast import BEFORE_CALL, DURING_CALL, IN_FINAL, IN_PUBLICATION

pytestmark = pytest.mark.django_db

LIST = "/lists/2022/pioneer_technology/"
TITLE = "低噪声微机电传感芯片"


def text(address: str, status: int = 200) -> str:
    response = Client().get(address)
    assert response.status_code == status
    return response.content.decode()


def everything_public() -> str:
    """All that anybody may open, in one string."""
    addresses = ["/", "/notices/", "/lists/", LIST, "/sitemap/", "/help/", "/verify/"]
    return "".join(text(address) for address in addresses)


@pytest.mark.parametrize("address", ["/", "/notices/", "/lists/", "/verify/"])
def test_pages_stand_without_a_season(db, address):
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (BEFORE_CALL, "2022年征集尚未开始，开始时间2022年9月5日"),
        (DURING_CALL, "2022年征集进行中，截止时间：2022年10月31日24时（北京时间），还剩11天"),
        (IN_FINAL, "2022年终评评审进行中，至2022年12月31日24时"),
        (IN_PUBLICATION, "2022年发布推介进行中"),
    ],
)
def test_the_home_page_tells_the_season_and_its_rankings(season, moment, words):
    with time_machine.travel(moment, tick=False):
        page = text("/")
    assert words in page
    for part in ("先导技术榜", "开源创新榜", "直接报评审机构，无需推荐单位", "我要申报", "010-56057633"):
        assert part in page


def test_nothing_is_public_before_its_time(season):
    nomination = cast.shortlisted()
    with time_machine.travel(IN_FINAL, tick=False):
        assert TITLE not in everything_public()
        cast.issue_notice([nomination])
        notice = PublicNotice.objects.get()
        assert TITLE in text(f"/notices/{notice.pk}/")
        assert TITLE not in text(LIST)
        assert "名单将于2023年1月发布" in text(LIST) and "名单将于2023年1月发布" in text("/lists/")
    with time_machine.travel(IN_PUBLICATION, tick=False):
        prepared = publication.prepare_list(cast.ranking(), cast.office(), IN_PUBLICATION)
        assert TITLE not in everything_public()
        assert "名单尚未发布" in text(LIST)
        text(f"/verify/{prepared.check_code}/", 404)
        for suffix in ("xlsx", "pdf"):
            text(f"{LIST}list.{suffix}", 404)
        words = publication.words_to_type(cast.ranking())
        publication.publish_list(prepared, words, cast.office("office_b"), IN_PUBLICATION)
        assert TITLE in text(LIST)
        assert "有效，是现行的名单" in text(f"/verify/{prepared.check_code}/")


def test_a_notice_shows_its_period_and_how_to_object_and_ends(season):
    nomination = cast.noticed()
    notice = PublicNotice.objects.get()
    last, over = datetime(2022, 12, 19, 15, 59, 59, 999999, UTC), datetime(2022, 12, 19, 16, tzinfo=UTC)
    with time_machine.travel(last, tick=False):
        page = text(f"/notices/{notice.pk}/")
        assert "2022-12-12 10:00—2022年12月19日24时" in page and "以真实姓名或加盖公章" in page
        assert "同一领域内按名称排序" in page and "公示已结束" not in page
        assert "公示中" in text("/notices/") and "公示中" in text("/")
    with time_machine.travel(over, tick=False):
        page = text(f"/notices/{notice.pk}/")
        assert "公示已结束" in page and "入榜名单尚未发布" in page
    cast.publish()
    with time_machine.travel(IN_PUBLICATION, tick=False):
        assert f'href="{LIST}"' in text(f"/notices/{notice.pk}/")
    text("/notices/999999/", 404)
    text("/notices/99999999999999999999/", 404)
    assert nomination.number not in text(f"/notices/{notice.pk}/")


def test_a_list_is_searched_filtered_and_shows_the_listed_columns_alone(published):
    assert TITLE in text(f"{LIST}?q=云脉")
    assert TITLE in text(f"{LIST}?track=电子信息")
    assert "没有找到" in text(f"{LIST}?q=没有这项")
    page = text(f"{LIST}?track=%00&q=%00&page=x")
    assert "没有找到" in page
    whole = text(LIST)
    for hidden in ("李静", "lijing@example.org", "010-62550001", published.number, "88.5", "综合评议通过"):
        assert hidden not in whole
    text("/lists/2022/nothing/", 404)
    text("/lists/99999999999999999999/pioneer_technology/", 404)


def test_a_published_file_is_given_to_everybody_with_its_name(published):
    text(f"{LIST}list.xlsx", 404)
    assert "下载XLSX" not in text(LIST)
    row = PublishedList.objects.get()
    outbox.run(Job.objects.get(key=f"list_xlsx:{row.pk}").pk)
    assert "下载XLSX" in text(LIST)
    response = Client().get(f"{LIST}list.xlsx")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=300"
    assert quote("2022年科创中国先导技术榜入榜名单.xlsx") in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content)[:2] == b"PK"


def test_invented_entries_are_marked_as_such(published):
    assert "条目均为虚构" not in everything_public()
    Season.objects.update(is_demo=True)
    notice = PublicNotice.objects.get()
    for address in (LIST, "/lists/", f"/notices/{notice.pk}/"):
        assert "演示数据，条目均为虚构" in text(address)


@pytest.mark.parametrize(
    "typed", ["", "7K3M", "0000-0000", "IIII-OOOO", "%00", "9" * 500, "7K3M-Q9TA", "😀😀😀😀😀😀😀😀"]
)
def test_a_code_that_is_not_there_says_what_to_check(season, typed):
    words = "未找到此核验码，检查0/O、1/I"
    response = Client().get("/verify/", {"code": typed}, follow=True)
    assert response.status_code == (404 if typed else 200)
    assert (words in response.content.decode()) is bool(typed)
    if typed and "%" not in typed:
        assert words in text(f"/verify/{quote(typed)}/", 404)


def test_a_version_is_verified_without_personal_content(submitted):
    version = submitted.versions.get()
    typed = version.check_code.lower().replace("-", " ")
    found = Client().get("/verify/", {"code": typed}, follow=True)
    assert found.redirect_chain == [(f"/verify/{version.check_code}/", 302)]
    page = found.content.decode()
    for shown in (
        "有效，是最新提交的版本",
        submitted.number,
        "第1版",
        "2022-10-20 10:00:00",
        "2022年先导技术榜申报表",
    ):
        assert shown in page
    for hidden in (TITLE, "李静", "北京云脉", "中国电子学会"):
        assert hidden not in page


def test_an_earlier_version_is_superseded_and_a_withdrawn_one_says_so(returned):
    first = returned.versions.get().check_code
    cast.resubmit(returned)
    assert "此版本已由第2版取代" in text(f"/verify/{first}/")
    withdrawn = cast.withdrawn(by=cast.cast("stranger"))
    assert "此申报已撤回" in text(f"/verify/{withdrawn.versions.get().check_code}/")


def counted(address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert Client().get(address).status_code == 200
    return len(caught)


def test_queries_do_not_grow_with_the_rows(published):
    row = PublishedList.objects.get()
    addresses = ["/", "/notices/", "/lists/", LIST, f"/notices/{PublicNotice.objects.get().pk}/"]
    before = {address: counted(address) for address in addresses}
    more = [{**row.entries[0], "seq": n, "name": f"第{n}项技术"} for n in range(1, 31)]
    PublishedList.objects.update(entries=more)
    PublicNotice.objects.update(entries=more)
    first = PublicNotice.objects.get()
    for ranking in row.ranking.season.rankings.exclude(pk=row.ranking_id):
        PublicNotice.objects.create(
            ranking=ranking, title=f"{ranking}公示", text="公示", entries=[], digest="", opens=first.opens,
            closes=first.closes, issued_by=first.issued_by,
        )  # fmt: skip
    assert {address: counted(address) for address in addresses} == before
    assert "第30项技术" in text(LIST)
