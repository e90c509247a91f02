"""Each of the seven forms, from 榜单目录 to 提交结果, filled as an applicant would by typing, choosing and pasting.

One walk for all: it reads the season's declaration and the answers of the samples. What was typed is what the draft
holds. Clicks and seconds are held to the bar of the tasks A1 to A4.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from nominations.models import Nomination, Ranking
from nominations.states import State, Window
from nominations.views.overview import tree_of
from tests import cast
from tests.cast_form import full_answers
from tests.journeys import season
from tests.journeys.person import NARROW, WIDE, Person
from tests.journeys.writer import write
from tests.nominations.rankings import samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STORIES = [
    ("pioneer_technology", ""),
    ("emerging_enterprise", ""),
    ("integrated_innovation", ""),
    ("startup_employment", "就业先锋"),
    ("technology_manager", ""),
    ("international_cooperation", ""),
    ("open_source", "开源产品"),
]
BAR = {"A1": (6, 60), "A3": (35, 720), "A4": (3, 15)}
"""Clicks and seconds at most, without reading and writing: first field reached, form filled, submitted."""


@dataclass
class Measure:
    """Clicks and seconds of a task since it began."""

    person: Person
    figures: dict[str, tuple[int, float]] = field(default_factory=dict)
    begun: tuple[int, float] = (0, 0.0)

    def begin(self) -> None:
        self.begun = (self.person.clicks, time.monotonic())

    def end(self, task: str) -> None:
        clicks, seconds = self.person.clicks - self.begun[0], time.monotonic() - self.begun[1]
        self.figures[task] = (clicks, round(seconds, 1))


def answers_of(key: str, category: str) -> dict:
    return full_answers() if key == "pioneer_technology" else samples.full(key, category)


@pytest.mark.parametrize(("key", "category"), STORIES)
def test_the_whole_form_is_filled_and_submitted(visit, key, category):
    season.put_into(Window.CALL)
    cast.unit()
    cast.cast("applicant")
    applicant, answers = visit(f"story-{key}"), answers_of(key, category)
    measure = Measure(applicant)
    ranking = Ranking.objects.get(season__year=2022, key=key)
    measure.begin()
    reach(applicant, ranking, category, answers)
    number = begin(applicant, ranking, answers)
    applicant.press("填写“")
    measure.end("A1")
    measure.begin()
    fill(applicant, number, answers)
    measure.end("A3")
    assert held(number) == {k: v for k, v in answers.items() if v}
    measure.begin()
    submit(applicant, number)
    measure.end("A4")
    for task, (clicks, seconds) in BAR.items():
        if task != "A3" or key == "pioneer_technology":
            assert measure.figures[task][0] <= clicks, (task, measure.figures)
        assert measure.figures[task][1] <= seconds, (task, measure.figures)


def held(number: str) -> dict:
    tree = tree_of(Nomination.objects.get(number=number))
    return {item.question.key: item.value for item in tree.items if not item.empty}


def reach(applicant: Person, ranking: Ranking, category: str, answers: dict) -> None:
    """From the catalogue through the login to the self-check."""
    applicant.go("/rankings/")
    with applicant.page.expect_navigation(wait_until="load"):
        applicant.page.get_by_role("link", name=re.compile(f"查看并申报\\s*{ranking.name}")).click()
    applicant.look("榜单说明", WIDE)
    open_start(applicant, f"申报{answers.get('track', category)}")
    applicant.fill("账号或邮箱", "lijing")
    applicant.fill("密码", cast.PASSWORD)
    applicant.press("登录")


def open_start(applicant: Person, words: str) -> None:
    """Begins in the field or category whose conditions were read, where the ranking has some."""
    direct = applicant.page.get_by_role("link", name=re.compile(f"^{words}"))
    if not applicant.page.locator("details").count():
        applicant.press("开始申报")
        return
    if not direct.is_visible():
        applicant.page.locator("summary").filter(has_text=words.removeprefix("申报")).click()
    with applicant.page.expect_navigation(wait_until="load"):
        direct.click()


def begin(applicant: Person, ranking: Ranking, answers: dict) -> str:
    page, form = applicant.page, ranking.online_form
    applicant.sees("资格自查")
    page.locator("[name=title]").fill(answers[form.title_question])
    for day in page.locator("[name^=answer-]").all():
        day.fill(answers[day.get_attribute("name").removeprefix("answer-")])
    for choice in page.get_by_label("符合", exact=True).all():
        choice.press(" ")  # By keyboard, as the conditions are read one after another.
    if not ranking.separately_organised:
        page.get_by_label("中国电子学会", exact=True).press(" ")
    applicant.look("资格自查", WIDE, NARROW)
    applicant.press("建立申报表")
    return re.search(r"/nominations/(\w+)/", page.url)[1]


def fill(applicant: Person, number: str, answers: dict) -> None:
    """Each section in turn, each by 保存并继续, until the task list says that nothing is left."""
    page = applicant.page
    views = tree_of(Nomination.objects.get(number=number)).sections
    for place, view in enumerate(views):
        if not page.url.endswith(f"/{view.key}/"):
            continue  # Done by what the self-check asked.
        for item in view.items:
            if value := answers.get(item.question.key):
                write(page, item.question, value)
        kinds = {item.question.kind for item in view.items}
        applicant.look(
            f"填写-{view.key}", WIDE, *([NARROW] if kinds & {"rows", "year_table", "industry"} else [])
        )
        applicant.press("保存并继续")
        assert place == len(views) - 1 or not page.url.endswith(f"/{view.key}/"), view.key
    tree = tree_of(Nomination.objects.get(number=number))
    assert tree.problems == ()


def submit(applicant: Person, number: str) -> None:
    page = applicant.page
    applicant.go(f"/nominations/{number}/check/")
    applicant.look("检查并提交", WIDE)
    page.get_by_label(re.compile("^承诺")).check()
    applicant.press("确认提交")
    applicant.sees("核验码", number)
    expect(page).to_have_url(re.compile(f"/nominations/{number}/submitted/"))
    applicant.look("提交结果", WIDE)
    assert Nomination.objects.get(number=number).state == State.SUBMITTED
