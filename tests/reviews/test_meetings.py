"""会议评审: called, held in secret rounds, closed; the result obeys it."""

import json
from runpy import run_path

import pypdfium2
import pytest
import time_machine

from kczg.kit import invariants
from kczg.kit.models import Event, Job
from kczg.kit.outbox import run
from kczg.kit.verdicts import Refused
from nominations.rules import check_code
from nominations.states import State
from reviews import meetings, notices, queries
from reviews.actions import meetings as actions
from reviews.actions import results, votes
from reviews.models import BodyExpert, Meeting, PreliminaryResult, ReviewPlan, Round, Voted
from reviews.outputs import recompute
from tests import cast
from tests.reviews import meetings as held

pytestmark = pytest.mark.django_db
AT = held.AT


@pytest.fixture(autouse=True)
def _in_review():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def rows(season):
    return held.scored()


@pytest.fixture
def experts(rows):
    return held.people()


@pytest.fixture
def meeting(experts):
    return held.called(experts)


def refused(deed, *given):
    with pytest.raises(Refused) as caught:
        deed(*given)
    return caught.value.verdict


def by():
    return cast.body_actor()


def faults():
    return [line for name, line in invariants.faults() if name in ("meetings", "results", "recusals")]


def ids(nominations):
    return [row.pk for row in nominations]


def told(row):
    """Number → votes of those who may vote, and what it means."""
    found = dict(meetings.told(Meeting.objects.get(), Round.objects.all()))
    return [(line["votes"], line["entitled"], line["word"]) for line in found[row]]


def test_two_rounds_to_the_number_wanted_and_the_result_obeys(rows, experts, meeting):
    a, b, c, d = rows
    held.recuse(experts[4], b)
    assert meetings.outcome(cast.track()) is None
    verdict = refused(results.submit_result, cast.track(), by(), AT)
    assert (verdict.code, verdict.message) == ("meeting_open", "方案中有会议评审，会议评审尚未结束")
    first = held.begun(experts)
    assert (first.candidates, first.seats) == (ids(rows), 2)
    assert [row["figure"] for row in Meeting.objects.get().candidates] == ["95.00", "94.00", "93.00", "92.00"]
    assert first.recused == {expert.pk: [b.pk] if expert == experts[4] else [] for expert in experts}
    for expert, chosen in zip(experts, ([c, b], [c, b], [c, a], [c, a], [a]), strict=True):
        assert held.vote(expert, *chosen)
    assert told(held.close_round()) == [
        (3, 5, "继续投票"), (2, 4, "继续投票"), (4, 5, "入选"), (0, 5, "未入选")
    ]  # fmt: skip
    second = actions.begin_round(cast.track(), by(), AT)
    assert (second.candidates, second.seats) == (ids([a, b]), 1)
    for expert in experts[:4]:
        held.vote(expert, b, number=2)
    held.vote(experts[4], number=2)
    assert told(held.close_round()) == [(0, 5, "未入选"), (4, 4, "入选")]
    closed = held.close()
    assert (closed.result["elected"], closed.result["left"]) == (ids([c, b]), 0)
    assert meetings.outcome(cast.track()) == ids([c, b])
    assert faults() == []
    results.submit_result(cast.track(), by(), AT)
    result = PreliminaryResult.standing.get()
    assert [(row["nomination"], row["rank"], row["shortlisted"]) for row in result.rows] == [
        (c.pk, 1, True), (b.pk, 2, True), (a.pk, 3, False), (d.pk, 4, False)
    ]  # fmt: skip
    assert [cast.reread(row).state for row in (a, b)] == [State.NOT_SHORTLISTED, State.SHORTLISTED]


def test_what_was_voted_is_tied_to_nobody(rows, experts, meeting):
    a, b, _c, _d = rows
    row = held.begun(experts)
    for expert, chosen in zip(experts, ([b], [a, b], [], [b, a], [a]), strict=True):
        held.vote(expert, *chosen)
    row.refresh_from_db()
    assert row.ballots == sorted([[b.pk], ids([a, b]), [], ids([a, b]), [a.pk]])
    assert {field.name for field in Voted._meta.fields} == {"id", "round", "expert", "on_paper"}
    cast_events = Event.objects.filter(name="vote_cast")
    assert [event.data for event in cast_events] == [{"number": 1}] * 5
    assert not held.vote(experts[0], a), "a second ballot changes nothing"
    row.refresh_from_db()
    assert len(row.ballots) == 5


