"""python -m benchmarks.unit_pages [--units 400 --nominations 20000 | --here]: every page of a unit, and what else is large.

Fills a database of its own with ``seed_load``'s season, or measures the one that DATABASE_URL names as it stands
(``--here``). Each page is asked for by the unit that has a tenth of all nominations and by an ordinary one: how
many queries, the median and the 95th percentile in milliseconds. The number of queries must be the same for both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import servers

os.environ.setdefault("KCZG_LOG_LEVEL", "ERROR")
servers.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "kczg.settings"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_test_environment,
    teardown_test_environment,
)
from django.urls import reverse  # noqa: E402

from accounts.models import User  # noqa: E402
from kczg.kit import clock  # noqa: E402
from nominations.models import Nomination, RecommendingUnit, Season, Twin, UnitImport  # noqa: E402
from nominations.states import State  # noqa: E402
from reviews.load.build import build, freshen  # noqa: E402
from tests import unit_pages  # noqa: E402

UNIT_MS, PAGE_MS, LIST_MS, SAVE_MS = 300, 300, 500, 200
ASKED_WHEN_FULL = {"unit_nomination": 1}
"""Page → queries that it asks besides where the unit has no place left: what stands on them."""
Ask = Callable[[], HttpResponse]


class Person:
    """Somebody of the season with a browser."""

    def __init__(self, username: str):
        self.user = User.objects.get(username=username)
        self.client = Client()
        self.client.force_login(self.user)

    def get(self, path: str) -> Ask:
        return lambda: self.client.get(path)

    def post(self, path: str, data: dict[str, Any]) -> Ask:
        """A post whose effect is taken back at once, so that the next one does the same work."""

        def ask() -> HttpResponse:
            with transaction.atomic():
                answer = self.client.post(path, data)
                transaction.set_rollback(True)
            return answer

        return ask


def page(name: str, *args: Any) -> str:
    return reverse(f"nominations:{name}", args=args)


@dataclass(frozen=True)
class Figures:
    """Of one request asked for many times. ``own``: this process's part of the median, whoever else is at work."""

    status: int
    queries: int
    middle: float
    slow: float
    own: float

    def __str__(self) -> str:
        return f"{self.queries:>8}{self.middle:>8.0f}{self.slow:>8.0f}{self.own:>8.0f}"


HEAD = f"{'queries':>8}{'ms':>8}{'p95':>8}{'own':>8}"


def measured(ask: Ask, times: int) -> Figures:
    """Milliseconds of so many requests; two before them warm up, and one of them is counted."""
    ask()
    with CaptureQueriesContext(connection) as captured:
        status = ask().status_code
    queries = len(captured)
    taken, own = [], []
    for _time in range(times):
        began, worked = time.perf_counter(), time.process_time()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - worked) * 1000)
    slow = sorted(taken)[int(len(taken) * 0.95)]
    return Figures(status, queries, statistics.median(taken), slow, statistics.median(own))


# --- The unit ----------------------------------------------------------------------------------------------


def _pair(rows: Sequence[Nomination]) -> Twin:
    """Two of the unit's as if they were found to be alike."""
    one, other = sorted(rows[:2], key=lambda row: row.pk)
    facts = {"one_version": one.latest_version, "other_version": other.latest_version}
    facts |= {"degree": Twin.Degree.NEAR, "reasons": ["title"], "found_at": clock.now()}
    pair, _fresh = Twin.objects.get_or_create(one=one, other=other, defaults=facts)
    return pair


def of_unit(person: Person, season: Season) -> dict[str, Ask]:
    """All pages of a unit by name, then what it does."""
    organisation = person.user.organisation_in("unit")
    unit = RecommendingUnit.objects.get(season=season, organisation=organisation)
    waiting = list(unit.nominations.filter(state=State.SUBMITTED).order_by("submitted_at")[:20])
    first, number = waiting[0], waiting[0].number
    row, _fresh = UnitImport.objects.get_or_create(
        unit=unit,
        ranking=first.ranking,
        defaults={"name": "申报.xlsx", "uploaded_by": person.user, "uploaded_at": clock.now()},
    )
    pair = _pair(waiting)
    things = {"number": number, "unit_import.pk": str(row.pk), "unit_import_job.pk": str(row.pk)}
    things |= {"unit_twin.pk": str(pair.pk), "unit_person.pk": str(person.user.memberships.get().pk)}
    asks = {name: person.get(path) for name, path in unit_pages.pages(things)}
    seen = {one.number: one.latest_version.number for one in waiting}
    together = {"no": list(seen), "opinion": "同意推荐", **{f"seen-{no}": now for no, now in seen.items()}}
    asks["unit_bulk, twenty chosen"] = person.get(
        page("unit_bulk") + "?" + "&".join(f"no={no}" for no in seen)
    )
    opinion = {"opinion": "同意推荐", "seen": seen[number]}
    asks["post unit_recommend"] = person.post(page("unit_recommend", number), opinion)
    asks["post unit_recommend, confirmed"] = person.post(
        page("unit_recommend", number), {**opinion, "confirmed": "1"}
    )
    asks["post unit_return"] = person.post(page("unit_return", number), {"other": "核对"})
    asks["post unit_decline"] = person.post(page("unit_decline", number), {"reason": "不成熟"})
    asks["post unit_bulk, twenty"] = person.post(page("unit_bulk"), together)
    return asks


