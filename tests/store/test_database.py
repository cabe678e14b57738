from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Integer, MetaData, Text, text
from sqlalchemy.exc import DBAPIError

from extractor.errors import StoreError
from extractor.store import documents, settings
from extractor.store.database import Database, sqlite_url
from extractor.store.migrations import current
from extractor.store.schema import metadata
from tests.store import samples


def test_migration_makes_all_tables_and_runs_again_without_harm(url: str) -> None:
    first = Database(url)
    first.migrate()
    with first.write() as connection:
        samples.with_everything(connection)
    first.close()
    again = Database(url)
    again.migrate()
    with again.read() as connection:
        assert current(connection) == "0004"
        for table in metadata.sorted_tables:
            connection.execute(table.select()).all()
        assert connection.scalar(text("SELECT count(*) FROM documents")) == 1
    again.close()


def test_migrations_make_what_the_schema_says(database: Database) -> None:
    ours = set(metadata.tables)
    with database.read() as connection:
        options = {"include_name": lambda name, kind, _: kind != "table" or name in ours, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_a_database_of_the_first_revision_keeps_its_documents_and_knows_no_risk_of_them(url: str) -> None:
    database = Database(url)
    database.migrate("0001")
    with database.write() as connection:
        then = MetaData()
        then.reflect(connection, only=["documents"])
        old = then.tables["documents"]
        assert "risk" not in old.c
        texts = {column.name: "x" for column in old.c if isinstance(column.type, Text) and not column.nullable}
        numbers = {column.name: 0 for column in old.c if isinstance(column.type, Integer) and not column.nullable}
        connection.execute(old.insert().values(**texts | numbers))
    database.migrate()
    with database.write() as connection:
        row = documents.get(connection, "x")
        assert row is not None
        assert (row.name, row.risk) == ("x", None)
        assert documents.update(connection, "x", risk=0.25).risk == 0.25
    database.close()


def test_servers_that_start_at_once_migrate_once(url: str) -> None:
    def start(_: int) -> None:
        database = Database(url)
        database.migrate()
        database.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [None] * 4


def test_a_new_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    for turn in range(40):
        (folder := tmp_path / str(turn)).mkdir()
        together = threading.Barrier(8)

        def start(url: str, together: threading.Barrier) -> None:
            database = Database(url)
            together.wait()
            with database.read():
                pass
            database.close()

        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(start, sqlite_url(folder), together) for _ in range(8)]:
                done.result()


def test_a_database_of_a_later_version_is_refused_and_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE store_version SET version_num = '9999'"))
    with pytest.raises(StoreError) as refused:
        database.migrate()
    assert refused.value.code == "newer"
    assert " / " in str(refused.value)
    with database.read() as connection:
        assert current(connection) == "9999"


def test_write_rolls_back_all_of_a_block_that_raises(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        settings.put(connection, "a", 1)
        samples.document(connection)
        raise ZeroDivisionError
    with database.read() as connection:
        assert settings.load(connection) == {}
        assert connection.scalar(text("SELECT count(*) FROM documents")) == 0


def test_read_sees_one_state_and_cannot_write(database: Database) -> None:
    with database.write() as connection:
        settings.put(connection, "a", 1)
    with database.read() as reading:
        assert settings.get(reading, "a") == 1
        with database.write() as writing:
            settings.put(writing, "a", 2)
        assert settings.get(reading, "a") == 1
    with database.read() as reading:
        assert settings.get(reading, "a") == 2
    with pytest.raises((StoreError, DBAPIError)), database.read() as reading:
        settings.put(reading, "a", 3)
    with database.write() as writing:  # the connection comes back from the pool fit for writing
        assert settings.get(writing, "a") == 2
        settings.put(writing, "a", 4)


def test_many_writers_wait_for_each_other(database: Database) -> None:
    with database.write() as connection:
        settings.put(connection, "n", 0)

    for_update = "" if database.dialect == "sqlite" else " FOR UPDATE"

    def add(_: int) -> None:
        with database.write() as connection:
            connection.execute(text(f"SELECT value FROM settings WHERE key = 'n'{for_update}"))
            value = settings.get(connection, "n")
            assert isinstance(value, int)
            settings.put(connection, "n", value + 1)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(120)))
    with database.read() as connection:
        assert settings.get(connection, "n") == 120


def test_write_within_write_is_told_at_once(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    with pytest.raises(RuntimeError, match="within"), database.write(), database.write():
        pass
    with database.write():  # the turn was given back
        pass
    database.close()


def test_a_writer_that_waits_in_vain_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.store.database._PATIENCE", 0.05)
    monkeypatch.setattr("extractor.store.database._BUSY_MS", 50)
    database, other = Database(sqlite_url(tmp_path)), Database(sqlite_url(tmp_path))

    def write(through: Database) -> str:
        try:
            with through.write():
                return "written"
        except StoreError as error:
            return error.code

    with ThreadPoolExecutor(1) as pool:
        with database.write():
            assert pool.submit(write, database).result() == "busy"  # a thread of this program holds it
            assert pool.submit(write, other).result() == "busy"  # another program, as far as SQLite knows
        assert pool.submit(write, database).result() == "written"
        assert pool.submit(write, other).result() == "written"
    database.close()
    other.close()


def test_only_the_owner_reads_the_database(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    database.migrate()
    with database.read():
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"extractor.db": 0o600, "extractor.db-wal": 0o600, "extractor.db-shm": 0o600}
    database.close()


def test_an_sqlite_too_old_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 31, 1))
    with pytest.raises(StoreError, match=r"3\.37") as told:
        Database(sqlite_url(tmp_path))
    assert told.value.code == "unavailable"


def test_sqlite_keeps_what_it_has_acknowledged(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    database.migrate()
    with database.write() as connection:
        told = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        strict = connection.execute(text("SELECT name FROM pragma_table_list WHERE strict = 1")).scalars().all()
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert set(strict) == set(metadata.tables)
    database.close()


@pytest.mark.parametrize("name", ["a folder", "资料 库", "100%", "a?b#c", "it's"])
def test_any_folder_may_hold_the_database(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    database = Database(sqlite_url(tmp_path / name))
    database.migrate()
    database.close()
    assert (tmp_path / name / "extractor.db").is_file()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://h/d", "invalid"),
        ("sqlite://", "invalid"),
        ("no url", "invalid"),
        ("sqlite:////no/such/folder/x.db", "unavailable"),
        ("postgresql://nobody@/x?host=/no/such/socket", "unavailable"),
    ],
)
def test_a_wrong_url_is_told(url: str, code: str) -> None:
    with pytest.raises(StoreError) as told:
        Database(url).migrate()
    assert told.value.code == code
    assert "\n" not in str(told.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "extractor.db").write_bytes(b"certainly no database " * 200)
    with pytest.raises(StoreError) as told:
        Database(sqlite_url(tmp_path)).migrate()
    assert told.value.code == "damaged"
