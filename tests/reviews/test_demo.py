"""The demo is made by the real actions, and every role finds something in it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command

from kczg.kit.models import Job
from nominations.answers import walk
from nominations.models import Nomination, Season, Twin
from nominations.rankings import DECLARATIONS
from nominations.states import State
from reviews.demo import scans
from reviews.demo.build import build
from reviews.demo.texts import TECHNOLOGIES, answers
from reviews.models import PreliminaryResult, PublishedList, ReviewPlan
from tests import stamping

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("technology", TECHNOLOGIES, ids=lambda technology: technology.name)
def test_a_demo_form_is_whole_and_within_the_printed_limits(technology):
    form = DECLARATIONS["pioneer_technology"]
    tree = walk(form, answers(technology, "演示单位", "林知远"), track=technology.track, season_year=2022)
    assert [problem.message for problem in tree.problems] == []


def states(year: int) -> set[str]:
    return set(Nomination.objects.filter(season__year=year).values_list("state", flat=True))


@pytest.mark.django_db
def test_the_demo_holds_every_state_is_made_once_and_its_stamped_papers_are_whole():
    with time_machine.travel(NOW, tick=False):
        build(NOW)
        assert states(2022) == {State.PUBLISHED, State.NOT_SHORTLISTED, State.NOT_LISTED}
        assert states(2026) == set(State) - {
            State.ACCEPTED,  # between a form check and its assignment, which the demo does in one go
            State.LISTED,  # a moment inside the publication
            State.NOT_LISTED,
            State.PUBLISHED,
        }
        listed = PublishedList.objects.get(ranking__season__year=2022)
        assert (len(listed.entries), listed.published_at) == (11, datetime(2023, 1, 11, 1, 30, tzinfo=UTC))
        assert ReviewPlan.objects.filter(state=ReviewPlan.State.FILED).count() == 1
        pairs = Twin.objects.order_by("pk").values_list("one__title", "other__title", "state", "reasons")
        assert list(pairs) == [
            (name, name, "open", ["title", "texts"])
            for name in ("低功耗边缘语音理解芯片", "城市级时空数据流式融合引擎")
        ]
        assert not Job.objects.filter(kind="compare_twins").exists()
        result = PreliminaryResult.objects.get(track__ranking__season__year=2026)
        assert (result.track.name, len(result.rows)) == ("产业基础", 4)
        call_command("check_invariants")
        before = Nomination.objects.count()
        call_command("seed_demo", "--on-a-server")
        assert (Nomination.objects.count(), Season.objects.count()) == (before, 2)
        assert Job.objects.filter(kind="demo_scan").count() == 1
        version = scans.waiting().filter(nomination__state=State.RECOMMENDED)[0]
        scans.demo_scan(Job(), version_id=version.pk)
        stamping.work(["check_file", "read_scan"])
        assert [row.state for row in version.scans.all()] == ["complete", "complete"]
        # The next one is owed.
        assert Job.objects.filter(kind="demo_scan").count() == 1
        call_command("check_invariants")
