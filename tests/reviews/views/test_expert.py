"""The pages of the expert, as the expert meets them."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.roles import Role
from kczg.kit.models import Event
from nominations.states import State
from reviews.actions import conflicts, experts
from reviews.models import Assignment, BodyExpert, Recusal, Score
from tests import cast
from tests.reviews.many import copies, sheets

FULL = {"score-c1": "80", "score-c2": "75.5", "score-c3": "90", "comment": "路线清晰，验证充分。"}
JSON = {"headers": {"accept": "application/json"}}


def words(answer):
    return answer.content.decode()


@pytest.fixture
def sheet(in_review):
    """吴志远's sheet of the one nomination in review."""
    return Assignment.objects.get(expert=cast.expert("expert_a"), nomination=in_review)


@pytest.fixture
def desk(browser, sheet):
    """吴志远 at the keyboard."""
    return browser(sheet.expert.user)


def path(sheet):
    return f"/expert/{sheet.pk}/"


# --- Tasks and commitment ----------------------------------------------------------------------------------


def test_tasks_are_listed_with_their_state_and_due_date(desk, sheet):
    page = words(desk.get("/expert/"))
    for text in (
        "先导技术榜（电子信息）",
        "已评0/1项",
        "2022年11月30日24时",
        sheet.nomination.title,
        "未开始",
        "继续评审",
    ):
        assert text in page


def test_unfinished_ones_come_first(desk, sheet, track):
    other = cast.accepted(title="另一项技术")
    experts.assign(
        track,
        [(sheet.expert_id, other.pk), *[(a.expert_id, a.nomination_id) for a in Assignment.objects.all()]],
        cast.body_actor(),
        cast.IN_PRELIMINARY,
    )
    desk.post(path(sheet), {**FULL, "version": 1, "save_draft": "1"})
    page = words(desk.get("/expert/"))
    assert page.index("另一项技术") < page.index(sheet.nomination.title)
    assert "已评1/2项" in page


def test_the_commitment_comes_before_anything_else(desk, sheet):
    BodyExpert.objects.update(committed_at=None)
    page = words(desk.get("/expert/"))
    assert "有1个评审邀请待答复" in page
    assert path(sheet) not in page
    assert desk.get(path(sheet)).url == "/expert/"
    assert (
        desk.post(
            f"{path(sheet)}save/", {"changed": "score-c1", "score-c1": "80", "version": 1}, **JSON
        ).status_code
        == 409
    )
    where = f"/expert/invitations/{BodyExpert.objects.get(expert=sheet.expert).pk}/"
    for _n in range(2):
        answer = desk.post(where, {"consents": "on", "commits": "on"}, follow=True)
        assert "已接受邀请，并确认评审承诺" in words(answer)
    assert path(sheet) in words(desk.get("/expert/"))
    assert not Score.objects.exists()


def test_who_is_taken_in_nowhere_has_no_tasks(browser, season):
    person = cast.person("alone", "孤鸿", Role.EXPERT, "清江大学")
    assert "暂无评审任务" in words(browser(person).get("/expert/"))
    for page in ("/expert/conflicts/", "/expert/summary/", "/expert/summary/submit/"):
        assert browser(person).get(page).status_code == 404


# --- Scoring -----------------------------------------------------------------------------------------------


def test_the_form_is_beside_the_criteria(desk, sheet):
    page = words(desk.get(path(sheet)))
    for text in (
        "技术先进性（权重40%）",
        "与国内外同类技术相比的水平",
        "0—100分",
        "第1/1项",
        "技术成熟度",
        "TRL7",
        "不超过2000字",
    ):
        assert text in page


def test_the_form_is_the_frozen_version(desk, sheet):
    nomination = sheet.nomination
    nomination.answers = {**nomination.answers, "introduction_text": "之后写的"}
    nomination.save(update_fields=["answers"])
    assert "之后写的" not in words(desk.get(path(sheet)))


def test_a_complete_sheet_leads_on_and_is_totalled_by_the_server(desk, sheet):
    answer = desk.post(path(sheet), {**FULL, "version": 1, "next": "1"})
    assert answer.url.startswith("/expert/summary/")
    # 0.40 × 80 + 0.35 × 75.5 + 0.25 × 90
    assert '<output id="total">80.93</output>' in words(desk.get(path(sheet)))


