"""The quota's triggers on SQLite, on tables with the columns that they read (Q1). PostgreSQL's: test_quota_changes."""

import sqlite3

import pytest

from nominations.guards import SQLITE

TABLES = """
CREATE TABLE nominations_track (id INTEGER PRIMARY KEY, quota INTEGER);
CREATE TABLE nominations_unitchannel (id INTEGER PRIMARY KEY, unit_id INTEGER, channel_id INTEGER);
CREATE TABLE nominations_place (id INTEGER PRIMARY KEY, unit_id INTEGER, track_id INTEGER, channel_id INTEGER,
    number INTEGER);
CREATE TABLE nominations_nomination (id INTEGER PRIMARY KEY, unit_id INTEGER, track_id INTEGER, title TEXT);
CREATE TABLE nominations_recommendation (id INTEGER PRIMARY KEY, nomination_id INTEGER, unit_id INTEGER,
    place_id INTEGER);
INSERT INTO nominations_track VALUES (1, 2), (2, 2), (3, NULL);
INSERT INTO nominations_unitchannel VALUES (1, 1, 1), (2, 2, 1);
INSERT INTO nominations_nomination VALUES (1, 1, 1, ''), (2, 1, 1, '');
"""
PLACE = "INSERT INTO nominations_place VALUES "


@pytest.fixture
def rows():
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    for name, words in SQLITE.items():
        connection.execute(f"CREATE TRIGGER {name} {words}")
    connection.execute(f"{PLACE} (1, 1, 1, 1, 1), (2, 1, 1, 1, 2), (3, 1, 2, 1, 1), (4, 2, 1, 1, 1)")
    connection.execute("INSERT INTO nominations_recommendation VALUES (1, 1, 1, 1)")
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        f"{PLACE} (9, 1, 1, 1, 3)",
        f"{PLACE} (9, 1, 3, 1, 1)",
        f"{PLACE} (9, 1, 1, 2, 1)",
        "UPDATE nominations_place SET number = 9 WHERE id = 2",
        "UPDATE nominations_track SET quota = 1 WHERE id = 1",
        "UPDATE nominations_track SET quota = NULL WHERE id = 2",
        "DELETE FROM nominations_unitchannel WHERE id = 1",
        "UPDATE nominations_unitchannel SET channel_id = 2 WHERE id = 1",
        "INSERT INTO nominations_recommendation VALUES (2, 2, 1, 3)",
        "INSERT INTO nominations_recommendation VALUES (2, 2, 1, 4)",
        "INSERT INTO nominations_recommendation VALUES (2, 2, 2, 2)",
        "UPDATE nominations_recommendation SET place_id = 4",
        "UPDATE nominations_nomination SET unit_id = 2 WHERE id = 1",
        "UPDATE nominations_nomination SET track_id = NULL WHERE id = 1",
    ],
)
def test_Q1_what_would_break_the_quota_is_refused(rows, statement):
    with pytest.raises(sqlite3.IntegrityError):
        rows.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE nominations_track SET quota = 3 WHERE id = 1",
        "INSERT INTO nominations_recommendation VALUES (2, 2, 1, 2)",
        "INSERT INTO nominations_recommendation VALUES (2, 2, 1, NULL)",
        "UPDATE nominations_recommendation SET place_id = NULL",
        "UPDATE nominations_nomination SET unit_id = 2, track_id = 2 WHERE id = 2",
        "UPDATE nominations_nomination SET unit_id = 1, track_id = 1, title = '甲' WHERE id = 1",
        "DELETE FROM nominations_place WHERE id = 4",
    ],
)
def test_what_keeps_it_is_done(rows, statement):
    assert rows.execute(statement).rowcount == 1
