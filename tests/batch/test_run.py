"""Whole batches: real files, real processes, real kills."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

from extractor.batch.run import Batch, Ended, Order
from extractor.batch.show import Lines
from extractor.batch.sources import find
from extractor.batch.work import Limits
from extractor.errors import ConfigError
from extractor.pipeline import extract
from extractor.store import ledger, ledger_report
from extractor.store.database import Database, sqlite_url
from extractor.types.batch import Found
from tests.batch.samples import PATIENCE, config, kept_lines, notice, wait_for, write_notices


def _run(out: Path, *sources: Path | str, **more: object) -> Ended:
    order = Order([str(each) for each in sources], out, config(), **{"workers": 2, **more})  # type: ignore[arg-type]
    return Batch(order, Lines(sys.stderr, quiet=True)).run()


def _command(out: Path, *more: str | Path) -> list[str]:
    return [sys.executable, "-m", "extractor", "batch", *map(str, more), "--out", str(out), "--workers", "2", "--quiet"]


def _shards(out: Path) -> int:
    return sum(path.stat().st_size for path in out.glob("results/*/jsonl/*.jsonl"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "归档"
    write_notices(folder / "2023", 12)
    write_notices(folder / "2024", 12, 12)
    shutil.copy(folder / "2023" / "通知00003.txt", folder / "2024" / "副本.txt")
    (folder / "空.txt").write_bytes(b"")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 torn")
    return folder


def test_every_file_gives_records_or_a_reason(tmp_path, archive):
    ended = _run(tmp_path / "out", archive)
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert ended.complete and report["complete"]
    assert {name: report[name] for name in ("documents", "ok", "failed", "duplicates", "left")} == {
        "documents": 27, "ok": 24, "failed": 2, "duplicates": 1, "left": 0,
    }  # fmt: skip
    assert {(Path(each["path"]).name, each["class"]) for each in report["failures"]} == {
        ("空.txt", "empty"), ("坏.docx", "damaged"),
    }  # fmt: skip
    assert all(each["reason"] for each in report["failures"])
    assert [Path(each["path"]).name for each in report["duplicate_files"]] == ["副本.txt"]
    assert report["records"] == 48
    assert report["flagged_files"] == [] and report["flags"] == {}
    assert report["seconds"] > 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "坏.docx" in page and "damaged" in page


def test_the_lines_are_what_extract_gives(tmp_path, archive):
    _run(tmp_path / "out", archive)
    alone = sorted(
        extract(path, config=config()).to_json(indent=None).encode()
        for path in sorted(archive.rglob("通知*.txt"))
    )  # fmt: skip
    assert kept_lines(tmp_path / "out") == alone


def test_parquet_holds_the_same(tmp_path, archive):
    _run(tmp_path / "out", archive)
    lines = [json.loads(line) for line in kept_lines(tmp_path / "out")]
    targets = sorted(
        (each["document"]["sha256"], record["record_id"], at, target["metric"], target["value"], target["due"])
        for each in lines for record in each["records"] for at, target in enumerate(record["targets"])
    )  # fmt: skip
    found = duckdb.execute(
        "SELECT sha256, record_id, target, metric, value, due::VARCHAR FROM read_parquet(?) ORDER BY ALL",
        [str(tmp_path / "out" / "results" / "*" / "parquet" / "targets" / "*.parquet")],
    ).fetchall()
    assert found == targets


def test_running_again_does_nothing_twice(tmp_path, archive):
    _run(tmp_path / "out", archive)
    first = {path: path.read_bytes() for path in tmp_path.glob("out/results/*/jsonl/*")}
    ended = _run(tmp_path / "out", archive)
    assert ended.complete and ended.snapshot.counts.done == 24
    assert {path: path.read_bytes() for path in tmp_path.glob("out/results/*/jsonl/*")} == first


def test_only_what_is_new_is_done_and_what_is_gone_is_not_counted(tmp_path, archive):
    _run(tmp_path / "out", archive)
    before = set(tmp_path.glob("out/results/*/jsonl/*"))
    write_notices(archive / "2025", 3, 40)
    (archive / "2023" / "通知00000.txt").unlink()
    ended = _run(tmp_path / "out", archive)
    (fresh,) = set(tmp_path.glob("out/results/*/jsonl/*")) - before
    assert len(fresh.read_bytes().splitlines()) == 3
    assert (ended.snapshot.counts.files, ended.snapshot.counts.done) == (29, 26)


def test_without_sources_the_last_run_goes_on(tmp_path, archive):
    _run(tmp_path / "out", archive)
    write_notices(archive, 1, 50)
    assert _run(tmp_path / "out").snapshot.counts.files == 28


def test_members_of_archives_are_documents(tmp_path):
    inner = tmp_path / "in" / "内.zip"
    inner.parent.mkdir()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr("通知/一.txt", notice(1))
    with zipfile.ZipFile(tmp_path / "in" / "外.zip", "w") as made:
        made.write(inner, "内.zip")
        made.writestr("二.txt", notice(2))
    inner.unlink()
    ended = _run(tmp_path / "out", tmp_path / "in")
    assert (ended.snapshot.counts.done, ended.snapshot.counts.failed) == (2, 0)
    names = {json.loads(line)["document"]["source_name"] for line in kept_lines(tmp_path / "out")}
    assert names == {"一.txt", "二.txt"}


def test_another_version_parses_nothing_anew(tmp_path, archive):
    _run(tmp_path / "out", archive)
    words = tmp_path / "words.toml"
    words.write_text('[units]\n"养老服务与儿童福利科" = true\n', encoding="utf-8")
    other = config().model_copy(update={"models": config().models.model_copy(update={"vocabulary": str(words)})})
    order = Order([str(archive)], tmp_path / "out", other, workers=2)
    parsed = {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/parsed/*/*")}
    assert len(parsed) == 24
    ended = Batch(order, Lines(sys.stderr, quiet=True)).run()
    assert ended.snapshot.counts.done == 24
    assert len(list(tmp_path.glob("out/results/*"))) == 2
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/parsed/*/*")} == parsed


def test_what_takes_too_long_is_tried_three_times_and_set_aside(tmp_path):
    write_notices(tmp_path / "in", 4)
    (tmp_path / "in" / "长.txt").write_text("".join(map(notice, range(6_000))), encoding="utf-8")
    ended = _run(tmp_path / "out", tmp_path / "in", limits=Limits(seconds=1.0))
    assert ended.complete
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    (failed,) = report["failures"]
    assert (Path(failed["path"]).name, failed["class"], failed["attempts"]) == ("长.txt", "timeout", 3)
    again = _run(tmp_path / "out", tmp_path / "in", retry=frozenset({"timeout"}))
    assert (again.snapshot.counts.done, again.snapshot.counts.failed) == (5, 0)


def test_a_file_that_was_away_is_tried_again(tmp_path, archive):
    """A run that finds its files and loses sight of one before its turn, as when a share is unmounted."""
    away = archive / "2023" / "通知00001.txt"
    batch = Batch(Order([str(archive)], tmp_path / "out", config(), workers=2), Lines(sys.stderr, quiet=True))
    with batch._database.write() as connection:
        found = [each for each in find([str(archive)], spool=tmp_path / "spool") if isinstance(each, Found)]
        ledger.add_files(connection, batch._run, found)
    content = away.read_bytes()
    away.unlink()
    assert batch.run().snapshot.counts.failures == {"damaged": 1, "empty": 1, "missing": 1}
    away.write_bytes(content)
    assert _run(tmp_path / "out", archive).snapshot.counts.done == 24


def test_one_database_has_one_folder_of_results(tmp_path, archive):
    url = sqlite_url(tmp_path)
    _run(tmp_path / "out", archive, database=url)
    with pytest.raises(ConfigError, match="--out"):
        _run(tmp_path / "other", archive, database=url)


def test_results_in_the_database_are_the_same(tmp_path, archive):
    _run(tmp_path / "files", archive)
    _run(tmp_path / "rows", archive, in_database=True)
    assert not list(tmp_path.glob("rows/results/*"))
    database = Database(sqlite_url(tmp_path / "rows"))
    with database.read() as connection:
        (run,) = ledger.runs(connection)
        kept = [each.sha256 for each in ledger_report.results(connection, run)]
        lines = sorted(ledger_report.load_result(connection, run.version, each) or b"" for each in kept)
    database.close()
    assert lines == kept_lines(tmp_path / "files")


# --- what is killed


def _slow(folder: Path, count: int = 30) -> Path:
    """Documents of some tenths of a second each."""
    folder.mkdir()
    for number in range(count):
        text = "".join(notice(number * 200 + at) for at in range(30))
        (folder / f"长{number:03d}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def slow(tmp_path_factory) -> Path:
    return _slow(tmp_path_factory.mktemp("slow") / "in")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, slow) -> list[bytes]:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    subprocess.run(_command(out, slow, "--in-process"), check=True)
    return kept_lines(out)


@pytest.fixture
def started(tmp_path, slow) -> Iterator[subprocess.Popen[bytes]]:
    """A run that has acknowledged something and is far from done."""
    running = subprocess.Popen(_command(tmp_path / "out", slow), start_new_session=True)
    wait_for(lambda: _shards(tmp_path / "out"), "nothing acknowledged")
    assert running.poll() is None
    yield running
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        if int(rest.split()[1]) == pid and b"spawn_main" in (stat.parent / "cmdline").read_bytes():
            found.append(int(head.split()[0]))
    return found


def test_a_coordinator_killed_twice_loses_and_repeats_nothing_acknowledged(tmp_path, slow, started, undisturbed):
    os.kill(started.pid, signal.SIGKILL)
    started.wait()
    kept = set(kept_lines(tmp_path / "out"))
    second = subprocess.Popen(_command(tmp_path / "out", slow), start_new_session=True)
    wait_for(lambda: len(kept_lines(tmp_path / "out")) > len(kept) + 2, "the second run does nothing")
    os.kill(second.pid, signal.SIGKILL)
    second.wait()
    assert subprocess.run(_command(tmp_path / "out", slow), check=False).returncode == 0
    assert kept_lines(tmp_path / "out") == undisturbed


def test_a_killed_worker_costs_at_most_an_attempt(tmp_path, started, undisturbed):
    wait_for(lambda: _children(started.pid), "no worker")
    os.kill(_children(started.pid)[0], signal.SIGKILL)
    assert started.wait(PATIENCE) == 0
    assert kept_lines(tmp_path / "out") == undisturbed


def test_interrupted_it_finishes_what_is_under_way_and_goes_on_later(tmp_path, started, undisturbed):
    started.send_signal(signal.SIGINT)
    assert started.wait(PATIENCE) == 130
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert not report["complete"]
    assert report["ok"] == len(kept_lines(tmp_path / "out"))
    assert report["ok"] + report["left"] == 30
    assert subprocess.run(_command(tmp_path / "out", "--resume"), check=False).returncode == 0
    assert kept_lines(tmp_path / "out") == undisturbed


def test_interrupted_twice_it_stops_at_once(tmp_path, started, undisturbed):
    started.send_signal(signal.SIGINT)
    time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    assert started.wait(PATIENCE) == 130
    assert subprocess.run(_command(tmp_path / "out", "--resume"), check=False).returncode == 0
    assert kept_lines(tmp_path / "out") == undisturbed


def test_a_tail_that_nobody_acknowledged_is_cut(tmp_path, slow, started, undisturbed):
    os.kill(started.pid, signal.SIGKILL)
    started.wait()
    (shard,) = (tmp_path / "out").glob("results/*/jsonl/*.jsonl")
    with shard.open("ab") as file:
        file.write(b'{"torn": ')
    stray = shard.with_name(f"{shard.stem.rpartition('-')[0]}-0007.jsonl")
    stray.write_bytes(b"{}\n")
    assert subprocess.run(_command(tmp_path / "out", slow), check=False).returncode == 0
    assert kept_lines(tmp_path / "out") == undisturbed
    assert not stray.exists()


def test_two_at_once_share_the_work(tmp_path, slow, undisturbed):
    both: Sequence[subprocess.Popen[bytes]] = [subprocess.Popen(_command(tmp_path / "out", slow)) for _ in range(2)]
    assert [each.wait(PATIENCE) for each in both] == [0, 0]
    assert kept_lines(tmp_path / "out") == undisturbed
