"""Runs, files and outcomes for the tests of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from extractor.store import ledger, ledger_report
from extractor.store.database import Database
from extractor.store.ledger import Run
from extractor.types.batch import Counts, Found, Kept, Outcome
from tests.store.samples import sha


def start(database: Database, sources: Sequence[str] = ("/a",), version: str = "v1", parser_version: str = "p1") -> Run:
    with database.write() as connection:
        return ledger.start_run(
            connection, sources=sources, out="/out", version=version, parser_version=parser_version, at="2026-01-01"
        )


def file(number: int, path: str | None = None, location: str | None = None) -> Found:
    """A file whose content is of that number."""
    path = path or f"{number}.pdf"
    return Found(path, location or f"/srv/{path}", path.rsplit("/", 1)[-1], 100 + number, 1_000 + number, sha(number))


def unreached(path: str, error_class: str = "damaged") -> Found:
    return Found(path, f"/srv/{path}", path, error_class=error_class, error="坏的 / bad")


def add(database: Database, run: Run, found: Sequence[Found], *, scanned: bool = True) -> None:
    with database.write() as connection:
        ledger.add_files(connection, run, found)
    if scanned:
        with database.write() as connection:
            ledger.scanned(connection, run)


def claim(database: Database, run: Run, limit: int = 100, worker: str = "w", seconds: float = 60) -> dict[str, int]:
    """SHA-256 → attempt, in the order in which they were claimed."""
    with database.write() as connection:
        tasks = ledger.claim(connection, run, worker, seconds, limit)
    assert len({task.sha256 for task in tasks}) == len(tasks)
    return {task.sha256: task.attempt for task in tasks}


def good(sha256: str, **fields: object) -> tuple[Outcome, Kept]:
    values: dict[str, object] = {"pages": 2, "characters": 50, "records": 5, "format": "pdf", "ms": 10, "parse_ms": 7}
    return Outcome(sha256, b"{}", **(values | fields)), Kept("a.jsonl", 0, 2)  # type: ignore[arg-type]


def bad(sha256: str, error_class: str = "damaged", *, again: bool = False) -> tuple[Outcome, None]:
    return Outcome(sha256, error_class=error_class, error="坏的 / bad", again=again, ms=3), None


def finish(
    database: Database, run: Run, ended: Sequence[tuple[Outcome, Kept | None]], worker: str = "w"
) -> Collection[str]:
    with database.write() as connection:
        return ledger.finish(connection, run, worker, ended)


def done(database: Database, run: Run, limit: int = 100) -> list[str]:
    """Claims and finishes."""
    claimed = list(claim(database, run, limit))
    assert finish(database, run, [good(sha256) for sha256 in claimed]) == set(claimed)
    return claimed


def counts(database: Database, run: Run) -> Counts:
    with database.read() as connection:
        return ledger_report.counts(connection, run)
