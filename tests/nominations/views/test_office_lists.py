"""The secretariat's lists on their pages: dry run, confirmation, checks, whole or not; the picker that finds places."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nominations.models import PILOT_PLACES, Honouree, ListImport, ListState, PilotPlace
from tests import cast

pytestmark = pytest.mark.django_db
GOOD = "ranking,name,source\n新锐企业榜,云脉传感,公布名单\n"


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def office(season):
    with time_machine.travel(cast.DURING_CALL, tick=False):
        client = Client(REMOTE_ADDR=cast.ADDRESS)
        client.force_login(cast.cast("office_a"))
        yield client


def send(client, text: str, address: str = "/office/exclusions/"):
    return client.post(address, {"upload": "1", "file": SimpleUploadedFile("名单.csv", text.encode())})


def test_a_file_is_judged_then_shown_then_written_once(office):
    bad = send(office, GOOD + "金牌榜,甲,名单\n")
    assert bad.status_code == 422
    assert "没有导入，文件有1处需修改" in words(bad) and "没有通知所列的榜单“金牌榜”" in words(bad)
    assert ListImport.objects.count() == 0
    sent = send(office, GOOD)
    assert sent.status_code == 302
    page = words(office.get(sent.url))
    assert "还没有写入" in page and "云脉传感" in page
    assert Honouree.objects.count() == 0
    for _ in range(2):
        assert office.post(sent.url).status_code == 302
    assert Honouree.objects.get().source == "公布名单"
    assert "导入" in words(office.get(sent.url))
    listed = words(office.get("/office/exclusions/"))
    assert "云脉传感" in listed and "待核对" in listed and "名单不完整" in listed
    assert send(office, "").status_code == 422
    assert office.post("/office/exclusions/", {"upload": "1"}).status_code == 422


def test_lines_are_checked_removed_and_a_list_is_called_whole_with_a_reason(office, season):
    place = PilotPlace.objects.create(season=season, name="苏州市", source="名单")
    here = "/office/pilot-places/"
    assert office.post(here, {"check": "1", "line": str(place.pk)}).status_code == 302
    place.refresh_from_db()
    assert place.checked_by == "赵磊"
    assert office.post(here, {"check": "1", "line": ["x", "9" * 40]}).status_code == 302
    refused = office.post(here, {"remove": "1", "line": str(place.pk), "reason": ""})
    assert refused.status_code == 422 and "填写改动原因" in words(refused)
    assert office.post(here, {"key": PILOT_PLACES, "whole": "1", "reason": ""}).status_code == 422
    assert office.post(here, {"key": PILOT_PLACES, "whole": "1", "reason": "已收到65个"}).status_code == 302
    assert ListState.objects.get().complete
    assert "名单完整" in words(office.get(here))
    assert office.post(here, {"remove": "1", "line": str(place.pk), "reason": "误列"}).status_code == 302
    assert PilotPlace.objects.count() == 0
    assert "移除名单中的行" in words(office.get("/office/audit/"))


@pytest.mark.parametrize(
    "query", ["page=abc", "q=%00", "list=%E4", "unchecked=2", "year=x", "page=99999999999999999999"]
)
@pytest.mark.parametrize("address", ["/office/exclusions/", "/office/pilot-places/"])
def test_a_malformed_address_is_answered(office, address, query):
    assert office.get(f"{address}?{query}").status_code == 200


def test_the_lists_filter_and_ask_the_same_number_of_queries(office, season):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert office.get("/office/exclusions/").status_code == 200
        return len(caught)

    Honouree.objects.create(
        season=season, ranking_name="新锐企业榜", name="企业", source="名单", checked_by="赵磊"
    )
    one = queries()
    for n in range(29):
        Honouree.objects.create(season=season, ranking_name="先导技术榜", name=f"技术{n}", source="名单")
    assert queries() == one

    def names(query: str) -> int:
        return len(office.get(f"/office/exclusions/?{query}").context["page_obj"].object_list)

    assert (names(""), names("q=技术1"), names("list=新锐企业榜"), names("unchecked=1")) == (30, 11, 1, 29)


def test_another_years_import_is_found_by_its_number_alone(office):
    assert office.get("/office/list-imports/999999/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("苏州", ["苏州市", "苏州工业园区"]),
        ("szgy", ["苏州工业园区"]),
        ("园区", ["苏州工业园区"]),
        ("", []),
        ("无", []),
    ],
)
def test_a_place_is_found_by_name_and_pinyin_initials(client, season, typed, found):
    for name in ("苏州市", "苏州工业园区", "青岛市"):
        PilotPlace.objects.create(season=season, name=name, source="名单")
    client.force_login(cast.cast("applicant"))
    answer = client.get("/catalogues/pilot_places/", {"q": typed})
    assert [entry["name"] for entry in answer.json()] == found


def test_the_form_asks_the_list_for_suggestions(client, season):
    nomination = cast.draft()
    client.force_login(cast.cast("applicant"))
    section = next(
        s.key for s in nomination.ranking.form.sections if any(q.kind == "pilot_city" for q in s.questions)
    )
    with time_machine.travel(cast.DURING_CALL, tick=False):
        page = words(client.get(f"/nominations/{nomination.number}/{section}/"))
    assert 'data-search-url="/catalogues/pilot_places/"' in page
