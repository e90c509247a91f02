"""Whoever serves a body, in the ways that the tests of it need: invited, in numbers, in a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import User
from reviews.actions import experts, experts_import
from reviews.inputs.experts import HEADS
from reviews.models import BodyExpert, Expert, ExpertsImport
from reviews.outputs.experts import experts_book
from tests import cast


def invited(key: str = "expert_a", **facts: Any) -> BodyExpert:
    """An expert of the cast whom the body of 电子信息 has invited and who hasn't answered."""
    cast.recorded_plan()
    where, by = cast.track(), cast.body_actor()
    body = where.bodies.get(organisation=by.organisation)
    taken = experts.take_in(where, body, {**cast.EXPERTS[key], **facts}, by, cast.IN_PRELIMINARY)
    return BodyExpert.objects.select_related("expert__user", "body__season").get(expert=taken, body=body)


def many(count: int) -> list[BodyExpert]:
    """So many more at the same body, without letters or events."""
    body = cast.track().bodies.get()
    users = User.objects.bulk_create(
        User(username=f"many-{n}", name=f"专家{n:02d}", email=f"many-{n}@example.org") for n in range(count)
    )
    made = Expert.objects.bulk_create(
        Expert(user=user, employer="远洲大学", industries=["131"]) for user in users
    )
    return BodyExpert.objects.bulk_create(
        BodyExpert(body=body, expert=one, invited_at=cast.IN_PRELIMINARY) for one in made
    )


def line(name: str = "", email: str = "", employer: str = "", **cells: str) -> list[str]:
    """A line of the template: the first three columns, others by their head."""
    given = {"姓名": name, "邮箱": email, "工作单位": employer, **cells}
    return [given.get(head, "") for head in HEADS]


def workbook(rows: Iterable[Sequence[str]], groups: Sequence[str] = (), change: Any = None) -> bytes:
    """The template filled in; ``change`` is done to its sheet afterwards."""
    file = BytesIO()
    experts_book(groups, rows).save(file)
    if change is not None:
        made = load_workbook(file)
        change(made["评审专家"])
        file = BytesIO()
        made.save(file)
    return file.getvalue()


def uploaded_experts(content: bytes = b"") -> ExpertsImport:
    """A workbook that the body of 电子信息 has uploaded; the worker hasn't looked at it yet."""
    cast.recorded_plan()
    where, by = cast.track(), cast.body_actor()
    body = where.bodies.get(organisation=by.organisation)
    file = SimpleUploadedFile(
        "专家.xlsx", content or workbook([line("孔令仪", "kong@example.org", "北河大学")])
    )
    return experts_import.begin(where, body, file, by, cast.IN_PRELIMINARY)
