"""What the database itself refuses about places, on SQLite; PostgreSQL has the same since migration 0008 (Q1).

The unique place, limit and channel together make the quota: each standing recommendation is on a place of its
own unit and track, each place is one of limit × channels, and no place is taken twice.

SQLite makes a table anew when a migration alters it: that drops its triggers, and fails while a trigger of another
table names it. So they are taken away before every migration and put back after it.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLE = "nominations_recommendation"
"""The last of the tables that the triggers name; without it nothing has been migrated yet."""
_PLACE = """
SELECT RAISE(ABORT, 'a place beyond its limit or channel') WHERE
    NEW.number > COALESCE((SELECT quota FROM nominations_track WHERE id = NEW.track_id), 0)
    OR NOT EXISTS (SELECT 1 FROM nominations_unitchannel
        WHERE unit_id = NEW.unit_id AND channel_id = NEW.channel_id);
"""
_RECOMMENDATION = """
SELECT RAISE(ABORT, 'a place of another unit or track') WHERE NOT EXISTS (
    SELECT 1 FROM nominations_place p JOIN nominations_nomination n
        ON p.track_id = n.track_id AND p.unit_id = n.unit_id
    WHERE p.id = NEW.place_id AND n.id = NEW.nomination_id AND p.unit_id = NEW.unit_id);
"""
SQLITE: dict[str, str] = {
    "quota_place_added": f"BEFORE INSERT ON nominations_place BEGIN {_PLACE} END",
    "quota_place_stays": """BEFORE UPDATE OF unit_id, track_id, channel_id, number ON nominations_place
        BEGIN SELECT RAISE(ABORT, 'a place is never moved'); END""",
    "quota_channel_kept": """BEFORE DELETE ON nominations_unitchannel
        WHEN EXISTS (SELECT 1 FROM nominations_place
            WHERE unit_id = OLD.unit_id AND channel_id = OLD.channel_id)
        BEGIN SELECT RAISE(ABORT, 'a channel with places'); END""",
    "quota_channel_stays": """BEFORE UPDATE OF unit_id, channel_id ON nominations_unitchannel
        BEGIN SELECT RAISE(ABORT, 'a channel is never moved'); END""",
    "quota_limit_holds": """BEFORE UPDATE OF quota ON nominations_track
        WHEN EXISTS (SELECT 1 FROM nominations_place
            WHERE track_id = NEW.id AND number > COALESCE(NEW.quota, 0))
        BEGIN SELECT RAISE(ABORT, 'places beyond the limit'); END""",
    "quota_recommendation_added": f"""BEFORE INSERT ON nominations_recommendation
        WHEN NEW.place_id IS NOT NULL BEGIN {_RECOMMENDATION} END""",
    "quota_recommendation_moved": f"""BEFORE UPDATE ON nominations_recommendation
        WHEN NEW.place_id IS NOT NULL BEGIN {_RECOMMENDATION} END""",
    "quota_nomination_stays": """BEFORE UPDATE OF unit_id, track_id ON nominations_nomination
        WHEN (NEW.unit_id IS NOT OLD.unit_id OR NEW.track_id IS NOT OLD.track_id)
            AND EXISTS (SELECT 1 FROM nominations_recommendation
                WHERE nomination_id = OLD.id AND place_id IS NOT NULL)
        BEGIN SELECT RAISE(ABORT, 'a recommended nomination keeps unit and track'); END""",
}
"""Name of a trigger → when it fires and what it refuses."""


def lift(using: str = "default", **_signal: Any) -> None:
    """Takes the triggers away, before the tables may be made anew."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def put_back(using: str = "default", **_signal: Any) -> None:
    """Puts the triggers on their tables, once these are as the models say."""
    connection = connections[using]
    if connection.vendor == "sqlite" and TABLE in connection.introspection.table_names():
        lift(using)
        with connection.cursor() as cursor:
            for name, words in SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {words}")