def test_the_next_one_is_the_next_that_lacks_something(desk, sheet, track):
    rows = copies(sheet.nomination, 3)
    first, second, third = sheets(rows, [sheet.expert_id])
    Score.objects.filter(assignment__in=[second, third]).delete()
    answer = desk.post(path(sheet), {**FULL, "version": 1, "next": "1"})
    assert answer.url == path(second)
    assert desk.post(path(third), {"version": 1, "skip": "1"}).url == path(second)
    assert first.nomination.title in words(desk.get("/expert/summary/"))


def test_a_missing_score_is_named_and_the_rest_is_kept(desk, sheet):
    answer = desk.post(path(sheet), {**FULL, "score-c2": "", "comment": "", "version": 1, "next": "1"})
    page = words(answer)
    assert answer.status_code == 422
    assert page.count("产业带动性未打分") == 2
    assert "未填写评审意见" in page
    assert "技术先进性未打分" not in page
    assert {s.criterion for s in Score.objects.filter(assignment=sheet)} == {"c1", "c3"}


def test_a_score_out_of_range_says_the_range_and_keeps_all_else(desk, sheet):
    for button in ("next", "save_draft", "skip"):
        for typed in ("101", "-1", "八十", "88.55", "1e1", "NaN", "\x00", "9" * 400):
            version = Assignment.objects.get(pk=sheet.pk).edit_version
            answer = desk.post(path(sheet), {**FULL, "score-c2": typed, "version": version, button: "1"})
            assert answer.status_code == 422
            assert "产业带动性应在0—100之间" in words(answer) or typed == "\x00"
    assert Score.objects.filter(assignment=sheet).count() == 2
    sheet.refresh_from_db()
    assert sheet.comment == FULL["comment"]


def test_a_comment_too_long_stays_on_the_page(desk, sheet):
    answer = desk.post(path(sheet), {**FULL, "comment": "长" * 2003, "version": 1, "save_draft": "1"})
    assert answer.status_code == 422
    assert "评审意见现有2003字，需删减3字" in words(answer)
    assert Score.objects.filter(assignment=sheet).count() == 3


def test_two_windows_show_what_the_other_kept(desk, sheet):
    desk.post(path(sheet), {**FULL, "version": 1, "save_draft": "1"})
    answer = desk.post(path(sheet), {**FULL, "comment": "另一份意见", "version": 1, "save_draft": "1"})
    page = words(answer)
    assert answer.status_code == 409
    assert "路线清晰，验证充分。" in page
    assert "另一份意见" in page


