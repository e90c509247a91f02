"""I5, I6: whatever an address, a query or a form is sent, no role gets a fault of the server out of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import QueryDict
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.functional import cached_property

from accounts.models import User
from kczg.kit.models import Job
from nominations.models import Stage
from reviews.models import (
    Assignment,
    BodyExpert,
    PreliminaryResult,
    PublicNotice,
    PublishedList,
    ReviewPlan,
)
from tests import cast, stamping
from tests.authz import matrix
from tests.reviews import assigning, meetings
from tests.reviews.serving import uploaded_experts

pytestmark = pytest.mark.django_db

NASTY = {
    "nul inside": "a%00b",
    "10^30": "1" + "0" * 30,
    "upwards": quote("../../etc/passwd", safe=""),
    "emoji": quote("😀👩‍🔬"),
    "lone surrogate": "%ED%A0%80",
    "broken UTF-8": "%FF%FE%C3",
    "override of direction": quote("甲\u202e乙"),
    "very long": "9" * 5000,
    "header": "%0D%0ASet-Cookie:%20a=b",
    "superscript": quote("²"),
    "markup": quote("'\"><script>{{7*7}}{% now %}%(x)s"),
}
"""What is sent, as it stands in an address."""
TYPED = ("nul inside", "10^30", "emoji", "lone surrogate", "override of direction", "very long", "markup")
"""What is typed into forms; the others go into addresses alone, where they are read otherwise."""
OFTEN = ("nul inside", "10^30")
"""What is also sent in place of what the page itself sends along."""
NARROWING = ("track", "year", "category")
"""Parameters that may turn a page away before it reads the others."""
ASKED = (
    *("q", "page", "sort", "job", "no", "code", "next", "status", "ranking", "unit", "channel", "province"),
    *("day", "submitted", "recommended", "state", "where", "unit_name", "name", "person", "first", "last"),
    *("levels", "suggest"),
)
BODIES = {
    "application/json": b'[{"\\u0000": null}',
    "multipart/form-data; boundary=x": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x00\r\n--x--',
    "multipart/form-data": b"nonsense",
    "application/x-www-form-urlencoded; charset=nonsense": b"a=b",
}
CALL, AFTER = "call", "after"
ROLES = {
    matrix.ANONYMOUS: AFTER,
    "applicant": CALL,
    "unit_person": CALL,
    "body_person": AFTER,
    "expert_a": AFTER,
    "office_a": AFTER,
}
"""Who walks through the addresses, and in which part of the season most is open to them."""


def _addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name or entry.pattern}", entry


ADDRESSES = {n: e for n, e in _addresses(get_resolver()) if n in matrix.RULES}


@pytest.fixture(autouse=True)
def _quiet():
    """Thousands of refusals are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Fields(HTMLParser):
    """The controls of a page's forms: what was typed by hand, and what the page itself sends along."""

    def __init__(self, html: str):
        super().__init__()
        self.typed: set[str] = set()
        self.sent: dict[str, str] = {}
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        kind = given.get("type") or "text"
        if tag == "option" and self._select and value:
            self.sent.setdefault(self._select, value)
        if tag == "select":
            self._select = name
        if not name or name == "csrfmiddlewaretoken" or tag not in ("input", "textarea", "button"):
            return
        if tag == "textarea" or (tag == "input" and kind not in ("hidden", "radio", "checkbox", "submit")):
            self.typed.add(name)
        else:
            self.sent.setdefault(name, value or "1")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def person(key: str) -> User:
    if key in cast.EXPERTS:
        return User.objects.get(username=cast.EXPERTS[key]["email"])
    return cast.cast(key)


def world(stage: str) -> SimpleNamespace:
    """What the addresses name: things that are still open in the call, or the whole way to the list."""
    if stage == CALL:
        cast.recommended(title="高可靠工业总线控制器")
        nomination = cast.submitted()
        editable = cast.returned(parts=[""], title="边缘计算网关")
    else:
        nomination = editable = cast.published()
    owner = cast.cast("applicant")
    return SimpleNamespace(
        nomination=nomination,
        editable=editable,
        unit=nomination.unit,
        member=cast.cast("unit_person").memberships.get(),
        invitation=cast.invitation(),
        units_import=cast.units_import(),
        assignments_import=assigning.assignments_import(),
        sheet=Assignment.objects.first(),
        serving=BodyExpert.objects.first(),
        experts_import=uploaded_experts() if stage == AFTER else None,
        result=PreliminaryResult.objects.first(),
        meeting=meetings.planned() if stage == AFTER else None,
        plan=ReviewPlan.objects.first(),
        notice=PublicNotice.objects.first(),
        published=PublishedList.objects.first(),
        twin=cast.twin_of(nomination),
        stage=Stage.objects.get(key="call"),
        extension=cast.extension(),
        quota_change=cast.quota_change(),
        closing=cast.closing(),
        unit_import=cast.unit_import(nomination),
        selection=cast.selection(nomination),
        list_import=cast.list_import(),
        told=cast.told(nomination),
        scan=stamping.keep_scan(nomination.versions.last()).files.get().file.public_id,
        job=Job.objects.filter(kind="form_pdf", owner=owner).first(),
    )


def _named(names: Iterable[str], value: str) -> str:
    return "&".join(f"{quote(name)}={value}" for name in sorted(names))


