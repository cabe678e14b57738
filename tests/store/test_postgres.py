"""That no run of CI leaves PostgreSQL out, and that a run without it says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres

ROOT = Path(__file__).parents[2]


def _run(ci: str) -> subprocess.CompletedProcess[str]:
    """One test of the store where no PostgreSQL can be found."""
    test = "tests/store/test_records.py::test_settings"
    start = (
        "import sys, pytest, tests.postgres as p\n"
        "def none(): raise p.MissingError('no PostgreSQL here')\n"
        "p._binaries = none\n"
        f"sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', {test!r}]))"
    )
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    environment.pop("EXTRACTOR_TEST_POSTGRES", None)
    command = [sys.executable, "-c", start]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_without_postgresql_a_run_says_what_it_left_out() -> None:
    done = _run("")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 skipped" in done.stdout
    assert "no PostgreSQL here" in done.stdout


def test_without_postgresql_ci_fails() -> None:
    done = _run("true")
    assert done.returncode == 1, done.stdout
    assert "CI leaves no database out: no PostgreSQL here" in done.stdout


def test_a_given_server_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_TEST_POSTGRES", "postgresql://somewhere/else")
    with postgres.server() as url:
        assert url == "postgresql://somewhere/else"
