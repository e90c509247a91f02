"""A form that needs a seal: printed by the worker, stamped, scanned, uploaded, read by the worker, and submitted."""

from __future__ import annotations

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from kczg.kit import clock
from nominations.models import Nomination
from nominations.states import State, Window
from tests import cast, stamping
from tests.journeys import season
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_print_stamp_upload_submit(visit, worker):
    season.put_into(Window.CALL)
    cast.sealing()
    cast.unit()
    number = cast.draft(at=clock.now()).number
    applicant = visit("seal-applicant")
    applicant.sign_in("lijing", cast.PASSWORD)
    applicant.go(f"/nominations/{number}/")
    applicant.look("待盖章的任务清单")
    *pages, last = stamping.pages(printed(applicant, number))
    pages.append(stamping.stamped(last))
    # The last page was forgotten on the scanner.
    upload(applicant, number, pages[:-1], "扫描件.pdf")
    applicant.sees("扫描件还不齐全", f"缺第{len(pages)}页")
    applicant.look("缺一页")
    submit(applicant, number)
    expect(applicant.page).to_have_url(re.compile(f"/nominations/{number}/check/"))
    assert state_of(number) == State.DRAFT
    upload(applicant, number, pages[-1:], "最后一页.pdf")
    applicant.sees("核验码一致，页码齐全")
    applicant.look("齐全")
    submit(applicant, number)
    applicant.sees("核验码", number)
    applicant.look("盖章后提交结果")
    assert state_of(number) == State.SUBMITTED


def state_of(number: str) -> str:
    return Nomination.objects.get(number=number).state


def printed(applicant: Person, number: str) -> bytes:
    """The stamped version's PDF, as the applicant downloads it."""
    page = applicant.page
    applicant.go(f"/nominations/{number}/preview/")
    applicant.press("生成盖章版PDF")
    link = page.get_by_role("link", name=re.compile("下载"))
    expect(link.first).to_be_visible(timeout=60_000)
    applicant.look("盖章版")
    with page.expect_download() as download:
        link.first.click()
    path = applicant.shots / "盖章版.pdf"
    download.value.save_as(path)
    return path.read_bytes()


def upload(applicant: Person, number: str, pages: list[Image.Image], name: str) -> None:
    path = applicant.shots / name
    path.write_bytes(stamping.pdf_of(pages))
    applicant.go(f"/nominations/{number}/seal/")
    applicant.page.locator("input[type=file]").set_input_files(path)
    applicant.press("上传")
    # The page is loaded anew when the worker has read it.
    expect(applicant.page.locator("[data-job-reads]")).to_have_count(0, timeout=90_000)
    expect(applicant.page.locator("ul.thumbs li").first).to_be_visible(timeout=90_000)


def submit(applicant: Person, number: str) -> None:
    applicant.go(f"/nominations/{number}/check/")
    applicant.page.get_by_label(re.compile("^承诺")).check()
    applicant.press("确认提交")
