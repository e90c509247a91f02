"""The list of conditions for applicant, unit and body; promises asked anew; the category changed; begun once."""

from __future__ import annotations

import pytest
import time_machine

from accounts.roles import Role
from kczg.kit.verdicts import Refused
from nominations import eligibility
from nominations.actions import applicant as actions
from nominations.actions import reconsider
from nominations.actions.beginning import begin
from nominations.models import Honouree, ListState, Nomination, PilotPlace, Ranking
from nominations.rankings import DECLARATIONS
from nominations.rules.conditions import State
from tests import cast
from tests.nominations.rankings.samples import CASES, full

pytestmark = pytest.mark.django_db
DURING = time_machine.travel(cast.DURING_CALL, tick=False)
START = "/rankings/pioneer_technology/start/"


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def at_desk(client, applicant, season):
    client.force_login(applicant)
    return client


def begun(key: str, category: str = "", promises: list[str] | None = None, **changes) -> Nomination:
    """A draft of any ranking, filled in."""
    who = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    ranking = Ranking.objects.get(season=cast.season_2022(), key=key)
    declared = [c.key for c in ranking.form.conditions if c.kind == "declared"]
    nomination = begin(
        ranking,
        who,
        cast.DURING_CALL,
        applicant=who.organisation,
        unit=None if ranking.separately_organised else cast.unit(),
        promises=declared if promises is None else promises,
        category=category,
    )
    Nomination.objects.filter(pk=nomination.pk).update(answers=full(key, category, **changes))
    return cast.reread(nomination)


# --- One list for all ----------------------------------------------------------------------------------------


@DURING
@pytest.mark.parametrize(("key", "category"), CASES)
def test_applicant_unit_and_body_read_the_same_list(client, applicant, key, category):
    nomination = begun(key, category)
    client.force_login(applicant)
    live = client.get(f"/nominations/{nomination.number}/conditions/").context["results"]
    asked = [c.key for c in DECLARATIONS[key].conditions if not c.categories or category in c.categories]
    assert [r.condition.key for r in live if not r.condition.key.startswith("place_")] == asked
    check = client.get(f"/nominations/{nomination.number}/check/")
    assert check.context["results"] == live
    assert all(r.condition.text in words(check) for r in live)
    actions.submit(nomination, cast.acting(applicant, Role.APPLICANT), cast.DURING_CALL, promised=True)
    if nomination.unit:
        client.force_login(cast.cast("unit_person"))
        page = client.get(f"/unit/nominations/{nomination.number}/")
        assert page.context["conditions"] == live
        assert all(r.condition.text in words(page) and r.message in words(page) for r in live)
    frozen = eligibility.of_version(cast.reread(nomination), nomination.versions.get())
    assert eligibility.results(frozen) == live


@pytest.mark.parametrize("key", ["pioneer_technology", *dict(CASES)])
def test_the_body_reads_the_list_at_its_form_check(client, season, key):
    from accounts.models import Membership

    category = next((c for k, c in CASES if k == key), "")
    if key == "pioneer_technology":
        nomination = cast.recommended()
    else:
        nomination = begun(key, category)
        actions.submit(nomination, cast.acting(cast.cast("applicant")), cast.DURING_CALL, promised=True)
        if nomination.unit:
            cast.recommend(cast.reread(nomination))
    person = cast.person("bodyofit", "初评人", Role.BODY, nomination.track.bodies.get().organisation.name)
    assert Membership.objects.filter(user=person).exists()
    client.force_login(person)
    with time_machine.travel(cast.IN_PRELIMINARY, tick=False):
        page = words(client.get(f"/body/check/{nomination.number}/?track={nomination.track_id}"))
    expected = eligibility.results(eligibility.of_version(nomination, nomination.versions.get()))
    assert expected
    assert all(r.condition.text in page and r.message in page for r in expected)


