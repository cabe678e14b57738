from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.workspace.service import Workspace, open_workspace
from tests.store.conftest import _schema, postgres, postgres_url  # noqa: F401 - fixtures


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A running workspace on each kind of database, for tests that leave it running and its settings as they are."""
    folder = tmp_path_factory.mktemp("served")
    if request.param == "sqlite":
        yield from _running(folder, None)
    else:
        with _schema(request.getfixturevalue("postgres")) as url:
            yield from _running(folder, url)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """As ``served``, on SQLite alone, for what does not depend on the database."""
    yield from _running(tmp_path_factory.mktemp("shared"), None)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace that belongs to one test, not started."""
    workspace = open_workspace(tmp_path / "data")
    yield workspace
    workspace.stop()
    workspace.database.close()


@pytest.fixture
def running(own: Workspace) -> Workspace:
    own.start()
    return own


def _running(folder: Path, url: str | None) -> Iterator[Workspace]:
    workspace = open_workspace(folder, url)
    workspace.start()
    yield workspace
    workspace.stop()
    workspace.database.close()
