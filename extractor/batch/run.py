"""A whole batch, from sources to the report: the parts put together and taken down again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from sqlalchemy import Connection, make_url

from extractor.batch.coordinator import Coordinator
from extractor.batch.executors import open_executor
from extractor.batch.patience import patiently
from extractor.batch.report import Facts, write_report
from extractor.batch.scanner import Scanner
from extractor.batch.sinks import DatabaseSink, ShardSink, Sink, claim_folder, safe
from extractor.batch.source_names import is_utf8, shown
from extractor.batch.sources import ErrorClass, resolved
from extractor.batch.version import extractor_version, parser_version
from extractor.batch.watch import Snapshot, Watch
from extractor.batch.whoami import is_dead, my_name
from extractor.batch.work import Limits, Plan
from extractor.config import Config
from extractor.errors import ConfigError, OutputError
from extractor.store import ledger, ledger_report
from extractor.store.database import Database, sqlite_url
from extractor.store.values import now

ALL = "all"
_ABSENT = frozenset({"missing", "changed"})
# Those of reading and working, and those of finding files, which are tried again at every run.
CLASSES = frozenset(
    {
        "not_found", "is_folder", "empty", "binary", "damaged", "encrypted", "scanned", "too_large",
        "too_many_pages", "unsupported", "unsafe", "died", "timeout", "memory", "system", "internal", "unreadable",
        *_ABSENT, *get_args(ErrorClass),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What to do. ``sources`` empty: those of the last run with this ``out``. ``database``: its URL, None for SQLite in
    ``out``. ``in_database``: results become rows there instead of files below ``out``. ``executor``: a name of
    ``executors.BUILTIN``; ``cluster`` its address. ``retry``: error classes whose files are tried again, ``all`` for each.
    """

    sources: Sequence[str]
    out: Path
    config: Config
    database: str | None = None
    in_database: bool = False
    workers: int = 0
    executor: str = "local"
    cluster: str | None = None
    retry: frozenset[str] = frozenset()
    parquet: bool = True
    cache: bool = True
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Ended:
    """``complete``: nothing is left to do. ``reports``: the JSON and the page."""

    snapshot: Snapshot
    complete: bool
    reports: tuple[Path, Path]
    results: str | None


