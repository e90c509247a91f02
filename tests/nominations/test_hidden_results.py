"""S4, P5: until a ranking's list is published nothing that an applicant or a unit can ask for tells a result."""

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from kczg.kit.verdicts import Refused
from nominations import transitions
from nominations.actions import applicant as applicant_actions
from nominations.actions import unit as unit_actions
from nominations.states import State
from tests import cast

pytestmark = pytest.mark.django_db

HIDDEN_WORDS = ("初评通过", "初评未通过", "入榜")
RESULTS = {State.SHORTLISTED: cast.shortlisted, State.NOT_SHORTLISTED: cast.not_shortlisted}


def refusals(nomination):
    """The words of every refusal that the applicant and the unit can provoke."""
    theirs, units = cast.acting(cast.cast("applicant"), Role.APPLICANT), cast.unit_actor(nomination)
    at, notes = cast.IN_PRELIMINARY, [{"section": "", "reason": "核对"}]
    deeds = [
        lambda: applicant_actions.save_draft(nomination, "team", {"team_profile": "甲"}, 0, theirs, at),
        lambda: applicant_actions.choose_unit(nomination, nomination.unit, theirs, at),
        lambda: applicant_actions.submit(nomination, theirs, at, promised=True),
        lambda: applicant_actions.withdraw(nomination, "不再申报", theirs, at),
        lambda: unit_actions.recommend(nomination, "同意", 9, units, at),
        lambda: unit_actions.return_for_changes(nomination, notes, units, at),
        lambda: unit_actions.decline(nomination, "成熟度不足", units, at),
        lambda: unit_actions.take_back(nomination, "改荐", units, at),
    ]
    for deed in deeds:
        with pytest.raises(Refused) as refused:
            deed()
        yield refused.value.verdict.message


@pytest.mark.parametrize("state", RESULTS)
def test_S4_no_refusal_tells_a_result_before_the_list(season, state):
    nomination = RESULTS[state]()
    assert nomination.state == state
    for words in refusals(nomination):
        assert "初评中" in words
        assert not any(word in words for word in HIDDEN_WORDS)


def test_S4_once_the_list_is_published_the_refusal_says_how_it_stands(published):
    by = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    assert "已发布" in transitions.judge(published, "withdraw", by, cast.IN_PUBLICATION).message


def test_the_body_and_the_secretariat_read_the_state_as_it_is(shortlisted):
    verdict = transitions.judge(shortlisted, "accept", cast.body_actor(), cast.IN_PRELIMINARY)
    assert "初评通过" in verdict.message


@pytest.mark.parametrize("state", RESULTS)
@pytest.mark.parametrize("who", ["applicant", "unit_person"])
def test_S4_no_page_of_the_applicant_or_the_unit_tells_a_result_before_the_list(client, season, state, who):
    nomination = RESULTS[state]()
    client.force_login(cast.cast(who))
    names = ["tasks", "progress", "preview", "check", "withdraw", "unit", "submitted"]
    if who == "unit_person":
        names = ["unit_nomination", "unit_return", "unit_decline", "unit_take_back"]
    pages = [reverse(f"nominations:{name}", args=[nomination.number]) for name in names]
    pages += (
        ["/my/"]
        if who == "applicant"
        else ["/unit/", "/unit/summary/", f"/unit/recommend/?no={nomination.number}"]
    )
    with time_machine.travel(cast.IN_PRELIMINARY, tick=False):
        for path in pages:
            # The filters and the menu name every state; what is said of the thing stands in the content.
            html = client.get(path, follow=True).content.decode()
            content = html.partition("<main")[2].partition("</main>")[0]
            assert content, path
            for told in ("“初评通过”", "“初评未通过”", ">初评通过<", ">初评未通过<", ">入榜<"):
                assert told not in content, (path, told)


@pytest.mark.parametrize("state", RESULTS)
def test_S4_the_timeline_of_the_applicant_and_the_unit_leaves_results_out(client, season, state):
    nomination = RESULTS[state]()
    with time_machine.travel(cast.IN_PRELIMINARY, tick=False):
        for who, name in (("applicant", "progress"), ("unit_person", "unit_nomination")):
            client.force_login(cast.cast(who))
            page = client.get(reverse(f"nominations:{name}", args=[nomination.number]))
            told = {line.name for line in page.context["events"]}
            assert "accepted" in told
            assert told.isdisjoint({"shortlisted", "not_shortlisted", "listed", "not_listed"})


def test_a_name_that_is_on_last_years_list_is_refused_at_submission_too(season):
    """A title may change after the self-check: the list is asked again when the form is submitted."""
    from nominations.models import Honouree

    nomination = cast.draft(title="低噪声微机电传感芯片")
    Honouree.objects.create(
        season=season, ranking_name="先导技术榜", name="低噪声 微机电传感芯片", source="2021年名单"
    )
    by = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    with pytest.raises(Refused) as refused:
        applicant_actions.submit(nomination, by, cast.DURING_CALL, promised=True)
    problems = refused.value.verdict.details["problems"]
    assert [problem["key"] for problem in problems] == ["technology_name"]
    assert "上年名单" in problems[0]["message"]


def test_what_a_unit_reads_of_a_returned_one_is_what_was_submitted(client, season):
    """The applicant's changes are a draft until they are submitted again; the unit reads none of it."""
    returned = cast.returned(parts=[""])
    by = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    section = returned.ranking.form.section_of("technology_name").key
    base = returned.section_version(section)
    changes = {"technology_name": "尚未提交的新名称", "track": "生物医药"}
    applicant_actions.save_draft(returned, section, changes, base, by, cast.DURING_CALL)
    client.force_login(cast.cast("unit_person"))
    with time_machine.travel(cast.DURING_CALL, tick=False):
        for path in ("/unit/nominations/", f"/unit/nominations/{returned.number}/",
                     "/unit/nominations/?q=尚未提交", f"/unit/recommend/?no={returned.number}"):  # fmt: skip
            html = client.get(path).content.decode()
            assert ">尚未提交的新名称" not in html, path
            assert "选择尚未提交的新名称" not in html, path
