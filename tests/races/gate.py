"""A crowd at the gate: people who go on asking while it shuts, some of them held up by a lock, and what each was told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, cycle
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from nominations.models import Nomination, RecommendingUnit, Stage
from tests import cast, files
from tests.races import crowd

AHEAD = timedelta(seconds=0.3)
"""The gate is set so far ahead of the database's clock: requests are under way when it shuts."""
FAR = timedelta(days=1)
NEVER = datetime.max.replace(tzinfo=UTC)
TRIES = 20
Deed = Callable[[], Any]


def database_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)


@dataclass(frozen=True)
class Told:
    """One request: what it was, when the database's clock stood before and after it, when it was judged."""

    what: str
    subject: int
    before: datetime
    judged_at: datetime
    after: datetime
    accepted: bool

    def right(self, gate: datetime) -> bool:
        """Accepted if and only if it was judged before the gate, and judged when it arrived."""
        in_time = self.before <= self.judged_at <= self.after
        return in_time and self.accepted == (self.judged_at < gate)

    def waited_over(self, gate: datetime) -> bool:
        return self.judged_at < gate <= self.after


class Asker:
    """One person with a browser of their own."""

    def __init__(self, user: User):
        self.client = Client()
        self.client.force_login(user)

    def ask(
        self, what: str, nomination: Nomination, path: str, data: dict[str, Any], good: int = 302
    ) -> Told:
        before = database_clock()
        answer = self.client.post(path, data)
        judged_at = answer.wsgi_request.judged_at
        # Whatever is neither the deed's own answer nor a refusal for its time is a fault of the test.
        if answer.status_code not in (good, 409, 422):
            raise AssertionError((what, answer.status_code, answer.content.decode()[:500]))
        return Told(what, nomination.pk, before, judged_at, database_clock(), answer.status_code == good)


def page(name: str, nomination: Nomination, *more: str) -> str:
    return reverse(f"nominations:{name}", args=[nomination.number, *more])


# --- What people go on doing -------------------------------------------------------------------------------

Deeds = Iterator[Told]


def saving(draft: Nomination) -> Deeds:
    asker, version = Asker(cast.cast("applicant")), draft.section_version("team")
    for number in count():
        data = {"version": str(version), "changed": "contact_name", "contact_name": f"王{number}"}
        told = asker.ask("save", draft, page("autosave", draft, "team"), data, 200)
        version += told.accepted
        yield told


def by_turns(*deeds: Deed) -> Deeds:
    """One after the other, round and round; what is refused is tried again before the next one's turn comes."""
    for deed in cycle(deeds):
        while not (told := deed()).accepted:
            yield told
        yield told


def submitting_and_returning(draft: Nomination) -> Deeds:
    applicant, unit = Asker(cast.cast("applicant")), Asker(cast.cast("unit_person"))
    yield from by_turns(
        partial(applicant.ask, "submit", draft, page("check", draft), {"promised": "1"}),
        partial(unit.ask, "return", draft, page("unit_return", draft), {"other": "核对"}),
    )


def recommending_and_taking_back(row: Nomination) -> Deeds:
    unit, opinion = Asker(cast.cast("unit_person")), {"opinion": cast.OPINION, "seen": 1, "confirmed": "1"}
    yield from by_turns(
        partial(unit.ask, "recommend", row, page("unit_recommend", row), opinion),
        partial(unit.ask, "take back", row, page("unit_take_back", row), {"reason": "换报"}),
    )


def ending(rows: Sequence[Nomination]) -> Deeds:
    """Each row is ended once: withdrawn by its applicant, or declined by the unit. Those refused are tried again."""
    applicant, unit, left = Asker(cast.cast("applicant")), Asker(cast.cast("unit_person")), list(rows)
    for number in count():
        row = left[0]  # there are more than are asked for
        if number % 2:
            told = applicant.ask("withdraw", row, page("withdraw", row), {"reason": "不再申报"})
        else:
            told = unit.ask("decline", row, page("unit_decline", row), {"reason": "不成熟"})
        left.remove(row)
        left += [] if told.accepted else [row]
        yield told


