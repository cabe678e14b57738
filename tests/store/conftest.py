from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from extractor.store.database import Database, sqlite_url
from tests.postgres import MissingError, server

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    try:
        running = server()
        url = running.__enter__()
    except MissingError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI leaves no database out: {missing}")
        pytest.skip(f"缺少 / missing: {missing}")
    try:
        yield url
    finally:
        running.__exit__(None, None, None)


@contextmanager
def _schema(postgres: str) -> Iterator[str]:
    """A schema of its own: as good as a fresh database, and made in a millisecond."""
    schema = f"test_{os.getpid()}_{next(_numbers)}"
    engine = create_engine(postgres)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{postgres}{'&' if '?' in postgres else '?'}options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    with _schema(postgres) as url:
        yield url


@pytest.fixture
def other_postgres_url(postgres: str) -> Iterator[str]:
    with _schema(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        (tmp_path / "data").mkdir()
        return sqlite_url(tmp_path / "data")
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    database.migrate()
    yield database
    database.close()
