"""A person at a browser: goes, fills in, presses, and has every page looked at."""

from __future__ import annotations

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

WIDE, NARROW = 1280, 375
PICTURES = bool(os.environ.get("KCZG_SHOTS"))
"""Pictures cost as much as the checks: taken only where somebody names a folder to look at them in."""
AXE = Axe()


class Person:
    """One window. ``look`` holds the page to the bar at both widths, and saves it where KCZG_SHOTS names a folder."""

    def __init__(self, name: str, page: Page, shots: Path, script: bool = True):
        self.name, self.page, self.shots, self.script = name, page, shots, script
        self.number = 0
        self.clicks = 0
        """Presses of the pointer, since the window was opened."""
        self.faults: list[str] = []
        page.set_default_timeout(10_000)
        if script:
            page.expose_function("pressedHere", self._pressed)
            page.add_init_script("addEventListener('pointerdown', () => window.pressedHere(), true)")
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", lambda r: self.faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)

    def _pressed(self) -> None:
        self.clicks += 1

    def go(self, path: str) -> None:
        self.page.goto(path)

    def sign_in(self, account: str, password: str) -> None:
        self.go("/login/")
        self.fill("账号或邮箱", account)
        self.fill("密码", password)
        self.press("登录")
        expect(self.page.get_by_role("button", name="退出")).to_be_visible()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).first.fill(value)

    def tick(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).first.check()

    def press(self, name: str, stays: bool = False) -> None:
        """Presses the button or follows the link of this name, in the page's main part before its frame.

        Waits for the page that follows: a page may save before it leaves. ``stays``: none follows.
        """
        control = self._control(name)
        if stays:
            control.click()
            return
        with self.page.expect_navigation(wait_until="load"):
            control.click()

    def _control(self, name: str) -> Locator:
        words = re.compile(re.escape(name))
        for place in (self.page.locator("main"), self.page.locator("body")):
            for role in ("button", "link"):
                found = place.get_by_role(role, name=words)
                if found.count():
                    return found.first
        raise AssertionError(f"{self.name}: “{name}”不在{self.page.url}")

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each, timeout=15_000)

    def look(self, title: str, *widths: int) -> None:
        """Looks at 1280 and 375 px unless told: no sideways scroll, nothing that axe finds, no fault."""
        self.number += 1
        stem = f"{self.name}-{self.number:02d}-{title}"
        for width in widths or (WIDE, NARROW):
            self.page.set_viewport_size({"width": width, "height": 900})
            # As tall as the page: a bar that sticks to the window would stand in the middle of the picture.
            height = self.page.evaluate("document.documentElement.scrollHeight")
            self.page.set_viewport_size({"width": width, "height": max(900, min(height, 6000))})
            over = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert over <= 0, f"{stem}: {over} px sideways at {width}"
            if PICTURES:
                self.page.screenshot(path=self.shots / f"{stem}-{width}.png", full_page=True)
            if not self.script:
                continue
            found = AXE.run(self.page, options=AXE_OPTIONS).response["violations"]
            assert found == [], f"{stem} at {width}: " + "; ".join(
                f"{rule['id']} {[node['html'][:160] for node in rule['nodes'][:3]]}" for rule in found
            )
        self.page.set_viewport_size({"width": WIDE, "height": 900})
        assert self.faults == []


AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # What passed isn't sent over: that took longer than the checks.
    "resultTypes": ["violations"],
}