def test_posting_the_same_twice_has_one_effect(desk, sheet):
    for _n in range(2):
        assert desk.post(path(sheet), {**FULL, "version": 1, "save_draft": "1"}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.edit_version == 2


def test_the_form_has_what_autosave_needs(desk, sheet):
    page = words(desk.get(path(sheet)))
    assert f'data-autosave-url="{path(sheet)}save/"' in page
    assert 'data-version="1"' in page
    for name in ("score-c1", "score-c2", "score-c3", "comment"):
        assert f'data-question="{name}"' in page


def test_autosave_keeps_what_changed_and_answers_the_total(desk, sheet):
    data = {**FULL, "version": 1, "changed": ["score-c1", "comment"]}
    answer = desk.post(f"{path(sheet)}save/", data, **JSON)
    assert answer.json() == {"version": 2, "saved_at": "10:00:00", "outputs": {"total": "—"}}
    assert Score.objects.filter(assignment=sheet).count() == 1
    answer = desk.post(
        f"{path(sheet)}save/", {**FULL, "version": 2, "changed": ["score-c2", "score-c3"]}, **JSON
    )
    assert answer.json()["outputs"] == {"total": "80.93"}


def test_autosave_on_an_old_version_brings_both_texts(desk, sheet):
    desk.post(f"{path(sheet)}save/", {"comment": "甲", "version": 1, "changed": "comment"}, **JSON)
    answer = desk.post(f"{path(sheet)}save/", {"comment": "乙", "version": 1, "changed": "comment"}, **JSON)
    assert answer.status_code == 409
    details = answer.json()["details"]
    assert (details["version"], details["by"], details["at"], details["theirs"]) == (
        2,
        "吴志远",
        "10:00",
        {"comment": "甲"},
    )


def test_malformed_saves_are_never_a_fault(desk, sheet):
    for data in (
        {},
        {"version": "x"},
        {"version": "-1", "changed": "comment", "comment": "甲"},
        {"changed": "score-c9", "score-c9": "1"},
        {"version": "１", "changed": "score-c1", "score-c1": "200"},
        {"version": 1, "changed": "comment", "comment": "甲\x00"},
    ):
        assert desk.post(f"{path(sheet)}save/", data, **JSON).status_code < 500
        assert desk.post(path(sheet), data).status_code < 500


def test_a_session_that_ended_is_told_in_json(client, sheet):
    assert client.post(f"{path(sheet)}save/", {}, **JSON).status_code == 401


# --- What is not the expert's ------------------------------------------------------------------------------


def test_another_experts_sheet_and_none_are_the_same_404(browser, desk, sheet):
    other = Assignment.objects.get(expert=cast.expert("expert_b"), nomination=sheet.nomination)
    for pk in (other.pk, 999_999_999, 10**30):
        for answer in (
            desk.get(f"/expert/{pk}/"),
            desk.post(f"/expert/{pk}/", {**FULL, "version": 1}),
            desk.post(f"/expert/{pk}/save/", {**FULL, "version": 1, "changed": "comment"}, **JSON),
        ):
            assert answer.status_code == 404


def test_no_other_roles_have_these_pages(browser, sheet, body_person, office_a, applicant):
    for person in (body_person, office_a, applicant):
        for page in ("/expert/", "/expert/conflicts/", "/expert/summary/", path(sheet)):
            assert browser(person).get(page).status_code == 404


def test_nobody_sees_anothers_scores_ever(browser, desk, sheet):
    cast.score_all(marks={sheet.nomination.number: "83.7"})
    mine = {"66.1"}
    Score.objects.filter(assignment=sheet).update(value="66.1")
    for page in ("/expert/", "/expert/summary/", path(sheet), "/expert/conflicts/"):
        text = words(desk.get(page))
        assert "83.7" not in text
    assert any(value in words(desk.get("/expert/summary/")) for value in mine)


def test_a_lifted_task_is_gone(desk, sheet, track):
    other = cast.expert("expert_b")
    experts.assign(track, [(other.pk, sheet.nomination_id)], cast.body_actor(), cast.IN_PRELIMINARY)
    assert desk.get(path(sheet)).status_code == 404
    assert sheet.nomination.title not in words(desk.get("/expert/"))
    assert sheet.nomination.title not in words(desk.get("/expert/summary/"))


def test_a_lost_role_is_lost_at_the_next_request(desk, sheet):
    Membership.objects.filter(user=sheet.expert.user, role=Role.EXPERT).update(is_active=False)
    assert desk.get(path(sheet)).status_code == 404


# --- Conflicts ---------------------------------------------------------------------------------------------


def test_a_declared_conflict_leaves_every_list(desk, sheet):
    page = words(desk.get("/expert/conflicts/"))
    assert sheet.nomination.title in page
    assert "北京云脉传感科技有限公司" in page
    assert "中国电子学会" not in page
    data = {"recuse": sheet.nomination_id, f"reason-{sheet.nomination_id}": "曾为同事"}
    assert "已回避1项" in words(desk.post("/expert/conflicts/", data, follow=True))
    assert desk.get(path(sheet)).status_code == 404
    for where in ("/expert/", "/expert/summary/"):
        assert sheet.nomination.title not in words(desk.get(where))
    assert 'name="recuse"' not in words(desk.get("/expert/conflicts/"))


def test_a_tick_without_a_reason_keeps_the_page_as_it_was(desk, sheet):
    second = copies(sheet.nomination, 1)[0]
    data = {"recuse": [sheet.nomination_id, second.pk], f"reason-{sheet.nomination_id}": "曾为同事"}
    answer = desk.post("/expert/conflicts/", data)
    page = words(answer)
    assert answer.status_code == 422
    assert "第1项技术：填写回避原因" in page
    assert 'value="曾为同事"' in page
    assert page.count(" checked") == 2
    assert not Recusal.objects.exists()
    answer = desk.post("/expert/conflicts/", {})
    assert (answer.status_code, "先勾选需要回避的申报" in words(answer)) == (422, True)


def test_what_the_facts_keep_away_is_not_even_named(desk, sheet):
    kin = copies(sheet.nomination, 1)[0]
    kin.applicant = cast.organisation("清江大学")
    kin.save(update_fields=["applicant"])
    conflicts.refresh_for_nomination(kin, cast.IN_PRELIMINARY)
    page = words(desk.get("/expert/conflicts/"))
    assert kin.title not in page
    data = {"recuse": kin.pk, f"reason-{kin.pk}": "x"}
    assert desk.post("/expert/conflicts/", data).status_code == 422


def test_strange_ticks_find_nothing(desk, sheet):
    for ticked in ("x", "999999999", "-1", "1" * 400):
        assert desk.post("/expert/conflicts/", {"recuse": ticked}).status_code == 422


# --- Summary and submission --------------------------------------------------------------------------------


def test_the_summary_sorts_by_link_and_says_what_lacks(desk, sheet):
    low, high = sheets(copies(sheet.nomination, 2), [sheet.expert_id])
    Score.objects.filter(assignment=high, criterion="c1").update(value=99)
    page = words(desk.get("/expert/summary/"))
    assert "还有1项未评完" in page
    assert "技术先进性未打分、产业带动性未打分、转化可行性未打分、未填写评审意见" in page
    for sort, first, last in [
        ("c1", low, high),
        ("-c1", high, low),
        ("total", low, high),
        ("-number", high, low),
    ]:
        table = words(desk.get("/expert/summary/", {"sort": sort})).split("<tbody>")[1]
        assert table.index(first.nomination.title) < table.index(last.nomination.title), sort
    for odd in ("c9", "pk;", "-", "nomination__answers"):
        assert desk.get("/expert/summary/", {"sort": odd}).status_code == 200


def test_submitting_goes_over_a_page_and_locks(desk, sheet, track):
    assert desk.post("/expert/summary/submit/").status_code == 422
    desk.post(path(sheet), {**FULL, "version": 1, "next": "1"})
    assert "提交后不能修改" in words(desk.get("/expert/summary/submit/"))
    assert "已提交1项评分" in words(desk.post("/expert/summary/submit/", follow=True))
    assert "评分此前已全部提交" in words(desk.post("/expert/summary/submit/", follow=True))
    assert Event.objects.filter(name="scores_submitted").count() == 1
    page = words(desk.get(path(sheet)))
    assert "评分已提交，不能修改" in page
    assert "<textarea" not in page
    assert desk.post(path(sheet), {**FULL, "score-c1": "99", "version": 2, "next": "1"}).status_code == 409
    assert "已全部提交" in words(desk.get("/expert/"))


def test_after_the_window_a_sheet_is_read_only(desk, sheet):
    with time_machine.travel(cast.IN_FINAL, tick=False):
        desk.force_login(sheet.expert.user)
        assert "<textarea" not in words(desk.get(path(sheet)))
        assert desk.post(path(sheet), {**FULL, "version": 1, "next": "1"}).status_code == 409
    assert not Score.objects.exists()


def test_a_track_without_own_tasks_is_a_404(desk, sheet):
    for asked in ("999999", "abc", ""):
        for page in ("/expert/summary/", "/expert/summary/submit/"):
            assert desk.get(page, {"track": asked}).status_code == 404


def test_lists_cost_the_same_with_1_and_with_30_rows(desk, sheet):
    pages = ["/expert/", "/expert/conflicts/", "/expert/summary/", "/expert/offline/", path(sheet)]

    def counts():
        found = {}
        for page in pages:
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(page).status_code == 200
            found[page] = len(seen)
        return found

    counts()
    one = counts()
    sheets(copies(sheet.nomination, 29, State.IN_REVIEW), [sheet.expert_id])
    assert counts() == one
    assert max(one.values()) <= 30, one