class Batch:
    """``run`` once; ``drain`` and ``abort`` from anywhere while it runs, a signal handler too.

    Raises ``StoreError`` where the database can't be used, ``ConfigError`` for sources, settings and clusters that are no
    good, ``ArtifactError`` for damaged components.
    """

    def __init__(self, order: Order, watch: Watch) -> None:
        _refuse(order)
        made = bool(order.sources) and _make(order.out)
        self._order, self._watch = order, watch
        self._started, self._worker = now(), my_name()
        plan = Plan(
            version=extractor_version(order.config.models, order.limits.max_chars),
            parser_version=parser_version(),
            models=order.config.models,
            limits=order.limits,
            parsed=str(order.out.resolve() / "parsed") if order.cache else None,
        )
        # First of all: while its processes import what they need, the database is opened.
        self.executor = open_executor(order.executor, plan, order.workers or cores(), order.cluster)
        try:
            self._database = Database(order.database or sqlite_url(order.out))
            self._database.migrate()
            self.sources = [resolved(each) for each in order.sources] or self._last_sources()
            self._claim(plan.version)
            self._run = self._begin(plan)
            self._sink = self._open_sink()
        except BaseException:
            self.executor.close()
            if made:
                with suppress(OSError):  # something is in it by now
                    order.out.rmdir()
            raise
        self._coordinator = Coordinator(self._database, self._run, self._worker, self.executor, self._sink, watch)
        self._scanner = Scanner(self._database, self._run, self.sources, order.out, self._coordinator.scanned.set)

    def run(self) -> Ended:
        """Until all is done, or ``drain`` or ``abort`` ended it."""
        try:
            return self._report(self._worked())
        finally:
            self._watch.close()
            self._database.close()

    def _worked(self) -> Snapshot:
        self._scanner.start()
        try:
            snapshot = self._coordinator.work()
        finally:
            self._scanner.stop()
            self._sink.close()
        if self._scanner.error is not None:
            raise self._scanner.error
        return snapshot

    def drain(self) -> None:
        """No new work: what is under way is finished and kept."""
        self._coordinator.draining.set()

    def abort(self) -> None:
        """What is under way is put back, to be done again by the next run."""
        self._coordinator.draining.set()
        self._coordinator.aborting.set()

    def _last_sources(self) -> list[str]:
        with self._database.read() as connection:
            runs = [each for each in ledger.runs(connection) if each.out == _home(self._order.out)]
        if not runs:
            raise _no_run(self._order.out)
        if "@-" in runs[0].sources:
            raise ConfigError(
                "上次的路径清单来自标准输入，没有保存，请重新给出来源 / the last run's list came from standard input and is not "
                "kept: name the sources again"
            )
        return list(runs[0].sources)

    def _claim(self, version: str) -> None:
        """Committed before the folder is marked with it: the ledger must not forget its own mark."""
        order = self._order
        with self._database.write() as connection:
            self._refuse_another_place(connection, version)
            self._refuse_unknown_classes(connection)
            ours = ledger.ledger_id(connection)
        if not order.in_database:
            database = make_url(order.database or sqlite_url(order.out.resolve())).render_as_string()
            claim_folder(order.out, version, ours, database)

    def _begin(self, plan: Plan) -> ledger.Run:
        order = self._order
        with self._database.write() as connection:
            run = ledger.start_run(
                connection, sources=self.sources, out=_home(order.out), version=plan.version,
                parser_version=plan.parser_version,
                at=self._started,
            )  # fmt: skip
            for name in ledger.workers(connection, run):
                if is_dead(name):
                    ledger.release(connection, run, name)
            # What was not there may be there by now; the rest only where it is asked for.
            again = ledger.retry(connection, run, None if ALL in order.retry else _ABSENT | order.retry)
        if order.retry:
            self._watch.say(f"{again} 份失败的文件重新处理 / failed files that are tried again: {again}")
        return run

    def _refuse_unknown_classes(self, connection: Connection) -> None:
        unknown = self._order.retry - {ALL} - CLASSES
        unknown -= ledger.failed_classes(connection) if unknown else set()
        if unknown:
            raise ConfigError(
                f"--retry {'、'.join(sorted(unknown))}: 没有这种失败类别，请从报告的“失败原因”中选取 / no such class of failures: "
                "take one from the report"
            )

    def _refuse_another_place(self, connection: Connection, version: str) -> None:
        """Work is kept by content: a second place would lack what the first one has."""
        order = self._order
        shard = ledger_report.shard_of(connection, version)
        runs = ledger.runs(connection)
        if order.in_database and shard:
            raise ConfigError(
                f"这个数据库的结果在文件夹 {runs[0].out} 里，请加上 --out，或另用一个数据库 / this database's results are in files there: "
                "name it by --out, or use another database"
            )
        if not order.in_database and shard == "":
            raise ConfigError(
                "这个数据库的结果在数据库里，请去掉 --out，或另用一个数据库 / this database's results are in itself: leave --out away, "
                "or use another database"
            )
        # Of another version they may be rows, which a folder does not lack.
        others = {
            each.out
            for each in runs
            if each.out != _home(order.out) and ledger_report.shard_of(connection, each.version) != ""
        }
        if order.database is not None and not order.in_database and others:
            raise ConfigError(
                f"这个数据库的结果在 {min(others)}，请用同一个 --out，或另用一个数据库 / this database's results are there: use the "
                "same --out, or another database"
            )

    def _open_sink(self) -> Sink:
        order, run = self._order, self._run
        if order.in_database:
            return DatabaseSink(run.version)
        sink = ShardSink(order.out, run.version, self._worker, self._watch.say, parquet=order.parquet)
        lengths = patiently(self._database, lambda connection: self._lengths(connection, sink))
        for name in sink.mend(lengths, lambda worker: not is_dead(worker)):
            self._watch.say(f"{name}: 上次中断留下的尾巴已处理 / mended what a run that died had left")
        return sink

    def _lengths(self, connection: Connection, sink: ShardSink) -> dict[str, int]:
        """Of the shards, as far as they are acknowledged, after what is no longer there was put back in the queue."""
        lengths = ledger_report.shard_lengths(connection)
        at_work = {safe(name) for name in ledger.workers(connection, self._run)}  # elsewhere: seen late over a network
        lost = sink.lost(lengths, at_work.__contains__)
        for name, size in lost.items():
            again = ledger.reopen(connection, name, size)
            self._watch.say(f"{name}: 结果缺失，{again} 份重新提取 / results are gone, {again} are extracted again")
        return ledger_report.shard_lengths(connection) if lost else lengths

    def _report(self, snapshot: Snapshot) -> Ended:
        order = self._order
        counts = snapshot.counts
        complete = counts.scanned and not counts.left
        results = self._sink.folder if isinstance(self._sink, ShardSink) else None
        facts = Facts(
            sources=self.sources,
            started=self._started,
            ended=now(),
            complete=complete,
            ignored=[(each.path, each.reason) for each in self._scanner.ignored],
            ignored_count=self._scanner.ignored_count,
            results=results,
        )
        patiently(self._database, lambda connection: ledger.end_run(connection, self._run, complete=complete))
        with self._database.read() as connection:
            reports = write_report(connection, self._run, snapshot, facts, order.out)
        return Ended(snapshot, complete, reports, results)


def cores() -> int:
    """Of this machine, as far as this process may use them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _refuse(order: Order) -> None:
    """What can be told before anything is made."""
    if "" in order.sources:
        raise ConfigError("来源是空的，请给出路径；当前文件夹写作 . / a source is empty: name a path; this folder is .")
    if _home(order.out) in {os.path.realpath(each) for each in order.sources}:
        raise ConfigError(
            f"{order.out}: 来源与 --out 是同一个文件夹，结果会被当成文件 / source and --out are one folder: its results would "
            "be read as documents"
        )
    if not is_utf8(os.fsencode(_home(order.out))):
        raise ConfigError(
            f"{shown(str(order.out))}: --out 的路径不是 UTF-8，请换一个 / the path of --out is not UTF-8: use another one"
        )
    if not order.sources and order.database is None and not (order.out / "extractor.db").exists():
        raise _no_run(order.out)


def _no_run(out: Path) -> ConfigError:
    return ConfigError(f"{out} 里没有可以继续的批次，请给出来源 / no run to go on with there: name the sources")


def _make(out: Path) -> bool:
    """Whether it was not there before."""
    fresh = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{out}: 不能作为输出文件夹，请检查路径和权限 / can't be the output folder: {error.strerror}"
        ) from error
    return fresh


def _home(out: Path) -> str:
    return str(out.resolve())
