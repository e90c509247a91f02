"""回避 on record: rows follow the facts, tasks in conflict end at once, a closed result stays as it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Organisation
from accounts.roles import Role
from kczg.kit import invariants, outbox
from kczg.kit.models import Event, Job
from kczg.kit.record import SYSTEM
from kczg.kit.verdicts import Refused
from nominations.actions.season import organisation_named
from reviews import queries, tasks
from reviews.actions import conflicts, experts, results
from reviews.models import Assignment, BodyExpert, Expert, LiftedRecusal, Recusal
from tests import cast
from tests.reviews.many import copies

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY
LATER = AT + timedelta(hours=1)


def acts_for(taken, organisation):
    house = organisation_named(organisation)
    return Membership.objects.create(user=taken.user, organisation=house, role=Role.APPLICANT)


def kept():
    rows = Recusal.objects.filter(kind=Recusal.Kind.COMPUTED)
    return {(row.expert_id, row.nomination_id): row.reason for row in rows}


def work():
    """Does what is owed to the worker about conflicts."""
    for pk in Job.objects.filter(kind__startswith="conflicts_of", state=Job.State.QUEUED).values_list(
        "pk", flat=True
    ):
        outbox.run(pk)


def test_rows_come_and_go_with_the_facts_and_the_task_ends_at_once(in_review, track, sound):
    taken, other = cast.expert("expert_a"), cast.expert("expert_b")
    assert kept() == {}
    held = acts_for(taken, "北京云脉传感科技有限公司")
    work()
    assert kept() == {(taken.pk, in_review.pk): "专家工作单位与申报单位相同"}
    ended = Assignment.objects.get(expert=taken)
    assert ended.ended_at is not None
    assert Assignment.objects.get(expert=other).ended_at is None
    assert not queries.assignments_of(taken.user).exists()
    assert Event.objects.get(name="recused").reason == "专家工作单位与申报单位相同"
    outbox.run(Job.objects.get(key__startswith="review_mail:conflict_found").pk)
    notice = cast.cast("body_person").notices.get(kind="conflict_found")
    assert "1项评审任务因回避取消" in notice.text
    assert "吴志远" not in notice.text
    with pytest.raises(Refused) as refused:
        results.close_scores(track, cast.body_actor(), AT)
    assert f"{in_review.number}只有1名专家，方案要求2名" in refused.value.verdict.details["items"]
    held.delete()
    work()
    assert kept() == {}
    assert Assignment.objects.get(expert=taken).ended_at is not None
    experts.assign(track, [(taken.pk, in_review.pk), (other.pk, in_review.pk)], cast.body_actor(), AT)


def test_a_submitted_sheet_counts_no_more_while_scores_are_open(in_review, track, sound):
    cast.score_all()
    taken = cast.expert("expert_a")
    Expert.objects.filter(pk=taken.pk).update(parent_organisation="北京云脉传感科技有限公司")
    assert kept() == {}
    tasks.compare_conflicts()
    assert kept() == {(taken.pk, in_review.pk): "专家的上级单位与申报单位相同"}
    [row] = queries.ranked_result(track, queries.plan_in_force(track))
    assert len(row.sheets) == 1


def test_a_closed_result_stays_and_body_and_secretariat_are_told(in_review, track, office_a, sound):
    cast.score_all()
    results.close_scores(track, cast.body_actor(), AT)
    taken = cast.expert("expert_a")
    Expert.objects.filter(pk=taken.pk).update(employer="北京云脉传感科技有限公司")
    for _n in range(2):
        assert conflicts.refresh(track, LATER).ended == []
    assert kept() == {(taken.pk, in_review.pk): "专家工作单位与申报单位相同"}
    assert Assignment.objects.filter(ended_at=None).count() == 2
    assert not queries.assignments_of(taken.user).exists()
    assert Event.objects.filter(name="conflict_found_late").count() == 1
    outbox.run(Job.objects.get(key__startswith="review_mail:conflict_found").pk)
    for person in (cast.cast("body_person"), office_a):
        assert "结果未作改动" in person.notices.get(kind="conflict_found").text


def test_the_facts_are_asked_before_an_assignment_and_when_a_form_passes(track, sound):
    taken = cast.expert("expert_a")
    Expert.objects.filter(pk=taken.pk).update(employer="北京云脉传感科技有限公司")
    nomination = cast.accepted()
    assert kept().keys() == {(taken.pk, nomination.pk)}
    Expert.objects.filter(pk=taken.pk).update(employer="清江大学", address="海淀区中关村东路1号院8号楼")
    with pytest.raises(Refused) as refused:
        experts.assign(track, [(taken.pk, nomination.pk)], cast.body_actor(), AT)
    words = f"吴志远应回避{nomination.number}：专家单位与申报单位地址相近"
    assert refused.value.verdict.message == words
    tasks.compare_conflicts()


def test_a_changed_name_or_code_of_an_organisation_is_heard(accepted, track, sound):
    taken = cast.expert("expert_a")
    for changed in ({"credit_code": "91110108MA01ABCD2K"}, {"name": "清江大学"}):
        for name in ("北京云脉传感科技有限公司", "清江大学"):
            house = organisation_named(name)
            for field, value in changed.items():
                setattr(house, field, value)
            house.save()
        work()
        assert kept().keys() == {(taken.pk, accepted.pk)}
        Organisation.objects.update(credit_code=None)
        conflicts.refresh(track, AT)


def test_what_was_lifted_stays_lifted_until_something_else_is_found(track, sound):
    taken = cast.expert("expert_a")
    answers = cast.full_answers()
    answers["introduction_text"] = f"吴志远航天{cast.chinese(500)}"
    accepted = cast.accepted(answers=answers)
    [row] = Recusal.objects.all()
    assert (row.reason, row.certain, row.may_be_lifted) == ("申报表中出现专家姓名", False, True)
    by = cast.cast("body_person")
    LiftedRecusal.objects.create(
        expert=taken, nomination=accepted, found=row.reason, reason="系“志远航天”简称", at=AT, by=by
    )
    assert conflicts.refresh(track, AT).removed == [(taken.pk, accepted.pk, "computed")]
    Expert.objects.filter(pk=taken.pk).update(employer="中国电子学会")
    conflicts.refresh(track, AT)
    [row] = Recusal.objects.all()
    assert row.reason == "专家工作单位与推荐单位相同；申报表中出现专家姓名"
    assert not row.may_be_lifted
    assert Event.objects.filter(name="conflicts_computed").count() == 3


def test_numbers_change_no_number_of_queries(accepted, track):
    people = [cast.expert(key) for key in cast.EXPERTS]
    counts = []
    for more in (0, 12):
        copies(accepted, more)
        Expert.objects.filter(pk=people[0].pk).update(employer="北京云脉传感科技有限公司")
        with CaptureQueriesContext(connection) as seen:
            assert len(conflicts.refresh(track, AT).added) == 1 + more
        counts.append(len(seen))
        Expert.objects.filter(pk=people[0].pk).update(employer="清江大学")
        assert len(conflicts.refresh(track, AT).removed) == 1 + more
    assert counts[0] == counts[1] <= 16


def test_planted_faults_are_found(in_review, track):
    def found():
        return {name for name, _line in invariants.faults()}

    taken = cast.expert("expert_a")
    assert found() == set()
    facts = {"expert": taken, "nomination": in_review, "reason": "专家工作单位与申报单位相同", "at": AT}
    Recusal.objects.create(kind=Recusal.Kind.COMPUTED, **facts)
    assert found() == {"recusals", "computed_recusals"}
    Recusal.objects.all().delete()
    Expert.objects.filter(pk=taken.pk).update(employer="北京云脉传感科技有限公司")
    assert found() == {"computed_recusals"}
    conflicts.refresh(track, AT)
    assert found() == set()


HOUSES = ("清江大学", "北京云脉传感科技有限公司", "云脉传感", "中国电子学会", "苏州拓维材料有限公司")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(HOUSES), st.booleans()), min_size=1, max_size=4))
def test_no_task_stands_in_conflict_whatever_changes(property_world, changes):
    people, nominations = property_world
    track = cast.track()
    Assignment.objects.filter(nomination__in=nominations).update(ended_at=None)
    for whose, house, leaves in changes:
        Expert.objects.filter(pk=people[whose].pk).update(employer=house)
        BodyExpert.objects.filter(expert=people[1 - whose]).update(is_active=not leaves)
        conflicts.refresh(track, AT, SYSTEM)
        standing = Assignment.objects.filter(ended_at=None).values_list("expert", "nomination")
        assert not set(standing) & queries.conflict_matrix(track).keys()
        assert {(*pair, "computed") for pair in kept()} >= queries.computed_of(track).keys()


@pytest.fixture
def property_world(in_review):
    """Both experts with a task each in two nominations of two applicants."""
    other = copies(in_review, 1)[0]
    other.applicant = organisation_named("苏州拓维材料有限公司")
    other.save(update_fields=["applicant"])
    people = [cast.expert(key) for key in cast.EXPERTS]
    by = cast.cast("body_person")
    for person in people:
        Assignment.objects.create(expert=person, nomination=other, assigned_at=AT, assigned_by=by)
    return people, [in_review, other]