def test_who_may_vote_on_what(rows, experts, meeting):
    a, b, c, _d = rows
    held.recuse(experts[1], a)
    actions.keep_present(cast.track(), [expert.pk for expert in experts[:4]], by(), AT)
    row = actions.begin_round(cast.track(), by(), AT)
    assert refused(held.vote, experts[4], a).code == "not_present"
    assert refused(held.vote, experts[1], a).code == "no_candidate"
    assert refused(held.vote, experts[0], a, b, c).message == "选1—2项，现选3项"
    assert votes.ballot_of(row, experts[1].pk) == [nomination.pk for nomination in rows[1:]]
    stranger = cast.acting(experts[0].user, "expert")
    member = meetings.membership_for(experts[2].user, meeting.pk)
    assert refused(votes.cast, member, 1, [a.pk], stranger, AT).status == 404
    assert (
        refused(votes.cast, member, 2, [a.pk], cast.acting(experts[2].user, "expert"), AT).code
        == "round_over"
    )
    assert held.vote(experts[0], a)
    BodyExpert.objects.filter(expert=experts[3]).update(is_active=False)
    assert refused(meetings.membership_for, experts[3].user, meeting.pk).status == 404
    with time_machine.travel(cast.IN_FINAL, tick=False):
        assert refused(lambda: held.vote(experts[2], a, at=cast.IN_FINAL)).status == 409


def test_a_quorum_closed_scores_and_one_round_at_a_time(rows, experts, meeting):
    track = cast.track()
    actions.keep_present(track, ids(experts[:3]), by(), AT)
    assert refused(actions.begin_round, track, by(), AT).code == "no_quorum"
    assert refused(actions.keep_present, track, [999_999], by(), AT).status == 404
    held.begun(experts[:4])
    assert refused(actions.begin_round, track, by(), AT).code == "round_open"
    assert refused(actions.keep_present, track, ids(experts), by(), AT).code == "round_open"
    assert refused(actions.close_meeting, track, "", by(), AT).code == "round_open"
    assert refused(held.called, experts).code == "meeting_begun"
    other = cast.acting(cast.cast("other_body_person"), "body")
    for deed in (actions.begin_round, actions.close_round):
        assert refused(deed, track, other, AT).status == 404


def test_a_recusal_while_a_round_is_open_annuls_it(rows, experts, meeting):
    a = rows[0]
    row = held.begun(experts)
    held.vote(experts[0], a)
    held.recuse(experts[2], a)
    assert refused(held.vote, experts[2], a).code == "no_candidate"
    assert refused(held.close_round).code == "recusals_changed"
    assert refused(actions.annul_round, cast.track(), " ", by(), AT).message == "填写作废原因"
    actions.annul_round(cast.track(), "投票期间有新的回避", by(), AT)
    row.refresh_from_db()
    assert (row.ballots, row.voted.count()) == ([], 1)
    again = actions.begin_round(cast.track(), by(), AT)
    assert (again.number, again.candidates, again.recused[experts[2].pk]) == (2, ids(rows), [a.pk])
    assert faults() == []


def test_paper_ballots_bear_no_name(rows, experts, meeting):
    a, b, _c, _d = rows
    held.recuse(experts[4], a)
    row = held.begun(experts)
    track = cast.track()
    held.vote(experts[0], a)
    assert refused(votes.keep_paper_voters, track, ids(experts[:2]), by(), AT).status == 404, (
        "voted on the page"
    )
    assert refused(votes.enter_paper, track, [a.pk], by(), AT).code == "too_many_papers"
    votes.keep_paper_voters(track, ids(experts[3:]), by(), AT)
    assert not held.vote(experts[3], a)
    votes.enter_paper(track, [a.pk], by(), AT)
    assert refused(votes.enter_paper, track, [a.pk], by(), AT).code == "recused_on_paper"
    assert refused(held.close_round).message == "登记纸质投票2人，已录入1张，录完后再结束本轮"
    votes.clear_papers(track, by(), AT)
    votes.enter_paper(track, [b.pk], by(), AT)
    votes.enter_paper(track, [], by(), AT)
    row = held.close_round()
    assert (row.ballots, row.papers) == (sorted([[a.pk], [b.pk], []]), [])
    assert faults() == []


def test_places_stay_empty_and_the_minute_says_so(rows, experts, meeting):
    held.begun(experts)
    for expert in experts[:3]:
        held.vote(expert, rows[0])
    held.close_round()
    assert refused(held.close).message == "填写提前结束的原因"
    closed = held.close("专家意见分歧较大，其余申报下年度再议")
    assert closed.digest == check_code.digest(closed.result)
    assert (closed.result["elected"], closed.result["left"]) == ([], 2)
    job = actions.print_minute(cast.track(), by(), AT)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    with job.result.open() as file:
        pdf = pypdfium2.PdfDocument(file.read())
    text = "".join(page.get_textpage().get_text_range() for page in pdf).replace("\r\n", "")
    for words in (closed.check_code, "空缺2项", "专家意见分歧较大", "吴志远（主持人）", "中国科协信息科技学会联合体",
                  "到会5人，应投5人，收到选票3张", "二、逐项讨论"):  # fmt: skip
        assert words in text, words
    assert faults() == []


