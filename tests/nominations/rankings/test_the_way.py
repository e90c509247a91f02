"""From the self-check to whoever decides next, for each ranking and category, as a browser without script goes it."""

import pytest
import time_machine

from accounts.roles import Role
from nominations.actions import unit as unit_actions
from nominations.actions.season import load_season
from nominations.fields import kind_of
from nominations.models import Honouree, Nomination, Ranking, Track
from nominations.outputs import xlsx
from nominations.outputs.page import blocks
from nominations.queries import standing_in
from nominations.rankings import DECLARATIONS
from nominations.states import State
from nominations.views.overview import tree_of
from reviews.actions import preliminary
from tests import cast
from tests.nominations.outputs.test_xlsx import job, reread, values  # noqa: F401
from tests.nominations.rankings.samples import CASES, full

pytestmark = pytest.mark.django_db
DURING = time_machine.travel(cast.DURING_CALL, tick=False)
WITH_UNIT = [case for case in CASES if not DECLARATIONS[case[0]].separately_organised]
WITHOUT_UNIT = [case for case in CASES if DECLARATIONS[case[0]].separately_organised]


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def at_desk(client, applicant, season):
    client.force_login(applicant)
    return client


def controls(question, value) -> dict:
    """An answer as the controls of a page post it."""
    if question.kind == "rows":
        return {
            f"{question.key}-{n}-{column}": cell
            for n, row in enumerate(value)
            for column, cell in row.items()
        }
    if question.kind == "year_table":
        return {
            f"{question.key}-{row}-{n}": v for row, figures in value.items() for n, v in enumerate(figures)
        }
    if question.kind == "emerging_industry":
        return {f"{question.key}-{part}": typed for part, typed in value.items()}
    return {question.key: value}


def begin(client, key, category="", **more):
    """Begins a form through the self-check; the answer to the last post."""
    ranking = Ranking.objects.get(season__year=2022, key=key)
    start = f"/rankings/{key}/start/"
    if category:
        page = words(client.get(start))
        assert all(option.label in page for option in ranking.form.categories)
        assert "选择申报类别" in words(client.get(start, {"category": "没有的类别"}))
    assert client.get(start, {"category": category}).status_code == 200
    conditions = [
        c
        for c in ranking.form.conditions
        if c.kind == "declared" and (not c.categories or category in c.categories)
    ]
    promised = {f"condition-{c.key}": "yes" for c in conditions}
    return client.post(start, {"category": category, "begin": "1", **promised, **more})


def write(client, nomination, answers) -> Nomination:
    for view in tree_of(nomination).sections:
        url = f"/nominations/{nomination.number}/{view.key}/"
        assert client.get(url).status_code == 200
        data = {"version": str(nomination.section_version(view.key)), "save": "1"}
        for item in view.items:
            if item.question.key in answers:
                data |= controls(item.question, answers[item.question.key])
        answer = client.post(url, data)
        assert answer.status_code == 302, (view.key, answer.context["form"].errors)
        nomination = cast.reread(nomination)
    return nomination


def submit(client, key, category, unit=None) -> Nomination:
    answers = full(key, category)
    title = answers[DECLARATIONS[key].title_question]
    begun = begin(client, key, category, title=title, **({"unit": str(unit.pk)} if unit else {}))
    assert begun.status_code == 302, words(begun)
    nomination = Nomination.objects.get()
    assert (nomination.category, nomination.title) == (category, title)
    nomination = write(client, nomination, answers)
    assert {item.question.key: item.value for item in tree_of(nomination).items if not item.empty} == {
        k: v for k, v in answers.items() if v
    }
    page = words(client.get(f"{begun.url}check/"))
    assert all(item.question.name in page for item in tree_of(nomination).items)
    sent = client.post(f"{begun.url}check/", {"promised": "1"})
    assert sent.status_code == 302, words(sent)
    assert client.get(f"{begun.url}preview/").status_code == 200
    return cast.reread(nomination)


