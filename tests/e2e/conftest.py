"""A real server for the tests of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.server import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it running; those that kill or set it up use ``own_server``."""
    server = Server(tmp_path_factory.mktemp("serve") / "data").start()
    yield server
    server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """``own_server(*options)`` starts a server that belongs to this test alone."""
    started: list[Server] = []

    def start(*options: str) -> Server:
        server = Server(tmp_path / f"data{len(started)}", *options).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
