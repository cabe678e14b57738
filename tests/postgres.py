"""A PostgreSQL for the tests: the one that EXTRACTOR_TEST_POSTGRES names, else a private one for this run."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USER = "postgres"


class MissingError(Exception):
    """There is no PostgreSQL here; the message says what is missing."""


@contextmanager
def server() -> Iterator[str]:
    """The URL of a database in which tests may make schemas. Raises MissingError."""
    if given := os.environ.get("EXTRACTOR_TEST_POSTGRES"):
        yield given
        return
    binaries = _binaries()
    account = _account()
    # Not below pytest's own folders: a socket's path has at most 107 bytes, and another user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if account:
            shutil.chown(folder, account, account)
        data = folder / "data"
        _run(
            account, [binaries / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        )
        # Nothing is to outlast the run, so nothing waits for the disk.
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=100"
        log = folder / "log"
        _run(account, [binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start"])
        try:
            yield f"postgresql://tester@/postgres?host={folder}"
        finally:
            _run(account, [binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """The folder of initdb and pg_ctl, of the newest version installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
        folders.insert(0, Path(told))
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise MissingError("PostgreSQL（Debian: apt-get install postgresql）")


def _account() -> str | None:
    """Whom the server runs as; None: ourselves. It refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_USER).pw_name
    except KeyError:
        raise MissingError("用户 postgres / a user postgres, to run a server as when tests run as root") from None


def _run(account: str | None, command: list[str | Path]) -> None:
    # Output to a file, not a pipe: the server started keeps it open, and reading it would never end.
    with tempfile.TemporaryFile() as output:
        who = {"user": account, "group": account, "extra_groups": []} if account else {}
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=False, **who
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]}: {output.read().decode(errors='replace')}")
