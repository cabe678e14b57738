"""The workspace's commands as processes: serve, users, backup, restore."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from extractor.workspace.people import People
from extractor.workspace.service import open_workspace
from tests.workspace.samples import notice

PASSWORD = "又长又好记的密码"


def extractor(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "extractor", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120)


class Served:
    def __init__(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "extractor", "serve", "--port", "0", *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, (line, self.process.stderr.read() if self.process.stderr and not line else "")
        self.url = found[0]
        self.api = httpx.Client(base_url=self.url, trust_env=False, timeout=60)

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(60)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served("--data", tmp_path / "data")
    yield served
    if served.process.poll() is None:
        served.process.kill()
        served.process.wait(10)


def children(pid: int) -> list[int]:
    return [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_answers_there_and_ends_in_order(served: Served, by: signal.Signals) -> None:
    assert served.url.startswith("http://127.0.0.1:")
    assert served.api.get("/healthz").status_code == 200
    sent = served.api.post("/api/documents", files={"file": ("安排.txt", notice())})
    assert sent.status_code == 201
    workers = children(served.process.pid)
    assert workers
    assert served.end(by) == 0
    assert served.process.stderr is not None
    assert served.process.stderr.read() == ""
    assert not [pid for pid in workers if Path(f"/proc/{pid}/exe").exists() and _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_all_lies_in_the_folder(served: Served, tmp_path: Path) -> None:
    id = served.api.post("/api/documents", files={"file": ("安排.txt", notice())}).json()["id"]
    limit = time.monotonic() + 60
    while served.api.get(f"/api/documents/{id}").json()["state"] != "ready" and time.monotonic() < limit:
        time.sleep(0.05)
    assert {path.name for path in tmp_path.iterdir()} == {"data"}
    assert {"extractor.db", "blobs", "parsed"} <= {path.name for path in (tmp_path / "data").iterdir()}
    archive = tmp_path / "backup.tar.gz"
    made = extractor("backup", archive, "--data", tmp_path / "data")  # while it runs
    assert (made.returncode, made.stderr) == (0, "")
    served.end()
    done = extractor("restore", archive, "--data", tmp_path / "again")
    assert (done.returncode, done.stderr) == (0, "")
    again = Served("--data", tmp_path / "again")
    found = again.api.get(f"/api/documents/{id}/records").json()
    assert len(found["records"]) == 6
    assert again.api.get(f"/api/documents/{id}/content").json()["blocks"]
    assert again.end() == 0


def test_a_network_address_needs_accounts_first(tmp_path: Path) -> None:
    refused = extractor("serve", "--host", "0.0.0.0", "--port", "0", "--data", tmp_path / "data")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "extractor users add" in refused.stderr
    added = extractor("users", "add", "admin", "--role", "admin", "--data", tmp_path / "data", stdin=f"{PASSWORD}\n")
    assert added.returncode == 0
    served = Served("--host", "0.0.0.0", "--data", tmp_path / "data")
    port = served.url.rpartition(":")[2]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as api:
        assert api.get("/api/documents").status_code == 401
    assert served.end() == 0


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = extractor("serve", "--port", port, "--data", tmp_path / "data")
    assert refused.returncode == 1
    assert str(port) in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_accounts_from_the_command_line(tmp_path: Path) -> None:
    data = ("--data", tmp_path / "data")
    none = extractor("users", "list", *data)
    assert (none.returncode, none.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "data").exists(), "a question must not make a workspace"
    added = extractor("users", "add", "李梅", "--role", "approver", "--display", "李 梅", *data, stdin=PASSWORD)
    assert (added.returncode, added.stderr) == (0, "")
    assert PASSWORD not in added.stdout
    short = extractor("users", "add", "wang", *data, stdin="short\n")
    assert (short.returncode, short.stderr.count("\n")) == (1, 1)
    twice = extractor("users", "add", "李梅", *data, stdin=PASSWORD)
    assert twice.returncode == 1
    assert extractor("users", "list", *data).stdout == "李梅  approver  李 梅\n"

    assert extractor("users", "password", "李梅", *data, stdin="ein neues Kennwort\r\n").returncode == 0
    workspace = open_workspace(tmp_path / "data")
    people: People = workspace.people
    assert people.log_in("李梅", "ein neues Kennwort", "test")[1].role == "approver"
    assert extractor("users", "disable", "李梅", *data).returncode == 0
    assert "disabled" in extractor("users", "list", *data).stdout
    assert not people.users()[0].active
    assert extractor("users", "enable", "李梅", *data).returncode == 0
    assert people.users()[0].active
    workspace.database.close()
    assert extractor("users", "password", "nobody", *data, stdin=PASSWORD).returncode == 1


def test_restore_wants_an_empty_folder_and_a_whole_archive(tmp_path: Path) -> None:
    data = tmp_path / "data"
    extractor("users", "add", "admin", "--role", "admin", "--data", data, stdin=PASSWORD)
    archive = tmp_path / "backup.tar.gz"
    assert extractor("backup", archive, "--data", data).returncode == 0
    assert extractor("restore", archive, "--data", data).returncode == 1
    archive.write_bytes(archive.read_bytes()[:-200])
    broken = extractor("restore", archive, "--data", tmp_path / "other")
    assert (broken.returncode, broken.stderr.count("\n")) == (1, 1)
    assert extractor("restore", tmp_path / "none.tar.gz", "--data", tmp_path / "other").returncode == 1
    assert extractor("restore", archive).returncode == 2


@pytest.mark.parametrize("command", [["serve", "--help"], ["users", "--help"], ["users", "add", "--help"]])
def test_help_is_quick(command: list[str]) -> None:
    code = (
        "import sys\nfrom extractor.cli import main\n"
        f"try:\n    main({command!r})\nexcept SystemExit:\n    pass\n"
        "heavy = ('fastapi', 'sqlalchemy', 'pydantic', 'uvicorn', 'argon2', 'jieba', 'pypdfium2')\n"
        "sys.stderr.write(' '.join(name for name in heavy if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ)
    assert (done.stderr, done.returncode) == ("", 0)
