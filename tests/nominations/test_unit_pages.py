"""Pages of the recommending unit, as its person sees them."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kczg.kit.models import Event
from kczg.kit.record import events_of
from nominations.actions import applicant as applicant_actions
from nominations.models import Recommendation
from nominations.states import State
from nominations.urls import unit as addresses
from tests import cast, quota_panel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture(autouse=True)
def _in_the_call():
    with time_machine.travel(cast.DURING_CALL, tick=False):
        yield


@pytest.fixture
def page(client, unit, unit_person):
    client.force_login(unit_person)
    return client


def at(name, nomination=None):
    return reverse(f"nominations:{name}", args=[nomination.number] if nomination else [])


def test_the_desk_shows_numbers_the_quota_and_the_oldest_first(page):
    first = cast.submitted(title="甲技术", at=cast.later(cast.DURING_CALL, hours=-2))
    cast.submitted(title="乙技术", at=cast.later(cast.DURING_CALL, hours=-1))
    cast.recommended(title="丙技术", at=cast.later(cast.DURING_CALL, hours=-3))
    cast.recommended(title="丁技术", at=cast.later(cast.DURING_CALL, hours=-3))
    response = page.get("/unit/")
    html = response.content.decode()
    assert [figure["value"] for figure in response.context["figures"]] == [2, 2, 27, 11]
    assert html.index("甲技术") < html.index("乙技术")
    assert "丙技术" not in html[: html.index('id="quota"')]
    assert "截止时间：2022年10月31日24时（北京时间）" in html
    information = response.context["standings"][0]
    assert information.words == "已推荐2，名额3，剩余1"
    assert at("unit_nomination", first) in html


def test_a_unit_in_two_channels_reads_its_sum(client, other_unit_person, season):
    cast.unit_of_two_channels()
    client.force_login(other_unit_person)
    response = client.get("/unit/")
    assert response.context["standings"][0].limit == 6
    assert "（3＋3）" in response.content.decode()


def test_an_organisation_that_is_no_unit_this_season_is_told_so(client, other_unit_person, season):
    client.force_login(other_unit_person)
    for name in ("unit_desk", "unit_list", "unit_summary"):
        assert "本单位不是2022年度的推荐单位" in client.get(at(name)).content.decode()


def pages_of_a_unit(nomination, unit_import):
    """Every address of a unit that names nothing, one of its nominations or an import."""
    known = {"number": nomination.number, "pk": unit_import.pk, "key": "pioneer_technology"}
    for entry in addresses.urlpatterns:
        names = set(entry.pattern.converters)
        if names <= known.keys() and not {"pk", "number"} <= names:
            yield entry.name, reverse(f"nominations:{entry.name}", kwargs={n: known[n] for n in names})


def test_every_page_of_a_unit_shows_deadline_quota_and_who_holds_it(client, other_unit_person, season):
    unit = cast.unit_of_two_channels()
    held = cast.recommended(unit=unit, title="甲技术")
    waiting = cast.submitted(unit=unit, title="乙技术")
    client.force_login(other_unit_person)
    seen = set()
    for nomination in (waiting, held):
        for name, address in pages_of_a_unit(nomination, cast.unit_import(held)):
            page = client.get(address)
            if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
                html = page.content.decode()
                seen.add(name)
                shown = quota_panel.figures(html)
                assert len(shown) == 10, name
                assert shown["先导技术榜，电子信息"] == (1, 6, 5, "3＋3"), name
                assert shown["新锐企业榜"] == (0, 10, 10, "5＋5"), name
                line = f'<li>省、自治区、直辖市科协1：<a href="/unit/nominations/{held.number}/">{held.number}</a>，甲技术，'
                assert line + '<span class="nowrap">2022-10-20 10:00推荐</span></li>' in html, name
                assert html.count("1：空余</li>") == 19, name
                assert "截止时间：2022年10月31日24时" in html, name
    on_the_way = {"unit_return", "unit_decline", "unit_take_back", "unit_imports", "unit_import"}
    assert on_the_way | {"unit_desk", "unit_list", "unit_summary", "unit_nomination", "unit_history"} <= seen


def test_recommending_is_confirmed_and_leads_to_the_next_one(page):
    one = cast.submitted(title="甲技术")
    other = cast.submitted(title="乙技术", at=cast.later(cast.DURING_CALL, minutes=1))
    response = page.post(at("unit_recommend", one), {"opinion": cast.OPINION, "seen": 1})
    assert response.status_code == 200
    assert "确认推荐" in response.content.decode()
    assert cast.reread(one).state == State.SUBMITTED
    asked = {"opinion": cast.OPINION, "seen": 1, "confirmed": "1"}
    response = page.post(at("unit_recommend", one), asked, follow=True)
    assert response.redirect_chain == [(at("unit_nomination", other), 302)]
    assert "已推荐“甲技术”。电子信息领域：已推荐1，名额3，剩余2" in response.content.decode()
    assert cast.reread(one).state == State.RECOMMENDED


def test_recommending_twice_has_one_effect_and_the_same_answer(page, submitted):
    asked = {"opinion": cast.OPINION, "seen": 1, "confirmed": "1"}
    answers = [page.post(at("unit_recommend", submitted), asked) for _ in range(2)]
    assert [(a.status_code, a.url) for a in answers] == [(302, at("unit_desk"))] * 2
    assert Recommendation.objects.count() == 1
    assert events_of(submitted).filter(name="recommended").count() == 1


def test_the_fourth_is_refused_with_what_may_be_taken_back(page):
    standing = [cast.recommended(title=f"技术{n}") for n in "甲乙丙"]
    fourth = cast.submitted(title="丁技术")
    asked = {"opinion": cast.OPINION, "seen": 1, "confirmed": "1"}
    response = page.post(at("unit_recommend", fourth), asked)
    html = response.content.decode()
    assert response.status_code == 409
    assert "电子信息领域3个名额已用完。撤回1项已推荐的，再推荐此项" in html
    assert cast.OPINION in html
    assert all(at("unit_take_back", one) in html for one in standing)
    assert cast.reread(fourth).state == State.SUBMITTED


def test_a_new_version_meanwhile_is_shown_with_its_differences(page, submitted):
    notes = [{"section": "team", "reason": "核对电话"}]
    cast.unit_actions.return_for_changes(submitted, notes, cast.unit_actor(submitted), cast.DURING_CALL)
    fresh = cast.reread(submitted)
    who = cast.acting(cast.cast("applicant"))
    updates = {"phone": "010-62559999"}
    version = fresh.section_version("team")
    applicant_actions.save_draft(fresh, "team", updates, version, who, cast.DURING_CALL)
    cast.resubmit(cast.reread(fresh))
    asked = {"opinion": cast.OPINION, "seen": 1, "confirmed": "1"}
    response = page.post(at("unit_recommend", submitted), asked)
    html = response.content.decode()
    assert response.status_code == 409
    assert "申报人已提交新的版本，与第1版的不同已在申报表中标出" in html
    assert "010-62550001</del>" in html
    assert cast.OPINION in html
    assert 'name="seen" value="2"' in html


def test_an_empty_opinion_is_asked_for_beside_the_field(page, submitted):
    response = page.post(at("unit_recommend", submitted), {"opinion": " ", "seen": 1})
    assert response.status_code == 422
    assert "填写推荐意见" in response.content.decode()


def test_a_long_opinion_is_counted_not_cut(page, submitted):
    text = cast.chinese(540)
    response = page.post(at("unit_recommend", submitted), {"opinion": text, "seen": 1})
    html = response.content.decode()
    assert response.status_code == 422
    assert "推荐意见现有540字，需删减40字" in html
    assert text in html


def test_a_control_character_is_refused_in_chinese(page, submitted):
    response = page.post(at("unit_recommend", submitted), {"opinion": "同意\u202e推荐", "seen": 1})
    assert response.status_code == 422
    assert "控制字符" in response.content.decode()


def test_return_keeps_the_reasons_by_section(page, submitted):
    asked = {"common": ["1"], "section-introduction": "写明比较对象", "other": "电话打不通"}
    response = page.post(at("unit_return", submitted), asked, follow=True)
    assert "已退回“低噪声微机电传感芯片”，已通知申报人" in response.content.decode()
    assert cast.reread(submitted).returned_notes == [
        {"section": "", "field": "", "reason": "前后内容或数据不一致，核对后修改"},
        {"section": "", "field": "", "reason": "电话打不通"},
        {"section": "introduction", "field": "", "reason": "写明比较对象"},
    ]


def test_return_without_a_reason_says_who_reads_it(page, submitted):
    response = page.post(at("unit_return", submitted), {"other": " "})
    assert response.status_code == 422
    html = response.content.decode()
    assert html.count("填写退回原因，申报人将看到") == html.count('id="summary"') == 1
    assert cast.reread(submitted).state == State.SUBMITTED


@pytest.mark.parametrize("name", ["unit_decline", "unit_take_back"])
def test_decline_and_take_back_want_a_reason(page, name):
    nomination = cast.recommended() if name == "unit_take_back" else cast.submitted()
    response = page.post(at(name, nomination), {"reason": ""})
    assert response.status_code == 422
    assert "填写原因" in response.content.decode()


def test_decline_ends_it_and_a_replay_has_no_second_effect(page, submitted):
    answers = [page.post(at("unit_decline", submitted), {"reason": "成熟度不足"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert cast.reread(submitted).state == State.DECLINED
    assert events_of(submitted).filter(name="declined").count() == 1


def test_take_back_gives_the_place_back(page, recommended):
    response = page.post(at("unit_take_back", recommended), {"reason": "换报另一项"}, follow=True)
    assert "电子信息领域：已推荐0，名额3，剩余3" in response.content.decode()
    assert cast.reread(recommended).state == State.SUBMITTED


def test_recommending_several_tells_each_outcome(page):
    rows = [cast.submitted(title=f"技术{n}") for n in "甲乙丙丁"]
    numbers = [row.number for row in rows]
    confirm = page.get(at("unit_bulk"), {"no": numbers}).content.decode()
    assert "推荐下列4项" in confirm
    asked = {"no": [*numbers, "2022XD09999"], "opinion": cast.OPINION}
    asked |= {f"seen-{number}": 1 for number in numbers}
    response = page.post(at("unit_bulk"), asked)
    html = response.content.decode()
    assert "已推荐3项" in html
    assert "2项未推荐" in html
    assert "电子信息领域3个名额已用完" in html
    assert "2022XD09999：本单位没有此申报，返回申报列表，重新勾选" in html
    assert [cast.reread(row).state for row in rows] == [State.RECOMMENDED] * 3 + [State.SUBMITTED]
    # The opinion is at hand for the one that is left; and sent again, nothing happens twice.
    assert f'name="opinion" value="{cast.OPINION}"' in html
    assert [one.number for one in response.context["again"]] == [numbers[3]]
    response = page.post(at("unit_bulk"), asked)
    assert (len(response.context["done"]), len(response.context["left"])) == (3, 2)
    assert Recommendation.objects.count() == 3
    assert Event.objects.filter(name="recommended").count() == 3
    cast.unit_actions.take_back(rows[0], "换报另一项", cast.unit_actor(rows[0]), cast.DURING_CALL)
    again = {"no": numbers[3], f"seen-{numbers[3]}": 1, "opinion": cast.OPINION}
    assert "已推荐1项" in page.post(at("unit_bulk"), again).content.decode()


def test_recommending_several_keeps_what_was_typed_and_names_a_new_version(page):
    one, other = cast.submitted(title="甲技术"), cast.submitted(title="乙技术")
    cast.resubmit(cast.send_back(other, "team.phone"))
    seen = {"no": [one.number, other.number], f"seen-{one.number}": 1, f"seen-{other.number}": 1}
    for opinion, words in ((" ", "填写推荐意见"), (cast.chinese(540), "推荐意见现有540字，需删减40字")):
        response = page.post(at("unit_bulk"), {**seen, "opinion": opinion})
        html = response.content.decode()
        assert response.status_code == 422
        assert words in html and opinion.strip() in html and "推荐下列2项" in html
    assert not Recommendation.objects.exists()
    response = page.post(at("unit_bulk"), {**seen, "opinion": cast.OPINION})
    html = response.content.decode()
    assert "已推荐1项" in html and "1项未推荐" in html
    assert "申报人已提交新的版本" in html and "查看新版本后再推荐" in html
    assert response.context["again"] == []
    assert [cast.reread(row).state for row in (one, other)] == [State.RECOMMENDED, State.SUBMITTED]


def test_the_queue_is_by_the_submission_that_waits_and_marks_what_comes_again(page):
    mended = cast.send_back(cast.submitted(title="甲技术", at=cast.later(cast.DURING_CALL, hours=-3)), "team")
    cast.submitted(title="乙技术", at=cast.later(cast.DURING_CALL, hours=-2))
    cast.resubmit(mended, at=cast.later(cast.DURING_CALL, hours=-1))
    for name in ("unit_desk", "unit_list"):
        html = page.get(at(name)).content.decode()
        assert html.index("乙技术") < html.index("甲技术")
        assert html.count(">重新提交</span>") == 1
        assert html.index("甲技术") < html.index(">重新提交</span>")


def test_choosing_nothing_says_what_to_do(page, submitted):
    response = page.get(at("unit_bulk"), follow=True)
    assert "先勾选申报再批量推荐" in response.content.decode()


def test_filters_stand_in_the_address(page):
    cast.submitted(title="甲技术")
    cast.submitted(title="乙材料", track="materials")
    cast.recommended(title="丙技术")
    titles = lambda **asked: [  # noqa: E731
        shown.nomination.title for shown in page.get(at("unit_list"), asked).context["rows"]
    ]
    assert titles(state="recommended") == ["丙技术"]
    assert titles(where=cast.track("materials").pk) == ["乙材料"]
    assert titles(q="甲") == ["甲技术"]
    assert titles(sort="-title") == sorted(["甲技术", "乙材料", "丙技术"], reverse=True)
    assert len(titles(state="nonsense", where="x", sort="answers", q="\x00")) == 3
    assert "没有符合条件的申报" in page.get(at("unit_list"), {"q": "无"}).content.decode()


def test_a_result_reads_in_review_until_the_list_is_published(client, unit_person, season):
    nomination = cast.shortlisted()
    with time_machine.travel(cast.IN_FINAL, tick=False):
        client.force_login(unit_person)
        for asked, count in (("in_review", 1), ("not_shortlisted", 0), ("published", 0)):
            assert len(client.get(at("unit_list"), {"state": asked}).context["rows"]) == count
        html = client.get(at("unit_nomination", nomination)).content.decode()
    assert "初评中" in html
    assert "初评通过" not in html


def test_order_is_saved_moved_and_checked(page):
    rows = [
        cast.recommended(title=f"技术{n}", at=cast.later(cast.DURING_CALL, minutes=i))
        for i, n in enumerate("甲乙丙")
    ]
    keys = [Recommendation.objects.get(nomination=row).pk for row in rows]
    response = page.post(at("unit_summary"), {f"order-{keys[0]}": "2", f"order-{keys[1]}": "2"})
    assert response.status_code == 422
    assert "“技术甲”与“技术乙”的排序都是2" in response.content.decode()
    response = page.post(at("unit_summary"), {f"order-{keys[0]}": "x"})
    assert "排序填1—999的整数，现为x" in response.content.decode()
    asked = {f"order-{keys[0]}": "3", f"order-{keys[1]}": "1", f"order-{keys[2]}": "2"}
    assert "排序已保存" in page.post(at("unit_summary"), asked, follow=True).content.decode()
    page.post(at("unit_summary"), {"move": f"up-{keys[2]}"})
    orders = dict(Recommendation.objects.values_list("pk", "order"))
    assert orders == {keys[2]: 1, keys[1]: 2, keys[0]: 3}
    assert page.post(at("unit_summary"), {"move": "up-x"}).status_code == 302


def test_bulk_pages_ask_a_fixed_number_of_queries(page):
    def queries(rows):
        with CaptureQueriesContext(connection) as captured:
            page.get(at("unit_bulk"), {"no": [row.number for row in rows]})
        return len(captured)

    rows = [cast.submitted(title=f"技术{n}") for n in range(6)]
    queries(rows)
    assert queries(rows[:1]) == queries(rows)


def test_S3_anothers_and_a_missing_one_are_answered_alike(client, other_unit_person, submitted):
    cast.unit_of_two_channels()
    client.force_login(other_unit_person)
    answers = [client.get(f"/unit/nominations/{number}/") for number in (submitted.number, "2022XD99999")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_draft_that_now_names_another_unit_is_not_shown_to_it(client, other_unit_person, season):
    returned = cast.returned(parts=[""])
    other = cast.unit_of_two_channels()
    applicant_actions.choose_unit(returned, other, cast.acting(cast.cast("applicant")), cast.DURING_CALL)
    client.force_login(other_unit_person)
    assert client.get(at("unit_nomination", returned)).status_code == 404
