"""The results of batches, one after the other, wherever they were kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from extractor.store import ledger, ledger_report
from extractor.store.database import Database
from extractor.store.ledger import Run
from extractor.store.shards import read_kept
from extractor.types.record import ExtractionFile

_PAGE = 500


def gathered(database: Database, folder: Path) -> Iterator[ExtractionFile]:
    """Each content once, of the newest run that has it, by SHA-256 within a run; flat in memory.

    ``folder``: where shards are looked for that are no longer where their run wrote them (an archive that was moved).
    Raises StoreError ``damaged`` where a result is no longer what the ledger says.
    """
    with database.read() as connection:
        runs = ledger.runs(connection)
    told: set[str] = set()
    for run in runs:
        root = Path(run.out) if Path(run.out).is_dir() else folder
        for sha256, data in _lines(database, run, root):
            if sha256 not in told:
                yield ExtractionFile.model_validate_json(data)
            if len(runs) > 1:
                told.add(sha256)


def _lines(database: Database, run: Run, root: Path) -> Iterator[tuple[str, bytes]]:
    after = ""
    while True:
        with database.read() as connection:
            page = ledger_report.results(connection, run, after, _PAGE)
            kept = {
                each.sha256: ledger_report.load_result(connection, run.version, each.sha256)
                for each in page
                if not each.kept.shard
            }
        for each in page:
            data = read_kept(root, each.kept) if each.kept.shard else kept[each.sha256]
            if data is not None:
                yield each.sha256, data
        if len(page) < _PAGE:
            return
        after = page[-1].sha256