@DURING
@pytest.mark.parametrize(("key", "category"), WITH_UNIT)
def test_from_the_self_check_to_a_recommendation_within_the_quota(at_desk, unit, unit_person, key, category):
    assert at_desk.get(f"/rankings/{key}/").status_code == 200
    nomination = submit(at_desk, key, category, unit)
    assert (nomination.state, nomination.unit, nomination.state_label) == (State.SUBMITTED, unit, "待推荐")
    at_desk.force_login(unit_person)
    page = words(at_desk.get(f"/unit/nominations/{nomination.number}/"))
    assert all(item.question.name in page for item in tree_of(nomination).items)
    by = cast.acting(unit_person, Role.UNIT)
    unit_actions.recommend(nomination, "同意推荐。", 1, by, cast.DURING_CALL)
    assert cast.reread(nomination).state == State.RECOMMENDED
    standing = standing_in(unit, nomination.track)
    assert (standing.used, standing.limit) == (1, 5 if key == "emerging_enterprise" else 2)


@DURING
@pytest.mark.parametrize(("key", "category"), WITHOUT_UNIT)
def test_a_separately_organised_one_goes_straight_to_its_body(at_desk, unit, key, category):
    assert "推荐单位的名称" not in words(at_desk.get(f"/rankings/{key}/"))
    nomination = submit(at_desk, key, category)
    assert (nomination.state, nomination.unit, nomination.state_label) == (State.SUBMITTED, None, "已提交")
    body = Track.objects.get(ranking=nomination.ranking).bodies.get().organisation.name
    person = cast.person("pingshen", "马倩", Role.BODY, body)
    preliminary.check_form(nomination, True, [], cast.acting(person, Role.BODY), cast.IN_PRELIMINARY)
    assert cast.reread(nomination).state == State.ACCEPTED


@DURING
@pytest.mark.parametrize(("key", "category"), CASES)
def test_the_sheet_holds_every_answer(at_desk, unit, season, job, key, category):  # noqa: F811
    separately = DECLARATIONS[key].separately_organised
    nomination = submit(at_desk, key, category, None if separately else unit)
    book = reread(xlsx.nominations_book(season, {}, job))
    heads, row = values(book[nomination.ranking.name])
    found = dict(zip(heads, row, strict=True))
    assert found.get("类别") == (category or None)
    for item in tree_of(nomination).items:
        for head, cell in item.cells:
            assert (found[head] or "") == ("" if item.empty else cell)


@DURING
def test_a_category_is_asked_for_and_only_one_of_the_form_s_is_taken(at_desk):
    answer = at_desk.post("/rankings/startup_employment/start/", {"begin": "1"})
    assert "选择申报类别" in words(answer)
    assert not Nomination.objects.exists()


@DURING
@pytest.mark.parametrize(
    ("key", "category", "question", "wrong", "right"),
    [
        ("emerging_enterprise", "", "registered_on", "2011-12-31", "2012年1月1日"),
        ("integrated_innovation", "", "founded_on", "2020-09-01", "2020-08-31"),
        ("startup_employment", "创业先锋", "registered_on", "2016-12-31", "2017-01-01"),
        ("startup_employment", "就业先锋", "registered_on", "2016-12-31", "2017-01-01"),
    ],
)
def test_a_day_beyond_the_bound_is_said_before_a_form_is_begun(
    at_desk, key, category, question, wrong, right
):
    refused = begin(at_desk, key, category, **{f"answer-{question}": wrong})
    assert "不符合申报条件" in words(refused)
    assert f"填报的日期为{wrong}" in words(refused)
    assert not Nomination.objects.exists()
    unread = begin(at_desk, key, category, **{f"answer-{question}": "去年"})
    assert unread.status_code == 422
    assert begin(at_desk, key, category, **{f"answer-{question}": right}).status_code == 302
    nomination = Nomination.objects.get()
    kind = kind_of(nomination.ranking.form.question(question))
    assert nomination.answers[question] == kind.read(nomination.ranking.form.question(question), right)


