"""Fills a section as an applicant does: reads the declaration, and works the controls of each kind of question.

Texts are typed, options pressed, entries of catalogues found by search, rows added one by one, and a table of years
pasted as a block from a spreadsheet. Nothing here knows a ranking.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from nominations.catalogues import CATALOGUES
from nominations.fields.base import Question

LONG = "long_text"


def write(page: Page, question: Question, value: Any) -> None:
    """Answers a question of the page that is open."""
    place = page.locator(f"[data-question={question.key}]")
    working = WAYS.get(question.kind, _type)
    working(page, place, question, value)


def _type(page: Page, place: Locator, question: Question, value: str) -> None:
    field = place.locator(f"[name={question.key}]")
    if field.input_value():
        return  # The self-check has asked for it already.
    if question.kind == LONG:
        field.fill(value)  # As a text is pasted from where it was written.
        return
    field.focus()  # As the Tab key brings a person there.
    field.press_sequentially(value)


def _press(page: Page, place: Locator, question: Question, value: str) -> None:
    place.locator(f"[name={question.key}][value='{value}']").check()


def _press_each(page: Page, place: Locator, question: Question, values: list[str]) -> None:
    for value in values:
        _press(page, place, question, value)


def _choose(page: Page, place: Locator, question: Question, value: str) -> None:
    place.locator(f"[name={question.key}]").select_option(value)


def _choose_and_name(page: Page, place: Locator, question: Question, value: dict[str, str]) -> None:
    place.get_by_label("所属的产业").select_option(value["code"])
    place.get_by_label("具体名称").fill(value["name"])


def _find(page: Page, place: Locator, question: Question, codes: list[str]) -> None:
    """Types a name, and takes the entry of this code from what the server finds."""
    box = place.get_by_role("combobox")
    for code in codes:
        entry = CATALOGUES[question.catalogue].get(code)
        assert entry is not None
        box.fill(entry.name if question.kind == "industry" else code)
        option = place.get_by_role("option").filter(has_text=re.compile(rf"\+{re.escape(code)}(?!\d)"))
        option.first.click()
        expect(place.locator(f"option[value='{code}']")).to_have_count(1)


def _add_rows(page: Page, place: Locator, question: Question, rows: list[dict[str, str]]) -> None:
    for number, row in enumerate(rows):
        if not place.locator("li.row").nth(number).count():
            place.get_by_role("button", name="添加一行").click()
        for column in question.columns:
            control = place.locator("li.row").nth(number).locator(f"[name$='-{column.key}']")
            value = row.get(column.key)
            if isinstance(value, str):
                control.select_option(value) if column.kind == "one_of" else control.fill(value)


def _paste(page: Page, place: Locator, question: Question, table: dict[str, list[str]]) -> None:
    """Pastes the figures as a spreadsheet copies them, into the first cell."""
    block = "\r\n".join("\t".join(table[row.key]) for row in question.rows)
    place.locator("[data-year]").first.focus()
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    page.keyboard.press("Control+V")
    last = question.rows[-1].key
    expect(place.locator(f"[name={question.key}-{last}-0]")).to_have_value(table[last][0])


WAYS = {
    "one_of": _press,
    "any_of": _press_each,
    "region": _choose,
    "emerging_industry": _choose_and_name,
    "industry": _find,
    "licence": _find,
    "rows": _add_rows,
    "year_table": _paste,
}