def compare_units(season: Season, times: int) -> list[str]:
    """Prints a line a page; returns what is beyond its limits."""
    hard, ordinary = (of_unit(Person(f"load-unit-{n}"), season) for n in (1, 2))
    wrong = []
    print(f"{'the unit with most, an ordinary one':<36}{HEAD}{HEAD}")
    for name, ask in hard.items():
        found, other = measured(ask, times), measured(ordinary[name], times)
        print(f"{name:<36}{found}{other}  {found.status}, {other.status}")
        # What posts do differs with what there is to do; pages ask the same whatever there is.
        apart = abs(found.queries - other.queries)
        if apart > ASKED_WHEN_FULL.get(name, 0) and not name.startswith("post"):
            wrong.append(f"{name}: {found.queries} queries and {other.queries}")
        if found.slow > UNIT_MS and not name.startswith("post unit_bulk"):
            wrong.append(f"{name}: {found.slow:.0f} ms")
    return wrong


# --- Everybody else ----------------------------------------------------------------------------------------


def of_others(season: Season) -> Iterable[tuple[str, Ask, int]]:
    """Name, request and limit in milliseconds (ux.md, bar 9)."""
    office = Person("load-office")
    begun = Nomination.objects.filter(season=season, state=State.DRAFT, ranking__key="pioneer_technology")
    draft = begun.order_by("pk")[0]
    applicant = Person(draft.created_by.username)
    for name in ("tasks", "unit", "conditions", "check", "progress", "history", "preview", "data"):
        yield f"applicant {name}", applicant.get(page(name, draft.number)), PAGE_MS
    yield "applicant my", applicant.get(page("my")), PAGE_MS
    yield "applicant section", applicant.get(page("section", draft.number, "introduction")), PAGE_MS
    saved = {
        "version": str(draft.section_version("introduction")),
        "introduction_text": "改写" * 200,
        "changed": "introduction_text",
    }
    yield (
        "applicant autosave",
        applicant.post(page("autosave", draft.number, "introduction"), saved),
        SAVE_MS,
    )
    yield "office home", office.get(reverse("reviews:office_home")), PAGE_MS
    for query in (
        "",
        "q=激光",
        "status=submitted",
        "province=110000",
        "recommended=1",
        "page=200",
        "channel=society",
    ):
        yield f"office list {query}", office.get(page("office_nominations") + f"?{query}"), LIST_MS
    for name in ("office_units", "office_season", "office_exceptions"):
        yield name, office.get(page(name)), PAGE_MS
    yield "office_nomination", office.get(page("office_nomination", draft.number)), PAGE_MS
    unit = RecommendingUnit.objects.filter(season=season).order_by("pk")[0]
    yield "office_unit", office.get(page("office_unit", unit.pk)), PAGE_MS


def measure_others(season: Season, times: int) -> list[str]:
    wrong = []
    print(f"\n{'everybody else':<36}{HEAD}")
    for name, ask, limit in of_others(season):
        found = measured(ask, times)
        print(f"{name:<36}{found}  {found.status}")
        if found.slow > limit:
            wrong.append(f"{name}: {found.slow:.0f} ms")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=400)
    parser.add_argument("--nominations", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=50, help="requests for each figure")
    parser.add_argument(
        "--here", action="store_true", help="measure the database of DATABASE_URL as it stands"
    )
    asked = parser.parse_args()
    setup_test_environment(debug=False)
    if not asked.here:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        if not asked.here:
            now = clock.now()
            build(
                asked.units, asked.nominations, clock.local(now).year, 2022, "", now, lambda done, total: None
            )
            freshen()
        season = Season.objects.get()
        wrong = compare_units(season, asked.times) + measure_others(season, asked.times)
    finally:
        if not asked.here:
            connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
        teardown_test_environment()
    print("\n" + ("\n".join(wrong) or "all within their limits"))
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
