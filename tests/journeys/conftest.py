"""What a story needs: a browser, the product on a port, and its worker as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from playwright.sync_api import Browser

from tests.journeys.person import Person

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("KCZG_SHOTS") or ROOT / ".run" / "shots")


@dataclass
class Worker:
    """The worker's process and its log, in which the mails that it sent can be read."""

    process: subprocess.Popen
    log: Path

    def idle(self, seconds: float) -> None:
        """Lets the worker work for a while; fails where it has died."""
        try:
            code = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return
        raise AssertionError(f"the worker ended with {code}")


@pytest.fixture
def worker(transactional_db) -> Iterator[Worker]:
    """The Celery worker with its schedule, on the test database and the test's part of Redis."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    SHOTS.mkdir(parents=True, exist_ok=True)
    name = f"worker{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    with (SHOTS / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "kczg", "--quiet", "worker", "--beat"]
            + [
                "--schedule",
                str(SHOTS / f"{name}.beat"),
                "--concurrency",
                "1",
                "--without-gossip",
                "--without-mingle",
            ],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database, "EMAIL_URL": "consolemail://"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        yield Worker(process, SHOTS / f"{name}.log")
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def visit(chromium: Browser, live_server) -> Iterator:
    """Gives a person a window of their own: ``visit("applicant")``."""
    opened = []

    def open_window(name: str, script: bool = True) -> Person:
        context = chromium.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": 1280, "height": 900},
            java_script_enabled=script,
            permissions=["clipboard-read", "clipboard-write"],
        )
        opened.append(context)
        return Person(name, context.new_page(), SHOTS, script)

    yield open_window
    for context in opened:
        context.close()
