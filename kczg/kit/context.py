"""What every page's frame shows: the menu of the person's roles, the season's clock, type size and language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from kczg.menu import MENU, Entry

LARGE_TYPE = "large_type"
"""The cookie that remembers 大字版."""

_clocks: list[Callable[[datetime], str]] = []


def season_clock(words: Callable[[datetime], str]) -> None:
    """Registers what tells the season's clock in words, given the request's moment.

    The kit knows nothing of seasons; the app that does registers itself when it is ready.
    """
    _clocks[:] = [words]


class Page:
    """The frame of one page. Everything is worked out when a template asks for it."""

    def __init__(self, request: HttpRequest):
        self._request = request

    @property
    def lang(self) -> str:
        """The language of the page as HTML names it."""
        return "en" if (get_language() or "").startswith("en") else "zh-CN"

    @property
    def large(self) -> bool:
        return self._request.COOKIES.get(LARGE_TYPE) == "1"

    @property
    def here(self) -> str:
        """This page's address, to come back to after a toggle."""
        return self._request.get_full_path()

    @property
    def clock(self) -> str:
        """Where the season stands, or nothing where no season is loaded."""
        return _clocks[0](self._request.judged_at) if _clocks else ""  # type: ignore[attr-defined]

    @property
    def menu(self) -> list[dict[str, Any]]:
        """The entries of all roles of this person, the one of this page marked."""
        entries = list(dict.fromkeys(entry for role in self._roles() for entry in MENU[role]))
        current = self._current(entries)
        return [
            {"path": entry.path, "word": entry.word, "current": self._mark(entry, current)}
            for entry in entries
        ]

    @property
    def organisations(self) -> list[str]:
        """The names of the organisations that the person acts for."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return []
        return list(dict.fromkeys(str(m.organisation) for m in user.active_memberships))

    def _roles(self) -> list[str]:
        user = getattr(self._request, "user", None)
        roles = list(user.roles) if user is not None and user.is_authenticated else []
        return roles or ["public"]

    def _current(self, entries: list[Entry]) -> Entry | None:
        """The entry whose address is the longest beginning of this page's."""
        path = self._request.path
        under = [entry for entry in entries if path.startswith(entry.path)]
        return max(under, key=lambda entry: len(entry.path), default=None)

    def _mark(self, entry: Entry, current: Entry | None) -> str:
        if entry is not current:
            return ""
        return "page" if entry.path == self._request.path else "true"


def page(request: HttpRequest) -> dict[str, Page]:
    """Context processor: ``page`` in every template."""
    return {"page": Page(request)}
