"""Attacks that once went through."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from extractor.store.database import Database, sqlite_url
from extractor.web.routes import stream
from extractor.web.security import SESSION_COOKIE
from extractor.workspace import people as people_module
from extractor.workspace.errors import LoginRefused, TooManyTries
from extractor.workspace.people import People
from tests.web.serving import NOTICE, PASSWORDS, Site


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//["])
def test_an_origin_that_is_no_address_is_refused_and_fills_no_log(
    local: Site, origin: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = local.api.post("/api/dossiers", json={"name": "x"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "origin"
    assert not caplog.records


def test_a_database_error_tells_no_value_of_its_statement(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    database.migrate()
    try:
        with pytest.raises(SQLAlchemyError) as told, database.write() as connection:
            connection.execute(text("INSERT INTO users (name) VALUES (:secret)"), {"secret": "webhook-password"})
        assert "webhook-password" not in str(told.value)
    finally:
        database.close()


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_what_the_command_line_writes_is_its_owners_alone(tmp_path: Path) -> None:
    from extractor.workspace.service import open_workspace

    workspace = open_workspace(tmp_path / "made")
    workspace.upload_text("要点", NOTICE, "test")
    workspace.database.close()

    def run(*arguments: str) -> None:
        command = [sys.executable, "-m", "extractor", *arguments]
        subprocess.run(command, input=b"a password of one's own\n", check=True, cwd=tmp_path, umask=0o022)

    run("backup", "kept.tar.gz", "--data", "made")
    run("restore", "kept.tar.gz", "--data", "restored")
    run("users", "add", "li", "--role", "admin", "--data", "new")
    for folder in ("restored", "new"):
        for path in [tmp_path / folder, *(tmp_path / folder).rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_reset_password_revokes_the_tokens_a_changed_one_does_not(own: Site) -> None:
    people = own.workspace.people
    with own.with_token("reviewer") as script:
        people.change_own_password("reviewer", PASSWORDS["reviewer"], "another password")
        assert script.get("/api/me").status_code == 200
        people.set_password("reviewer", "a third password", "admin")
        assert script.get("/api/me").status_code == 401


def test_a_log_out_ends_the_open_stream(own: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LOOK_EVERY", 0.1)
    with closing(own.with_session("reviewer")) as browser:
        document = own.upload("要点.txt", NOTICE.encode(), browser)["id"]
        limits = httpx.Timeout(10)
        with browser.stream("GET", f"/api/documents/{document}/stream", timeout=limits) as answer:
            lines = answer.iter_lines()
            next(lines)
            own.workspace.people.log_out(browser.cookies[SESSION_COOKIE])
            ender = threading.Timer(5, answer.close)  # without the fix the stream goes on for ten minutes
            ender.start()
            try:
                list(lines)
            except httpx.StreamError:
                pytest.fail("the stream outlived the session")
            finally:
                stopped = ender.is_alive()
                ender.cancel()
            assert stopped


def test_a_crowd_of_log_ins_hashes_two_at_a_time_and_does_not_slip_past_the_limit(
    own: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches, lock = People._matches, threading.Lock()
    now, most, count = 0, 0, 0

    def counted(hashed: str, password: str) -> bool:
        nonlocal now, most, count
        with lock:
            now, count = now + 1, count + 1
            most = max(most, now)
        try:
            return matches(hashed, password)
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(People, "_matches", staticmethod(counted))
    monkeypatch.setattr(people_module, "_MOST", 10)

    def attempt(number: int) -> None:
        with pytest.raises((LoginRefused, TooManyTries)):
            own.workspace.people.log_in(f"somebody{number}", "wrong password", "10.0.0.9")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(attempt, range(40)))
    assert most <= 2
    assert count <= 11
