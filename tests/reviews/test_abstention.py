"""弃权, the sheet's plan, both comments and the receipt, by their actions; comments to the applicant after the list."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.roles import Role
from kczg.kit import invariants
from kczg.kit.models import Event
from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from reviews import queries
from reviews.actions import abstention, results, scores
from reviews.models import Assignment, PreliminaryResult, Score
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
AT = cast.IN_PRELIMINARY
FULL = dict.fromkeys(("c1", "c2", "c3"), "80")


def refusal(call, *given, **named):
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    return caught.value.verdict


@pytest.fixture
def in_review(built_in_review, db):
    return cast.reread(built_in_review)


@pytest.fixture
def taken(in_review):
    return cast.expert("expert_a")


@pytest.fixture
def by(taken):
    return cast.acting(taken.user, Role.EXPERT)


@pytest.fixture
def sheet(taken, in_review):
    return Assignment.objects.get(expert=taken, nomination=in_review)


def test_the_first_score_binds_the_sheet_to_its_plan(sheet, by, track):
    assert (sheet.plan, sheet.opened_at) == (None, None)
    kept = scores.save_scores(sheet, {"c1": "80"}, "致机构", by, AT, to_applicant="致申报人")
    assert (kept.plan, kept.opened_at) == (queries.plan_in_force(track), AT)
    assert (kept.comment, kept.comment_applicant) == ("致机构", "致申报人")
    later = scores.save_scores(kept, {}, None, by, AT + timedelta(hours=1), to_applicant="")
    assert (later.comment, later.comment_applicant, later.opened_at, later.edit_version) == (
        "致机构",
        "",
        AT,
        3,
    )


def test_an_abstention_answers_without_a_score_and_comes_back(sheet, by, taken, track):
    scores.save_scores(sheet, FULL, "好", by, AT)
    for _n in range(2):
        abstention.abstain(sheet, " 不熟悉此项技术 ", by, AT)
    sheet.refresh_from_db()
    assert (sheet.abstained_at, sheet.abstain_reason, sheet.edit_version) == (AT, "不熟悉此项技术", 3)
    assert Event.objects.filter(name="abstained").count() == 1
    assert refusal(scores.save_scores, sheet, {"c1": "1"}, None, by, AT).code == "abstained"
    assert [row.pk for row in queries.abstentions(track)] == [sheet.pk]
    for _n in range(2):
        abstention.take_back(sheet, by, AT)
    sheet.refresh_from_db()
    assert (sheet.abstained_at, sheet.abstain_reason) == (None, "")
    assert scores.save_scores(sheet, {"c1": "81"}, None, by, AT).comment == "好"
    assert not queries.abstentions(track).exists()


def test_an_abstention_needs_a_readable_reason_and_is_ones_own(sheet, by):
    other = cast.acting(cast.expert("expert_b").user, Role.EXPERT)
    assert refusal(abstention.abstain, sheet, "不熟悉", other, AT).status == 404
    for reason, code in [
        (" ", "reason_missing"),
        ("\u202e不", "reason_unreadable"),
        ("长" * 301, "reason_too_long"),
    ]:
        assert refusal(abstention.abstain, sheet, reason, by, AT).code == code
    assert refusal(abstention.abstain, sheet, "不熟悉", by, cast.IN_FINAL).code == "too_late"
    assert refusal(abstention.take_back, sheet, other, AT).status == 404


def test_the_body_sees_the_shortage_and_the_result_has_no_score_of_it(sheet, by, taken, track, in_review):
    scores.save_scores(sheet, FULL, "好", by, AT)
    abstention.abstain(sheet, "不熟悉", by, AT)
    assert scores.submit_scores(taken, track, by, AT) == 1
    assert refusal(abstention.take_back, sheet, by, AT).code == "scores_locked"
    cast.score_all()
    plan = queries.plan_in_force(track)
    assert results.open_items(track, plan) == [
        f"{in_review.number}有1名专家弃权，余1名，方案要求2名，补充专家"
    ]
    (row,) = queries.ranked_result(track, plan)
    assert [s["expert"].pk for s in row.sheets] == [cast.expert("expert_b").pk]
    (counted,) = queries.sheets_by_nomination(track)
    assert (counted.assigned, counted.done, counted.abstained) == (2, 2, 1)
    assert {e.pk: e.abstained for e in queries.progress_by_expert(track)}[taken.pk] == 1


def test_a_receipt_holds_the_digest_of_what_was_submitted(sheet, by, taken, track):
    scores.save_scores(sheet, FULL, "好", by, AT)
    scores.submit_scores(taken, track, by, AT)
    (told,) = queries.receipts_of(taken, track)
    sheet = queries.assignments_of(taken.user).get()
    assert (told.at, told.count, told.sheets) == (AT, 1, (sheet.pk,))
    assert told.digest == queries.sheets_digest([sheet])
    assert list(invariants.faults()) == []
    Score.objects.filter(assignment=sheet, criterion="c1").update(value=99)
    assert [name for name, _line in invariants.faults()] == ["receipts"]
    Score.objects.filter(assignment=sheet, criterion="c1").update(value=80)


def test_invariants_find_an_abstention_that_is_counted_or_without_a_reason(in_review, track):
    cast.score_all()
    cast.close_and_submit()
    one = Assignment.objects.first()
    Assignment.objects.filter(pk=one.pk).update(abstained_at=AT)
    found = [line for name, line in invariants.faults() if name == "abstentions"]
    assert found == [
        f"assignment {one.pk}: abstained without a reason",
        f"result {PreliminaryResult.objects.get().pk}: expert {one.expert_id} abstained from nomination "
        f"{one.nomination_id} and is counted",
    ]
    Assignment.objects.filter(pk=one.pk).update(abstained_at=None)


def progress_page(nomination):
    browser = Client()
    browser.force_login(cast.cast("applicant"))
    return browser.get(f"/nominations/{nomination.number}/progress/").content.decode()


def test_P4_P5_comments_reach_the_applicant_unsigned_once_the_list_is_published(in_review):
    texts = {"expert_a": "建议补充第三方检测数据", "expert_b": "建议说明推广计划"}
    for key, text in texts.items():
        person = cast.expert(key)
        acting = cast.acting(person.user, Role.EXPERT)
        for task in queries.assignments_of(person.user):
            scores.save_scores(task, {}, "只给初评机构", acting, AT, to_applicant=text)
    cast.score_all()
    cast.close_and_submit()
    cast.issue_notice([in_review])
    for moment in (AT, cast.IN_FINAL, cast.IN_PUBLICATION):
        with time_machine.travel(moment, tick=False):
            page = progress_page(in_review)
            assert not any(text in page for text in texts.values())
    cast.publish()
    with time_machine.travel(cast.IN_PUBLICATION, tick=False):
        page = progress_page(in_review)
    assert all(text in page for text in texts.values())
    for hidden in ("只给初评机构", "吴志远", "郑海涛"):
        assert hidden not in page
    (event,) = events_of(in_review).filter(name="comments_released")
    assert sorted(event.data) == ["texts"]
