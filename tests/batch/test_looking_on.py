"""What a run says of itself while it runs, and the names that executions have."""

from __future__ import annotations

import io
import itertools
import json
import os
import subprocess
import sys

import pytest

from extractor.batch.coordinator import Coordinator
from extractor.batch.executors.inprocess import InProcess
from extractor.batch.show import JsonLog, Lines, Several, Terminal, duration
from extractor.batch.sinks import DatabaseSink
from extractor.batch.version import extractor_version, parser_version
from extractor.batch.watch import Rates, Snapshot, Watch
from extractor.batch.whoami import is_dead, my_name
from extractor.store import ledger
from extractor.store.database import Database, sqlite_url
from extractor.store.values import now
from extractor.types.batch import Counts, Outcome, Task
from extractor.workspace import batches
from tests.batch.samples import config, plan


def counts(**more: object) -> Counts:
    base = {"files": 100, "waiting": 60, "leased": 8, "done": 20, "failed": 7, "duplicates": 5, "pages": 300}
    base |= {"records": 900, "scanned": True, "failures": {"encrypted": 5, "timeout": 2}}
    return Counts(**(base | more))  # type: ignore[arg-type]


def snapshot(**more: object) -> Snapshot:
    base = {"seconds": 61.0, "documents_per_second": 2.5, "pages_per_second": 30.0, "eta": 27.2, "workers": 2}
    return Snapshot(**({"counts": counts()} | base | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.4, "0s"), (59.4, "59s"), (61, "1m01s"), (3661, "1h01m"), (90_000, "1d01h")],
)
def test_durations(seconds, told):
    assert duration(seconds) == told


def test_no_rate_and_no_remaining_time_before_they_can_be_known(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("extractor.batch.watch.time.monotonic", lambda: clock[0])
    rates = Rates()
    assert rates.snapshot(counts(), 2).documents_per_second is None
    clock[0] += 10
    later = rates.snapshot(counts(done=40, waiting=40, pages=500), 2)
    assert (later.documents_per_second, later.pages_per_second) == (2.0, 20.0)
    assert later.eta == pytest.approx(48 / 2.0)
    assert rates.snapshot(counts(done=40, waiting=40, scanned=False), 2).eta is None


def test_a_rate_is_of_the_last_minute(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("extractor.batch.watch.time.monotonic", lambda: clock[0])
    rates = Rates()
    for done in range(0, 2000, 10):  # ten a second at first
        clock[0] += 1
        rates.snapshot(counts(done=done), 2)
    for done in range(2000, 2200, 2):
        clock[0] += 1
        last = rates.snapshot(counts(done=done), 2)
    assert last.documents_per_second == pytest.approx(2.0)


def test_the_log_for_machines():
    out = io.StringIO()
    log = Several([JsonLog(out)])
    log.progress(snapshot())
    log.outcome(Task("a" * 64, "/x", "通知.pdf", 10), Outcome("a" * 64))
    log.outcome(Task("b" * 64, "/y", "密.pdf", 10, 2), Outcome("b" * 64, error_class="died", error="x / y", again=True))
    log.say("note")
    log.close()
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["event"] for each in told] == ["progress", "failed", "note", "end"]
    assert (told[0]["done"], told[0]["failures"], told[0]["eta_seconds"]) == (20, {"encrypted": 5, "timeout": 2}, 27.2)
    assert (told[1]["name"], told[1]["attempt"], told[1]["error_class"]) == ("密.pdf", 2, "died")


def test_lines_come_now_and_then_and_not_at_all_when_quiet(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("extractor.batch.show.time.monotonic", lambda: clock[0])
    loud, quiet = io.StringIO(), io.StringIO()
    watches = Several([Lines(loud, quiet=False), Lines(quiet, quiet=True)])
    watches.progress(snapshot())
    clock[0] = 11
    watches.progress(snapshot())
    clock[0] = 12
    watches.progress(snapshot())
    watches.say("must be seen")
    assert loud.getvalue().splitlines()[0] == (
        "32/100 份  2.5 份/s，30.0 页/s  约剩 27s / left  失败 7（encrypted 5，timeout 2）"
    )
    assert len(loud.getvalue().splitlines()) == 2
    assert quiet.getvalue() == "must be seen\n"


def test_the_bar_shows_the_same():
    out = io.StringIO()
    bar = Terminal(out)
    bar.progress(snapshot(counts=counts(scanned=False), eta=None))
    bar.say("[not markup]")
    bar.close()
    assert "[not markup]" in out.getvalue()


def test_a_terminal_keeps_its_cursor_until_there_is_something_to_show(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    out = io.StringIO()
    out.isatty = lambda: True  # type: ignore[method-assign]
    bar = Terminal(out)
    assert out.getvalue() == ""
    bar.progress(snapshot())
    bar.close()
    assert out.getvalue().index("\x1b[?25l") < out.getvalue().rindex("\x1b[?25h")


def test_a_run_that_takes_long_to_count_is_not_taken_for_dead(tmp_path, monkeypatch):
    database = Database(sqlite_url(tmp_path))
    database.migrate()
    with database.write() as connection:
        run = ledger.start_run(connection, sources=["/a"], out="/o", version="v", parser_version="p", at=now())
    batch = Coordinator(database, run, "w", InProcess(plan()), DatabaseSink("v"), Watch())
    clock = itertools.count(step=10)
    monkeypatch.setattr("extractor.batch.coordinator.time.monotonic", lambda: float(next(clock)))
    batch._tell()
    assert batch._tell_every <= batches._SILENT / 2
    database.close()


def test_names_of_executions():
    ours = my_name()
    assert ours != my_name()
    assert not is_dead(ours)
    other = subprocess.run(
        [sys.executable, "-c", "from extractor.batch.whoami import my_name; print(my_name())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert is_dead(other)
    assert is_dead(f"{ours.rsplit('.', 2)[0]}.{os.getpid()}.1-0")  # the same process id, another start
    assert not is_dead("elsewhere.123.45-0")
    assert not is_dead("nonsense")


def test_versions_follow_what_results_depend_on(tmp_path):
    models = config().models
    ours = extractor_version(models, 1000)
    assert ours == extractor_version(models, 1000)
    assert ours != extractor_version(models, 2000)
    assert ours != extractor_version(models.model_copy(update={"confidence": "learned"}), 1000)
    words = tmp_path / "words.toml"
    words.write_text('[units]\n"溪宁市养老服务中心" = true\n', encoding="utf-8")
    assert ours != extractor_version(models.model_copy(update={"vocabulary": str(words)}), 1000)
    assert len(parser_version()) == 12
