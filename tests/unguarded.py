"""The quota's tables without their triggers, for faults that the database would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from nominations.models import Nomination, Place, Recommendation, Track, UnitChannel

TABLES = [model._meta.db_table for model in (Nomination, Place, Recommendation, Track, UnitChannel)]


def _all(verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL alters no table that has checks to come.
        for table in TABLES:
            cursor.execute(f'ALTER TABLE "{table}" {verb} TRIGGER USER')


@contextmanager
def triggers_off() -> Iterator[None]:
    """Takes the triggers away for a while; only where the test itself has the tables."""
    _all("DISABLE")
    try:
        yield
    finally:
        _all("ENABLE")
