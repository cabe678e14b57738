from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.serving import Site


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Local mode: no accounts, extraction running."""
    site = Site(tmp_path_factory.mktemp("local"))
    yield site
    site.stop()


@pytest.fixture(scope="session")
def notice(local: Site) -> str:
    return local.notice()


@pytest.fixture(scope="session")
def pdf(local: Site) -> str:
    return local.pdf()


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One account for each role; nothing is extracted."""
    site = Site(tmp_path_factory.mktemp("guarded"), started=False)
    site.add_people()
    yield site
    site.stop()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Site]:
    """A site of one test's own, with accounts; nothing is extracted."""
    site = Site(tmp_path / "data", started=False)
    site.add_people()
    yield site
    site.stop()
