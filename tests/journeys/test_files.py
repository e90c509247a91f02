"""Files on the writing page: sent at once with progress, cancelled, refused, checked; and all of it without script."""

from __future__ import annotations

import random
import re

import pytest
from playwright.sync_api import expect

from kczg.kit import clock
from kczg.kit.models import StoredFile
from nominations.models import Attachment, Nomination
from nominations.states import State, Window
from tests import cast, files
from tests.journeys import season
from tests.nominations.attaching import ANNEXES, draft, manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def payload(content: bytes, name: str = "案例.pdf", media_type: str = files.PDF) -> dict:
    return {"name": name, "mimeType": media_type, "buffer": content}


def heavy() -> bytes:
    """A PDF of some MB, so that an upload takes a while."""
    return files.pdf(change=files.with_stream(random.Random(1).randbytes(3_000_000)))


def slow(page, bytes_a_second: int) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": bytes_a_second,
    }
    session.send("Network.emulateNetworkConditions", conditions)


@pytest.fixture
def writing(visit):
    def open_section(nomination: Nomination, section: str, script: bool = True):
        person = visit("files" if script else "files-noscript", script=script)
        person.sign_in("lijing", cast.PASSWORD)
        person.go(f"/nominations/{nomination.number}/{section}/")
        return person

    season.put_into(Window.CALL)
    cast.unit()
    cast.cast("applicant")
    return open_section


def test_files_are_sent_checked_refused_cancelled_and_deleted_while_the_page_stays(writing, worker):
    nomination = draft(at=clock.now())
    person = writing(nomination, "attachments")
    page = person.page
    person.look("附件-空")
    choose = page.locator("input[type=file]")
    choose.set_input_files([payload(files.pdf(2)), payload(files.HARMFUL["embedded file"][1], "带附件.pdf")])
    lines = page.locator("[data-files-list] > li")
    expect(lines.nth(0)).to_contain_text("2页", timeout=60_000)
    expect(lines.nth(0)).to_contain_text("可用")
    expect(lines.nth(1)).to_contain_text("未通过：PDF中嵌有其他文件，取出后单独上传", timeout=60_000)
    choose.set_input_files([payload(b"<html>", "网页.pdf")])
    expect(lines.nth(2)).to_contain_text("只能上传PDF、JPG或PNG")
    person.look("附件-有")
    slow(page, 300_000)
    choose.set_input_files([payload(heavy(), "大文件.pdf")])
    expect(lines.nth(3).locator("progress")).not_to_have_attribute("value", "0", timeout=20_000)
    lines.nth(3).get_by_role("button", name="取消").click()
    expect(lines).to_have_count(3)
    slow(page, -1)
    lines.nth(2).get_by_role("button", name="移除").click()
    lines.nth(1).get_by_role("button", name="删除").click()
    expect(lines).to_have_count(1)
    expect(page.locator("[data-save-status]")).to_contain_text("已自动保存")
    page.reload()
    expect(lines).to_have_count(1)
    expect(lines.nth(0)).to_contain_text("案例.pdf")
    (kept,) = Nomination.objects.get().answers[ANNEXES]
    assert kept["name"] == "案例.pdf"
    taken_out = Attachment.objects.exclude(removed_at=None).values_list("file__name", flat=True)
    assert list(taken_out) == ["带附件.pdf"]
    with page.expect_download() as download:
        page.get_by_role("link", name="案例.pdf").click()
    assert download.value.suggested_filename == "案例.pdf"
    person.go(f"/nominations/{nomination.number}/check/")
    person.sees("案例.pdf（2页，SHA-256 ")
    person.look("附件-检查")
    person.tick("承诺所填内容真实、准确，符合申报条件，不含国家秘密")
    person.press("确认提交")
    assert Nomination.objects.get().state == State.SUBMITTED


def test_a_certificate_is_sent_in_a_row_that_was_just_added(writing, worker):
    nomination = manager(at=clock.now(), certificates=[])
    person = writing(nomination, "basics")
    page = person.page
    rows = page.locator("#id_certificates")
    page.locator("[data-add-row=id_certificates]").click()
    row = rows.locator("li.row").first
    row.locator("[name$=-date]").fill("2019-11-08")
    row.locator("[name$=-issuer]").fill("中心")
    row.locator("[name$=-name]").fill("JS2019")
    row.locator("input[type=file]").set_input_files(
        [payload(files.located_picture(), "证书.jpg", files.JPEG)]
    )
    expect(row).to_contain_text("可用", timeout=60_000)
    expect(row.locator("input[type=file]")).to_be_disabled()
    expect(row.get_by_text("选择文件")).to_be_hidden()
    expect(page.locator("[data-save-status]")).to_contain_text("已自动保存")
    person.look("证书一行")
    (kept,) = Nomination.objects.get().answers["certificates"]
    assert (kept["name"], kept["scan"][0]["name"]) == ("JS2019", "证书.jpg")
    row.locator("[name=remove_row]").click()
    expect(page.locator("[data-save-status]")).to_contain_text(re.compile("已自动保存"))


def test_a_network_that_fails_keeps_the_file_for_another_try(writing):
    person = writing(draft(at=clock.now()), "attachments")
    page = person.page
    page.route("**/files/", lambda route: route.abort())
    page.locator("input[type=file]").set_input_files([payload(files.pdf())])
    line = page.locator("[data-files-list] > li").first
    expect(line).to_contain_text("网络已断开，未能上传")
    page.unroute("**/files/")
    line.get_by_role("button", name="重试").click()
    expect(page.locator("[data-files-list] > li").first).to_contain_text("正在检查")
    expect(page.locator("[data-save-status]")).to_contain_text("已自动保存")
    assert Nomination.objects.get().answers[ANNEXES][0]["name"] == "案例.pdf"


def test_without_script_the_same_by_buttons(writing, worker):
    nomination = draft(at=clock.now())
    person = writing(nomination, "attachments", script=False)
    page = person.page
    page.locator("input[type=file]").set_input_files([payload(files.pdf())])
    person.press("上传")
    person.sees("案例.pdf")
    page.locator("input[type=file]").set_input_files([payload(b"<html>", "网页.pdf")])
    person.press("上传")
    person.sees("网页.pdf：只能上传PDF、JPG或PNG", "案例.pdf")
    person.look("附件-无脚本")
    for _ in range(60):
        if not StoredFile.objects.filter(state="checking").exists():
            break
        worker.idle(1)
    person.go(f"/nominations/{nomination.number}/attachments/")
    person.sees("可用")
    person.press("删除")
    expect(page.locator("body")).not_to_contain_text("案例.pdf")
    assert Nomination.objects.get().answers[ANNEXES] == []
