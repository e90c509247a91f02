"""The page's scripts in a real browser under our content policy: saving, both texts, rows, picker, jobs."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"
PAGE = Path(__file__).with_name("scripts_page.html").read_text("utf-8")
SCRIPTS = "".join(
    f'<script src="/static/js/{name}.js" defer></script>'
    for name in ("words", "page", "counter", "rows", "picker", "autosave", "job")
)


class Site:
    """What the browser talks to: answers saves as told, and keeps what was sent."""

    def __init__(self) -> None:
        self.saves: list[dict[str, list[str]]] = []
        self.posted: list[dict[str, list[str]]] = []
        self.tokens: list[str] = []
        self.answers: list[tuple[int, dict]] = []
        self.version = 7
        self.present: list[tuple[str, str]] = []

    def save(self, body: dict[str, list[str]], token: str) -> tuple[int, dict]:
        self.saves.append(body)
        self.tokens.append(token)
        if self.answers:
            return self.answers.pop(0)
        self.version += 1
        return 200, {"version": self.version, "saved_at": "14:32:05"}


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Set-Cookie", "csrf=fresh; Path=/")
            self.end_headers()
            self.wfile.write(body)

        def json(self, status: int, value: object) -> None:
            self.answer(status, json.dumps(value).encode(), "application/json")

        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path.startswith("/static/"):
                kind = "text/css" if path.path.endswith(".css") else "text/javascript"
                self.answer(200, (ROOT / path.path[1:]).read_bytes(), kind)
            elif path.path == "/find/":
                found = [
                    {"code": "131", "name": "谷物磨制", "path": "制造业 › 农副食品加工业", "choosable": True},
                    {"code": "C", "name": "制造业", "path": "", "choosable": False},
                ]
                self.json(200, found if "谷" in parse_qs(path.query)["q"][0] else [])
            elif path.path == "/job/":
                self.json(200, {"state": "done", "done": 3, "total": 3, "url": "/file/", "error": ""})
            else:
                self.answer(200, PAGE.format(scripts=SCRIPTS).encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = parse_qs(
                self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True
            )
            if self.path == "/save/":
                self.json(*site.save(body, self.headers["X-CSRFToken"]))
            elif self.path == "/present/":
                site.present.append((self.headers["X-CSRFToken"], self.headers["X-Background"]))
                self.json(200, {"words": "李某也在填写此页（技术介绍）"})
            else:
                site.posted.append(body)
                self.answer(200, b"<!doctype html><title>posted</title>", "text/html")

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(chromium, site) -> Iterator[Page]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    page.close()
    server.shutdown()
    assert faults == []


STATUS = "[data-save-status]"
pytestmark = pytest.mark.browser


def test_only_what_changed_is_saved_a_second_after_the_last_change(page, site):
    page.locator("#id_text").press_sequentially("量子测量", delay=50)
    expect(page.locator(STATUS)).to_have_text("已自动保存（14:32:05）", timeout=2500)
    assert site.saves == [{"version": ["7"], "changed": ["text"], "text": ["量子测量"]}]
    assert site.tokens == ["fresh"]
    page.locator("#w1").uncheck()
    page.locator("#id_name").focus()
    expect(page.locator("form")).to_have_attribute("data-version", "9")
    assert site.saves[1] == {"version": ["8"], "changed": ["ways"]}
    assert page.locator("[name=version]").input_value() == "9"
    assert page.locator("[name=csrfmiddlewaretoken]").input_value() == "fresh"


def test_the_counter_counts_and_never_cuts(page):
    counter, text = page.locator("#id_text_counter"), page.locator("#id_text")
    text.fill("量 子\n")
    expect(counter).to_have_text("已写2字，还差2字（要求4—6字）")
    text.fill("一二三四五六七")
    expect(counter).to_have_text("已写7字，超出1字（要求4—6字）")
    expect(counter).to_have_class("counter is-over")
    assert text.input_value() == "一二三四五六七"


def test_while_an_input_method_composes_nothing_is_counted_or_saved(page, site):
    page.evaluate(
        """() => { const t = document.getElementById("id_text"); t.value = "liang";
        t.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true })); }"""
    )
    page.wait_for_timeout(1300)
    assert site.saves == []
    expect(page.locator("#id_text_counter")).to_have_text("要求4—6字")
    page.evaluate(
        """() => { const t = document.getElementById("id_text"); t.value = "量";
        t.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true })); }"""
    )
    expect(page.locator("#id_text_counter")).to_have_text("已写1字，还差3字（要求4—6字）")
    expect(page.locator(STATUS)).to_have_text("已自动保存（14:32:05）", timeout=2500)


CONFLICT = {
    "code": "conflict",
    "message": "此页14:30已由李某修改。下面标出两份的不同，选择保留哪一份",
    "details": {"version": 20, "by": "李某", "at": "14:30", "theirs": {"text": "李某的文字"}},
}


def test_both_texts_are_shown_and_mine_can_be_kept(page, site):
    site.answers, site.version = [(409, CONFLICT)], 20
    page.locator("#id_text").fill("我的文字")
    expect(page.locator(".compare")).to_contain_text("李某的文字")
    expect(page.locator(".compare")).to_contain_text("我的文字")
    expect(page.locator(STATUS)).to_have_text(CONFLICT["message"])
    assert page.locator("#id_text").input_value() == "我的文字"
    page.get_by_role("button", name="保留我的").click()
    expect(page.locator(STATUS)).to_have_text("已自动保存（14:32:05）")
    assert site.saves[-1] == {"version": ["20"], "changed": ["text"], "text": ["我的文字"]}


def test_the_other_text_can_be_taken(page, site):
    site.answers = [(409, CONFLICT)]
    page.locator("#id_text").fill("我的文字")
    page.get_by_role("button", name="保留李某的").click()
    expect(page.locator(".compare")).to_have_count(0)
    assert page.locator("#id_text").input_value() == "李某的文字"
    page.wait_for_timeout(1300)
    assert len(site.saves) == 1


def test_a_change_elsewhere_is_not_a_conflict_of_this_text(page, site):
    other = {**CONFLICT, "details": {**CONFLICT["details"], "theirs": {"name": "乙"}}}
    site.answers, site.version = [(409, other)], 20
    page.locator("#id_text").fill("我的文字")
    expect(page.locator(STATUS)).to_have_text("已自动保存（14:32:05）", timeout=3000)
    assert [save["version"] for save in site.saves] == [["7"], ["20"]]


def test_without_network_the_text_stays_and_is_saved_when_it_is_back(page, site):
    page.context.set_offline(True)
    page.locator("#id_text").fill("断网时写的")
    expect(page.locator(STATUS)).to_have_text("网络已断开，内容留在本页，恢复后自动保存", timeout=3000)
    page.context.set_offline(False)
    expect(page.locator(STATUS)).to_have_text("已自动保存（14:32:05）", timeout=5000)
    assert site.saves[-1]["text"] == ["断网时写的"]


def test_an_ended_session_says_so_with_a_link(page, site):
    site.answers = [(401, {"code": "signed_out", "message": "登录已过期，重新登录后继续保存"})]
    page.locator("#id_text").fill("登录过期")
    expect(page.locator(STATUS)).to_contain_text("登录已过期，重新登录后继续保存", timeout=3000)
    assert page.locator(f"{STATUS} a").get_attribute("href") == "/login/?next=%2F"
    expect(page.locator(STATUS)).to_have_text("已自动保存（14:32:05）", timeout=6000)


def test_a_refusal_is_shown_and_not_tried_again(page, site):
    site.answers = [(403, {"code": "closed", "message": "征集已截止", "hint": "草稿可下载", "details": {}})]
    page.locator("#id_text").fill("晚了")
    expect(page.locator(STATUS)).to_have_text("征集已截止。草稿可下载", timeout=3000)
    page.wait_for_timeout(1500)
    assert len(site.saves) == 1


def test_a_post_waits_for_the_save_under_way_and_is_sent_once(page, site):
    page.locator("#id_text").fill("提交前一刻")
    page.locator("button[name=save]").click()
    expect(page).to_have_title("posted")
    assert [post["text"] for post in site.posted] == [["提交前一刻"]]
    assert [post["version"] for post in site.posted] == [["8"]]


def test_rows_are_added_and_deleted_in_place(page, site):
    page.get_by_role("button", name="添加一行").click()
    page.keyboard.type("科技进步奖")
    expect(page.get_by_text("暂无，添加一行")).to_be_hidden()
    page.get_by_role("button", name="添加一行").click()
    assert [row.get_attribute("name") for row in page.locator(".row input").all()] == [
        "awards-0-title",
        "awards-1-title",
    ]
    page.locator(".row button").first.click()
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".row button").click()
    expect(page.get_by_text("暂无，添加一行")).to_be_visible()
    assert page.evaluate("document.activeElement.dataset.addRow") == "id_awards"


def test_the_picker_works_by_keyboard_and_keeps_the_select_in_step(page, site):
    box = page.get_by_role("combobox", name="行业")
    box.fill("谷物")
    expect(page.get_by_role("option")).to_have_count(2)
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "id_industry_list_0"
    box.press("Enter")
    chosen = "[...document.querySelector('select[name=industry]').selectedOptions].map((o) => o.value)"
    assert page.evaluate(chosen) == ["13", "131"]
    expect(page.locator(".picker-chosen li")).to_have_text(["农副食品加工业+13✕", "谷物磨制+131✕"])
    expect(page.locator(STATUS)).to_have_text("已自动保存（14:32:05）", timeout=3000)
    assert site.saves[-1]["industry"] == ["13", "131"]
    page.get_by_role("button", name="去掉农副食品加工业+13").click()
    assert page.evaluate(chosen) == ["131"]
    box.fill("没有")
    expect(page.get_by_role("option")).to_have_text("没有符合的结果，换个词再查")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_what_cannot_be_chosen_is_not(page):
    box = page.get_by_role("combobox", name="行业")
    box.fill("谷物")
    page.locator("#id_industry_list_1").dispatch_event("click")
    assert page.evaluate("document.querySelector('select[name=industry]').selectedOptions.length") == 1


def test_a_block_from_a_spreadsheet_fills_the_cells_and_the_mean_is_echoed(page):
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", "1,480.50\\t１０００\\n");
        const how = { clipboardData: data, bubbles: true, cancelable: true };
        document.getElementById("y1").dispatchEvent(new ClipboardEvent("paste", how)); }"""
    )
    assert page.locator("#y2").input_value() == "１０００"
    expect(page.locator("[data-mean]")).to_have_text("1240.25")
    page.locator("#y2").fill("约一千")
    expect(page.locator("[data-mean]")).to_have_text("—")


def test_a_job_shows_its_link_when_it_is_done(page):
    expect(page.locator("[data-job-words]")).to_have_text("文件已生成", timeout=4000)
    assert page.locator("[data-job-link]").get_attribute("href") == "/file/"
    expect(page.locator("[data-job-again]")).to_be_hidden()


def test_an_open_page_tells_who_else_writes_and_asks_nothing_once_nobody_is_there(page, site):
    place = page.locator("[data-present-url]")
    page.clock.install()
    page.reload()
    page.clock.run_for(29_000)
    assert site.present == []
    page.clock.run_for(2_000)
    expect(place).to_have_text("李某也在填写此页（技术介绍）")
    assert site.present == [("fresh", "1")]
    page.evaluate(
        "news = 0; new MutationObserver(() => news++).observe(document.querySelector('[data-present-url]'), {childList: true})"
    )
    with page.expect_response("**/present/"):
        page.clock.run_for(30_000)
    assert page.evaluate("news") == 0
    page.clock.fast_forward(700_000)
    asked = len(site.present)
    page.clock.run_for(90_000)
    assert len(site.present) == asked
    page.keyboard.press("a")
    with page.expect_response("**/present/"):
        page.clock.run_for(30_000)