@contextmanager
def reading_of_queries() -> Iterator[list[str]]:
    """Gathers the paths of the requests whose query somebody has looked at."""
    read: list[str] = []
    plain = WSGIRequest.__dict__["GET"]

    def look(request: WSGIRequest) -> QueryDict:
        read.append(request.path)
        return plain.func(request)

    noted = cached_property(look)
    noted.__set_name__(WSGIRequest, "GET")
    WSGIRequest.GET = noted
    try:
        yield read
    finally:
        WSGIRequest.GET = plain


class Walk:
    """One person who sends everything everywhere, and what answered with a fault."""

    def __init__(self, client, who: str, things: SimpleNamespace):
        self.client, self.who, self.things = client, who, things
        self.client.raise_request_exception = False
        self.faults: list[str] = []
        self.asked = 0

    def _note(self, what: str, send) -> None:
        self.asked += 1
        with transaction.atomic():
            answer = send()
            transaction.set_rollback(True)  # Whatever it did, the next one finds the world as it was.
        if (answer.status_code >= 500 and answer.status_code != 503) or "a" in answer.cookies:
            self.faults.append(f"{self.who} {what}: {answer.status_code}")

    def get(self, what: str, path: str, **headers: str) -> None:
        self._note(f"GET {what}", lambda: self.client.get(path, headers=headers))

    def post(self, what: str, path: str, body: bytes | str, kind: str = "application/x-www-form-urlencoded"):
        self._note(f"POST {what}", lambda: self.client.generic("POST", path, body, kind))

    def whole(self, name: str) -> None:
        rule = matrix.RULES[name]
        path = reverse(name, kwargs=rule.args(self.things))
        if name in ("nominations:section", "nominations:autosave"):
            path = path.replace(self.things.nomination.number, self.things.editable.number)
        page = self.client.get(path)
        fields = Fields("" if page.streaming else page.content.decode("utf-8", "replace"))
        for what, value in NASTY.items():
            self._paths(name, what, value)
        if page.status_code != 405:
            self._queries(name, path)
        with transaction.atomic():
            posted = self.client.post(path)
            transaction.set_rollback(True)
        if posted.status_code != 405:
            self._posts(name, path, fields)

    def _queries(self, name: str, path: str) -> None:
        """All values to a page that reads its query; one that never looks at it can't tell them apart."""
        reads = False
        for what, value in NASTY.items():
            if what in OFTEN or reads:
                with reading_of_queries() as read:
                    self.get(f"{name} query {what}", f"{path}?{_named(ASKED, value)}")
                    if what in OFTEN:
                        self.get(f"{name} narrowing {what}", f"{path}?{_named(NARROWING, value)}")
                reads = reads or bool(read)

    def _posts(self, name: str, path: str, fields: Fields) -> None:
        kept = "&".join(f"{quote(n)}={quote(v)}" for n, v in fields.sent.items())
        typed = fields.typed | EXTRA
        for what in TYPED:
            value = NASTY[what]
            self.post(f"{name} typed {what}", path, f"{kept}&{_named(typed, value)}")
            if what in OFTEN:
                self.post(
                    f"{name} all {what}", path, _named(typed | fields.sent.keys() | {*NARROWING}, value)
                )
        for kind, body in BODIES.items():
            self.post(f"{name} {kind}", path, body, kind)

    def _paths(self, name: str, what: str, value: str) -> None:
        route = str(ADDRESSES[name].pattern)
        route = "password/new/1-<str:key>/" if route.startswith("^password") else route
        if "<" in route:
            self.get(f"{name} path {what}", "/" + re.sub(r"<[^>]+>", value[:3000], route))


EXTRA = {
    "reason",
    "opinion",
    "seen",
    "confirmed",
    "no",
    "changed",
    "version",
    "unit",
    "title",
    "next",
    "language",
}
"""Names that views read though the page shows them only in another state."""


@pytest.mark.parametrize("who", ROLES)
def test_I6_no_input_of_any_role_is_a_fault_of_the_server(client, season, who):
    things = world(ROLES[who])
    if who != matrix.ANONYMOUS:
        client.force_login(person(who))
    walk = Walk(client, who, things)
    moment = cast.DURING_CALL if ROLES[who] == CALL else cast.IN_PUBLICATION
    with time_machine.travel(moment, tick=False):
        for name, rule in matrix.RULES.items():
            public = matrix.ANONYMOUS in rule.who
            if who in rule.who and public == (who == matrix.ANONYMOUS):
                walk.whole(name)
    assert walk.faults == []
    assert walk.asked > 100


def test_I6_no_header_or_cookie_is_a_fault_of_the_server(client, season, applicant):
    walk = Walk(client, "applicant", SimpleNamespace())
    accepts = (";;;", "text/html;q=x", "a" * 3000, "application/json;q=NaN", "\x00", "*/*;=;", "é")
    cookies = (
        'session="\\000aaaaaaaaaaaa"',
        "session=" + "😀aaaaaaaa".encode().decode("latin-1"),
        "session=" + "9" * 3000,
        "csrf=\x00",
        'language="\\000"',
        "messages=x:y:z",
        "large_type=é",
    )
    for accept in accepts:
        walk.get(f"accept {accept[:20]!r}", "/my/", accept=accept)
    for cookie in cookies:
        walk.get(f"cookie {cookie[:24]!r}", "/my/", cookie=cookie)
        walk.get(f"cookie {cookie[:24]!r} public", "/verify/", cookie=cookie)
    assert walk.faults == []
