"""Nothing typed is lost: a closed tab, an ended login, a dropped network, the gate, two people in one section.

In a real browser against the real product; what the draft holds is read from its rows.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kczg.kit import clock
from nominations.models import Nomination, Stage
from nominations.states import Window
from tests import cast
from tests.journeys import season
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = "economy_text"
MORE = "预计三年内市场占有率达到百分之十二。"
STATUS = "[data-save-status]"


@pytest.fixture
def number(transactional_db) -> str:
    season.put_into(Window.CALL)
    cast.unit()
    return cast.draft(at=clock.now()).number


@pytest.fixture
def applicant(visit, number) -> Person:
    """At the section, logged in."""
    return at_section(visit("lost-applicant"), "lijing", number)


def at_section(person: Person, account: str, number: str) -> Person:
    person.sign_in(account, cast.PASSWORD)
    person.go(f"/nominations/{number}/economy/")
    return person


def text(page: Page):
    return page.locator(f"[name={KEY}]")


def add(page: Page, words: str) -> None:
    """Types behind what is there already."""
    text(page).press("Control+End")
    text(page).press_sequentially(words)


def kept(number: str) -> str:
    return Nomination.objects.get(number=number).answers[KEY]


def test_a_tab_closed_in_mid_text(applicant, number):
    before = kept(number)
    add(applicant.page, MORE)
    context = applicant.page.context
    applicant.page.close(run_before_unload=True)
    again = context.new_page()
    # The browser sends the last words after the tab is gone; they are there when somebody comes back.
    for _try in range(20):
        again.goto(f"/nominations/{number}/economy/")
        if text(again).input_value() == before + MORE:
            break
    expect(text(again)).to_have_value(before + MORE)
    assert kept(number) == before + MORE


def test_a_login_that_ends_in_mid_text(applicant, number):
    page, before = applicant.page, kept(number)
    page.context.clear_cookies()
    add(page, MORE)
    expect(page.locator(STATUS)).to_contain_text("登录已过期，重新登录后继续保存", timeout=15_000)
    expect(text(page)).to_have_value(before + MORE)
    assert kept(number) == before
    applicant.look("登录已过期")
    # The link opens a tab of its own, so that the text stays where it is.
    link = page.locator(STATUS).get_by_role("link", name="重新登录")
    expect(link).to_have_attribute("target", "_blank")
    login = Person("lost-login", page.context.new_page(), applicant.shots)
    login.go(link.get_attribute("href"))
    login.fill("账号或邮箱", "lijing")
    login.fill("密码", cast.PASSWORD)
    login.press("登录")
    expect(text(login.page)).to_be_visible()  # Back at the page that was asked for.
    login.page.close()
    page.bring_to_front()
    expect(page.locator(STATUS)).to_contain_text("已自动保存", timeout=20_000)
    assert kept(number) == before + MORE


def test_a_network_that_drops_and_comes_back(applicant, number):
    page, before = applicant.page, kept(number)
    page.context.set_offline(True)
    add(page, MORE)
    expect(page.locator(STATUS)).to_contain_text("网络已断开，内容留在本页，恢复后自动保存", timeout=15_000)
    assert kept(number) == before
    page.context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text("已自动保存", timeout=15_000)
    assert kept(number) == before + MORE


def test_the_gate_passes_in_mid_text(applicant, number):
    page, before = applicant.page, kept(number)
    add(page, MORE)
    expect(page.locator(STATUS)).to_contain_text("已自动保存", timeout=15_000)
    Stage.objects.filter(season=cast.season_2022(), key=Window.CALL).update(
        closes=clock.now() - timedelta(seconds=1)
    )
    add(page, "晚了一步的话。")
    expect(page.locator(STATUS)).to_contain_text("截止", timeout=15_000)
    # What was typed too late stays on the page to be copied; what was saved in time is the draft.
    expect(text(page)).to_have_value(before + MORE + "晚了一步的话。")
    assert kept(number) == before + MORE
    applicant.look("截止后保存")
    applicant.go(f"/nominations/{number}/economy/")
    applicant.sees(MORE)
    expect(text(page)).to_have_count(0)


@pytest.mark.parametrize("choice", ["保留我的", "保留李静的"])
def test_two_people_in_one_text(applicant, number, visit, choice):
    cast.cast("colleague")
    colleague = at_section(visit("lost-colleague"), "zhouyan", number)
    before = kept(number)
    add(applicant.page, "李静补充的话。")
    expect(applicant.page.locator(STATUS)).to_contain_text("已自动保存", timeout=15_000)
    add(colleague.page, "周岩补充的话。")
    compared = colleague.page.get_by_role("group", name="选择保留哪一份")
    expect(compared).to_contain_text("李静补充的话。", timeout=15_000)
    expect(compared).to_contain_text("周岩补充的话。")
    assert kept(number) == before + "李静补充的话。"
    colleague.look("两份不同")
    colleague.press(choice, stays=True)
    expect(compared).to_have_count(0)
    ours = "周岩" if choice == "保留我的" else "李静"
    expect(text(colleague.page)).to_have_value(f"{before}{ours}补充的话。")
    colleague.press("保存并继续")
    assert kept(number) == f"{before}{ours}补充的话。"


def test_what_another_wrote_in_the_section_is_not_overwritten_by_an_older_page(number, visit):
    cast.cast("colleague")
    people = {}
    for name, account in (("lost-first", "lijing"), ("lost-second", "zhouyan")):
        people[name] = visit(name)
        people[name].sign_in(account, cast.PASSWORD)
        people[name].go(f"/nominations/{number}/team/")
    first, second = people.values()
    first.page.locator("[name=contact_name]").fill("李静新填的联系人")
    expect(first.page.locator(STATUS)).to_contain_text("已自动保存", timeout=15_000)
    second.page.locator("[name=address]").fill("周岩新填的地址")
    second.page.get_by_role("button", name="保留我的").click(timeout=15_000)
    expect(second.page.locator(STATUS)).to_contain_text("已自动保存", timeout=15_000)
    # The older page still holds the contact of before: posted whole, it must ask.
    second.press("保存并继续")
    second.sees("李静新填的联系人")
    second.look("另一答案不同")
    second.page.get_by_label("保留已保存的").check()
    second.press("保存并继续")
    answers = Nomination.objects.get(number=number).answers
    assert (answers["contact_name"], answers["address"]) == ("李静新填的联系人", "周岩新填的地址")