def test_invariants_find_what_was_changed(rows, experts, meeting):
    held.begun(experts)
    for expert in experts:
        held.vote(expert, *rows[:2])
    held.close_round()
    held.close()
    assert faults() == []
    Round.objects.update(ballots=[[row.pk for row in rows]] * 6)
    found = " ".join(faults())
    for words in (
        "6 ballots of 5 voters",
        "approves more",
        "more votes on a candidate",
        "those that were frozen",
    ):
        assert words in found
    row = Meeting.objects.get()
    row.result["elected"] = [rows[3].pk]
    row.save()
    assert "the ballots give another result" in " ".join(faults())
    assert "result and digest differ" in " ".join(faults())


def test_members_are_told_once_of_each_time_and_place(rows, experts, meeting):
    called = Job.objects.filter(key__startswith="review_mail:meeting_called:")
    assert called.count() == 5
    held.called(experts)
    assert called.count() == 5
    moved = {**held.FIELDS, "place": "上海市徐汇区"}
    actions.plan_meeting(cast.track(), moved, ids(experts[:3]), experts[1].pk, by(), AT)
    assert called.count() == 8
    assert notices.MAILS["meeting_called"](meeting.pk, experts[4].pk) == [], "taken off again"
    (letter,) = notices.MAILS["meeting_called"](meeting.pk, experts[0].pk)
    assert "会议通知" in letter.subject and "上海市徐汇区" in letter.text
    row = held.begun(experts[:3])
    (letter,) = notices.MAILS["vote_opened"](row.pk, experts[0].pk)
    assert (letter.page, "第1轮投票已开始" in letter.subject) == (f"/expert/meeting/{meeting.pk}/", True)
    held.close_round()
    assert notices.MAILS["vote_opened"](row.pk, experts[0].pk) == []


def test_a_plan_without_a_meeting_has_none(season):
    cast.recorded_plan()
    assert meetings.outcome(cast.track()) is None
    assert meetings.judge_ended(cast.track())
    assert refused(actions.plan_meeting, cast.track(), held.FIELDS, [], 0, by(), AT).code == "no_meeting"
    assert queries.plan_in_force(cast.track()).meeting is False


def test_scores_that_changed_since_ask_for_another_meeting(rows, experts, meeting):
    held.begun(experts)
    for expert in experts:
        held.vote(expert, *rows[2:])
    held.close_round()
    held.close()
    assert meetings.outcome(cast.track()) == ids(rows[2:])
    held.recuse(cast.expert("expert_a"), rows[2])
    rows[2].assignments.get(ended_at=None).scores.update(value=50)
    assert meetings.outcome(cast.track()) is None
    assert refused(results.submit_result, cast.track(), by(), AT).code == "meeting_outdated"
    again = held.called(experts)
    assert (again.number, again.is_planned, meetings.outcome(cast.track())) == (2, True, None)


def test_a_program_that_shares_no_code_counts_the_votes_again(rows, experts, meeting):
    a, b, c, d = rows
    held.recuse(experts[4], d)
    held.begun(experts)
    for expert, chosen in zip(experts, ([d, a], [d, b], [d, a], [a], [c]), strict=True):
        held.vote(expert, *chosen)
    held.close_round()
    actions.begin_round(cast.track(), by(), AT)
    for expert in experts:
        held.vote(expert, a, number=2)
    held.close_round()
    held.close()
    result = results.submit_result(cast.track(), by(), AT)
    assert [row["nomination"] for row in result.rows] == ids([d, a, b, c])
    assert recompute.first_difference(result) == ""
    files, shipped = recompute.export_files(result), run_path(str(recompute.STANDALONE / "recompute.py"))
    assert list(shipped["differences"](files)) == []
    assert not any(word in files["meeting.json"].decode() for word in ("吴志远", "expert", "electors"))
    votes_changed = json.loads(files["meeting.json"])
    votes_changed["polls"][1]["ballots"] = []
    files["meeting.json"] = json.dumps(votes_changed).encode()
    found = list(shipped["differences"](files))
    assert "meeting.json: changed since the export" in found
    assert f"line 2, nomination: frozen {a.number}, recomputed {b.number}" not in found
    assert "line 2, shortlisted: frozen 1, recomputed 0" in found


@pytest.mark.parametrize("changed", ["the number wanted", "a recusal"])
def test_what_the_vote_was_about_must_be_as_it_was(rows, experts, meeting, changed):
    held.begun(experts)
    for expert in experts:
        held.vote(expert, *rows[2:])
    held.close_round()
    held.close()
    assert meetings.judge_ended(cast.track())
    if changed == "a recusal":
        held.recuse(experts[0], rows[2])
    else:
        plan = queries.plan_in_force(cast.track())
        ReviewPlan.objects.filter(pk=plan.pk).update(shortlist=plan.shortlist + 1)
    assert meetings.judge_ended(cast.track()).code == "meeting_outdated"
