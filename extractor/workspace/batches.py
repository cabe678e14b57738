"""The batches that write into this database, as far as they are: for those who look on in the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from extractor.store import ledger, ledger_report
from extractor.store.database import Database
from extractor.store.ledger import Run
from extractor.store.ledger_report import Failure
from extractor.types.batch import Counts

_SILENT = 30.0  # seconds after which a run that says nothing is taken for one that was broken off
_FAILURES = 200


@dataclass(frozen=True, slots=True)
class BatchView:
    """``state``: ``running``, ``done``, ``stopped`` (ended with something left) or ``silent`` (broken off, it seems).

    ``progress``: what the run said last: ``seconds``, ``documents_per_second``, ``pages_per_second``, ``eta``, ``workers``.
    """

    run: Run
    counts: Counts
    state: str
    progress: dict[str, Any]


def batches(database: Database) -> list[BatchView]:
    """The newest first."""
    with database.read() as connection:
        return [_view(run, ledger_report.counts(connection, run)) for run in ledger.runs(connection)]


def batch(database: Database, run_id: str) -> tuple[BatchView, list[Failure]] | None:
    """One of them with its first failures; None where there is none of that id."""
    with database.read() as connection:
        run = ledger.get_run(connection, run_id)
        if run is None:
            return None
        failures = list(islice(ledger_report.failures(connection, run), _FAILURES))
        return _view(run, ledger_report.counts(connection, run)), failures


def _view(run: Run, counts: Counts) -> BatchView:
    progress: dict[str, Any] = json.loads(run.progress) if run.progress else {}
    if run.ended_at is not None:
        state = "done" if run.complete else "stopped"
    else:
        state = "silent" if _age(progress.get("at") or run.started_at) > _SILENT else "running"
    return BatchView(run, counts, state, progress)


def _age(at: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()
