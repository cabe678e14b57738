"""Where results stream to while the ledger acknowledges them: shards with Parquet beside them, or the database."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import duckdb
from sqlalchemy import Connection

from extractor.batch.parquet import write_parquet
from extractor.store import ledger_report
from extractor.store.shards import ShardWriter, trim
from extractor.types.batch import Kept, Outcome


class Sink(Protocol):
    """``keep`` within a transaction of the ledger, then ``settle`` once it is committed, or ``forget`` where it certainly
    was not and is tried again.
    """

    def keep(self, connection: Connection, outcomes: Sequence[Outcome]) -> list[Kept]:
        """Where the result of each lies from now on. Raises StoreError where it can't be written."""

    def settle(self) -> None: ...

    def forget(self) -> None: ...

    def close(self) -> None:
        """Everything is on disk when this returns."""


class DatabaseSink:
    """A row for each document."""

    def __init__(self, version: str) -> None:
        self._version = version

    def keep(self, connection: Connection, outcomes: Sequence[Outcome]) -> list[Kept]:
        ledger_report.keep_results(connection, self._version, [(each.sha256, each.data) for each in outcomes])
        return [Kept("", 0, len(each.data)) for each in outcomes]

    def settle(self) -> None: ...

    def forget(self) -> None: ...

    def close(self) -> None: ...


class ShardSink:
    """Lines below ``<out>/results/<version>/jsonl``; each full shard becomes Parquet by a thread of its own."""

    def __init__(self, out: Path, version: str, worker: str, say: Callable[[str], None], *, parquet: bool) -> None:
        self._out = out
        self.folder = results_folder(version)
        self._writer = ShardWriter(out, f"{self.folder}/jsonl/{_safe(worker)}")
        self._maker = _ParquetMaker(out, say) if parquet else None

    def keep(self, connection: Connection, outcomes: Sequence[Outcome]) -> list[Kept]:
        return self._writer.append([each.data for each in outcomes])

    def settle(self) -> None:
        self._sealed(self._writer.settle())

    def forget(self) -> None:
        self._writer.forget()

    def close(self) -> None:
        self._sealed(self._writer.close())
        if self._maker is not None:
            self._maker.close()

    def mend(self, lengths: dict[str, int], alive: Callable[[str], bool]) -> list[str]:
        """What executions that died left behind: shards are cut to what the ledger acknowledged, those it never heard
        of set aside as ``….unacknowledged``, and Parquet made where it is missing. Gives the names of what was mended.
        """
        mended = []
        for path in sorted((self._out / self.folder / "jsonl").glob("*.jsonl")):
            if alive(path.stem.rpartition("-")[0]):
                continue
            name = path.relative_to(self._out).as_posix()
            if name not in lengths:
                path.rename(path.with_name(f"{path.name}.unacknowledged"))
                mended.append(name)
                continue
            cut = trim(path, lengths[name])
            if cut:
                mended.append(name)
            if self._maker is not None and (cut or not self._maker.has(path)):
                self._maker.put(path)
        return mended

    def _sealed(self, shard: str | None) -> None:
        if shard is not None and self._maker is not None:
            self._maker.put(self._out / shard)


class _ParquetMaker:
    def __init__(self, out: Path, say: Callable[[str], None]) -> None:
        self._say = say
        self._shards: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._make, name="parquet", daemon=True)
        self._thread.start()

    def put(self, shard: Path) -> None:
        self._shards.put(shard)

    def has(self, shard: Path) -> bool:
        return (_parquet_of(shard) / "targets" / f"{shard.stem}.parquet").exists()

    def close(self) -> None:
        self._shards.put(None)
        self._thread.join()

    def _make(self) -> None:
        while (shard := self._shards.get()) is not None:
            try:
                write_parquet(shard, _parquet_of(shard))
            except (duckdb.Error, OSError) as error:
                why = " ".join(str(error).split())[:200]
                self._say(f"{shard.name}: 没有写成 Parquet，JSONL 完好 / no Parquet made, its JSONL is whole ({why})")


def results_folder(version: str) -> str:
    """Below the output folder; a version's results never mix with another's."""
    return f"results/{_safe(version)}"


def _parquet_of(shard: Path) -> Path:
    return shard.parent.parent / "parquet"


def _safe(name: str) -> str:
    return "".join(each if each.isalnum() or each in ".-_+" else "_" for each in name)
