"""先导技术榜 from an applicant's first click to the list that the public reads, each step by its own person."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from nominations.models import Nomination
from nominations.states import State, Window
from tests import cast
from tests.journeys import season
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "松风竹月-申报-2026"
ANSWERS = cast.full_answers("information")


def test_from_registration_to_the_published_list(visit, worker):
    season.put_into(Window.CALL)
    cast.unit()
    applicant = visit("applicant")
    register(applicant)
    number = begin(applicant)
    fill_in(applicant, number)
    submit(applicant, number)
    assert Nomination.objects.get(number=number).state == State.SUBMITTED


def register(applicant: Person) -> None:
    applicant.go("/rankings/")
    applicant.look("榜单目录")
    applicant.go("/rankings/pioneer_technology/")
    applicant.look("榜单说明")
    applicant.press("开始申报")
    applicant.look("登录")
    applicant.press("注册")
    applicant.fill("账号", "sunmingyuan")
    applicant.fill("姓名", "孙明远")
    applicant.page.get_by_label(re.compile("^单位名称")).fill("杭州云栖感知科技有限公司")
    applicant.fill("邮箱", "sunmingyuan@example.org")
    applicant.fill("密码", PASSWORD)
    if applicant.page.get_by_label("再输入一次密码").count():
        applicant.fill("再输入一次密码", PASSWORD)
    applicant.look("注册")
    applicant.press("注册并发送邮箱验证码")
    applicant.look("邮箱验证码")
    code = re.search(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b", mail.outbox[-1].body)
    applicant.fill("验证码", code[1])
    applicant.press("确认")


def begin(applicant: Person) -> str:
    """Ends on the task list; returns the number. The login came back to the page that was asked for."""
    applicant.sees("选择领域")
    applicant.look("选择领域")
    applicant.tick("电子信息")
    applicant.press("下一步")
    applicant.page.locator("[name=title]").fill(ANSWERS["technology_name"])
    for choice in applicant.page.get_by_label("符合", exact=True).all():
        choice.check()
    applicant.tick("中国电子学会")
    applicant.look("资格自查")
    applicant.press("建立申报表")
    applicant.sees("填写内容")
    applicant.look("任务清单-新")
    return re.search(r"/nominations/(\w+)/", applicant.page.url)[1]


def fill_in(applicant: Person, number: str) -> None:
    page = applicant.page
    applicant.go(f"/nominations/{number}/technology/")
    for key in ("technology_name", "holder_name"):
        page.locator(f"[name={key}]").fill(ANSWERS[key])
    page.get_by_role("radio", name="电子信息").check()
    choose_industry(applicant)
    page.get_by_role("radio", name=re.compile(ANSWERS["readiness"])).check()
    for form in ANSWERS["transfer_forms"]:
        page.get_by_role("checkbox", name=form).check()
    applicant.look("填写-技术基本情况")
    applicant.press("保存并继续")
    for key in ("contact_name", "phone", "address", "email", "team_profile"):
        page.locator(f"[name={key}]").fill(ANSWERS[key])
    applicant.look("填写-技术团队")
    applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/introduction/")
    page.locator("[name=introduction_text]").fill(ANSWERS["introduction_text"][:300])
    applicant.sees("还差")
    applicant.press("保存并继续")
    applicant.look("填写-字数不足")
    page.locator("[name=introduction_text]").fill(ANSWERS["introduction_text"])
    expect(page.locator("body")).to_contain_text("已自动保存", timeout=15_000)
    applicant.look("填写-已自动保存")
    applicant.press("保存并继续")
    for section, key in (
        ("scenarios", "scenarios_text"),
        ("rights", "rights_text"),
        ("economy", "economy_text"),
        ("society", "society_text"),
    ):
        applicant.go(f"/nominations/{number}/{section}/")
        page.locator(f"[name={key}]").fill(ANSWERS[key])
        applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/awards/")
    applicant.press("添加一行")
    page.locator("[name=awards_rows-0-name]").fill("演示科学技术奖")
    page.locator("[name=awards_rows-0-level]").first.select_option("全国学会奖")
    page.locator("[name=awards_rows-0-date]").fill("2021-11")
    applicant.look("填写-获奖")
    applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/eligibility/")
    applicant.press("保存并继续")
    applicant.go(f"/nominations/{number}/")
    applicant.look("任务清单-已填")


def choose_industry(applicant: Person) -> None:
    """Types pinyin initials, and takes the first that is found with the keyboard."""
    search = applicant.page.get_by_role("combobox")
    search.fill("集成电路")
    expect(applicant.page.get_by_role("option").first).to_be_visible()
    search.press("ArrowDown")
    search.press("Enter")


def submit(applicant: Person, number: str) -> None:
    page = applicant.page
    applicant.go(f"/nominations/{number}/preview/")
    applicant.press("生成草稿PDF")
    expect(page.get_by_role("link", name=re.compile("下载"))).to_be_visible(timeout=60_000)
    applicant.look("申报表预览")
    applicant.go(f"/nominations/{number}/check/")
    applicant.look("检查并提交")
    page.get_by_label(re.compile("^承诺")).check()
    applicant.press("确认提交")
    applicant.sees("核验码")
    applicant.look("提交结果")
    with page.expect_download() as download:
        expect(page.get_by_role("link", name=re.compile("下载")).first).to_be_visible(timeout=60_000)
        page.get_by_role("link", name=re.compile("下载")).first.click()
    assert download.value.suggested_filename.endswith(".pdf")
    download.value.save_as(applicant.shots / "申报表.pdf")
