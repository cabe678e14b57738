"""Real processes, really killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from extractor.batch.guard import Guard
from extractor.batch.work import Limits
from tests.batch.samples import notice, plan, task, write_notices


@pytest.fixture
def guard():
    made = []

    def make(limits: Limits | None = None) -> Guard:
        made.append(Guard(plan(limits)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def _long(path: Path) -> Path:
    path.write_text("".join(notice(number) for number in range(20_000)), encoding="utf-8")
    return path


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_process_serves_many_documents(tmp_path, guard):
    ours = guard()
    outcomes = [ours.run(task(path)) for path in write_notices(tmp_path, 3)]
    pid = ours.pid
    assert [each.records for each in outcomes] == [2, 2, 2]
    assert ours.run(task(write_notices(tmp_path, 1, 9)[0])).ok
    assert ours.pid == pid


def test_a_document_that_takes_too_long_is_stopped_and_the_next_is_read(tmp_path, guard):
    ours = guard(Limits(seconds=1.0))
    stopped = ours.run(task(_long(tmp_path / "long.txt")))
    assert (stopped.error_class, stopped.again) == ("timeout", True)
    assert ours.run(task(write_notices(tmp_path, 1)[0])).ok


def test_a_document_that_takes_too_much_memory_is_stopped(tmp_path, guard):
    ours = guard(Limits(memory_mb=60))  # less than the process needs for its imports
    stopped = ours.run(task(_long(tmp_path / "long.txt")))
    assert (stopped.error_class, stopped.again) == ("memory", True)


def test_a_process_that_is_killed_costs_one_document(tmp_path, guard):
    ours = guard()
    ours.run(task(write_notices(tmp_path, 1)[0]))
    pid = ours.pid
    assert pid is not None
    threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
    died = ours.run(task(_long(tmp_path / "long.txt")))
    assert (died.error_class, died.again) == ("died", True)
    assert "SIGKILL" in (died.error or "")
    assert ours.run(task(write_notices(tmp_path, 1, 5)[0])).ok
    assert ours.pid != pid


def test_close_ends_what_is_under_way(tmp_path, guard):
    ours = guard()
    ours.run(task(write_notices(tmp_path, 1)[0]))
    pid = ours.pid
    assert pid is not None
    threading.Timer(0.5, ours.close).start()
    begun = time.monotonic()
    assert ours.run(task(_long(tmp_path / "long.txt"))).error_class == "died"
    assert time.monotonic() - begun < 60
    assert not _alive(pid)
    assert ours.run(task(_long(tmp_path / "long.txt"))).error_class == "died"  # it stays closed
