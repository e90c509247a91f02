"""Knocking at an address in a world: as whom, when, with what; the answer, and whether it left a trace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from accounts.models import Membership, User
from accounts.roles import Role
from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from nominations.models import Nomination, Place, Preparation, Recommendation, Version
from reviews.models import (
    Assignment,
    BodyExpert,
    FinalMark,
    PreliminaryResult,
    PublicNotice,
    PublishedList,
    Recusal,
    ReviewPlan,
    Score,
)
from tests import cast
from tests.authz.rules import NO_METHOD, OK, PHASES, Address, Deed, Things

ANONYMOUS = "anonymous"
PEOPLE = {
    ANONYMOUS: "nobody",
    "applicant": "applicant",
    "colleague": "applicant",
    "stranger": "applicant",
    "unit_person": "unit",
    "handler": "unit",
    "other_unit_person": "unit",
    "body_person": "body",
    "other_body_person": "body",
    "expert_a": "expert",
    "expert_b": "expert",
    "office_a": "office",
    "office_b": "office",
    "admin": "admin",
}
"""Everybody, with the role."""
TWINS = {"colleague": "applicant", "handler": "unit_person", "expert_b": "expert_a", "office_b": "office_a"}
"""People with the rights of another: where both have them, what they may do is tried, and not each refusal."""
LOGIN = 401
"""How a way to the login page is written here."""

TRACES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Nomination, ("pk", "state", "edit_version", "unit", "track", "submitted_at", "returned_notes")),
    (Recommendation, ("pk", "place", "ended_at", "order")),
    (Preparation, ("pk", "version", "opinion")),
    (Membership, ("pk", "is_active", "duty")),
    (Assignment, ("pk", "edit_version", "submitted_at", "ended_at", "comment", "abstained_at")),
    (Score, ("assignment", "criterion", "value")),
    (ReviewPlan, ("pk", "state", "number", "work_plan")),
    (PreliminaryResult, ("pk", "submitted_at")),
    (FinalMark, ("pk", "proposed", "note")),
    (PublishedList, ("pk", "published_at")),
    (BodyExpert, ("pk", "committed_at", "is_active")),
)
COUNTED = (Event, Job, Version, Place, PublicNotice, Recusal, User)


def traces() -> list[Any]:
    """All that a deed could change in this world, as values that compare."""
    found: list[Any] = [list(model.objects.order_by("pk").values_list(*names)) for model, names in TRACES]
    return found + [model.objects.count() for model in COUNTED]


def person(key: str) -> Any:
    """Whoever of the cast this is; an expert whom nobody has taken in yet is a person all the same."""
    if key == ANONYMOUS:
        return AnonymousUser()
    if key not in cast.EXPERTS:
        return cast.cast(key)
    facts = cast.EXPERTS[key]
    user, fresh = User.objects.get_or_create(
        username=facts["email"], defaults={"email": facts["email"], "name": facts["name"]}
    )
    if fresh:
        employer = cast.organisation(facts["employer"])
        Membership.objects.create(user=user, organisation=employer, role=Role.EXPERT)
    return User.objects.get(pk=user.pk)


def knock(user: Any, method: str, path: str, typed: dict[str, Any], at: datetime) -> int:
    """Straight at the view, as the resolver finds it: quick, and its own doors alone must hold."""
    match = resolve(path.partition("?")[0])
    request = getattr(RequestFactory(), method)(path, typed)
    request.user, request.judged_at, request.session = user, at, {}
    try:
        answer = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return 404
    except Refused as refused:
        return refused.verdict.status
    to_login = answer.headers.get("Location", "").startswith("/login/?next=")
    return LOGIN if to_login else answer.status_code


class World:
    """One world that stays as it is: each knock is undone. ``wrong`` gathers the answers that no rule allows.

    Where there is nothing to see yet, and as whoever is of another role than all who see it, one phase of each
    world is tried, and another one in the next: ``turn`` is the world's number. Others of the role knock in
    every phase.
    """

    def __init__(self, state: str, things: Things, turn: int):
        self.state, self.things, self.wrong, self.count = state, things, [], 0
        self.turn = list(PHASES)[turn % len(PHASES)]
        self.people = {key: person(key) for key in PEOPLE}
        self.clients = {key: Client() for key in PEOPLE}
        for key, client in self.clients.items():
            if key != ANONYMOUS:
                client.force_login(self.people[key])
        self.before = traces()

    def path(self, address: Address) -> str:
        pairs = [name.rpartition("=") for name in address.args]
        given = {key or thing: self.things[thing] for key, _sign, thing in pairs}
        return reverse(address.name, kwargs=given) + address.query.format_map(dict(self.things))

    def try_all(self, addresses: Iterable[Address]) -> None:
        """Every address as everybody in every phase, by GET and by POST."""
        for phase, at in PHASES.items():
            with time_machine.travel(at, tick=False):
                for address in addresses:
                    self._as_those_named(address, phase)
                with transaction.atomic():
                    for address in addresses:
                        self._as_all_others(address, phase, at)
                    self.blame(traces() != self.before, f"{phase}: a refused post left a trace")
                    transaction.set_rollback(True)

    def look_for(self, words: Iterable[str], lists: Iterable[Address], readers: Iterable[str]) -> None:
        """A list tells of the thing whom its pages are open to, and nobody else who may read the list."""
        for phase, at in PHASES.items():
            with time_machine.travel(at, tick=False):
                for address in lists:
                    for who in address.who if address.is_public else readers:
                        if phase in address.opened_in(self.turn):
                            self._look(words, address, who, phase)

    def _look(self, words: Iterable[str], address: Address, who: str, phase: str) -> None:
        answer = self.clients[who].get(self.path(address))
        page = answer.content.decode() if answer.status_code == 200 else ""
        found, wanted = any(word in page for word in words), address.seen_by(who, self.state, phase)
        self.blame(found != wanted, f"{phase}: {address.name} {'tells' if found else 'hides from'} {who}")

    def blame(self, is_wrong: bool, words: str) -> None:
        self.count += 1
        if is_wrong:
            self.wrong.append(f"{self.state}, {words}")

    def _as_all_others(self, address: Address, phase: str, at: datetime) -> None:
        """Whoever may not see the thing: sent to the login page, or told that there is nothing."""
        path = self.path(address)
        for who in PEOPLE:
            if address.seen_by(who, self.state, phase) or address.shut_to(who, phase):
                continue
            there = self.state in address.states and phase in address.phases
            if phase != self.turn and not (there and PEOPLE[who] in {PEOPLE[key] for key in address.who}):
                continue
            for method, deeds in (("get", [None]), ("post", address.deeds or [None])):
                unknown = address.get == NO_METHOD if method == "get" else not address.deeds
                wanted = {LOGIN} if who == ANONYMOUS and not address.is_public else {404}
                for deed in deeds:
                    typed = deed.typed(self.things) if deed else {}
                    got = knock(self.people[who], method, path, typed, at)
                    fits = got in wanted or (unknown and got == 405)
                    self.blame(not fits, f"{phase}: {who} {method} {path}: {got}")

    def _as_those_named(self, address: Address, phase: str) -> None:
        """Whoever sees the thing gets the page; the deed is done, was done, or is refused without a trace."""
        for who in dict.fromkeys((*address.who, *address.shut)):
            if not address.seen_by(who, self.state, phase) and not address.shut_to(who, phase):
                continue
            twin = TWINS.get(who)
            if twin not in address.who and phase in address.opened_in(self.turn):
                self._open(address, who, phase)
            for deed in address.deeds:
                telling = deed.phases if twin in deed.who else deed.telling(self.state, self.turn)
                if phase in telling and (who in deed.who or who not in address.doers):
                    self._do(address, deed, who, phase)

    def _open(self, address: Address, who: str, phase: str) -> None:
        """A page that is still shut tells nothing of what lies behind it; one without a deed knows no post."""
        path, shut = self.path(address), address.shut_to(who, phase)
        with transaction.atomic():
            answer = self.clients[who].get(path)
            transaction.set_rollback(True)  # A download is on record.
        wanted = OK if shut and address.get != NO_METHOD else address.get
        told = shut and any(words in answer.content.decode() for words in self.things["secrets"])
        words = f"{phase}: {who} get {path}: {answer.status_code}{' and tells' if told else ''}"
        self.blame(told or answer.status_code not in wanted, words)
        if not address.deeds:
            got = self.clients[who].post(path).status_code
            self.blame(got not in NO_METHOD, f"{phase}: {who} post {path}: {got}")

    def _do(self, address: Address, deed: Deed, who: str, phase: str) -> None:
        path = self.path(address)
        with transaction.atomic():
            got = self.clients[who].post(path, deed.typed(self.things)).status_code
            changed = traces() != self.before
            transaction.set_rollback(True)
        if address.shut_to(who, phase):
            wanted, done = {409}, False
        else:
            done = who in deed.who and self.state in deed.states and phase in deed.phases
            idle = who in deed.who and self.state in deed.again and phase in deed.again_in
            wanted = OK if done or idle else deed.refused
        words = f"{phase}: {who} post {path}: {got}, {'changed' if changed else 'unchanged'}"
        self.blame(got not in wanted or changed != done, words)
