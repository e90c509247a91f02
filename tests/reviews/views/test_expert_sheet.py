"""The sheet and the own table as the expert meets them: words of scores, 弃权, evening out, the receipt."""

import pytest

from kczg.kit.models import Event
from nominations.states import State
from reviews.models import Assignment, ReviewPlan, Score
from tests import cast
from tests.reviews.many import copies, sheets

FULL = {"score-c1": "80", "score-c2": "75.5", "score-c3": "90", "comment": "路线清晰。"}
JSON = {"headers": {"accept": "application/json"}}
WORDS = [{"least": 90, "word": "优秀"}, {"least": 75, "word": "良好"}, {"least": 0, "word": "一般"}]
SUMMARY = "/expert/summary/"


def words(answer):
    return answer.content.decode()


@pytest.fixture
def in_review(built_in_review, db):
    return cast.reread(built_in_review)


@pytest.fixture
def sheet(in_review):
    ReviewPlan.objects.update(scale_words=WORDS)
    return Assignment.objects.get(expert=cast.expert("expert_a"), nomination=in_review)


@pytest.fixture
def desk(browser, sheet):
    return browser(sheet.expert.user)


def test_the_sheet_says_what_a_score_means_and_how_it_counts(desk, sheet):
    path = f"/expert/{sheet.pk}/"
    page = words(desk.get(path))
    for text in (
        "优秀90—100",
        "良好75—89.9",
        "一般0—74.9",
        "平均分",
        "计分办法摘要",
        "名单发布后不署名转给申报人",
    ):
        assert text in page, text
    data = {**FULL, "version": 1, "changed": ["score-c1", "score-c3"]}
    assert desk.post(f"{path}save/", data, **JSON).json()["outputs"] == {
        "total": "—", "word-c1": "良好", "word-c2": "", "word-c3": "优秀",
    }  # fmt: skip
    assert '<output id="word-c3" for="id_score-c3">优秀</output>' in words(desk.get(path))


def test_the_comment_to_the_applicant_may_stay_empty_and_is_kept_apart(desk, sheet):
    path = f"/expert/{sheet.pk}/"
    assert desk.post(path, {**FULL, "comment_applicant": "", "version": 1, "next": "1"}).status_code == 302
    desk.post(path, {**FULL, "comment_applicant": "建议补充数据", "version": 2, "save_draft": "1"})
    sheet.refresh_from_db()
    assert (sheet.comment, sheet.comment_applicant) == ("路线清晰。", "建议补充数据")
    answer = desk.post(path, {**FULL, "comment_applicant": "长" * 2003, "version": 3, "save_draft": "1"})
    assert (answer.status_code, "给申报人的意见现有2003字，需删减3字" in words(answer)) == (422, True)


def test_skipping_keeps_the_place_and_when_the_sheet_was_first_used(desk, sheet):
    desk.get(f"/expert/{sheet.pk}/")
    sheet.refresh_from_db()
    assert sheet.opened_at is None, "looking changes nothing (I7)"
    desk.post(f"/expert/{sheet.pk}/", {"version": 1, "skip": "1"})
    sheet.refresh_from_db()
    assert (sheet.opened_at, sheet.edit_version) == (cast.IN_PRELIMINARY, 1)


def test_abstaining_has_a_page_a_reason_and_a_way_back(desk, sheet, browser, body_person):
    page = f"/expert/{sheet.pk}/abstain/"
    assert "应声明回避" in words(desk.get(page))
    answer = desk.post(page, {"reason": " "})
    assert (answer.status_code, "填写弃权原因" in words(answer)) == (422, True)
    assert "已弃权" in words(desk.post(page, {"reason": "不熟悉此项技术"}, follow=True))
    shown = words(desk.get(f"/expert/{sheet.pk}/"))
    assert "弃权原因：不熟悉此项技术" in shown
    assert "<textarea" not in shown
    assert "已评1/1项" in words(desk.get("/expert/"))
    body = browser(body_person)
    progress = words(body.get("/body/progress/"))
    assert "不熟悉此项技术" in progress
    assert "其中弃权1" in progress
    assert f"{sheet.nomination.number}有1名专家弃权，余1名" in words(body.get("/body/close/"))
    assert "已撤回弃权" in words(desk.post(page, {"take_back": "1"}, follow=True))
    assert "<textarea" in words(desk.get(f"/expert/{sheet.pk}/"))


