"""内部遴选: open, vote, close, decide, cancel; the action of recommending obeys it, whoever asks."""

import pypdfium2
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kczg.kit.models import Event, Job
from kczg.kit.outbox import run
from kczg.kit.verdicts import Refused
from nominations.actions import selection as actions
from nominations.actions import unit as unit_actions
from nominations.models import Ballot, Selection, UnitPaper
from nominations.states import State
from tests import cast
from tests.races import crowd

pytestmark = pytest.mark.django_db
AT = cast.DURING_CALL


@pytest.fixture(autouse=True)
def _in_the_call():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def member(season):
    return cast.person("liuyang", "刘洋", "unit", "中国电子学会")


@pytest.fixture
def five(season):
    return crowd.submitted(5)


def by(person):
    return cast.acting(person, "unit")


def opened(five, unit_person, manner="ranking", named=False):
    numbers = [row.number for row in five]
    return actions.open_selection(five[0].unit, five[0].track, numbers, manner, named, by(unit_person), AT)


def order(five, letters):
    return [five["abcde".index(letter)].number for letter in letters]


def refused(deed, *given):
    with pytest.raises(Refused) as caught:
        deed(*given)
    return caught.value.verdict


def recommend(row):
    cast.recommend(cast.reread(row))


def test_only_the_first_three_go_up_and_the_next_one_moves_up(five, unit_person, member):
    a, b, c, d, e = five
    row = opened(five, unit_person)
    assert row.places == 3
    verdict = refused(recommend, a)
    assert (verdict.code, verdict.status) == ("selection_open", 409)
    actions.cast_ballot(row, order(five, "edcba"), by(unit_person), AT)
    actions.cast_ballot(row, order(five, "abcde"), by(unit_person), AT)  # Changed: the last one counts.
    actions.cast_ballot(row, order(five, "bacde"), by(member), AT)
    actions.enter_ballot(row, "  陈 静 ", order(five, "abdce"), by(unit_person), AT)
    actions.close_selection(row, "王会长", by(unit_person), AT)
    assert [(line["number"], line["points"], line["rank"]) for line in row.lines] == [
        (a.number, 11, 1),
        (b.number, 10, 2),
        (c.number, 5, 3),
        (d.number, 4, 4),
        (e.number, 0, 5),
    ]
    assert row.result["voters"] == ["刘洋", "王敏", "陈 静"]
    assert Ballot.objects.exclude(choices=[]).count() == 0  # Secret: nobody finds out any more.
    assert not Event.objects.filter(name__startswith="ballot_", data__icontains=a.number).exists()
    verdict = refused(recommend, e)
    assert (verdict.message, verdict.status) == ("遴选结果前3项可以推荐，此项排第5", 409)
    assert refused(recommend, d).code == "not_selected"
    recommend(a)
    who = cast.acting(cast.cast("applicant"), "applicant")
    cast.applicant_actions.withdraw(cast.reread(b), "暂不申报", who, AT)
    recommend(d)
    recommend(c)
    assert refused(recommend, e).code == "not_selected"
    assert [cast.reread(x).state for x in (a, c, d)] == [State.RECOMMENDED] * 3


def test_who_does_not_stand_in_it_and_a_cancelled_one(five, unit_person):
    row = opened(five[:4], unit_person)
    actions.cast_ballot(row, order(five, "abcd"), by(unit_person), AT)
    actions.close_selection(row, "王会长", by(unit_person), AT)
    assert refused(recommend, five[4]).message == "此项不在遴选的候选项中"
    assert refused(opened, five, unit_person).code == "selection_stands"
    assert refused(actions.cancel_selection, row, " ", by(unit_person), AT).code == "reason_missing"
    actions.cancel_selection(row, "漏列一项", by(unit_person), AT)
    assert refused(actions.cancel_selection, row, "再取消", by(unit_person), AT).code == "cancelled"
    recommend(five[4])
    again = opened(five[:4], unit_person)
    assert again.places == 2