@DURING
def test_a_day_beyond_the_bound_hinders_submission_and_links_to_its_question(at_desk, unit):
    begin(at_desk, "emerging_enterprise", unit=str(unit.pk))
    nomination = write(
        at_desk, Nomination.objects.get(), full("emerging_enterprise", registered_on="2011-12-31")
    )
    answer = at_desk.post(f"/nominations/{nomination.number}/check/", {"promised": "1"})
    assert answer.status_code == 422
    assert "不符合申报条件“成立年限不超过10年的中小型科技企业（工商注册成立时间以2022年反推）”" in words(
        answer
    )
    assert f"/nominations/{nomination.number}/enterprise/#id_registered_on" in words(answer)


@DURING
def test_last_years_honourees_are_told_before_and_after(at_desk, season, unit):
    Honouree.objects.create(
        season=season, ranking_name="新锐企业榜", name="北京云脉传感科技有限公司", source="名单"
    )
    refused = begin(at_desk, "emerging_enterprise", title="北京云脉传感科技有限公司")
    assert "已在上年名单中" in words(refused)
    begin(at_desk, "emerging_enterprise", unit=str(unit.pk))
    nomination = write(at_desk, Nomination.objects.get(), full("emerging_enterprise"))
    answer = at_desk.post(f"/nominations/{nomination.number}/check/", {"promised": "1"})
    assert answer.status_code == 422
    assert "已在上年名单中" in words(answer)


@DURING
def test_autosave_answers_with_the_means_that_the_server_computes(at_desk, unit):
    begin(at_desk, "emerging_enterprise", unit=str(unit.pk))
    nomination = Nomination.objects.get()
    figures = controls(
        nomination.ranking.form.question("research_years"), {"funds": ["1,480.50", "1760", "2105"]}
    )
    data = {"version": "0", "changed": "research_years", **figures}
    answer = at_desk.post(f"/nominations/{nomination.number}/research/autosave/", data).json()
    assert answer["outputs"]["id_research_years-funds-mean"] == "1781.83"
    assert answer["outputs"]["id_research_years-team-mean"] == "—"


@DURING
def test_a_warning_is_shown_to_the_applicant_and_to_the_unit(at_desk, unit, unit_person):
    begin(at_desk, "emerging_enterprise", unit=str(unit.pk))
    odd = full("emerging_enterprise")
    odd["research_years"] = odd["research_years"] | {"quality": ["135", "43", "45"]}
    nomination = write(at_desk, Nomination.objects.get(), odd)
    message = "2020年研发团队素质应在0—100之间，现为135，核对是否填错单位"
    assert message in words(at_desk.get(f"/nominations/{nomination.number}/research/"))
    assert message in words(at_desk.get(f"/nominations/{nomination.number}/check/"))
    assert at_desk.post(f"/nominations/{nomination.number}/check/", {"promised": "1"}).status_code == 302
    at_desk.force_login(unit_person)
    assert message in words(at_desk.get(f"/unit/nominations/{nomination.number}/"))
    assert [
        line.item.warnings
        for block in blocks(tree_of(nomination))
        for line in block.lines
        if line.item.warnings
    ]


def test_a_season_of_before_gets_what_it_lacks_and_keeps_what_it_has(season):
    own = Ranking.objects.get(season=season, key="pioneer_technology")
    own.declaration["title"] = "自己的一份"
    own.save(update_fields=["declaration"])
    Ranking.objects.filter(season=season, key="open_source").update(declaration=None, declaration_number=0)
    load_season(2022, 2022, cast.SYSTEM, cast.DURING_CALL)
    own.refresh_from_db()
    assert own.declaration["title"] == "自己的一份"
    assert (
        Ranking.objects.get(season=season, key="open_source").declaration
        == DECLARATIONS["open_source"].to_json()
    )
