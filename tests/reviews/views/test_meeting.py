"""The pages of a meeting, as the body's person and the experts meet them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kczg.kit.models import Event
from nominations.states import State
from reviews.models import Meeting, MeetingMember, Round
from tests import cast
from tests.reviews import meetings as held
from tests.reviews.many import copies, sheets

PAGE = "/body/meeting/"


def words(answer):
    return answer.content.decode()


def typed(experts, **changed):
    data = {
        "title": "电子信息领域初评会议", "begins": "2022-11-20 09:00", "ends": "２０２２-11-20 12：00",
        "place": "第二会议室", "agenda": "一、投票", "rounds_most": "3",
        "members": [str(expert.pk) for expert in experts], "chair": str(experts[0].pk),
    }  # fmt: skip
    return {**data, **changed}


@pytest.fixture
def rows(season):
    return held.scored()


@pytest.fixture
def experts(rows):
    return held.people()


def place(row):
    """What the ballot calls a candidate: its place in the order of discussion."""
    return [each["nomination"] for each in Meeting.objects.get().candidates].index(row.pk) + 1


def voted(browser, expert, *chosen, **more):
    """Ticked, read over, cast."""
    path = f"/expert/meeting/{Meeting.objects.get().pk}/"
    client, data = browser(expert.user), {"round": "1", "choice": [place(row) for row in chosen]}
    confirm = client.post(path, data)
    return confirm, client.post(path, {**data, "confirmed": "1", **more}, follow=True)


def test_a_meeting_from_its_call_to_its_minute(body, browser, rows, experts):
    assert PAGE in words(body.get("/body/")) and "筹备会议" in words(body.get(PAGE))
    late = body.post("/body/meeting/plan/", typed(experts, ends="2022-11-20 08:00"))
    assert late.status_code == 422 and "结束时间应晚于开始时间" in words(late) and "第二会议室" in words(late)
    wrong = body.post("/body/meeting/plan/", typed(experts, begins="明天上午", chair=""))
    assert "开始时间写成2022-11-20 09:00这样的时间" in words(wrong) and "选择主持人" in words(wrong)
    assert "已筹备" in words(body.post("/body/meeting/plan/", typed(experts), follow=True))
    held.recuse(experts[1], rows[3])
    page = words(body.get(PAGE))
    assert "95.00" in page and "到会0/5人" in page and page.count("郑海涛") == 3
    refused = body.post("/body/meeting/round/")
    assert (refused.status_code, "到会专家至少3名，现登记到会0名" in words(refused)) == (409, True)
    body.post("/body/meeting/present/", {"present": [expert.pk for expert in experts]})
    assert "候选4项，余额2项，到会5人" in words(body.get("/body/meeting/round/"))
    assert "已投0/5人" in words(body.post("/body/meeting/round/", follow=True))
    confirm, receipt = voted(browser, experts[0], rows[0], rows[1])
    assert "赞成2项，最多2项" in words(confirm) and "第1轮选票已收到" in words(receipt)
    assert rows[0].title not in words(receipt).split('id="ballot"')[1].split("</section>")[0]
    voted(browser, experts[2], rows[0])
    voted(browser, experts[3], rows[0], rows[1])
    page = words(body.get(PAGE))
    assert "已投3/5人" in page and "未投票：郑海涛、冯源" in page and "赞成票" not in page
    body.post("/body/meeting/ballots/", {"voters": "1", "voter": [experts[1].pk]})
    assert "已录入1/1张" in words(body.post("/body/meeting/ballots/", {"choice": rows[0].pk}, follow=True))
    assert "未投票：冯源" in words(body.get("/body/meeting/round/close/"))
    page = words(body.post("/body/meeting/round/close/", follow=True))
    assert "收到选票4张" in page and "进行第2轮投票" in page
    assert "填写提前结束的原因" in words(body.post("/body/meeting/close/", {"note": ""}))
    page = words(body.post("/body/meeting/close/", {"note": "其余下年度再议"}, follow=True))
    assert "应选2项，空缺1项" in page
    assert "job=" in body.post("/body/meeting/minute/").headers["Location"]
    assert "文件" in words(body.get(body.post("/body/meeting/minute/").headers["Location"]))
    assert "会议纪要" in words(body.get(f"/verify/{Meeting.objects.get().check_code}/"))
    assert "meeting" in {event.subject_kind for event in Event.objects.filter(name="meeting_closed")}


def test_an_expert_sees_nothing_of_what_the_expert_is_recused_from(browser, rows, experts):
    held.recuse(experts[1], rows[3])
    meeting = held.called(experts)
    held.begun(experts)
    path, client = f"/expert/meeting/{meeting.pk}/", browser(experts[1].user)
    for page in (words(client.get(path)), words(client.post(path, {"round": "1", "choice": place(rows[0])}))):
        assert rows[3].number not in page and rows[3].title not in page
    answer = client.post(path, {"round": "1", "choice": place(rows[3]), "confirmed": "1"})
    assert answer.status_code == 422 and rows[3].title not in words(answer)
    assert rows[3].title in words(browser(experts[0].user).get(path))
    for expert in experts:
        held.vote(expert, *[row for row in rows[2:] if row != rows[3] or expert != experts[1]])
    held.close_round()
    assert rows[3].title not in words(client.get(path))


def test_a_ballot_is_mended_before_it_is_cast_and_never_after(browser, rows, experts):
    meeting = held.called(experts)
    held.begun(experts)
    path, client = f"/expert/meeting/{meeting.pk}/", browser(experts[0].user)
    many = client.post(path, {"round": "1", "choice": [place(row) for row in rows]})
    assert (
        many.status_code == 422 and "选1—2项，现选4项" in words(many) and words(many).count(" checked") == 4
    )
    back = client.post(path, {"round": "1", "choice": place(rows[1]), "back": "1"})
    assert words(back).count(" checked") == 1
    assert "没有勾选，全部按不赞成计" in words(client.post(path, {"round": "1"}))
    assert client.post(path, {"round": "x", "choice": "y", "confirmed": "1"}).status_code == 409
    assert client.post(path, {"round": "1", "choice": "y", "confirmed": "1"}).status_code == 422
    voted(browser, experts[0], rows[0])
    _confirm, again = voted(browser, experts[0], rows[1])
    assert again.status_code == 200 and Round.objects.get().ballots == [[rows[0].pk]]


def test_others_have_no_such_pages(browser, rows, experts, other_body_person, applicant):
    meeting = held.called(experts[:3])
    held.begun(experts[:3])
    for user in (experts[4].user, other_body_person, applicant, cast.cast("body_person")):
        for path in (f"/expert/meeting/{meeting.pk}/", f"/expert/meeting/{meeting.pk + 1}/"):
            assert browser(user).get(path).status_code == 404
            assert browser(user).post(path, {"round": "1", "confirmed": "1"}).status_code == 404
    for page in ("", "plan/", "round/", "round/close/", "ballots/", "close/"):
        path = f"{PAGE}{page}?track={cast.track().pk}"
        assert browser(other_body_person).get(path).status_code == 404
        assert browser(other_body_person).post(path).status_code == (404 if page else 405)
    for page in ("round/", "close/", "minute/"):
        assert browser(other_body_person).post(f"{PAGE}{page}").status_code == 404, "theirs has none"


def test_a_plan_without_a_meeting_says_so_and_results_wait_for_one(body, rows):
    submit = body.post("/body/results/submit/")
    assert submit.status_code == 409 and "会议评审尚未结束" in words(submit)
    assert "初评通过以会议投票为准" in words(body.get("/body/results/"))
    plan = rows[0].track.plans.get()
    plan.meeting = False
    plan.save()
    assert "已备案的方案没有会议评审" in words(body.get(PAGE))
    assert body.get("/body/meeting/plan/").status_code == 302
    assert "会议评审" not in words(body.get("/body/results/")) + words(body.get("/body/"))


def queries_of(browser, experts):
    """Page → how many queries it takes while these hold a round in which one has voted."""
    meeting = held.called(experts)
    held.begun(experts)
    held.vote(experts[1])
    body, expert, found = cast.cast("body_person"), experts[0].user, {}
    for name, user in ((PAGE, body), (f"{PAGE}ballots/", body), ("/expert/", expert), ("", expert)):
        client, path = browser(user), name or f"/expert/meeting/{meeting.pk}/"
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        found[name] = len(seen)
    return found


def test_numbers_of_queries_do_not_grow(browser, season):
    (first,), experts = held.scored(1), held.people()
    few = queries_of(browser, experts[:3])
    for model in (Round, MeetingMember, Meeting):
        model.objects.all().delete()
    sheets(copies(first, 29, State.IN_REVIEW), [expert.pk for expert in experts[:2]], submitted=True)
    assert queries_of(browser, experts) == few
