"""python -m benchmarks.run [--rows 10000]: two figures as ratios to a bare view, measured in one run.

A ratio says how much of our own work a request does, on any machine: the bare view goes through the same
middleware, session and door, and answers with two letters.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import servers

servers.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "kczg.settings"

import django  # noqa: E402

django.setup()

import time_machine  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: E402
from django.urls import path  # noqa: E402

import kczg.urls  # noqa: E402
from kczg.kit.doors import SIGNED_IN, door  # noqa: E402
from nominations.actions import twins  # noqa: E402
from nominations.models import Fingerprint, Nomination, Version  # noqa: E402
from nominations.rules import check_code  # noqa: E402
from nominations.rules.twins import PLACES  # noqa: E402
from tests import cast  # noqa: E402

LOTS = 500


@door(SIGNED_IN)
def bare(request):
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), *kczg.urls.urlpatterns]


def copies(first: Nomination, count: int) -> list[Nomination]:
    """``count`` rows like the first, with the frozen versions that it has."""
    versions = list(first.versions.all())
    made: list[Nomination] = []
    for start in range(0, count, LOTS):
        rows = []
        for n in range(start, min(start + LOTS, count)):
            row = Nomination.objects.get(pk=first.pk) if n == start else _like(rows[0])
            row.pk, row._state.adding = None, True
            row.number, row.title = f"{first.number[:6]}{first.pk:03d}{n:06d}", f"第{n + 1}项技术"
            row.submitted_title = row.title if versions else ""
            rows.append(row)
        Nomination.objects.bulk_create(rows)
        Version.objects.bulk_create(_version(row, version) for row in rows for version in versions)
        made += rows
    return made


def _like(row: Nomination) -> Nomination:
    fields = {field.attname: getattr(row, field.attname) for field in Nomination._meta.concrete_fields}
    return Nomination(**fields)


def _version(row: Nomination, version: Version) -> Version:
    content = {**version.content, "number": row.number, "title": row.title}
    digest = check_code.digest(content)
    return Version(
        nomination=row,
        number=version.number,
        content=content,
        digest=digest,
        check_code=check_code.from_digest(digest),
        frozen_at=version.frozen_at,
        submitted_at=version.submitted_at,
        frozen_by=version.frozen_by,
    )


def seconds(deed: Callable[[int], HttpResponse], times: int, expected: int) -> list[float]:
    """How long each of so many deeds took, in seconds; the first two warm up and don't count."""
    taken = []
    for n in range(times + 2):
        began = time.perf_counter()
        answer = deed(n)
        taken.append(time.perf_counter() - began)
        if answer.status_code != expected:
            raise SystemExit(f"{answer.status_code} instead of {expected}")
    return taken[2:]


def line(name: str, taken: list[float], base: float) -> str:
    middle = statistics.median(taken)
    slow = sorted(taken)[int(len(taken) * 0.95)]
    return f"{name:<44}{middle * 1000:>9.1f}{slow * 1000:>9.1f}{middle / base:>9.1f}"


def measure(rows: int, times: int) -> None:
    applicant, unit_person = Client(), Client()
    cast.unit()
    draft, submitted = cast.draft(), cast.submitted(title="高可靠工业总线控制器")
    applicant.force_login(cast.cast("applicant"))
    unit_person.force_login(cast.cast("unit_person"))
    drafts = copies(draft, times + 2)
    others = copies(submitted, rows - 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    base = seconds(lambda n: applicant.get("/bare/"), times, 200)
    bare_middle = statistics.median(base)
    submit = seconds(
        lambda n: applicant.post(f"/nominations/{drafts[n].number}/check/", {"promised": "1"}), times, 302
    )
    first = seconds(lambda n: unit_person.get("/unit/nominations/"), times, 200)
    deep = seconds(lambda n: unit_person.get(f"/unit/nominations/?page={rows // 60}&sort=title"), times, 200)
    desk = seconds(lambda n: unit_person.get("/unit/"), times, 200)
    print(f"{'':<44}{'ms':>9}{'p95 ms':>9}{'ratio':>9}")
    print(line("bare view", base, bare_middle))
    print(line("submitting", submit, bare_middle))
    print(line(f"a unit's list, {rows:,} nominations", first, bare_middle))
    print(line("  its middle page, sorted by name", deep, bare_middle))
    print(line("a unit's desk, the same nominations", desk, bare_middle))
    print(line(f"the worker compares one with {rows:,}", compared(submitted, others), bare_middle))


def compared(one: Nomination, others: list[Nomination]) -> list[float]:
    """How long the worker takes to look for an entry among all that stand in its ranking, in seconds."""
    chance = random.Random(2022)
    signatures = [chance.randbytes(2 * PLACES) for _ in others]
    versions = dict(Version.objects.filter(nomination__in=others).values_list("nomination_id", "pk"))
    Fingerprint.objects.bulk_create(
        (
            Fingerprint(nomination=row, version_id=versions[row.pk], title=row.title, signature=signature)
            for row, signature in zip(others, signatures, strict=True)
        ),
        batch_size=LOTS,
    )
    taken = []
    for _turn in range(5):
        began = time.perf_counter()
        twins.compare(one.latest_version.pk, cast.DURING_CALL)
        taken.append(time.perf_counter() - began)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="nominations that one unit has")
    parser.add_argument("--times", type=int, default=30, help="requests for each figure")
    asked = parser.parse_args()
    setup_test_environment(debug=False)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with override_settings(ROOT_URLCONF=__name__), time_machine.travel(cast.DURING_CALL, tick=True):
            measure(asked.rows, asked.times)
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    main()
