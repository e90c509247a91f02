"""More wait than there are places: a unit lets its people vote, prints the minute, and only the first may go up."""

from __future__ import annotations

import pytest

from kczg.kit import clock
from nominations.models import Nomination
from nominations.states import State, Window
from tests import cast
from tests.journeys import season
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLACES = 3


def test_vote_and_recommend_the_first(visit, worker):
    season.put_into(Window.CALL)
    cast.unit()
    cast.cast("unit_person")
    numbers = [cast.submitted(at=clock.now(), title=f"候选技术之{word}").number for word in "甲乙丙丁"]
    unit = visit("unit-selects")
    unit.sign_in("wangmin", cast.PASSWORD)
    unit.go("/unit/selection/")
    unit.look("遴选")
    unit.press("发起遴选")
    unit.page.get_by_label("投票", exact=False).first.check()
    unit.look("发起遴选")
    unit.press("发起遴选")
    *chosen, left_out = numbers
    for number in chosen:
        unit.page.get_by_role("row", name=number).get_by_role("checkbox").check()
    unit.look("我的选票")
    unit.press("提交选票")
    recommended_as(unit, chosen[0], "遴选")
    unit.go("/unit/selection/")
    unit.press("先导技术榜")
    unit.press("结束遴选")
    unit.fill("主持人", "王敏")
    unit.press("确认结束")
    unit.look("遴选结果")
    unit.press("打印纪要")
    download = unit.page.locator("#minute a[href$='/file/']")
    download.wait_for(timeout=60_000)
    with unit.page.expect_download() as minute:
        download.click()
    minute.value.save_as(unit.shots / "遴选纪要.pdf")
    recommended_as(unit, left_out, f"遴选结果前{PLACES}项可以推荐")
    assert Nomination.objects.get(number=left_out).state == State.SUBMITTED
    recommended_as(unit, chosen[0], "推荐后占用")
    unit.press("确认推荐")
    assert Nomination.objects.get(number=chosen[0]).state == State.RECOMMENDED


def recommended_as(unit: Person, number: str, words: str) -> None:
    """Asks to recommend one, and reads what the page says of it."""
    unit.go(f"/unit/nominations/{number}/")
    unit.page.locator("[name=opinion]").fill("同意推荐。")
    unit.press("推荐")
    unit.sees(words)
