"""One database, SQLite or PostgreSQL: how it is opened, brought up to date, read and written."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from extractor.errors import StoreError
from extractor.store.migrations import upgrade

Dialect = Literal["sqlite", "postgresql"]
_PATIENCE = 30.0  # seconds that a writer waits for its turn within this process
_BUSY_MS = 5000  # milliseconds that it waits for other processes
_MIGRATION_LOCK = 0x706F6C696379  # any fixed number: the advisory lock that two servers starting at once queue for
_READ_ONLY = "extractor_read_only"
_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables


def sqlite_url(folder: Path) -> str:
    """The URL of the embedded database in a data directory."""
    return URL.create("sqlite", database=str(folder / "extractor.db")).render_as_string(hide_password=False)


class Database:
    """Raises StoreError: ``unavailable`` where the database can't be reached, ``busy`` where it stays locked.

    One object serves all threads of a process.
    """

    def __init__(self, url: str) -> None:
        parsed = _parse(url)
        self.dialect: Dialect = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql"
        self._writing = threading.Lock()
        self._writer: int | None = None
        self._engine = _sqlite_engine(parsed) if self.dialect == "sqlite" else _postgresql_engine(parsed)

    def migrate(self, revision: str = "head") -> None:
        """Makes or updates the tables; safe at every start, and where several servers start at once.

        Raises StoreError ``newer`` where a later version of this program has written the database.
        """
        with self.write() as connection:
            if self.dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            upgrade(connection, revision)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, rolled back where it raises. Not to be nested."""
        with self._turn(), _told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot: all statements in the block see the same state, and none can write."""
        with _told(), self._engine.connect() as connection:
            if self.dialect == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            else:
                connection.execution_options(**{_READ_ONLY: True})
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite has one writer, and its lock isn't fair: threads of this process queue here instead of polling."""
        if self.dialect == "postgresql":
            yield
            return
        if self._writer == threading.get_ident():
            raise RuntimeError("write() within write() in one thread would wait for itself")
        if not self._writing.acquire(timeout=_PATIENCE):
            raise StoreError("busy", _BUSY)
        self._writer = threading.get_ident()
        try:
            yield
        finally:
            self._writer = None
            self._writing.release()


_BUSY = "数据库正忙，请稍后重试 / The database is busy, try again in a moment"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreError("busy", _BUSY) from error
    except (OperationalError, InterfaceError) as error:
        reason = str(error.orig).strip().split("\n")[0]
        if "database is locked" in reason:
            raise StoreError("busy", _BUSY) from error
        message = f"数据库不可用：{reason} / The database can't be used: {reason}"
        raise StoreError("unavailable", message) from error
    except DBAPIError as error:
        if "file is not a database" in str(error.orig) or "malformed" in str(error.orig):
            raise StoreError("damaged", "数据库文件已损坏 / The database file is damaged") from error
        raise


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except ArgumentError as error:
        raise StoreError("invalid", "数据库地址无法识别 / The database URL can't be read") from error
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed.set(drivername="sqlite")
    message = "数据库只能是 sqlite 文件或 postgresql / The database must be a sqlite file or postgresql"
    raise StoreError("invalid", message)


def _sqlite_engine(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        here, least = sqlite3.sqlite_version, ".".join(map(str, _OLDEST_SQLITE))
        message = (
            f"SQLite 版本过旧（{here}），至少需要 {least} / SQLite is too old ({here}): {least} or newer is needed"
        )
        raise StoreError("unavailable", message)
    with suppress(OSError):  # what can't be made is told when it is opened
        Path(url.database or "").touch(mode=0o600)  # it holds hashes of passwords; -wal and -shm take its mode
    # hide_parameters: an error that is logged must not tell the secrets and texts of its statement
    engine = create_engine(
        url, pool_size=10, max_overflow=30, hide_parameters=True, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # None: the driver begins no transaction by itself; ``begin`` below says which kind it is to be.
        raw.isolation_level = None
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        _write_ahead(cursor)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql(f"PRAGMA query_only={int(read_only)}")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(cursor: DBAPICursor) -> None:
    """Into WAL mode. Of two that open a new file at once SQLite refuses one at once, however long it was told to wait."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_size=10, max_overflow=30, pool_pre_ping=True, hide_parameters=True)
    except ImportError as error:
        message = "使用 PostgreSQL 需要安装 psycopg / PostgreSQL needs the package psycopg"
        raise StoreError("unavailable", message) from error


def insert(connection: Connection, table: Table[Any]) -> sqlite.Insert | postgresql.Insert:
    """The insert of this database's own dialect: both have ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def put(connection: Connection, table: Table[Any], rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts rows, or overwrites those of the same primary key. All rows name the same columns."""
    if not rows:
        return
    statement = insert(connection, table)
    keys = {column.name for column in table.primary_key}
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=sorted(keys), set_=changed), list(rows))
