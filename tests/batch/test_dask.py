"""A real scheduler and real workers, processes of their own on this machine's loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.batch.executors import ClusterLost, open_executor
from tests.batch.samples import PATIENCE, kept_lines, notice, plan, task, wait_for, write_notices


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, start_new_session=True, **quiet)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


@pytest.fixture
def scheduling(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    file = tmp_path / "scheduler.json"
    running = _start(
        "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)
    )
    wait_for(file.exists, "no scheduler")
    yield running, file
    _kill(running)


@pytest.fixture
def scheduler(scheduling: tuple[subprocess.Popen[bytes], Path]) -> Path:
    return scheduling[1]


@pytest.fixture
def long_documents(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(40):
        text = "".join(notice(number * 100 + at) for at in range(30))
        (folder / f"长{number:03d}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def workers(scheduler: Path, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    started = [
        _start(
            "dask_worker", "--scheduler-file", str(scheduler), "--host", "127.0.0.1", "--nthreads", "1",
            "--no-dashboard", "--local-directory", str(tmp_path / f"worker{number}"),
        )
        for number in range(2)
    ]  # fmt: skip
    yield started
    for each in started:
        _kill(each)


def _command(out: Path, source: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "extractor", "batch", str(source), "--out", str(out), "--quiet", *more]


def test_a_machine_that_dies_in_mid_run_changes_nothing(tmp_path, scheduler, workers, long_documents):
    source = long_documents
    write_notices(source, 40)
    (source / "坏.pdf").write_bytes(b"%PDF-1.7 torn")
    run = subprocess.Popen(_command(tmp_path / "dask", source, "--cluster", f"file:{scheduler}"))
    wait_for(lambda: kept_lines(tmp_path / "dask") or run.poll() is not None, "nothing came back")
    assert run.poll() is None
    _kill(workers[0])
    assert run.wait(PATIENCE) == 1  # the torn PDF
    assert subprocess.run(_command(tmp_path / "serial", source, "--in-process"), check=False).returncode == 1
    assert kept_lines(tmp_path / "dask") == kept_lines(tmp_path / "serial")
    reports = [json.loads((tmp_path / name / "report.json").read_text()) for name in ("dask", "serial")]
    told = [[(each["path"], each["class"]) for each in report["failures"]] for report in reports]
    assert told[0] == told[1] and len(told[0]) == 1


def test_a_scheduler_that_dies_is_told_and_the_work_goes_on_later(tmp_path, scheduling, workers, long_documents):
    scheduler, file = scheduling
    command = _command(tmp_path / "out", long_documents, "--cluster", f"file:{file}")
    soon = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s"}
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=soon)
    wait_for(lambda: kept_lines(tmp_path / "out") or run.poll() is not None, "nothing came back")
    assert run.poll() is None
    _kill(scheduler)
    _, told = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2
    assert "the cluster is gone" in told and "standard output" not in told
    assert subprocess.run(_command(tmp_path / "out", long_documents), check=False).returncode == 0
    assert len(kept_lines(tmp_path / "out")) == 40


def test_workers_of_this_machine_need_no_scheduler(tmp_path):
    write_notices(tmp_path / "in", 12)
    command = _command(tmp_path / "out", tmp_path / "in", "--cluster", "local:2")
    assert subprocess.run(command, check=False).returncode == 0
    assert len(kept_lines(tmp_path / "out")) == 12


def test_a_document_that_takes_its_process_down_leaves_the_worker_alone(tmp_path, scheduler, workers):
    executor = open_executor("dask", plan(), 1, f"file:{scheduler}")
    try:
        good = task(write_notices(tmp_path, 1)[0])
        gone = task(write_notices(tmp_path, 1, 5)[0])
        Path(gone.location).unlink()
        executor.submit(good)
        executor.submit(gone)
        ended = {}
        wait_for(lambda: ended.update({e.sha256: e for e in executor.ended(1.0)}) or len(ended) == 2, "no outcomes")
        assert ended[good.sha256].ok
        assert ended[gone.sha256].error_class == "missing"
    finally:
        executor.close()


def test_what_is_in_line_can_be_recalled(scheduler, workers, long_documents):
    executor = open_executor("dask", plan(), 1, f"file:{scheduler}")
    try:
        tasks = [task(path) for path in sorted(long_documents.iterdir())]
        for each in tasks:
            executor.submit(each)
        back = {each.sha256 for each in executor.recall()}
        assert back
        ended: set[str] = set()
        wait_for(
            lambda: ended.update(e.sha256 for e in executor.ended(1.0)) or len(ended | back) == 40, "a task is lost"
        )
        assert not ended & back
    finally:
        executor.close()


@pytest.mark.parametrize("address", ["local:0", "local:many", "file:/nowhere.json", "tcp://127.0.0.1:9"])
def test_an_address_that_leads_nowhere_is_told(address):
    with pytest.raises(ClusterLost):
        open_executor("dask", plan(), 1, address)
