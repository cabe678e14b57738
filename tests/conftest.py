"""Fixtures that several stages share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

# Once for the whole session: a second browser of Playwright's in one thread would wait for the first.
from tests.browser import browser, context, page  # noqa: F401
from tests.house.left_out import pytest_sessionfinish, pytest_terminal_summary  # noqa: F401  hooks

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of shared documents beside the clone; a test that needs it is skipped where it is absent."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("no shared documents beside this clone")
    return SHARED


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """``golden(name, text)`` compares with ``tests/data/golden/name``.

    ``UPDATE_GOLDEN=1`` rewrites the file and fails the test all the same, so that it can't stay set unseen.
    """

    def check(name: str, text: str) -> None:
        path = DATA / "golden" / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            pytest.fail(f"rewrote {path.name}: read the diff, then run without UPDATE_GOLDEN")
        assert path.exists(), f"{path.name} is missing: make golden"
        assert text == path.read_text(encoding="utf-8")

    return check
