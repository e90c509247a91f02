"""A crowd: many threads that begin at one moment, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from kczg.kit.models import Event
from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from nominations.models import Nomination, Version
from nominations.rules import check_code
from tests import cast

WAIT = 60


def together(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Does all deeds at once; what each returned, or the verdict with which it was refused."""
    start = threading.Barrier(len(deeds))

    def one(deed: Callable[[], Any]) -> Any:
        try:
            start.wait(WAIT)
            return deed()
        except Refused as refused:
            return refused.verdict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(WAIT) for future in [pool.submit(one, deed) for deed in deeds]]


def _again(event: Event, pk: int) -> Event:
    """The same event, of another nomination."""
    fields = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
    return Event(**{**fields, "id": None, "subject_id": pk})


def submitted(count: int) -> list[Nomination]:
    """That many submitted nominations: one that went through the actions, and copies of its rows."""
    return copies(cast.submitted(), count - 1)


def copies(first: Nomination, count: int, begin: int = 90000) -> list[Nomination]:
    """A submitted nomination and that many copies of it, its versions and its events, numbered from ``begin``."""
    version = first.versions.get()
    happened = list(events_of(first))
    rows = [first]
    for n in range(1, count + 1):
        row = Nomination.objects.get(pk=first.pk)
        row.pk, row._state.adding = None, True
        row.number, row.title = f"2022XD{begin + n}", f"第{n}项技术"
        row.submitted_title = row.title
        row.save()
        content = {**version.content, "number": row.number, "title": row.title}
        digest = check_code.digest(content)
        Version.objects.create(
            nomination=row,
            number=1,
            content=content,
            digest=digest,
            check_code=check_code.from_digest(digest),
            frozen_at=version.frozen_at,
            submitted_at=version.submitted_at,
            frozen_by=version.frozen_by,
        )
        Event.objects.bulk_create(_again(event, row.pk) for event in happened)
        rows.append(row)
    return [cast.reread(row) for row in rows]