def test_ties_are_decided_once_with_a_reason(five, unit_person, member):
    row = opened(five, unit_person, "voting", named=True)
    actions.cast_ballot(row, order(five, "abc"), by(unit_person), AT)
    actions.cast_ballot(row, order(five, "abd"), by(member), AT)
    actions.close_selection(row, "王会长", by(unit_person), AT)
    c, d = five[2], five[3]
    recommend(five[0])
    verdict = refused(recommend, d)
    assert (verdict.code, verdict.message) == ("tied", "此项与其他候选项并列第3")
    told = order(five, "badc")
    assert refused(actions.decide_ties, row, told, "", by(unit_person), AT).code == "reason_missing"
    assert (
        refused(actions.decide_ties, row, order(five, "dc"), "票决", by(unit_person), AT).code == "ties_left"
    )
    actions.decide_ties(row, told, "当场再议", by(unit_person), AT)
    assert refused(actions.decide_ties, row, told, "当场再议", by(unit_person), AT).code == "no_ties"
    recommend(d)
    assert refused(recommend, c).code == "not_selected"
    assert [ballot["name"] for ballot in row.result["ballots"]] == ["刘洋", "王敏"]


def test_what_is_refused(five, unit_person, other_unit_person, member):
    unit, track = five[0].unit, five[0].track
    three = [row.number for row in five[:3]]
    verdict = refused(actions.open_selection, unit, track, three, "ranking", False, by(unit_person), AT)
    assert (verdict.status, verdict.message) == (422, "剩余名额3，候选项至少4项，现选3项")
    theirs = by(other_unit_person)
    assert refused(actions.open_selection, unit, track, three, "ranking", False, theirs, AT).status == 404
    late = cast.GATE
    assert (
        refused(actions.open_selection, unit, track, three, "ranking", False, by(unit_person), late).code
        == "too_late"
    )
    row = opened(five, unit_person)
    assert refused(actions.cast_ballot, row, order(five, "abcde"), theirs, AT).status == 404
    assert refused(actions.close_selection, row, "王会长", by(unit_person), AT).code == "no_ballot"
    assert (
        refused(actions.enter_ballot, row, "刘洋", order(five, "abcde"), by(unit_person), AT).code
        == "has_account"
    )
    actions.enter_ballot(row, "陈静", order(five, "abcde"), by(unit_person), AT)
    actions.remove_ballot(row, "陈静", by(unit_person), AT)
    assert refused(actions.remove_ballot, row, "陈静", by(unit_person), AT).status == 404
    actions.cast_ballot(row, order(five, "abcde"), by(member), AT)
    actions.close_selection(row, "王会长", by(unit_person), AT)
    for deed, given in (
        (actions.cast_ballot, (order(five, "abcde"),)),
        (actions.enter_ballot, ("陈静", order(five, "abcde"))),
        (actions.close_selection, ("王会长",)),
    ):
        assert refused(deed, row, *given, by(unit_person), AT).code == "wrong_state"


