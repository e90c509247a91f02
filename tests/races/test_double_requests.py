"""A request that arrives twice at once has one effect and the same answer (Q2)."""

import pytest
from django.conf import settings

from accounts.roles import Role
from kczg.kit.models import Job
from kczg.kit.record import events_of
from nominations.actions import applicant
from nominations.actions import unit as actions
from nominations.actions.beginning import begin
from nominations.models import Nomination, Recommendation, Version
from nominations.states import State
from tests import cast
from tests.races import crowd

pytestmark = [
    pytest.mark.races,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has no rows to lock"
    ),
    pytest.mark.usefixtures("sound"),
]
AT = cast.DURING_CALL


def test_Q2_submitting_twice_at_once(draft):
    by = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    answers = crowd.together([lambda: applicant.submit(cast.reread(draft), by, AT, promised=True)] * 8)
    assert {answer.pk for answer in answers} == {Version.objects.get().pk}
    assert events_of(draft).filter(name="submitted").count() == 1
    assert Job.objects.filter(kind="form_pdf").count() == 1


def test_Q2_recommending_twice_at_once(submitted):
    by = cast.unit_actor(submitted)
    deed = lambda: actions.recommend(cast.reread(submitted), cast.OPINION, 1, by, AT)  # noqa: E731
    answers = crowd.together([deed] * 8)
    assert {answer.pk for answer in answers} == {Recommendation.objects.get().pk}
    assert events_of(submitted).filter(name="recommended").count() == 1


def test_Q2_returning_and_recommending_at_once_leaves_one_of_them(submitted):
    by = cast.unit_actor(submitted)
    notes = [{"section": "", "reason": "核对"}]
    crowd.together(
        [lambda: actions.return_for_changes(cast.reread(submitted), notes, by, AT)] * 4
        + [lambda: actions.recommend(cast.reread(submitted), cast.OPINION, 1, by, AT)] * 4
    )
    state = cast.reread(submitted).state
    standing = Recommendation.objects.filter(ended_at=None).count()
    assert (state, standing) in {(State.RETURNED, 0), (State.RECOMMENDED, 1)}


def test_Q2_withdrawing_and_recommending_at_once(submitted):
    by, unit = cast.acting(cast.cast("applicant"), Role.APPLICANT), cast.unit_actor(submitted)
    crowd.together(
        [lambda: applicant.withdraw(cast.reread(submitted), "不再申报", by, AT)] * 4
        + [lambda: actions.recommend(cast.reread(submitted), cast.OPINION, 1, unit, AT)] * 4
    )
    assert cast.reread(submitted).state == State.WITHDRAWN
    assert Recommendation.objects.filter(ended_at=None).count() == 0
    assert events_of(submitted).filter(name="withdrawn").count() == 1


def test_numbers_of_nominations_begun_at_once_differ(season):
    by = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    cast.ranking()
    deed = lambda: begin(cast.ranking(), by, AT, applicant=by.organisation)  # noqa: E731
    numbers = [row.number for row in crowd.together([deed] * 8)]
    assert sorted(numbers) == [f"2022XD{n:05d}" for n in range(1, 9)]


def test_Q2_beginning_twice_at_once_with_one_key(season):
    by = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    one, other = cast.ranking(), cast.ranking("emerging_enterprise")
    deeds = [
        lambda ranking=ranking: begin(ranking, by, AT, applicant=by.organisation, key="k" * 20)
        for ranking in (one, other)
    ]
    answers = crowd.together(deeds * 4)
    assert {answer.pk for answer in answers} == {Nomination.objects.get().pk}
    assert events_of(answers[0]).filter(name="begun").count() == 1
