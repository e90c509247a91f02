"""By which plan a track is scored, whichever is in force, and what a result keeps of its recipe."""

from decimal import Decimal

import pytest

from accounts.roles import Role
from reviews import invariants, queries
from reviews.actions import preliminary, results, scores
from reviews.models import Assignment, BodyExpert
from reviews.outputs.result import frozen_rows
from tests import cast
from tests.reviews.test_preliminary import draft_plan, refusal

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY


def record_anew(track, **changed):
    """A later filing of the plan, put on record by the secretariat."""
    plan = draft_plan(track, **changed)
    preliminary.file_plan(plan, cast.body_actor(), AT)
    preliminary.decide_plan(plan, True, "", cast.office(), AT)
    return plan


def mark(key, value="80", **typed):
    """The first open sheet of an expert with this score of each criterion."""
    taken = cast.expert(key)
    sheet = queries.assignments_of(taken.user).filter(submitted_at=None).first()
    typed = typed or {criterion["key"]: value for criterion in cast.CRITERIA}
    return scores.save_scores(sheet, typed, "思路清晰。", cast.acting(taken.user, Role.EXPERT), AT)


def test_the_plan_of_the_first_score_is_the_tracks_yardstick(in_review, track):
    first = queries.plan_in_force(track)
    assert mark("expert_a").plan == first
    later = record_anew(track, recipe="median", scale=10, shortlist=5)
    assert queries.plan_in_force(track) == later
    assert queries.scoring_plan(track) == first
    # The second expert hadn't begun: still one yardstick, and 80 is no score on the later plan's scale.
    assert mark("expert_b").plan == first
    assert list(invariants.yardsticks()) == []
    Assignment.objects.filter(pk=queries.standing_assignments(track).first().pk).update(plan=later)
    assert len(list(invariants.yardsticks())) == 1


def test_before_the_first_score_a_later_plan_takes_over(in_review, track):
    later = record_anew(track, recipe="median")
    assert queries.scoring_plan(track) == later
    # A comment alone settles nothing.
    taken = cast.expert("expert_a")
    sheet = queries.assignments_of(taken.user).first()
    scores.save_scores(sheet, {"c1": ""}, "待定", cast.acting(taken.user, Role.EXPERT), AT)
    assert not Assignment.objects.exclude(plan=None).exists()
    assert mark("expert_a").plan == later


def test_a_result_is_of_the_scoring_plan_with_the_line_of_the_one_in_force(track):
    cast.recorded_plan(shortlist=1)
    rows = [cast.accepted(title="甲技术"), cast.accepted(title="乙技术")]
    cast.assign_all()
    mark("expert_a")
    later = record_anew(track, recipe="median", shortlist=2)
    cast.score_all(marks={rows[0].number: Decimal(90), rows[1].number: Decimal(70)})
    BodyExpert.objects.filter(expert=cast.expert("expert_a")).update(group="g1")
    result = results.close_scores(track, cast.body_actor(), AT)
    assert result.plan.number == 1
    kept = frozen_rows(queries.ranked_result(track, result.plan), queries.recipe_digest(result.plan))
    assert [row["shortlisted"] for row in kept] == [True, True]
    assert {row["recipe"] for row in kept} == {queries.recipe_digest(result.plan)}
    assert queries.recipe_digest(later) != queries.recipe_digest(result.plan)
    assert [sheet["group"] for sheet in kept[0]["sheets"]] == ["g1", ""]
    assert kept[0]["exact"] == "90.000000"
    # Closed: nothing is filed any more.
    assert refusal(draft_plan, track).code == "scores_closed"


def test_what_was_abstained_from_or_lifted_does_not_count(in_review, track):
    cast.score_all()
    one, other = queries.counted_sheets(track)
    Assignment.objects.filter(pk=one.pk).update(abstained_at=AT)
    assert list(queries.counted_sheets(track)) == [other]
    Assignment.objects.filter(pk=other.pk).update(ended_at=AT)
    assert queries.ranked_result(track, queries.scoring_plan(track)) == []


def test_a_plan_that_waits_is_not_recorded_after_the_close(in_review, track):
    waiting = draft_plan(track, shortlist=1)
    cast.score_all()
    preliminary.file_plan(waiting, cast.body_actor(), AT)
    results.close_scores(track, cast.body_actor(), AT)
    verdict = refusal(preliminary.decide_plan, waiting, True, "", cast.office(), AT)
    assert verdict.code == "scores_closed"
    preliminary.decide_plan(waiting, False, "评分已结束", cast.office(), AT)


def test_a_plan_without_tie_rules_has_the_usual_one(track):
    plan = draft_plan(track)
    assert queries.recipe_of(plan).ties == ("heaviest",)
    assert queries.recipe_of(plan).weights == {"c1": 40, "c2": 35, "c3": 25}
