"""A track with experts and what passed the form check, made quickly; the suggestion and the table of it."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.base import ContentFile

from accounts.models import User
from kczg.kit import outbox
from kczg.kit.models import Job
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused, Verdict
from nominations.models import Nomination, Track
from reviews import queries
from reviews.models import Assignment, AssignmentsImport, AssignmentSuggestion, BodyExpert, Expert
from tests import cast


def by() -> Actor:
    return cast.body_actor()


def board(track: Track) -> queries.Board:
    return queries.board(track, queries.plan_in_force(track))


def refusal(call: Callable, *given: object, **named: object) -> Verdict:
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    return caught.value.verdict


def abstain(pair: tuple[int, int]) -> None:
    Assignment.objects.filter(expert=pair[0], nomination=pair[1]).update(abstained_at=cast.IN_PRELIMINARY)


def world() -> tuple[list[Nomination], list[Expert]]:
    """A recorded plan of two experts each, three nominations that passed the form check, four experts."""
    cast.recorded_plan()
    return [first := cast.accepted(), *more(first, 2)], experts(4)


def experts(count: int, most: int | None = None, **facts: object) -> list[Expert]:
    """So many experts of the body of 电子信息; without memberships, invitations and records."""
    start = Expert.objects.count()
    users = User.objects.bulk_create(
        User(username=f"many{n}", name=f"专家{n}", email=f"many{n}@example.org", password="!")
        for n in range(start, start + count)
    )
    made = Expert.objects.bulk_create(Expert(user=user, employer="清江大学", **facts) for user in users)
    body = cast.track().bodies.get()
    BodyExpert.objects.bulk_create(BodyExpert(body=body, expert=expert, most=most) for expert in made)
    return made


def more(first: Nomination, count: int) -> list[Nomination]:
    """So many like the first; without versions, recommendations and events."""
    fields = {field.attname: getattr(first, field.attname) for field in Nomination._meta.concrete_fields}
    start = Nomination.objects.count()
    return Nomination.objects.bulk_create(
        Nomination(**{**fields, "id": None, "number": f"{first.number[:6]}{n:05d}", "title": f"第{n}项技术"})
        for n in range(90000 + start, 90000 + start + count)
    )


def work(kind: str) -> None:
    """The worker does the newest job of this kind."""
    job = Job.objects.filter(kind=kind).latest("pk")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error


def suggestion() -> AssignmentSuggestion:
    """The newest suggestion, made by the worker."""
    work("assignment_suggestion")
    return AssignmentSuggestion.objects.latest("pk")


def book(content: bytes, change: Callable[[openpyxl.Workbook], object] = lambda book: None) -> ContentFile:
    """A workbook's bytes as a file to upload, changed on the way."""
    opened = openpyxl.load_workbook(io.BytesIO(content))
    change(opened)
    file = io.BytesIO()
    opened.save(file)
    return ContentFile(file.getvalue(), "分配表.xlsx")


def assignments_import() -> AssignmentsImport:
    """A table of 电子信息 that was uploaded and isn't checked yet."""
    given = {"uploaded_by": cast.cast("body_person"), "uploaded_at": cast.IN_PRELIMINARY}
    return AssignmentsImport.objects.create(track=cast.track(), name="分配表.xlsx", **given)
