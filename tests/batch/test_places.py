"""Where a run's results lie: with one ledger, in one place, and noticed when they are gone."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import duckdb
import pytest

from extractor.batch.run import CLASSES, Batch, Ended, Order
from extractor.batch.watch import Watch
from extractor.batch.whoami import my_name
from extractor.errors import ConfigError, OutputError, StoreError
from extractor.store.database import sqlite_url
from tests.batch.samples import config, kept_lines, write_notices


class _Told(Watch):
    def __init__(self) -> None:
        self.messages: list[str] = []

    def say(self, message: str) -> None:
        self.messages.append(message)


def _run(out: Path, *sources: Path | str, told: _Told | None = None, **more: object) -> Ended:
    order = Order([str(each) for each in sources], out, config(), **{"executor": "inprocess", **more})  # type: ignore[arg-type]
    return Batch(order, told or _Told()).run()


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    write_notices(tmp_path / "in", 4)
    return tmp_path / "in"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def _records(out: Path) -> int:
    (n,) = duckdb.execute(
        "SELECT count(*) FROM read_parquet(?)", [str(out / "results" / "*" / "parquet" / "documents" / "*.parquet")]
    ).fetchone() or (0,)
    return int(n)


def test_results_of_another_ledger_are_left_alone(tmp_path, notices, out):
    _run(out, notices)
    lines = kept_lines(out)
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"extractor\.db"):
            _run(out, notices, database=sqlite_url(tmp_path))
    assert kept_lines(out) == lines and len(lines) == 4
    assert _run(out, notices).complete
    assert kept_lines(out) == lines


@pytest.mark.parametrize("rows_first", [True, False])
def test_rows_do_not_stand_for_files_nor_files_for_rows(notices, out, rows_first):
    _run(out, notices, in_database=rows_first)
    with pytest.raises(ConfigError, match="--out"):
        _run(out, notices, in_database=not rows_first)


def test_rows_are_not_looked_for_in_a_folder(tmp_path, notices, out):
    url = sqlite_url(tmp_path)
    _run(out, notices, database=url, in_database=True)
    with pytest.raises(ConfigError, match="结果在数据库里"):
        _run(tmp_path / "other", notices, database=url)


@pytest.mark.parametrize("damage", ["folder", "shard", "cut", "last line"])
def test_results_that_are_gone_are_made_again(notices, out, damage, monkeypatch):
    dead = f"{my_name().rsplit('.', 2)[0]}.{os.getpid()}.1-0"  # this process id, another start
    with monkeypatch.context() as before:
        before.setattr("extractor.batch.run.my_name", lambda: dead)
        _run(out, notices)
    lines, records = kept_lines(out), _records(out)
    (shard,) = out.glob("results/*/jsonl/*.jsonl")
    if damage == "folder":
        for path in sorted(out.glob("results/**/*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    elif damage == "shard":
        shard.unlink()
    else:
        whole = shard.read_bytes().splitlines(keepends=True)
        kept = whole[:2] + ([whole[2][:50]] if damage == "cut" else [])
        shard.write_bytes(b"".join(kept))
    told = _Told()
    assert _run(out, notices, told=told).complete
    assert kept_lines(out) == lines
    assert _records(out) == records
    assert any("结果缺失" in each for each in told.messages)


def test_a_list_from_stdin_can_not_be_gone_on_with(notices, out, monkeypatch, tmp_path):
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(str(each) for each in notices.iterdir()), encoding="utf-8")
    with listed.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert _run(out, "@-").snapshot.counts.done == 4
    before = (out / "report.json").read_bytes()
    with pytest.raises(ConfigError, match="标准输入"):
        _run(out)
    assert (out / "report.json").read_bytes() == before


def test_an_empty_source_is_not_this_folder(notices, out, monkeypatch):
    monkeypatch.chdir(notices)
    with pytest.raises(ConfigError, match="空"):
        _run(out, "")
    assert not out.exists()


def test_a_file_may_be_called_like_a_list(notices, out, monkeypatch):
    (notices / "通知00000.txt").rename(notices / "@通知.txt")
    monkeypatch.chdir(notices)
    assert _run(out, "@通知.txt").snapshot.counts.done == 1


def test_what_lies_above_a_link_is_above_what_it_leads_to(tmp_path, out, monkeypatch):
    write_notices(tmp_path / "far" / "docs", 2)
    (tmp_path / "far" / "deep").mkdir()
    (tmp_path / "at").mkdir()
    (tmp_path / "at" / "link").symlink_to(tmp_path / "far" / "deep")
    monkeypatch.chdir(tmp_path / "at")
    assert _run(out, "link/../docs").snapshot.counts.done == 2


_ODD = os.fsdecode(b"\xb9\xab\xce\xc4\xd6")


def test_a_source_that_is_not_utf8_is_in_the_report(tmp_path, out):
    write_notices(tmp_path / _ODD, 1)
    ended = _run(out, tmp_path / _ODD)
    assert ended.snapshot.counts.done == 1
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["documents"] == 1
    assert not list(out.glob("*.part"))


def test_an_output_folder_that_is_not_utf8_is_refused(tmp_path, notices):
    with pytest.raises(ConfigError, match="UTF-8"):
        _run(tmp_path / _ODD, notices)
    assert not (tmp_path / _ODD).exists()


@pytest.mark.parametrize("below", ["", "sub"])
def test_an_output_folder_that_can_not_be_is_named(tmp_path, notices, below):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="file"):
        _run(tmp_path / "file" / below, notices)


def test_a_report_that_can_not_be_written_is_named(notices, out):
    (out / "report.json").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"report\.json"):
        _run(out, notices)
    assert not list(out.glob("*.part"))


def test_nothing_is_made_for_a_run_that_does_not_begin(notices, out):
    with pytest.raises(ConfigError, match="没有可以继续的批次"):
        _run(out)
    with pytest.raises(StoreError):
        _run(out, notices, database="mysql://x")
    assert not out.exists()


def test_classes_to_retry_exist_and_are_counted(notices, out):
    (notices / "空.txt").write_bytes(b"")
    with pytest.raises(ConfigError, match="tiemout"):
        _run(out, notices, retry=frozenset({"tiemout"}))
    _run(out, notices)
    with pytest.raises(ConfigError, match="tiemout"):
        _run(out, notices, retry=frozenset({"timeout", "tiemout"}))
    told = _Told()
    _run(out, notices, retry=frozenset({"empty"}), told=told)
    assert [each for each in told.messages if each.startswith("1 份")]


def test_every_class_that_reading_gives_can_be_retried():
    package = Path(__file__).parents[2] / "extractor"
    codes = {
        code
        for path in package.rglob("*.py")
        for code in re.findall(
            r'(?:ReadError\(\s*|_(?:failed|lost)\(task, begun, )"([a-z_]+)"', path.read_text(encoding="utf-8")
        )
    }
    assert len(codes) > 5
    assert codes <= CLASSES
