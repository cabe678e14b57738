"""Where results stream to while the ledger acknowledges them: shards with Parquet beside them, or the database."""

from __future__ import annotations

import json
import os
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import duckdb
from sqlalchemy import Connection

from extractor.batch.parquet import write_parquet
from extractor.errors import ConfigError, OutputError
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
        self._writer = ShardWriter(out, f"{self.folder}/jsonl/{safe(worker)}")
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

    def lost(self, lengths: dict[str, int], alive: Callable[[str], bool]) -> dict[str, int]:
        """Shards that are gone or shorter than the ledger says → their length in bytes. What Parquet there is of them is
        taken away: what is lost is done again, and would stand there twice.
        """
        found = {}
        for name, length in lengths.items():
            path = self._out / name
            if not name.startswith(f"{self.folder}/") or alive(path.stem.rpartition("-")[0]):
                continue
            size = path.stat().st_size if path.exists() else 0
            if size < length:
                found[name] = size
                for made in _parquet_of(path).glob(f"*/{path.stem}.parquet"):
                    made.unlink(missing_ok=True)
        return found

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


def claim_folder(out: Path, version: str, ledger: str, database: str) -> None:
    """Notes that the results of this version are this ledger's. Raises ConfigError where they are another's: what it has
    not acknowledged itself would be set aside.
    """
    path = out / results_folder(version) / "ledger.json"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
            part.write_text(json.dumps({"id": ledger, "database": database}, ensure_ascii=False), encoding="utf-8")
            part.replace(path)
        said = json.loads(path.read_text(encoding="utf-8"))
        other = None if said["id"] == ledger else said["database"]
    except OSError as error:
        raise OutputError(f"{path}: 写不了，请检查路径、权限和空间 / can't write: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise OutputError(f"{path}: 已损坏，请另用一个 --out / damaged: use another --out") from error
    if other is not None:
        raise ConfigError(
            f"{path.parent} 里的结果属于另一个账本 {other}，请用那个数据库，或另用一个 --out / the results there are of "
            "another ledger: use its database, or another --out"
        )


def results_folder(version: str) -> str:
    """Below the output folder; a version's results never mix with another's."""
    return f"results/{safe(version)}"


def _parquet_of(shard: Path) -> Path:
    return shard.parent.parent / "parquet"


def safe(name: str) -> str:
    """The name as a part of a path."""
    return "".join(each if each.isalnum() or each in ".-_+" else "_" for each in name)
