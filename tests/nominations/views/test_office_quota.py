"""名额与渠道改动, as two people of the secretariat meet it in a browser (S7)."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nominations.actions.quota_changes import change_limit, decide_change
from nominations.models import QuotaChange, RecommendingUnit, Track
from tests import cast, quota_panel

pytestmark = pytest.mark.django_db
PAGE = "/office/units/quota/"
WHY = "本年度申报数量增加"


def signed_in(key="office_a") -> Client:
    client = Client()
    client.force_login(cast.cast(key))
    return client


@pytest.fixture
def office(season):
    with time_machine.travel(cast.DURING_CALL, tick=False):
        yield signed_in()


def text(response) -> str:
    return response.content.decode()


def test_a_limit_is_proposed_by_one_and_approved_by_another(office, unit, track):
    assert "暂无改动" in text(office.get(PAGE))
    made = office.post(PAGE, {"track": track.pk, "limit": "4", "reason": WHY})
    row = QuotaChange.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"{PAGE}{row.pk}/")
    page = text(office.get(made["Location"]))
    assert "每个推荐渠道3个" in page and "每个推荐渠道4个" in page and "批准改动" not in page
    assert office.post(made["Location"], {"decision": "approve"}).status_code == 409
    second = signed_in("office_b")
    assert "名额或渠道改动待批准" in text(second.get("/office/"))
    assert "批准改动" in text(second.get(made["Location"]))
    assert second.post(made["Location"], {"decision": "approve"}).status_code == 302
    assert "已批准" in text(office.get(PAGE))
    assert Track.objects.get(pk=track.pk).quota == 4


def test_channels_and_a_new_unit_are_proposed_on_the_units_pages(office, unit):
    page = f"/office/units/{unit.pk}/"
    made = office.post(page, {"channels": ["society", "other"], "reason": "同属两个渠道"})
    assert made["Location"] == f"{PAGE}{QuotaChange.objects.get().pk}/"
    assert f'href="{made["Location"]}">有一项改动待批准' in text(office.get(page))
    assert "全国学会、协会、研究会；其他有关单位" in text(office.get(made["Location"]))
    again = office.post(page, {"channels": ["other"], "reason": "换渠道"})
    assert again.status_code == 409 and "先办理那一项改动" in text(again)
    given = {"name": "中国光学工程学会", "province": "", "channels": ["society"], "reason": "新增"}
    made = office.post("/office/units/new/", given)
    assert "<dd>无</dd>" in text(office.get(made["Location"]))
    assert RecommendingUnit.objects.count() == 1
    signed_in("office_b").post(made["Location"], {"decision": "approve"})
    assert RecommendingUnit.objects.count() == 2


def test_before_the_call_one_person_is_enough(season, unit, track):
    with time_machine.travel(cast.BEFORE_CALL, tick=False):
        office = signed_in()
        done = office.post(PAGE, {"track": track.pk, "limit": "5", "reason": WHY}, follow=True)
        assert "先导技术榜（电子信息）的名额为每个推荐渠道5个" in text(done)
        office.post(f"/office/units/{unit.pk}/", {"channels": ["other"], "reason": WHY})
    assert list(unit.channels.values_list("key", flat=True)) == ["other"]
    assert not QuotaChange.objects.exists()


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"track": ""}, 422, "选择榜单、领域"),
        ({"limit": ""}, 422, "填写每个推荐渠道的名额"),
        ({"limit": "三"}, 422, "名额填0—99的整数"),
        ({"limit": "100"}, 422, "名额填0—99的整数"),
        ({"reason": ""}, 422, "填写改动原因"),
        ({"limit": "0"}, 409, "有1个名额已被使用，不能减少：中国电子学会"),
    ],
)
def test_what_lacks_is_told_in_words_and_what_was_typed_stays(
    office, recommended, track, changed, status, words
):
    page = office.post(PAGE, {"track": track.pk, "limit": "4", "reason": WHY} | changed)
    assert page.status_code == status
    assert words in text(page)
    assert changed.get("reason", WHY) in text(page)
    assert not QuotaChange.objects.exists()


def test_a_second_person_who_cannot_approve_any_more_is_told_why(office, unit, track):
    change = change_limit(track, 0, WHY, cast.office(), cast.DURING_CALL)
    nomination = cast.recommended()
    page = signed_in("office_b").post(f"{PAGE}{change.pk}/", {"decision": "approve"})
    assert page.status_code == 409
    assert nomination.number in text(page) and "先由推荐单位撤回这些推荐" in text(page)


def test_the_list_has_a_fixed_number_of_queries(office, unit, track):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert office.get(PAGE).status_code == 200
        return len(caught)

    def changed(limit):
        change = change_limit(track, limit, WHY, cast.office(), cast.DURING_CALL)
        decide_change(change, False, cast.office("office_b"), cast.DURING_CALL)

    changed(4)
    few = queries()
    for limit in range(5, 34):
        changed(limit)
    assert queries() == few


def test_a_units_page_tells_who_holds_each_place(office, recommended):
    page = text(office.get(f"/office/units/{recommended.unit_id}/"))
    link = f'<a href="/office/nominations/{recommended.number}/">{recommended.number}</a>'
    assert f"<li>全国学会、协会、研究会1：{link}，{recommended.title}，" in page
    assert page.count("空余</li>") == 28
    assert quota_panel.figures(page)["先导技术榜，电子信息"] == (1, 3, 2, "")
