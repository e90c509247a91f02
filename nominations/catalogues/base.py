"""Catalogues: a list of entries with codes and names, read once, searched by code, name and pinyin initials."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"
_COLUMNS = ("code", "name", "level", "parent")


@dataclass(frozen=True)
class Entry:
    """A line of a catalogue. ``facts`` holds what the list says besides, by column name."""

    code: str
    name: str
    level: str = ""
    parent: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read(path: Path) -> list[Entry]:
    """The entries of a file: lines beginning with # tell the source, then a header line, then tab-separated rows."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return [
            Entry(
                row["code"],
                row["name"],
                row["level"],
                row["parent"],
                MappingProxyType({name: value for name, value in row.items() if name not in _COLUMNS}),
            )
            for row in rows
        ]


def initials(name: str) -> str:
    """The pinyin initials of a name, lower case: 农副食品加工业 → nfspjgy. What isn't Chinese stays as it is."""
    # Imported here: its dictionary takes a moment and only a search by initials needs it.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def folded(text: str) -> str:
    """A text as it is compared: NFKC, lower case, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


class Catalogue:
    """One list. ``key`` names its file, ``levels`` the levels that it knows, from wide to narrow."""

    def __init__(self, key: str, name: str, levels: tuple[str, ...]) -> None:
        self.key, self.name, self.levels = key, name, levels

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    @cached_property
    def _by_code(self) -> dict[str, Entry]:
        return {entry.code: entry for entry in read(DATA / f"{self.key}.tsv")}

    @cached_property
    def _index(self) -> list[tuple[str, str, str, Entry]]:
        """Code, name and initials of each entry, folded for comparison."""
        return [(folded(e.code), folded(e.name), folded(initials(e.name)), e) for e in self]

    def get(self, code: str) -> Entry | None:
        return self._by_code.get(code)

    def children(self, code: str) -> list[Entry]:
        """The entries right below one; below "" those at the top."""
        return [entry for entry in self if entry.parent == code]

    def path(self, code: str) -> list[Entry]:
        """The entry with all above it, from the top; empty where there is no such code."""
        found: list[Entry] = []
        entry = self.get(code)
        while entry and entry not in found:
            found.insert(0, entry)
            entry = self.get(entry.parent)
        return found

    def path_text(self, code: str) -> str:
        """The path in words: 制造业 › 农副食品加工业 › 谷物磨制."""
        return " › ".join(entry.name for entry in self.path(code))

    def search(self, text: str, levels: Iterable[str] = (), limit: int = 20) -> list[Entry]:
        """The entries that fit what was typed, best first: by code, then name, then pinyin initials.

        ``levels`` keeps those levels only (none: all). Nothing typed finds nothing.
        """
        sought, kept = folded(text)[:50], frozenset(levels)
        if not sought:
            return []
        hits = []
        for place, (code, name, letters, entry) in enumerate(self._index):
            if kept and entry.level not in kept:
                continue
            rank = _rank(sought, code, name, letters)
            if rank is not None:
                hits.append((rank, len(code) if rank in (1, 2) else len(name), place, entry))
        return [entry for *_order, entry in sorted(hits, key=lambda hit: hit[:3])[:limit]]


def closest(text: str, names: Iterable[str], limit: int = 20) -> list[str]:
    """The names of any list that fit what was typed, best first: by name, then by pinyin initials."""
    sought = folded(text)[:50]
    if not sought:
        return []
    ranked = [(_rank(sought, "", folded(name), folded(initials(name))), len(name), name) for name in names]
    return [name for rank, _length, name in sorted(r for r in ranked if r[0] is not None)[:limit]]


def _rank(sought: str, code: str, name: str, letters: str) -> int | None:
    """How well an entry fits, 0 best; None where it doesn't."""
    if sought in (code, name):
        return 0
    if code and code.startswith(sought):
        return 1
    if name.startswith(sought):
        return 3
    if sought in name:
        return 4
    if letters.startswith(sought):
        return 5
    return 6 if len(sought) > 1 and sought in letters else None
