"""Pages of a body at 500 nominations and 60 experts: as many queries as for a few, open and closed."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews import queries
from reviews.actions import assigning as actions
from reviews.actions import results
from reviews.models import Assignment, PreliminaryResult, Score
from tests import cast
from tests.reviews import assigning

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY
OPEN = ("", "check/", "experts/", "assign/", "conflicts/", "progress/", "close/", "results/")
CLOSED = ("", "check/", "progress/", "results/", "results/analysis/", "results/reasons/", "results/submit/")


def asked(body, pages):
    """Page → how many queries it takes."""
    found = {}
    for page in pages:
        with CaptureQueriesContext(connection) as seen:
            assert body.get(f"/body/{page}").status_code == 200
        found[page] = len(seen)
    return found


def assign_all(track):
    plan = queries.plan_in_force(track)
    actions.assign(track, actions.suggest(track, plan), cast.body_actor(), AT)


def score_all():
    """Every sheet gets its scores and is submitted, in bulk."""
    sheets = list(Assignment.objects.filter(submitted_at=None))
    Score.objects.bulk_create(
        Score(assignment=sheet, criterion=each["key"], value=Decimal(60 + sheet.pk % 40))
        for sheet in sheets
        for each in cast.CRITERIA
    )
    plan = queries.plan_in_force(cast.track())
    Assignment.objects.filter(submitted_at=None).update(submitted_at=AT, saved_at=AT, comment="好", plan=plan)


def test_as_many_queries_at_500_by_60_as_for_a_few(body, track):
    rows, _people = assigning.world()
    assign_all(track)
    few = asked(body, OPEN)
    score_all()
    results.close_scores(track, cast.body_actor(), AT)
    few_closed = asked(body, CLOSED)
    PreliminaryResult.objects.all().delete()
    assigning.more(rows[0], 497)
    assigning.experts(56)
    assign_all(track)
    assert asked(body, OPEN) == few
    score_all()
    results.close_scores(track, cast.body_actor(), AT)
    assert asked(body, CLOSED) == few_closed
