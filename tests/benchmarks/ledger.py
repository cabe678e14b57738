"""The ledger of batches with many documents: enqueue, claim and finish, counts, on SQLite and PostgreSQL.

    python tests/benchmarks/ledger.py [--json] [--documents 100000] [--only sqlite]

Nothing is read or extracted: what is measured is the ledger's own work. SQLite waits for the disk as it does in
earnest; the PostgreSQL is the tests' own, which does not. The bars: enqueue within 10 s, counts within 50 ms.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.common import emit, note, peak_mb, table

BARS = {"enqueue": 10.0, "counts": 50.0}
FILES = 1000  # to a transaction of the scan
GROUP = 50  # contents to a claim and to a finish
WORDS = {
    "enqueue": "入队 / enqueue, s",
    "known": "再次扫描时查已知文件 / known files of a second scan, s",
    "again": "再次入队 / enqueue again, s",
    "claimed": "领取并完成 / claimed and finished, documents/s",
    "claim": "领取一组 / claim of a group, ms",
    "finish": "完成一组 / finish of a group, ms",
    "claim_late": "几乎全部完成时领取 / claim when nearly all is done, ms",
    "counts_scanning": "计数，仍在扫描 / counts, still scanning, ms",
    "counts_waiting": "计数，全部等待 / counts, all waiting, ms",
    "counts_half": "计数，完成一半 / counts, half done, ms",
    "counts_done": "计数，全部完成 / counts, all done, ms",
    "counts_shared": "计数，另有批次 / counts, beside another run, ms",
    "results": "翻一页结果 / a page of 500 results, ms",
    "bytes": "每份文件占数据库 / database per document, bytes",
    "memory": "内存峰值 / peak memory, MB",
}


def milliseconds(work: Callable[[], object], repeat: int = 21) -> float:
    """Of the fastest: the others tell of whatever else the machine does."""
    taken = []
    for _ in range(repeat):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return min(taken)


def found(documents: int, first: int = 0) -> Iterator[list[Any]]:
    """As a scan of one folder finds them."""
    from extractor.types.batch import Found

    batch: list[Found] = []
    for number in range(first, first + documents):
        name = f"关于印发第{number}号工作要点的通知.docx"
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        path = f"2021/归档{number // 1000}/{name}"
        batch.append(Found(path, f"/srv/archive/{path}", name, 40_000 + number, 1_600_000_000_000_000_000, sha256))
        if len(batch) == FILES:
            yield batch
            batch = []
    yield batch


class Measured:
    """One run of ``documents`` tiny documents through the ledger in ``database``."""

    def __init__(self, database: Any, documents: int) -> None:
        self.database, self.documents = database, documents
        self.figures: dict[str, float] = {}

    def all(self, size: Callable[[Any], int]) -> dict[str, float]:
        from extractor.store import ledger

        run = self.start(["a"])
        self.enqueue(run, "enqueue")
        self.counts(run, "counts_scanning")
        with self.database.write() as connection:
            ledger.scanned(connection, run)
        self.counts(run, "counts_waiting")
        self.work(run, self.documents // 2)
        self.counts(run, "counts_half")
        self.work(run, self.documents - GROUP // 2)
        with self.database.write() as connection:
            claimed = milliseconds(lambda: self.claimed_back(connection, run))
        self.figures["claim_late"] = claimed
        self.work(run, self.documents)
        self.counts(run, "counts_done")
        self.pages(run)
        self.figures["bytes"] = size(self.database) / self.documents
        again = self.start(["a"])
        self.known(again)
        self.enqueue(again, "again")
        other = self.start(["b"])
        with self.database.write() as connection:
            ledger.add_files(connection, other, next(found(10, self.documents)))
        self.counts(again, "counts_shared")
        self.figures["memory"] = peak_mb()
        return self.figures

    def start(self, sources: list[str]) -> Any:
        from extractor.store import ledger

        with self.database.write() as connection:
            return ledger.start_run(
                connection, sources=sources, out="out", version="0.1.0", parser_version="p1", at="2026-01-01"
            )

    def enqueue(self, run: Any, figure: str) -> None:
        from extractor.store import ledger

        begun = time.perf_counter()
        for batch in found(self.documents):
            with self.database.write() as connection:
                ledger.add_files(connection, run, batch)
        self.figures[figure] = time.perf_counter() - begun

    def known(self, run: Any) -> None:
        from extractor.store import ledger

        begun = time.perf_counter()
        for batch in found(self.documents):
            with self.database.read() as connection:
                if len(ledger.known(connection, run, [each.path for each in batch])) != len(batch):
                    raise RuntimeError("a file is not known any more")
        self.figures["known"] = time.perf_counter() - begun

    def work(self, run: Any, until: int) -> None:
        """Claims and finishes groups until so many are done."""
        from extractor.store import ledger
        from extractor.types.batch import Kept, Outcome

        claims, finishes = [], []
        done = at = self.counts(run).done
        begun = time.perf_counter()
        while at < until:
            started = time.perf_counter()
            with self.database.write() as connection:
                tasks = ledger.claim(connection, run, "w", 60, min(GROUP, until - at))
            claims.append(time.perf_counter() - started)
            ended = [
                (Outcome(task.sha256, b"", 3, 2000, 17, "docx", 120, 80), Kept("part-0001.jsonl", 900 * (at + n), 899))
                for n, task in enumerate(tasks)
            ]
            started = time.perf_counter()
            with self.database.write() as connection:
                at += len(ledger.finish(connection, run, "w", ended))
            finishes.append(time.perf_counter() - started)
        if until - done > 10 * GROUP:
            self.figures["claimed"] = (at - done) / (time.perf_counter() - begun)
            self.figures["claim"], self.figures["finish"] = 1000 * median(claims), 1000 * median(finishes)

    def claimed_back(self, connection: Any, run: Any) -> None:
        from extractor.store import ledger

        if not ledger.claim(connection, run, "w", 60, GROUP):
            raise RuntimeError("nothing to claim")
        ledger.release(connection, run, "w")

    def counts(self, run: Any, figure: str | None = None) -> Any:
        from extractor.store import ledger_report

        with self.database.read() as connection:
            if figure:
                self.figures[figure] = milliseconds(lambda: ledger_report.counts(connection, run))
            return ledger_report.counts(connection, run)

    def pages(self, run: Any) -> None:
        from extractor.store import ledger_report

        with self.database.read() as connection:
            self.figures["results"] = milliseconds(lambda: ledger_report.results(connection, run, "8", 500))


@contextmanager
def databases(only: str | None) -> Iterator[Iterator[tuple[str, str, Callable[[Any], int]]]]:
    """Name, URL and how its size in bytes is told."""
    from sqlalchemy import text

    from extractor.store.database import sqlite_url
    from tests.postgres import server

    def told(query: str) -> Callable[[Any], int]:
        def ask(database: Any) -> int:
            with database.read() as connection:
                return int(connection.scalar(text(query)))

        return ask

    def each() -> Iterator[tuple[str, str, Callable[[Any], int]]]:
        if only != "postgresql":
            with tempfile.TemporaryDirectory() as folder:
                pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
                yield "SQLite", sqlite_url(Path(folder)), told(pages)
        if only != "sqlite":
            with server() as url:
                yield "PostgreSQL", url, told("SELECT pg_database_size(current_database())")

    yield each()


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    from extractor.store.database import Database

    measured = {}
    with databases(options.only) as each:
        for name, url, size in each:
            note(name)
            database = Database(url)
            database.migrate()
            measured[name] = Measured(database, options.documents).all(size)
            database.close()
    rows = [
        (words, *(f"{figures[key]:,.0f}" if figures[key] > 99 else f"{figures[key]:.2f}" for figures in measured.values()))
        for key, words in WORDS.items()
    ]  # fmt: skip
    emit(measured, table((f"{options.documents:,}", *measured), rows), as_json=options.json)
    kept = all(
        figures["enqueue"] <= BARS["enqueue"]
        and max(figures[f"counts_{when}"] for when in ("scanning", "waiting", "half", "done")) <= BARS["counts"]
        for figures in measured.values()
    )
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