def test_scores_are_evened_out_in_the_table_by_one_post(desk, sheet):
    first, second = sheets(copies(sheet.nomination, 2), [sheet.expert_id])
    page = words(desk.get(SUMMARY))
    assert "已评2项的平均总分80.00，最高与最低相差0.00" in page
    assert f'name="score-{first.pk}-c1"' in page
    data = {
        f"version-{first.pk}": 1, f"score-{first.pk}-c1": "95", f"score-{first.pk}-c2": "80.0",
        f"version-{second.pk}": 1, f"score-{second.pk}-c3": "80",
    }  # fmt: skip
    for _n in range(2):
        assert desk.post(SUMMARY, data).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.edit_version, second.edit_version) == (2, 1)
    assert Score.objects.get(assignment=first, criterion="c1").value == 95


def test_what_cant_be_kept_stays_in_its_box_and_the_rest_is_saved(desk, sheet):
    first, second, third = sheets(copies(sheet.nomination, 3), [sheet.expert_id])
    Score.objects.filter(assignment=second, criterion="c1").update(value=60)
    Assignment.objects.filter(pk=second.pk).update(edit_version=2)
    data = {f"version-{row.pk}": 1 for row in (first, second, third)}
    data |= {f"score-{first.pk}-c1": "101", f"score-{first.pk}-c2": "70"}
    data |= {f"score-{second.pk}-c1": "90", f"score-{third.pk}-c1": "91"}
    answer = desk.post(SUMMARY, data)
    page = words(answer)
    assert answer.status_code == 422
    assert "有2处需修改，其余已保存" in page
    assert f"{first.nomination.number} 技术先进性应在0—100之间" in page
    assert 'value="101"' in page
    assert "另一处已存：60.0" in page
    assert Score.objects.get(assignment=first, criterion="c2").value == 70
    assert Score.objects.get(assignment=second, criterion="c1").value == 60
    assert Score.objects.get(assignment=third, criterion="c1").value == 91
    # Both rows come back on the number that they have now: sent again, what was typed counts.
    assert f'name="version-{first.pk}" value="2"' in page
    again = {f"version-{second.pk}": 2, f"score-{second.pk}-c1": "90", f"version-{first.pk}": 2}
    assert desk.post(SUMMARY, again).status_code == 302
    assert Score.objects.get(assignment=second, criterion="c1").value == 90


def test_the_largest_table_fits_in_one_post(desk, sheet):
    rows = sheets(copies(sheet.nomination, 59, State.IN_REVIEW), [sheet.expert_id])
    data = {f"version-{row.pk}": 1 for row in rows}
    data |= {f"score-{row.pk}-c{n}": "80" for row in rows for n in range(1, 9)}
    assert desk.post(SUMMARY, data).status_code == 302


def test_the_table_is_nobody_elses_and_of_the_window(browser, sheet):
    other = browser(cast.expert("expert_b").user)
    data = {f"version-{sheet.pk}": 1, f"score-{sheet.pk}-c1": "99"}
    assert other.post(SUMMARY, data).status_code == 302
    for odd in ({f"version-{sheet.pk}": "x"}, {"score-0-c1": "1"}, {f"version-{sheet.pk}": "9" * 30}):
        assert browser(sheet.expert.user).post(SUMMARY, odd).status_code < 500
    assert not Score.objects.exists()


def test_the_receipt_stays_on_the_page(desk, sheet):
    desk.post(f"/expert/{sheet.pk}/", {**FULL, "version": 1, "next": "1"})
    for _n in range(2):
        desk.post(f"{SUMMARY}submit/")
    digest = Event.objects.get(name="scores_submitted").data["digest"]
    for _n in range(2):
        page = words(desk.get(SUMMARY))
        for text in ("已提交1项评分，不能再改", "2022-11-10 10:00:00", digest):
            assert text in page
    assert f'name="score-{sheet.pk}-c1"' not in page
