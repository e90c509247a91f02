"""Script switched off: a form is written, rows and industries added, submitted, and recommended, by posts alone."""

from __future__ import annotations

import pytest

from kczg.kit import clock
from nominations.models import Nomination
from nominations.states import State, Window
from tests import cast, stamping
from tests.journeys import season
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_write_submit_and_recommend_without_script(visit):
    cast.sealing()
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
    applicant.sees("勾选承诺后再提交", "生成盖章版PDF，打印盖章后上传扫描件")
    stamp(applicant, number)
    applicant.go(f"/nominations/{number}/check/")
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
    unit.sees("推荐前上传盖有推荐单位公章的页")
    version = Nomination.objects.get(number=number).latest_version
    box = stamping.pages(stamping.printed(version))[version.seal_pages["recommender"] - 1]
    upload(unit, "盖章页.jpg", "image/jpeg", stamping.jpeg_of(stamping.stamped(box)))
    unit.press("刷新进度")
    unit.sees("推荐单位盖章页：核验码一致")
    unit.look("盖章页已读取")
    unit.page.locator("[name=opinion]").fill("同意推荐。")
    unit.press("推荐")
    unit.press("确认推荐")
    assert Nomination.objects.get(number=number).state == State.RECOMMENDED


def stamp(applicant: Person, number: str) -> None:
    """Has the form frozen and printed, stamps it, sends the scan and has a page of it confirmed by eye."""
    applicant.go(f"/nominations/{number}/preview/")
    applicant.press("生成盖章版PDF")
    stamping.work()
    version = Nomination.objects.get(number=number).versions.get()
    pages = [stamping.stamped(page) for page in stamping.pages(stamping.printed(version))]
    foot = pages[0].height * 9 // 10
    pages[0].paste("black", (0, foot, pages[0].width // 2, pages[0].height))
    applicant.go(f"/nominations/{number}/seal/")
    applicant.sees("尚未上传")
    upload(applicant, "扫描件.pdf", "application/pdf", stamping.pdf_of(pages))
    applicant.press("刷新进度")
    applicant.sees("“扫描件.pdf”第1页的二维码无法识别", "缺第1页")
    applicant.press("核对此页")
    applicant.page.locator("[name=shows]").select_option("1")
    applicant.press("确认")
    applicant.sees("核验码一致，页码齐全", "由申报人确认")
    applicant.look("盖章扫描件")


def upload(person: Person, name: str, kind: str, content: bytes) -> None:
    """Sends a file by the form of the page, then does what the worker owes."""
    file = {"name": name, "mimeType": kind, "buffer": content}
    person.page.locator("[name=files]").set_input_files([file])
    person.press("上传")
    stamping.work()
