"""Script switched off: a form is written, rows and industries added, submitted, and recommended, by posts alone."""

from __future__ import annotations

import pytest

from kczg.kit import clock
from nominations.models import Nomination
from nominations.states import State, Window
from tests import cast
from tests.journeys import season

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_write_submit_and_recommend_without_script(visit):
    season.put_into(Window.CALL)
    cast.unit()
    cast.cast("unit_person")
    number = cast.draft(at=clock.now()).number
    applicant = visit("noscript-applicant", script=False)
    page = applicant.page
    applicant.sign_in("lijing", cast.PASSWORD)
    applicant.go(f"/nominations/{number}/awards/")
    rows = page.locator("[name^=awards_rows-][name$=-name]").count()
    applicant.press("添加一行")
    page.locator(f"[name=awards_rows-{rows}-name]").fill("无脚本也能添加的奖")
    page.locator(f"[name=awards_rows-{rows}-level]").select_option("行业奖")
    page.locator(f"[name=awards_rows-{rows}-date]").fill("2021-05")
    applicant.look("添加一行")
    applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/technology/")
    page.locator("[name=industries-find]").fill("jcdl")
    applicant.press("查找")
    applicant.sees("集成电路")
    applicant.look("查找行业")
    applicant.press("暂存")
    applicant.go(f"/nominations/{number}/check/")
    applicant.sees("无脚本也能添加的奖")
    applicant.press("确认提交")
    applicant.sees("勾选承诺后再提交")
    page.locator("[name=promised]").check()
    applicant.press("确认提交")
    applicant.sees("核验码")
    unit = visit("noscript-unit", script=False)
    unit.sign_in("wangmin", cast.PASSWORD)
    unit.go("/unit/")
    unit.press("审核下一项")
    unit.press("推荐")
    unit.sees("填写推荐意见")
    unit.page.locator("[name=opinion]").fill("同意推荐。")
    unit.press("推荐")
    unit.press("确认推荐")
    assert Nomination.objects.get(number=number).state == State.RECOMMENDED
