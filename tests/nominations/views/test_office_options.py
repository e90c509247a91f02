"""The fields of the year: as the notice names them, set by the secretariat before the call, never afterwards."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from accounts.roles import Role
from kczg.kit.models import Event
from kczg.kit.record import SYSTEM
from kczg.kit.verdicts import Refused
from nominations.actions import applicant
from nominations.actions import options as actions
from nominations.actions.beginning import begin
from nominations.actions.season import load_season
from nominations.fields.yearly import with_options
from nominations.forms import section_form
from nominations.models import Ranking, Stage
from nominations.rankings import DECLARATIONS
from tests import cast

pytestmark = pytest.mark.django_db
NAMED = ["新一代信息技术", "创新药与大健康", "绿色能源与节能环保"]
TEN = [*NAMED, "新材料", "智能制造", "现代农业", "海洋", "航空航天", "数字经济", "低碳"]
ADDRESS = "/office/options/international_cooperation/direction/"


@pytest.fixture
def ranking(season):
    return Ranking.objects.select_related("season").get(season=season, key="international_cooperation")


@pytest.fixture
def office(season):
    client = Client(REMOTE_ADDR=cast.ADDRESS)
    client.force_login(cast.cast("office_a"))
    return client


def offered(ranking) -> list[str]:
    fresh = Ranking.objects.get(pk=ranking.pk)
    return [option.label for option in fresh.form.question("direction").options]


def office_actor():
    return cast.acting(cast.cast("office_a"))


def test_the_season_begins_with_what_its_notice_names(ranking):
    assert offered(ranking) == NAMED


def test_before_the_call_the_options_are_set_and_the_form_reads_them(ranking, office):
    with time_machine.travel(cast.BEFORE_CALL, tick=False):
        assert ADDRESS in office.get("/office/season/").content.decode()
        page = office.get(ADDRESS).content.decode()
        assert "绿色能源与节能环保" in page
        sent = office.post(
            ADDRESS, {"listed": "\r\n".join([*TEN, "", "  "]), "reason": "年度方案确定十个方向"}
        )
    assert sent.status_code == 302
    assert offered(ranking) == TEN
    event = Event.objects.get(name="options_set")
    assert (event.reason, event.data["before"], event.data["after"]) == ("年度方案确定十个方向", NAMED, TEN)
    fresh = Ranking.objects.get(pk=ranking.pk)
    assert fresh.declaration_number == ranking.declaration_number + 1
    html = str(section_form(fresh.form.for_year(2022), "project", {})["direction"])
    assert "航空航天" in html
    who = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    nomination = begin(fresh, who, cast.DURING_CALL, applicant=who.organisation)
    saved = applicant.save_draft(nomination, "project", {"direction": "海洋"}, 0, who, cast.DURING_CALL)
    assert saved.answers["direction"] == "海洋"


def test_a_season_that_is_loaded_again_keeps_them(ranking):
    actions.set_options(ranking, "direction", TEN, "十个方向", office_actor(), cast.BEFORE_CALL)
    load_season(2022, 2022, SYSTEM, cast.DURING_CALL)
    assert offered(ranking) == TEN


def test_once_the_call_has_opened_they_stay(ranking, office, season):
    opens = Stage.objects.get(season=season, key="call", track=None).opens
    with time_machine.travel(opens, tick=False):
        page = office.get(ADDRESS).content.decode()
        assert "征集已开始，选项不能再修改" in page and "<textarea" not in page
        sent = office.post(ADDRESS, {"listed": "海洋", "reason": "改"})
    assert sent.status_code == 409
    assert offered(ranking) == NAMED
    with pytest.raises(Refused) as refused:
        actions.set_options(ranking, "direction", TEN, "改", office_actor(), opens)
    assert refused.value.verdict.code == "call_open"


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ("", "填写年度重点领域方向"),
        ("海洋\n海洋", "第2个选项“海洋”重复"),
        ("海" * 61, "第1个选项超过60个字符"),
        ("\n".join(f"方向{n}" for n in range(51)), "最多50个选项，现有51个"),
        ("海\u202e洋", "控制字符"),
    ],
)
def test_wrong_options_are_refused_with_words(ranking, office, labels, words):
    with time_machine.travel(cast.BEFORE_CALL, tick=False):
        answer = office.post(ADDRESS, {"listed": labels, "reason": "改"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert offered(ranking) == NAMED


def test_S1_nobody_else_sets_them_and_other_questions_have_none(ranking, office):
    with pytest.raises(Refused) as refused:
        actions.set_options(
            ranking, "direction", TEN, "改", cast.acting(cast.cast("applicant")), cast.BEFORE_CALL
        )
    assert refused.value.verdict.status == 404
    for wrong in (
        "international_cooperation/subject_forms",
        "pioneer_technology/direction",
        "none/direction",
    ):
        assert office.get(f"/office/options/{wrong}/").status_code == 404
    with pytest.raises(KeyError):
        with_options(DECLARATIONS["international_cooperation"], "subject_forms", TEN)
