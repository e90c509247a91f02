"""The pages of the review body, as its person meets them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organisation
from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from nominations.states import State
from reviews import queries
from reviews.actions import preliminary, results
from reviews.models import Assignment, AssignmentSuggestion, BodyExpert, PreliminaryResult, ReviewPlan
from tests import cast
from tests.reviews.many import copies, sheets

LISTS = [
    "/body/", "/body/check/", "/body/experts/", "/body/assign/", "/body/progress/", "/body/results/",
    "/body/close/",
]  # fmt: skip
PAGES = [*LISTS, "/body/plan/", "/body/results/submit/", "/body/plan/file/"]


def words(answer):
    return answer.content.decode()


def plan_data(**changed):
    data = {
        "work_plan": "分三步开展初评", "expert_plan": "产学研专家五名", "scale": "100", "recipe": "mean",
        "experts_each": "2", "shortlist": "10",
        "criteria-0-name": "技术先进性", "criteria-0-weight": "60", "criteria-0-meaning": "与国内外同类技术相比",
        "criteria-1-name": "产业带动性", "criteria-1-weight": "30", "criteria-1-meaning": "",
    }  # fmt: skip
    return {**data, **changed}


# --- The track ---------------------------------------------------------------------------------------------


def test_a_body_of_two_tracks_chooses(browser, season, body_person):
    both = Organisation.objects.get(name="中国科协智能制造学会联合体")
    Membership.objects.create(user=body_person, organisation=both, role=Role.BODY)
    page = words(browser(body_person).get("/body/"))
    for key in ("information", "equipment", "foundation"):
        assert f"?track={cast.track(key).pk}" in page


def test_a_joint_body_names_the_other(browser, season):
    person = cast.person("ecology", "马春萍", Role.BODY, "中国科协清洁能源学会联合体")
    page = words(browser(person).get("/body/"))
    assert "联合初评：中国科协生态环境产学联合体、中国科协清洁能源学会联合体" in page


def test_a_body_without_a_track_is_told(browser, season):
    person = cast.person("nobody", "周一", Role.BODY, "某学会联合体")
    assert "本年度没有由本机构初评的领域" in words(browser(person).get("/body/"))


def test_another_bodys_track_and_no_track_are_the_same_404(body):
    theirs = cast.track("biomedicine").pk
    for asked in (theirs, "999999", "abc", "", "1" * 400, "-1", "１"):
        for page in PAGES:
            assert body.get(page, {"track": asked}).status_code == 404, (page, asked)


def test_others_have_no_such_pages(browser, applicant, office_a, season):
    for person in (applicant, office_a):
        for page in PAGES:
            assert browser(person).get(page).status_code == 404


# --- Before the gate ---------------------------------------------------------------------------------------


def test_before_the_gate_only_counts_are_seen(body, recommended):
    with time_machine.travel(cast.LAST_INSTANT, tick=False):
        home = words(body.get("/body/"))
        assert "征集进行中，2022-11-01起可见" in home
        assert recommended.number not in home
        for page in ("check/", f"check/{recommended.number}/", "assign/", "progress/", "results/", "close/"):
            text = words(body.get(f"/body/{page}"))
            assert "征集进行中" in text or "方案备案后才能" in text
            assert recommended.title not in text
            # The address that was asked for stands in the switches of language and type size.
            assert recommended.number not in text.replace(f"/body/check/{recommended.number}/", "")
        assert body.post(f"/body/check/{recommended.number}/", {"verdict": "pass"}).status_code == 409
    assert cast.reread(recommended).state == State.RECOMMENDED


def test_at_the_gate_they_are_there(body, recommended):
    with time_machine.travel(cast.GATE, tick=False):
        assert recommended.number in words(body.get("/body/check/"))


# --- The plan ----------------------------------------------------------------------------------------------


def test_a_plan_with_90_is_told_so_and_nothing_is_lost(body, track):
    answer = body.post("/body/plan/", {**plan_data(), "file": "1"})
    page = words(answer)
    assert answer.status_code == 422
    assert page.count("权重合计应为100，现为90，还差10") == 2  # in the summary and beside the rows
    assert 'href="#criteria"' in page
    assert "<title>错误：" in page
    for text in ("分三步开展初评", "产学研专家五名", "技术先进性", "与国内外同类技术相比", 'value="30"'):
        assert text in page
    assert ReviewPlan.objects.get().state == ReviewPlan.State.DRAFT


def test_filing_goes_over_a_page_that_confirms(body, track):
    answer = body.post("/body/plan/", {**plan_data(**{"criteria-1-weight": "40"}), "file": "1"})
    assert answer.url == f"/body/plan/file/?track={track.pk}"
    assert ReviewPlan.objects.get().state == ReviewPlan.State.DRAFT
    assert "确认报送" in words(body.get(answer.url))
    for _n in range(2):
        body.post(answer.url)
    assert ReviewPlan.objects.get().state == ReviewPlan.State.FILED
    assert Event.objects.filter(name="plan_filed").count() == 1
    page = words(body.get("/body/plan/"))
    assert "已报送，待备案" in page
    assert "<textarea" not in page


def test_a_draft_may_lack_anything(body, track):
    answer = body.post(
        "/body/plan/",
        {"scale": "100", "recipe": "trimmed", "experts_each": "3", "shortlist": "5", "save_draft": "1"},
    )
    assert answer.status_code == 302
    assert ReviewPlan.objects.get().criteria == []


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("criteria-1-weight", "三十", "权重（%）应为0—100之间的整数，现为三十"),
        ("criteria-1-weight", "-5", "权重（%）应为0—100之间的整数，现为-5"),
        ("criteria-0-name", "", "填写指标"),
        ("scale", "", "每项指标满分应为1—100之间的整数，现为空"),
        ("experts_each", "9" * 50, "每项申报的专家数应为1—50之间的整数"),
        ("recipe", "best_of_all", "recipe"),
        ("work_plan", "甲\x00乙", ""),
        ("expert_plan", "长" * 20_001, "专家构成方案不超过20000个字符"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept_on_the_page(body, track, field, typed, message):
    answer = body.post("/body/plan/", {**plan_data(**{field: typed}), "save_draft": "1"})
    assert answer.status_code == 422
    assert message in words(answer)
    assert "分三步开展初评" in words(answer) or field == "work_plan"
    assert not ReviewPlan.objects.exists()


def test_a_row_left_blank_is_no_criterion(body, track):
    blank = {f"criteria-2-{name}": "" for name in ("name", "weight", "meaning")}
    body.post("/body/plan/", {**plan_data(), **blank, "save_draft": "1"})
    assert [c["name"] for c in ReviewPlan.objects.get().criteria] == ["技术先进性", "产业带动性"]


def test_rows_come_and_go_without_script(body, track):
    page = words(body.post("/body/plan/", {**plan_data(), "add_row": "criteria"}))
    assert 'name="criteria-2-name"' in page
    assert "技术先进性" in page
    page = words(body.post("/body/plan/", {**plan_data(), "remove_row": "criteria-0"}))
    assert "技术先进性" not in page
    assert "产业带动性" in page


def test_a_returned_plan_shows_why_and_is_written_on(body, track):
    plan = cast.filed_plan()
    preliminary.decide_plan(plan, False, "补充回避办法", cast.office(), cast.IN_PRELIMINARY)
    page = words(body.get("/body/plan/"))
    assert "补充回避办法" in page
    assert "技术先进性" in page


def test_criteria_without_end_are_refused(body, track):
    rows = {f"criteria-{n}-{name}": "1" for n in range(300) for name in ("name", "weight", "meaning")}
    assert body.post("/body/plan/", {**plan_data(), **rows, "file": "1"}).status_code == 422


# --- The form check ----------------------------------------------------------------------------------------


def test_passing_leads_to_the_next_one(body, season):
    first, second = cast.recommended(title="甲技术"), cast.recommended(title="乙技术")
    page = words(body.get(f"/body/check/{first.number}/"))
    for text in (
        "甲技术",
        "技术可转化、可转移、可交易",
        "申报人已承诺",
        "上年名单尚不完整",
        "已审查0/2项",
        "通过并看下一项",
    ):
        assert text in page
    answer = body.post(f"/body/check/{first.number}/", {"verdict": "pass"})
    assert answer.url.startswith(f"/body/check/{second.number}/")
    answer = body.post(f"/body/check/{second.number}/", {"verdict": "pass"})
    assert answer.url.startswith("/body/check/?")
    assert "全部审查完毕" in words(body.get(answer.url))


def test_not_passing_needs_reasons_and_keeps_them(body, recommended):
    path = f"/body/check/{recommended.number}/"
    answer = body.post(path, {"verdict": "fail"})
    assert answer.status_code == 422
    assert "不通过时，逐条填写原因" in words(answer)
    answer = body.post(path, {"verdict": "pass", "reason-early_proof": "无验证材料"})
    assert answer.status_code == 422
    assert "无验证材料" in words(answer)
    assert (
        body.post(
            path, {"verdict": "fail", "reason-early_proof": "无验证材料", "reason-nope": "x"}
        ).status_code
        == 302
    )
    assert cast.reread(recommended).state == State.REJECTED
    assert "无验证材料" in words(body.get(path))


def test_the_form_is_the_frozen_version(body, recommended):
    recommended.answers = {**recommended.answers, "introduction_text": "之后写的"}
    recommended.save(update_fields=["answers"])
    page = words(body.get(f"/body/check/{recommended.number}/"))
    assert "之后写的" not in page
    assert recommended.versions.last().check_code in page


def test_what_was_not_recommended_does_not_exist(body, recommended):
    for state in State:
        if state in (State.DRAFT, State.SUBMITTED, State.RETURNED, State.DECLINED, State.WITHDRAWN):
            row = copies(recommended, 1, state)[0]
            path = f"/body/check/{row.number}/"
            assert body.get(path).status_code == 404
            assert body.post(path, {"verdict": "pass"}).status_code == 404
            assert row.number not in words(body.get("/body/check/"))
            row.versions.all().delete()
            row.delete()


def test_another_tracks_nomination_does_not_exist(body, season):
    row = cast.recommended(track="biomedicine")
    assert body.get(f"/body/check/{row.number}/").status_code == 404
    assert body.get("/body/check/2022XD99999/").status_code == 404


# --- Experts and assignment --------------------------------------------------------------------------------


def test_without_a_plan_on_record_nobody_is_taken_in_or_assigned(body, accepted):
    page = words(body.get("/body/assign/"))
    assert "方案备案后才能加入专家和分配" in page
    answer = body.post("/body/experts/", {**cast.EXPERTS["expert_a"]})
    assert answer.status_code == 409
    assert body.post("/body/assign/", {"shown": accepted.pk, "pair": f"1-{accepted.pk}"}).status_code == 409
    assert not BodyExpert.objects.exists()
    assert not Assignment.objects.exists()


def test_an_expert_is_taken_in(body, track):
    cast.recorded_plan()
    answer = body.post("/body/experts/", {**cast.EXPERTS["expert_a"]}, follow=True)
    assert "邀请将发到wuzhiyuan@example.org" in words(answer)
    assert "清江大学" in words(answer)
    answer = body.post("/body/experts/", {"name": "", "email": "abc", "employer": "清江大学"})
    assert answer.status_code == 422
    assert "填写姓名" in words(answer)
    assert "邮箱应含有“@”和域名" in words(answer)


def suggested(body):
    """The suggestion that the body asks for, made by the worker."""
    assert body.post("/body/assign/suggest/").status_code == 302
    outbox.run(Job.objects.get(kind="assignment_suggestion").pk)
    return AssignmentSuggestion.objects.get(made_at__isnull=False)


def test_the_suggestion_is_filled_in_and_adopted_in_one_go(body, accepted, track):
    people = [cast.expert(key) for key in cast.EXPERTS]
    suggestion = suggested(body)
    page = words(body.get("/body/assign/"))
    assert page.count(" checked") == 2
    assert "采用建议并发布任务" in page
    pairs = [f"{p.pk}-{accepted.pk}" for p in people]
    data = {"shown": accepted.pk, "pair": pairs, "suggestion": suggestion.pk}
    answer = body.post("/body/assign/", data, follow=True)
    assert "已发布2项评审任务" in words(answer)
    assert Assignment.objects.count() == 2
    assert "保存调整并发布任务" in words(answer)


def test_rows_of_other_pages_of_the_matrix_stay(body, track):
    people = [cast.expert(key) for key in cast.EXPERTS]
    first, second = cast.accepted(title="甲"), cast.accepted(title="乙")
    cast.assign_all()
    body.post("/body/assign/", {"shown": first.pk, "pair": f"{people[0].pk}-{first.pk}"})
    standing = {(a.expert_id, a.nomination_id) for a in queries.standing_assignments(track)}
    assert standing == {(people[0].pk, first.pk), (people[0].pk, second.pk), (people[1].pk, second.pk)}


def test_a_conflict_is_named_and_has_no_box(body, accepted, track):
    cast.recorded_plan()
    body.post(
        "/body/experts/",
        {"name": "马越", "email": "mayue@example.org", "employer": "北京云脉传感科技有限公司"},
    )
    page = words(body.get("/body/assign/"))
    assert "专家工作单位与申报单位相同" in page
    assert 'name="pair"' not in page
    assert f"有1项不足2名专家：{accepted.number}" in page
    pk = BodyExpert.objects.get().expert_id
    answer = body.post("/body/assign/", {"shown": accepted.pk, "pair": f"{pk}-{accepted.pk}"})
    assert answer.status_code == 422
    assert f"马越应回避{accepted.number}：专家工作单位与申报单位相同" in words(answer)
    assert not Assignment.objects.exists()


def test_a_malformed_matrix_changes_nothing(body, in_review):
    for data in (
        {},
        {"pair": "1-2"},
        {"shown": "x"},
        {"shown": "1", "pair": "a-b"},
        {"shown": "1", "pair": "1-" + "9" * 30},
        {"shown": "1", "pair": "١-1"},
        {"shown": "1", "pair": "1-2-3"},
        {"shown": "1", "pair": "5-6"},
    ):
        assert body.post("/body/assign/", data).status_code == 422
        assert Assignment.objects.filter(ended_at=None).count() == 2


# --- Progress, close, result -------------------------------------------------------------------------------


def test_progress_counts_and_reminds_once_a_day(body, in_review, track):
    people = [cast.expert(key) for key in cast.EXPERTS]
    page = words(body.get("/body/progress/"))
    assert page.count("0/1") == 4
    chosen = {"expert": [p.pk for p in people]}
    assert "已提醒2人" in words(body.post("/body/remind/", chosen, follow=True))
    answer = body.post("/body/remind/", chosen, follow=True)
    assert "所选专家今天已提醒过" in words(answer)
    assert "已于2022-11-10 10:00提醒" in words(answer)
    assert Job.objects.filter(key__startswith="review_mail:reminder").count() == 2
    answer = body.post("/body/remind/", {"expert": "abc"})
    assert answer.status_code == 422
    assert "先勾选专家再提醒" in words(answer)


def test_no_score_is_seen_before_the_close(body, in_review):
    cast.score_all(marks={in_review.number: "83.7"})
    for page in LISTS:
        text = words(body.get(page))
        assert "83.7" not in text
        assert "路线清晰" not in text
    assert "评分结束前不显示得分和名次" in words(body.get("/body/results/"))


def test_open_items_are_listed_and_the_close_refused(body, in_review):
    page = words(body.get("/body/results/"))
    assert f"{in_review.number}还有2名专家未提交" in page
    answer = body.post("/body/close/")
    assert answer.status_code == 409
    assert f"{in_review.number}还有2名专家未提交" in words(answer)
    assert not PreliminaryResult.objects.exists()


def test_from_the_close_to_the_paper(body, in_review, track):
    cast.score_all(marks={in_review.number: "83.7"})
    assert "确认结束评分" in words(body.get("/body/close/"))
    assert "评分已结束" in words(body.post("/body/close/", follow=True))
    page = words(body.get("/body/results/"))
    for text in ("83.70", "吴志远", "路线清晰", "初评通过", "报送初评结果"):
        assert text in page
    page = body.get("/body/results/submit/")
    assert "不能撤回" in words(page)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.text)[1]
    assert body.post("/body/results/submit/", {"seen": "0" * 64}).status_code == 409
    for _n in range(2):
        assert "已报送初评结果" in words(body.post("/body/results/submit/", {"seen": seen}, follow=True))
    assert Event.objects.filter(name="result_submitted").count() == 1
    assert body.get("/body/results/paper/").status_code == 404
    assert body.get("/body/results/job/").json()["state"] == "queued"
    outbox.run(Job.objects.get(kind="result_pdf").pk)
    assert body.get("/body/results/job/").json()["url"] == f"/body/results/paper/?track={track.pk}"
    paper = body.get("/body/results/paper/")
    assert paper["Content-Disposition"].startswith("attachment")
    assert paper["X-Content-Type-Options"] == "nosniff"
    assert b"".join(paper.streaming_content).startswith(b"%PDF-")


def test_the_paper_is_the_bodys_alone(browser, shortlisted, other_body_person, applicant, track):
    for person in (other_body_person, applicant):
        for page in ("/body/results/paper/", "/body/results/job/", "/body/results/"):
            assert browser(person).get(page, {"track": track.pk}).status_code == 404


def test_ties_share_a_rank_and_the_line_is_drawn(body, track):
    cast.recorded_plan(shortlist=2)
    rows = [cast.accepted(title=f"第{n}项") for n in range(3)]
    cast.assign_all()
    cast.score_all(marks=dict(zip([r.number for r in rows], ["90", "80", "70"], strict=True)))
    results.close_scores(track, cast.body_actor(), cast.IN_PRELIMINARY)
    page = words(body.get("/body/results/"))
    assert page.count('class="is-line"') == 1
    assert page.index("第0项") < page.index("第1项") < page.index("is-line") + 200


def test_after_the_window_pages_are_read_and_acts_refused(body, in_review):
    with time_machine.travel(cast.IN_PRELIMINARY + timedelta(days=30), tick=False):
        body.force_login(cast.cast("body_person"))
        for page in LISTS:
            assert body.get(page).status_code == 200
        assert body.post("/body/remind/", {"expert": [1]}).status_code == 409
        assert body.post("/body/close/").status_code == 409


# --- Costs and malformed requests --------------------------------------------------------------------------


def query_counts(client, pages=LISTS):
    counts = {}
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page).status_code == 200
        counts[page] = len(seen)
    return counts


def test_lists_cost_the_same_with_1_and_with_30_rows(body, in_review):
    people = [cast.expert(key) for key in cast.EXPERTS]
    one = query_counts(body)
    more = copies(in_review, 29)
    sheets(more, [p.pk for p in people])
    assert query_counts(body) == one
    assert max(one.values()) <= 40, one


def test_the_ranked_table_costs_the_same_with_1_and_with_30_rows(body, in_review, track):
    people = [cast.expert(key) for key in cast.EXPERTS]
    cast.score_all()
    results.close_scores(track, cast.body_actor(), cast.IN_PRELIMINARY)
    one = query_counts(body, ["/body/results/", "/body/"])
    sheets(copies(in_review, 29), [p.pk for p in people], submitted=True)
    assert query_counts(body, ["/body/results/", "/body/"]) == one


def test_malformed_requests_are_never_a_fault(body, in_review):
    data = (
        {},
        {"file": "1"},
        {"remove_row": "criteria-99999999"},
        {"name": "\x00", "email": "\x00", "employer": "\ud7ff"},
    )
    posts = ("plan/", "assign/", "experts/", "remind/", "close/", "results/submit/", "plan/file/")
    for path in posts:
        for each in data:
            assert body.post(f"/body/{path}", each).status_code < 500
        assert body.get(f"/body/{path}", {"page": "x", "suggest": "1", "sort": "__"}).status_code < 500


def test_odd_page_numbers_show_a_page(body, in_review):
    for page in ("0", "-1", "999", "abc", "1e9"):
        for path in ("/body/check/", "/body/assign/", "/body/progress/"):
            assert body.get(path, {"page": page}).status_code == 200