@DURING
def test_the_list_asks_the_same_number_of_queries_for_1_and_300_lines(at_desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    nomination = cast.draft()
    address = f"/nominations/{nomination.number}/conditions/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert at_desk.get(address).status_code == 200
        return len(caught)

    one = queries()
    for n in range(300):
        Honouree.objects.create(
            season=nomination.season, ranking_name="先导技术榜", name=f"技术{n}", source="名单"
        )
    assert queries() == one


# --- The lists ---------------------------------------------------------------------------------------------


def state_of(nomination: Nomination, key: str) -> tuple[State, str]:
    found = eligibility.results(eligibility.of_draft(nomination))
    return next((r.state, r.message) for r in found if r.condition.key == key)


def test_the_credit_code_of_the_applicant_refuses_under_another_name(season):
    nomination = begun("emerging_enterprise")
    line = Honouree.objects.create(
        season=season,
        ranking_name="新锐企业榜",
        name="旧名称有限公司",
        credit_code="91110000600037341L",
        source="公布名单",
    )
    assert state_of(nomination, "not_honoured") == (State.REVIEWER, "上年名单尚不完整，由初评机构核对")
    organisation = nomination.applicant
    organisation.credit_code = line.credit_code
    organisation.save()
    assert state_of(nomination, "not_honoured") == (
        State.NOT_MET,
        "统一社会信用代码与上年名单中的“旧名称有限公司”相同（出处：公布名单）",
    )
    messages = [p["message"] for p in actions.problems_before_submission(nomination)]
    assert messages == [
        "不符合申报条件“入选2021年“科创中国”新锐企业榜的企业不再纳入候选”："
        "统一社会信用代码与上年名单中的“旧名称有限公司”相同（出处：公布名单）"
    ]


def test_a_technology_is_not_excluded_by_its_owner(season):
    nomination = cast.draft()
    nomination.applicant.credit_code = "91110000600037341L"
    nomination.applicant.save()
    Honouree.objects.create(
        season=season,
        ranking_name="先导技术榜",
        name="另一项技术",
        credit_code="91110000600037341L",
        source="名单",
    )
    ListState.objects.create(season=season, key="先导技术榜", complete=True, changed_at=cast.DURING_CALL)
    assert state_of(nomination, "not_honoured") == (State.MET, "不在上年名单中")


@pytest.mark.parametrize("key", ["emerging_enterprise", "international_cooperation"])
def test_a_place_is_marked_while_the_list_is_incomplete_and_refused_once_it_is_whole(season, key):
    nomination = begun(key, pilot_city="苏州工业园区")
    condition = "settled" if key == "emerging_enterprise" else "place_pilot_city"
    assert state_of(nomination, condition)[0] is State.REVIEWER
    assert actions.problems_before_submission(nomination) == []
    ListState.objects.create(season=season, key="pilot_places", complete=True, changed_at=cast.DURING_CALL)
    assert state_of(nomination, condition)[0] is State.NOT_MET
    found = actions.problems_before_submission(nomination)
    assert [p["key"] for p in found] == ["pilot_city"]
    assert "苏州工业园区不在试点城市（园区）名单中" in found[0]["message"]
    PilotPlace.objects.create(season=season, name="苏州 工业园区", source="名单")
    assert actions.problems_before_submission(nomination) == []


# --- Promises and category -----------------------------------------------------------------------------------


@DURING
def test_a_change_of_track_asks_for_the_promises_of_the_new_one(at_desk):
    nomination = cast.draft(answers={})
    Nomination.objects.update(promises=["early_proof", "transferable"])
    address = f"/nominations/{nomination.number}/"
    assert "确认申报条件" not in words(at_desk.get(address))
    by = cast.acting(cast.cast("applicant"))
    basics = next(
        s.key for s in nomination.ranking.form.sections if any(q.key == "track" for q in s.questions)
    )
    saved = actions.save_draft(
        cast.reread(nomination),
        basics,
        {"track": "产业基础"},
        nomination.section_version(basics),
        by,
        cast.DURING_CALL,
    )
    assert saved.track.key == "foundation"
    assert "有3处需修改" in words(at_desk.get(address))
    messages = [p for p in actions.problems_before_submission(saved) if p["section"] == "conditions"]
    assert [p["key"] for p in messages] == ["promise-breakthrough", "promise-imported", "promise-applicable"]
    refused = at_desk.post(f"{address}check/", {"promised": "1"})
    assert refused.status_code == 422
    assert f'href="{address}conditions/#id_promise-breakthrough"' in words(refused)
    page = f"{address}conditions/"
    part = at_desk.post(page, {"promise": ["breakthrough", "early_proof", "no_such"]})
    assert part.status_code == 422
    assert "有2处需修改" in words(part)
    done = at_desk.post(page, {"promise": ["imported", "applicable"]})
    assert (done.status_code, done.url) == (302, address)
    assert set(cast.reread(nomination).promises) == {
        "early_proof", "transferable", "breakthrough", "imported", "applicable",
    }  # fmt: skip


@DURING
def test_a_category_is_changed_and_what_it_does_not_ask_is_kept_and_not_submitted(at_desk):
    nomination = begun("open_source", "开源产品")
    address = f"/nominations/{nomination.number}/"
    assert "更改类别" in words(at_desk.get(address))
    page = at_desk.get(f"{address}category/")
    assert "开源社区" in words(page)
    assert at_desk.post(f"{address}category/", {"category": "没有的"}).status_code == 422
    confirm = words(at_desk.post(f"{address}category/", {"category": "开源社区"}))
    assert "保留但不提交" in confirm and "开源许可证" in confirm
    assert cast.reread(nomination).category == "开源产品"
    done = at_desk.post(f"{address}category/", {"category": "开源社区", "confirmed": "1"})
    assert (done.status_code, done.url) == (302, address)
    changed = cast.reread(nomination)
    assert (changed.category, changed.answers) == ("开源社区", nomination.answers)
    at_desk.post(f"{address}category/", {"category": "开源产品", "confirmed": "1"})
    assert cast.reread(nomination).category == "开源产品"


@DURING
def test_what_a_category_requires_is_told_before_it_is_changed(at_desk):
    nomination = begun("startup_employment", "创业先锋", promises=["startup_founder"])
    answer = at_desk.post(f"/nominations/{nomination.number}/category/", {"category": "就业先锋"})
    assert answer.context["required"] == ["带动就业的效益（近三年）", "就业服务的案例", "就业服务的贡献"]
    assert answer.context["kept"] == []


def test_a_category_is_changed_by_its_applicant_alone_and_not_after_submission(season):
    nomination = begun("open_source", "开源产品")
    stranger = cast.acting(cast.cast("stranger"))
    with pytest.raises(Refused) as refused:
        reconsider.choose_category(nomination, "开源社区", stranger, cast.DURING_CALL)
    assert refused.value.verdict.status == 404
    by = cast.acting(cast.cast("applicant"))
    with pytest.raises(Refused) as refused:
        reconsider.choose_category(nomination, "开源社区", by, cast.GATE)
    assert refused.value.verdict.status == 409
    with pytest.raises(Refused) as refused:
        reconsider.choose_category(nomination, "先锋", by, cast.DURING_CALL)
    assert refused.value.verdict.code == "no_category"
    actions.submit(nomination, by, cast.DURING_CALL, promised=True)
    for act in (
        lambda: reconsider.choose_category(nomination, "开源社区", by, cast.DURING_CALL),
        lambda: reconsider.promise(nomination, ["product_open"], by, cast.DURING_CALL),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.verdict.code == "not_editable"


def test_no_section_of_a_form_hides_behind_an_address_of_its_own():
    from nominations.urls.applicant import urlpatterns

    fixed = {
        str(p.pattern).split("/")[2]
        for p in urlpatterns
        if str(p.pattern).startswith("nominations/<slug:number>/")
    }
    keys = {section.key for form in DECLARATIONS.values() for section in form.sections}
    assert keys & fixed == set()


# --- Begun once ----------------------------------------------------------------------------------------------


@DURING
def test_Q2_a_double_click_begins_one_draft(at_desk, unit):
    page = at_desk.get(START, {"track": "information"})
    key = page.context["key"]
    assert f'name="key" value="{key}"' in words(page)
    sent = {"track": "information", "title": "低噪声芯片", "begin": "1", "key": key,
            "condition-early_proof": "yes", "condition-transferable": "yes"}  # fmt: skip
    first, second = at_desk.post(START, sent), at_desk.post(START, sent)
    assert first.url == second.url
    assert Nomination.objects.count() == 1
    assert Ranking.objects.get(key="pioneer_technology").last_number == 1
    other = at_desk.post(START, sent | {"key": at_desk.get(START, {"track": "information"}).context["key"]})
    assert other.url != first.url


@DURING
def test_Q2_the_key_of_one_person_says_nothing_to_another(at_desk, unit, stranger):
    sent = {"track": "information", "begin": "1", "key": "a" * 20,
            "condition-early_proof": "yes", "condition-transferable": "yes"}  # fmt: skip
    first = at_desk.post(START, sent)
    at_desk.force_login(stranger)
    assert at_desk.post(START, sent).url != first.url


@DURING
@pytest.mark.parametrize("key", ["", "short", "x" * 200, "键" * 20, "a b" * 8])
def test_a_key_that_is_none_is_replaced(at_desk, unit, key):
    sent = {"track": "information", "begin": "1", "key": key,
            "condition-early_proof": "yes", "condition-transferable": "yes"}  # fmt: skip
    assert at_desk.post(START, sent).status_code == 302