def test_the_pages_from_opening_to_the_minute(client, five, unit_person, member):
    client.force_login(unit_person)
    assert "发起遴选" in client.get("/unit/selection/").content.decode()
    asked = {"no": [row.number for row in five], "manner": "ranking", "named": ""}
    row_url = client.post(f"/unit/selection/new/{five[0].track_id}/", asked).url
    typed = {f"rank-{row.number}": str(n) for n, row in enumerate(five, start=1)}
    twice = client.post(row_url, {**typed, f"rank-{five[4].number}": "1"})
    assert twice.status_code == 422
    assert "排序填1—5，各不相同" in twice.content.decode()
    assert 'value="4"' in twice.content.decode()
    assert client.post(row_url, typed).status_code == 302
    assert "刘洋：未提交" in client.get(row_url).content.decode()
    entered = client.post(f"{row_url}ballots/", {**typed, "name": "陈静"}, follow=True).content.decode()
    assert "已录入陈静的选票" in entered
    assert "确认结束" in client.get(f"{row_url}close/").content.decode()
    closed = client.post(f"{row_url}close/", {"chair": "王会长"}, follow=True).content.decode()
    assert "、".join(row.number for row in five) in closed
    assert closed.count("可以推荐</td>") == 3
    assert (
        "遴选结果前3项可以推荐，此项排第4"
        in client.post(
            f"/unit/nominations/{five[3].number}/recommend/", {"opinion": "同意", "seen": 1, "confirmed": "1"}
        ).content.decode()
    )
    together = {
        "no": [row.number for row in five],
        "opinion": "同意",
        **{f"seen-{r.number}": 1 for r in five},
    }
    done = client.post("/unit/recommend/", together).content.decode()
    assert "已推荐3项" in done and "此项排第5" in done
    job = Job.objects.get(pk=client.post(f"{row_url}minute/").url.partition("job=")[2].partition("#")[0])
    run(job.pk)
    job.refresh_from_db()
    paper = UnitPaper.objects.get(kind="minute")
    pages = pypdfium2.PdfDocument(job.result.read())
    words = "".join("".join(p.get_textpage().get_text_range() for p in pages).split())
    for said in (
        "内部遴选纪要",
        "王会长",
        "王敏、陈静（共2人）",
        paper.check_code,
        "（公章）",
        five[4].number,
    ):
        assert said in words
    told = client.get(f"/verify/{paper.check_code}/").content.decode()
    assert "有效，与现在的内容一致" in told and five[0].number not in told
    assert client.get(f"{row_url}ties/").status_code == 200
    assert client.post(f"{row_url}cancel/", {"reason": "程序有误"}).status_code == 302
    assert "此次遴选已取消，或结果之后有改动" in client.get(f"/verify/{paper.check_code}/").content.decode()
    assert Selection.objects.get().reason == "程序有误"


def test_the_last_word_under_the_lock_is_the_selections(five, unit_person, monkeypatch):
    """Opened after the first look and before the place is taken: the second look, under the unit's lock, refuses."""
    judge = unit_actions.judge_recommendation

    def look_then_open(*given):
        version = judge(*given)
        opened(five[:4], unit_person)
        return version

    monkeypatch.setattr(unit_actions, "judge_recommendation", look_then_open)
    assert refused(recommend, five[4]).code == "selection_open"


def test_Q1_an_opening_holds_its_candidates_before_the_unit_as_a_recommendation_does(five, unit_person):
    with CaptureQueriesContext(connection) as asked:
        opened(five, unit_person)
    held = [query["sql"] for query in asked.captured_queries if "FOR UPDATE" in query["sql"]]
    tables = ["nomination" if 'FROM "nominations_nomination"' in sql else "unit" for sql in held]
    assert tables == ["nomination", "unit"]


def test_a_secret_ballot_loses_what_it_says_when_the_vote_is_cancelled(five, unit_person):
    row = opened(five, unit_person)
    actions.cast_ballot(row, order(five, "abcde"), by(unit_person), AT)
    actions.cancel_selection(row, "改为记名投票", by(unit_person), AT)
    assert list(Ballot.objects.values_list("name", "choices")) == [("王敏", [])]


def test_the_page_of_a_candidate_says_what_hinders_before_anything_is_typed(client, five, unit_person):
    row = opened(five, unit_person)
    client.force_login(unit_person)
    page = f"/unit/nominations/{five[4].number}/"
    assert "的内部遴选还在投票。遴选结束后按结果推荐" in client.get(page).content.decode()
    actions.cast_ballot(row, order(five, "abcde"), by(unit_person), AT)
    actions.close_selection(row, "王会长", by(unit_person), AT)
    assert "遴选结果前3项可以推荐，此项排第5" in client.get(page).content.decode()
    assert "遴选结果前" not in client.get(f"/unit/nominations/{five[0].number}/").content.decode()


def test_I6_a_character_that_no_database_takes_is_refused(client, five, unit_person):
    client.force_login(unit_person)
    new = f"/unit/selection/new/{five[0].track_id}/"
    assert client.post(new, {"manner": "ranking", "no": "\0"}).status_code in (409, 422)
    row = opened(five, unit_person)
    assert client.post(f"/unit/selection/{row.pk}/ballots/", {"remove": "\0"}).status_code == 404
