"""Takes the README's pictures from a served demo: ``python -m tests.pictures http://127.0.0.1:8123``."""

from __future__ import annotations

import sys
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

django.setup()

from reviews.demo.people import PASSWORD  # noqa: E402
from tests.browser import CHROMIUM, QUIET  # noqa: E402

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
SIZE = {"width": 1280, "height": 800}


def sign_in(page: Page, account: str) -> None:
    page.goto("/login/")
    page.locator("[name=login]").fill(account)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main form button").first.click()


def unit(page: Page) -> None:
    sign_in(page, "unit")
    page.goto("/unit/")


def writing(page: Page) -> None:
    sign_in(page, "applicant")
    page.goto("/my/")
    page.get_by_role("link", name="面向产线").first.click()
    page.goto(page.url.rstrip("/") + "/introduction/")


def expert(page: Page) -> None:
    sign_in(page, "expert")
    page.goto("/expert/")
    page.locator("ul.tasks a").first.click()
    page.wait_for_load_state()


def main(address: str) -> None:
    """Takes one picture for each function above, 1280 × 800 px."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for picture in (unit, writing, expert):
            context = browser.new_context(base_url=address, viewport=SIZE, locale="zh-CN")
            page = context.new_page()
            picture(page)
            page.screenshot(path=FOLDER / f"{picture.__name__}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
