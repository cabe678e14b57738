"""Real processes, really killed."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from extractor.batch.executors import open_executor
from extractor.batch.executors.local import LocalPool
from extractor.batch.guard import Guard
from extractor.batch.work import Limits
from extractor.child import Child
from extractor.types.batch import Outcome
from tests.batch.samples import notice, plan, task, wait_for, write_notices


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


@pytest.mark.parametrize(("number", "told"), [(signal.SIGKILL, "SIGKILL"), (36, "signal 36")], ids=["kill", "no name"])
def test_a_process_that_is_killed_costs_one_document(tmp_path, guard, number, told):
    ours = guard()
    ours.run(task(write_notices(tmp_path, 1)[0]))
    pid = ours.pid
    assert pid is not None
    threading.Timer(0.5, os.kill, (pid, number)).start()
    died = ours.run(task(_long(tmp_path / "long.txt")))
    assert (died.error_class, died.again) == ("died", True)
    assert told in (died.error or "")
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


def test_where_no_process_is_to_be_had_the_task_comes_back_and_the_next_is_read(tmp_path, monkeypatch):
    start, refused = Child.__init__, []

    def scarce(child: Child, *arguments: object) -> None:
        if len(refused) < 2:
            refused.append(1)
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        start(child, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Child, "__init__", scarce)
    pool = LocalPool(plan(), 1)
    try:
        for path in write_notices(tmp_path, 2):
            pool.submit(task(path))
        outcomes: list[Outcome] = []
        wait_for(lambda: outcomes.extend(pool.ended(1.0)) or len(outcomes) == 2, "a task is lost")
    finally:
        pool.close()
    lost, read = outcomes
    assert (lost.error_class, lost.again) == ("died", True) and "Resource temporarily" in (lost.error or "")
    assert read.ok


@pytest.mark.parametrize("kind", ["inprocess", "local"])
def test_what_is_not_begun_can_be_recalled(tmp_path, kind):
    executor = open_executor(kind, plan(), 1)
    try:
        tasks = {each.sha256: each for each in map(task, write_notices(tmp_path, 30))}
        for each in tasks.values():
            executor.submit(each)
        back = {each.sha256 for each in executor.recall()}
        assert len(back) >= 29
        ended: set[str] = set()
        wait_for(
            lambda: ended.update(e.sha256 for e in executor.ended(0.2)) or len(ended | back) == 30, "a task is lost"
        )
        assert not ended & back
        assert executor.recall() == []
    finally:
        executor.close()
