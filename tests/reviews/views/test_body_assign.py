"""The matrix and the table of a body: suggestion, adoption, refusals, and what they cost at full size."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kczg.kit.models import Job
from reviews import queries
from reviews.models import Assignment, AssignmentsImport, AssignmentSuggestion, BodyExpert, Recusal
from tests import cast
from tests.reviews import assigning

PAGE = "/body/assign/"


def words(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def track(season):
    return cast.track()


@pytest.fixture
def world(track):
    return assigning.world()


def adopt(body, rows, pairs, **more):
    data = {"shown": [row.pk for row in rows], "pair": [f"{e}-{n}" for e, n in pairs], **more}
    return body.post(PAGE, data, follow=True)


def test_from_the_button_to_the_tasks(body, world, track):
    rows, _people = world
    page = words(body.get(PAGE))
    assert "生成建议" in page
    assert " checked" not in page
    assert "采用建议" not in page
    assert not AssignmentSuggestion.objects.exists()
    assert body.get("/body/assign/job/").json()["state"] == "done"
    page = words(body.post("/body/assign/suggest/", follow=True))
    assert f'data-job-url="/body/assign/job/?track={track.pk}"' in page
    assert "刷新进度" in page
    assert "生成建议</button>" not in page
    assert body.get("/body/assign/job/").json()["words"] == "排队中"
    made = assigning.suggestion()
    assert body.get("/body/assign/job/").json()["state"] == "done"
    page = words(body.get(PAGE))
    assert page.count(" checked") == 6
    assert "已按专业相符、负荷均衡和回避给出建议" in page
    assert page.count("：负荷均衡") == 6
    assert "data-job-url" not in page
    pairs = [tuple(pair[:2]) for pair in made.pairs]
    assert "已发布6项评审任务" in words(adopt(body, rows, pairs, suggestion=made.pk))
    page = words(body.get(PAGE))
    assert "保存调整并发布任务" in page
    assert "补足建议" not in page
    # The page that was open elsewhere: what it adopts has changed meanwhile.
    answer = adopt(body, rows, pairs, suggestion=made.pk)
    assert answer.status_code == 409
    assert "建议生成后，专家、申报、回避或任务已有变化" in words(answer)
    assert words(answer).count(" checked") == 6


def test_topping_up_names_what_is_short_and_keeps_the_rest(body, world, track):
    rows, people = world
    pairs = [(people[0].pk, rows[0].pk), (people[1].pk, rows[0].pk), (people[0].pk, rows[1].pk)]
    adopt(body, rows, pairs)
    Assignment.objects.filter(expert=people[1]).update(abstained_at=cast.IN_PRELIMINARY)
    assert "专家不足的申报" in words(body.get("/body/"))
    page = words(body.get(PAGE))
    assert f"有3项不足2名专家：{'、'.join(row.number for row in rows)}" in page
    assert "弃权" in page
    assert "补足建议" in page
    body.post("/body/assign/suggest/")
    made = assigning.suggestion()
    assert len(made.pairs) == 4
    page = words(body.get(PAGE))
    assert page.count(" checked") == 6
    assert "返回现有分配" in page
    assert "不足2名" not in page
    page = words(body.get(PAGE, {"standing": "1"}))
    assert page.count(" checked") == 2
    assert "查看建议" in page
    together = [pairs[0], pairs[2], *(tuple(pair[:2]) for pair in made.pairs)]
    assert "已发布6项评审任务" in words(adopt(body, rows, together, suggestion=made.pk))
    assert "专家不足的申报" not in words(body.get("/body/"))


def test_a_failed_suggestion_can_be_asked_for_again(body, world):
    body.post("/body/assign/suggest/")
    Job.objects.filter(kind="assignment_suggestion").update(state=Job.State.FAILED)
    page = words(body.get(PAGE))
    assert "未能生成建议，稍后重新生成" in page
    assert "生成建议</button>" in page
    body.post("/body/assign/suggest/")
    assert AssignmentSuggestion.objects.count() == 2


def test_a_refusal_names_it_and_keeps_what_was_ticked(body, world):
    rows, people = world
    BodyExpert.objects.filter(expert=people[0]).update(most=2)
    pairs = [(people[0].pk, row.pk) for row in rows]
    answer = adopt(body, rows, pairs)
    assert answer.status_code == 422
    page = words(answer)
    assert f"{people[0]}最多评审2项，现为3项，减少1项" in page
    assert page.count(" checked") == 3
    assert "3/2项" in page
    Recusal.objects.create(
        expert=people[0], nomination=rows[0], kind="body", reason="师生关系", at=cast.IN_PRELIMINARY
    )
    answer = adopt(body, rows, pairs[:2])
    assert f"{people[0]}应回避{rows[0].number}：师生关系" in words(answer)
    assert not Assignment.objects.exists()


def test_a_body_reaches_its_own_track_alone(body, world, browser, other_body_person, track):
    stranger = browser(other_body_person)
    row = assigning.assignments_import()
    for path in ("suggest/", "table/download/", "table/", f"table/{row.pk}/"):
        assert stranger.post(f"/body/assign/{path}?track={track.pk}").status_code == 404
    assert stranger.get(f"/body/assign/table/{row.pk}/").status_code == 404
    assert not AssignmentSuggestion.objects.exists()


def test_the_table_is_downloaded_filled_in_checked_and_confirmed(body, world, track):
    rows, people = world
    page = words(body.post("/body/assign/table/download/", follow=True))
    assert "data-job-url" in page
    assigning.work("assignments_xlsx")
    job = Job.objects.get(kind="assignments_xlsx")
    assert f'href="/jobs/{job.pk}/file/"' in words(body.get("/body/assign/table/"))
    content = b"".join(body.get(f"/jobs/{job.pk}/file/").streaming_content)

    def change(book):
        book["分配表"]["D2"] = "√"
        book["分配表"]["E3"] = "√"

    answer = body.post("/body/assign/table/", {"file": assigning.book(content, change)})
    row = AssignmentsImport.objects.get()
    assert answer["Location"] == f"/body/assign/table/{row.pk}/?track={track.pk}"
    assert "正在检查" in words(body.get(answer["Location"]))
    assigning.work("assignments_import_check")
    page = words(body.get(answer["Location"]))
    for text in ("确认并发布任务", "新增任务", rows[0].number, str(people[0])):
        assert text in page
    assert not Assignment.objects.exists()
    body.post(answer["Location"])
    assert body.get(f"/body/assign/table/{row.pk}/job/").json()["state"] == "queued"
    assigning.work("assignments_import")
    assert "已导入" in words(body.get(answer["Location"]))
    assert queries.standing_pairs(track) == {(people[0].pk, rows[0].pk), (people[1].pk, rows[1].pk)}
    answer = body.post("/body/assign/table/", {})
    assert answer.status_code == 422
    assert "上传填好的分配表" in words(answer)


def test_the_matrix_at_500_nominations_and_60_experts(body, world, track):
    """As many queries as for a few; 50 nominations a page, and those of other pages keep the suggestion."""
    rows, _people = world
    body.post("/body/assign/suggest/")
    assigning.suggestion()

    def count():
        with CaptureQueriesContext(connection) as seen:
            page = words(body.get(PAGE))
        return len(seen), page

    few, _page = count()
    rows += assigning.more(rows[0], 497)
    assigning.experts(56)
    body.post("/body/assign/suggest/")
    made = assigning.suggestion()
    many, page = count()
    assert many == few
    assert page.count('name="shown"') == 50
    assert page.count(" checked") == 100
    shown = sorted(rows, key=lambda row: row.number)[:50]
    pairs = [(e, n) for e, n, _points, _why in made.pairs if n in {row.pk for row in shown}]
    answer = adopt(body, shown, pairs, suggestion=made.pk)
    assert "已发布1000项评审任务" in words(answer)
    assert Assignment.objects.count() == 1000


def test_a_page_from_before_another_persons_change_is_refused_and_keeps_its_ticks(body, world, track):
    rows, people = world
    read = re.search(r'name="read" value="([0-9a-f]{64})"', words(body.get(PAGE)))[1]
    pair = (people[0].pk, rows[0].pk)
    adopt(body, rows, [pair, (people[1].pk, rows[0].pk)], read=read)
    late = [(people[2].pk, rows[0].pk)]
    answer = adopt(body, rows, late, read=read)
    assert answer.status_code == 409
    page = words(answer)
    assert "分配刚刚由他人改动" in page
    assert re.search(rf'value="{people[2].pk}-{rows[0].pk}" checked', page)
    assert pair in queries.standing_pairs(track)