def uploading(draft: Nomination) -> Deeds:
    asker, content = Asker(cast.cast("applicant")), files.pdf()
    for number in count():
        sent = SimpleUploadedFile(f"证书{number}.pdf", content, "application/pdf")
        data = {"control": "certificates-0-scan", "file": sent}
        yield asker.ask("upload", draft, page("files", draft), data, 201)


# --- The gate ----------------------------------------------------------------------------------------------


@dataclass
class Gate:
    """The call's end, which ``shut`` sets a moment ahead. ``told`` gathers all answers."""

    told: list[Told] = field(default_factory=list)
    at: datetime = NEVER

    def open(self) -> None:
        """Everything until now was made in the days that the notice prints; from here on the call is now."""
        now = database_clock()
        Stage.objects.filter(key="call").update(opens=now - FAR, closes=now + FAR)

    def set(self) -> datetime:
        """Moves the end to just ahead. It holds once it is committed before its time: else it is tried again."""
        for _turn in range(TRIES):
            at = database_clock() + AHEAD
            Stage.objects.filter(key="call").update(closes=at)
            if database_clock() < at:
                self.at = at
                return at
        raise AssertionError("the database is too slow to set a gate")

    def passed(self) -> bool:
        return database_clock() >= self.at

    def crowd(self, people: Sequence[Deeds], before: int, after: int) -> None:
        """All ask at once; the gate is set after so many answers, and so many more come once it has shut."""
        set_, stop, lock = threading.Event(), threading.Event(), threading.Lock()
        left = [after]

        def go_on(deeds: Deeds) -> None:
            try:
                for told in deeds:
                    with lock:
                        self.told.append(told)
                        if len(self.told) >= before:
                            set_.set()
                        left[0] -= told.before >= self.at
                        if left[0] <= 0:
                            stop.set()
                            set_.set()
                    if stop.is_set():
                        return
            finally:
                connection.close()

        with ThreadPoolExecutor(len(people)) as pool:
            futures = [pool.submit(go_on, deeds) for deeds in people]
            if set_.wait(crowd.WAIT):
                self.set()
            for future in futures:
                future.result(crowd.WAIT)

    def hold_up(self, early: Sequence[Deed], late: Sequence[Deed], rows: Sequence[Nomination]) -> None:
        """``early`` wait for a lock when the gate is set, ``late`` come when it has shut; then the lock is let go."""

        def one(deed: Deed) -> Told:
            try:
                return deed()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(early) + len(late)) as pool:
            with transaction.atomic():
                list(Nomination.objects.select_for_update().filter(pk__in=[row.pk for row in rows]))
                list(RecommendingUnit.objects.select_for_update())
                futures = [pool.submit(one, deed) for deed in early]
                until(lambda: waiting() == len(early))
                aside(self.set)
                until(self.passed)
                futures += [pool.submit(one, deed) for deed in late]
                until(lambda: waiting() == len(early) + len(late))
            self.told += [future.result(crowd.WAIT) for future in futures]


def aside(deed: Deed) -> Any:
    """Does something in a transaction of its own, beside the one that holds the lock."""

    def one() -> Any:
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(one).result(crowd.WAIT)


WAITING = """
    SELECT count(DISTINCT pid) FROM pg_locks waiting WHERE NOT granted AND EXISTS (
        SELECT 1 FROM pg_locks held JOIN pg_database ON pg_database.oid = held.database
        WHERE held.pid = waiting.pid AND datname = current_database())
"""


def waiting() -> int:
    """How many transactions of this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def until(holds: Callable[[], bool]) -> None:
    """Asks again until it holds; the database's own clock says when it is enough."""
    end = database_clock() + timedelta(seconds=crowd.WAIT)
    while not holds():
        assert database_clock() < end, "waited in vain"


def wrong(gate: Gate) -> list[Told]:
    return [told for told in gate.told if not told.right(gate.at)]
