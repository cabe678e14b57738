"""Looks for the files of the sources and writes them into the ledger, while the first of them are being worked on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from extractor.batch.patience import patiently
from extractor.batch.sources import Ignored, Known, find
from extractor.store import ledger
from extractor.store.database import Database
from extractor.types.batch import Found

_AT_ONCE = 1000  # files to a transaction
SPOOL = "unpacked"
_SMALL = 1_000_000  # bytes
_FIRST = 50  # the first ones go sooner, so that the workers have something to do


class Scanner:
    """``done`` is called once all is written. ``error``: what ended it before, None where nothing did.

    ``ignored``: path and reason of what is no document on the face of it; ``most`` of them are kept, all are counted.
    """

    def __init__(
        self,
        database: Database,
        run: ledger.Run,
        sources: Sequence[str],
        out: Path,
        done: Callable[[], None],
        most: int = 1000,
    ) -> None:
        self._database, self._run, self._sources, self._out, self._done = database, run, sources, out, done
        self._most = most
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._scan, name="scanner", daemon=True)
        self.ignored: list[Ignored] = []
        self.ignored_count = 0
        self.error: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends it, wherever it is."""
        self._stop.set()
        self._thread.join()

    def _scan(self) -> None:
        try:
            self._walk()
            if not self._stop.is_set():
                patiently(self._database, lambda connection: ledger.scanned(connection, self._run))
        except BaseException as error:  # noqa: BLE001 - whoever started the thread raises it
            self.error = error
        finally:
            self._done()

    def _walk(self) -> None:
        batch: list[Found] = []
        limit = _FIRST
        for found in find(
            self._sources, spool=self._out / SPOOL, known=self._known, stop=self._stop.is_set, skip=[self._out]
        ):
            if isinstance(found, Ignored):
                self.ignored_count += 1
                if len(self.ignored) < self._most:
                    self.ignored.append(found)
                continue
            batch.append(found)
            if len(batch) >= limit:
                self._add(batch)
                batch, limit = [], _AT_ONCE
            if self._stop.is_set():
                return
        self._add(batch)

    def _add(self, batch: Sequence[Found]) -> None:
        if batch:
            patiently(self._database, lambda connection: ledger.add_files(connection, self._run, batch))

    def _known(self, path: str) -> Known | None:
        """Of large files and members of archives alone: a small file is read in less time than the ledger is asked."""
        with suppress(OSError, ValueError):
            if os.stat(path).st_size < _SMALL:
                return None
        with self._database.read() as connection:
            found = ledger.known(connection, self._run, [path]).get(path)
        return None if found is None else Known(*found)
