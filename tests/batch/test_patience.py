from __future__ import annotations

import sqlite3
import threading

import pytest
from sqlalchemy import Connection, text

from extractor.batch.patience import patiently
from extractor.errors import StoreError
from extractor.store.database import Database, sqlite_url

_HELD = 6.0  # seconds: longer than SQLite itself waits


@pytest.fixture
def database(tmp_path):
    made = Database(sqlite_url(tmp_path))
    made.migrate()
    yield made
    made.close()


def test_a_busy_database_is_waited_for(tmp_path, database):
    other = sqlite3.connect(tmp_path / "extractor.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(_HELD, other.execute, ("ROLLBACK",)).start()
    with pytest.raises(StoreError) as refused, database.write():
        pass  # by itself it gives up
    assert refused.value.code == "busy"
    assert patiently(database, lambda connection: connection.scalar(text("SELECT 7"))) == 7
    other.close()


def test_other_troubles_are_told_at_once(database):
    tries = []

    def work(_: Connection) -> None:
        tries.append(1)
        raise StoreError("unavailable", "gone")

    with pytest.raises(StoreError, match="gone"):
        patiently(database, work)
    assert tries == [1]
