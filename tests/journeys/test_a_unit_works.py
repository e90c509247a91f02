"""A unit at work: recommend one with its stamped page, several together, and what every page tells unasked.

Clicks and seconds are held to the bar of the tasks U1 to U3, and the whole of it is done once without a pointer.
"""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from kczg.kit import clock
from nominations.models import Nomination
from nominations.states import State, Window
from tests import cast, stamping
from tests.journeys import season
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOGETHER = 3
OWN_PAGES = ("/unit/nominations/", "/unit/summary/")
MOST_TABS = 120


def waiting_ones(count: int) -> list[str]:
    """So many nominations that wait for 中国电子学会, submitted one after another."""
    season.put_into(Window.CALL)
    cast.unit()
    cast.cast("unit_person")
    tracks = ("information", "biomedicine", "equipment", "materials")
    return [
        cast.submitted(at=clock.now(), track=track, title=f"{track} 技术").number for track in tracks[:count]
    ]


def signed_in(visit, name: str) -> Person:
    unit = visit(name)
    unit.sign_in("wangmin", cast.PASSWORD)
    return unit


def state_of(number: str) -> str:
    return Nomination.objects.get(number=number).state


def stamped_page(number: str) -> dict[str, object]:
    """The page with the unit's box, stamped and photographed."""
    version = Nomination.objects.get(number=number).latest_version
    box = stamping.pages(stamping.printed(version))[version.seal_pages["recommender"] - 1]
    return {
        "name": "盖章页.jpg",
        "mimeType": "image/jpeg",
        "buffer": stamping.jpeg_of(stamping.stamped(box)),
    }


def test_recommend_one_then_several(visit):
    numbers = waiting_ones(1 + TOGETHER)
    first, rest = numbers[0], numbers[1:]
    page_with_seal = stamped_page(first)
    unit = signed_in(visit, "unit-at-work")
    for path in OWN_PAGES:
        unit.go(path)
        unit.sees("待审核4项", "电子信息", "剩余")  # U3: nothing is pressed.
    cast.sealing()
    unit.go("/unit/")
    unit.sees("待审核，提交最早的在前", "剩余名额")
    unit.look("工作台")
    clicks, begun = unit.clicks, time.monotonic()
    unit.press("审核下一项")
    unit.page.locator("[name=files]").set_input_files([page_with_seal])
    unit.press("上传")
    stamping.work()
    unit.sees("核验码一致，页码齐全")
    unit.page.locator("[name=opinion]").fill("同意推荐。")
    unit.press("推荐")
    unit.press("确认推荐")
    unit.sees("已推荐“information 技术”", "剩余2")
    assert state_of(first) == State.RECOMMENDED
    assert unit.clicks - clicks <= 5
    assert time.monotonic() - begun <= 60
    scans_are_no_longer_asked()
    unit.go("/unit/nominations/?state=submitted")
    clicks, begun = unit.clicks, time.monotonic()
    for number in rest:
        unit.page.locator(f"[name=no][value='{number}']").check()
    unit.press("批量推荐")
    unit.look("批量推荐")
    unit.page.locator("[name=opinion]").fill("同意推荐。")
    unit.press("确认推荐")
    unit.sees(f"已推荐{TOGETHER}项")
    assert unit.clicks - clicks <= TOGETHER + 3
    assert time.monotonic() - begun <= 20 + TOGETHER
    unit.look("批量推荐结果")
    assert {state_of(number) for number in rest} == {State.RECOMMENDED}
    unit.go("/unit/")
    unit.sees("暂无待推荐申报")


def scans_are_no_longer_asked() -> None:
    season_row = cast.season_2022()
    season_row.asks_scans = False
    season_row.save(update_fields=["asks_scans"])


def test_without_a_pointer(visit):
    one, other = waiting_ones(2)
    unit = signed_in(visit, "unit-by-keys")
    keys, clicks = unit.page.keyboard, unit.clicks
    unit.go("/unit/")
    reach(unit, "审核下一项")
    follow(unit)
    reach(unit, "推荐意见")
    keys.insert_text("同意推荐。")
    reach(unit, "推荐")
    follow(unit)
    reach(unit, "确认推荐")
    follow(unit)
    assert state_of(one) == State.RECOMMENDED
    unit.go("/unit/nominations/")
    reach(unit, "选择biomedicine 技术")
    keys.press("Space")
    reach(unit, "批量推荐")
    follow(unit)
    reach(unit, "推荐意见")
    keys.insert_text("同意推荐。")
    reach(unit, "确认推荐")
    follow(unit)
    assert state_of(other) == State.RECOMMENDED
    unit.go(f"/unit/nominations/{one}/take-back/")
    reach(unit, "原因")
    keys.insert_text("与申报人商定后再推荐")
    reach(unit, "确认撤回")
    follow(unit)
    assert state_of(one) == State.SUBMITTED
    assert unit.clicks == clicks


def reach(person: Person, name: str) -> None:
    """Goes on by the tabulator until the control of this name has the focus, which can be seen on it."""
    for _press in range(MOST_TABS):
        person.page.keyboard.press("Tab")
        focused = person.page.locator(":focus")
        if focused.count() and re.match(re.escape(name), named(person)):
            assert person.page.evaluate(SEEN), f"“{name}”的焦点被遮住"
            return
    raise AssertionError(f"{person.name}: 键盘走不到“{name}”，{person.page.url}")


NAME_OF = """() => { const e = document.activeElement;
  return (e.getAttribute('aria-label') || (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText) || '').trim() }"""
SEEN = """() => { const e = document.activeElement, b = e.getBoundingClientRect(),
  top = document.elementFromPoint(b.left + b.width / 2, b.top + Math.min(b.height / 2, 20));
  return top !== null && (e.contains(top) || top.contains(e)) }"""


def named(person: Person) -> str:
    return person.page.evaluate(NAME_OF)


def follow(person: Person) -> None:
    with person.page.expect_navigation(wait_until="load"):
        person.page.keyboard.press("Enter")
    expect(person.page.locator("main")).to_be_visible()
