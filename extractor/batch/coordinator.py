"""Claims work from the ledger, keeps an executor busy, and acknowledges what comes back: one thread, no state of worth."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Connection

from extractor.batch.executors import Executor
from extractor.batch.patience import patiently
from extractor.batch.sinks import Sink
from extractor.batch.watch import Rates, Snapshot, Watch
from extractor.errors import StoreError
from extractor.store import ledger, ledger_report
from extractor.store.database import Database
from extractor.store.values import now as utc
from extractor.types.batch import Outcome, Task

LEASE = 60.0  # seconds after which what a dead machine held is handed out again
_RENEW = LEASE / 4
_EXCHANGE = 0.5  # seconds between two transactions, unless the executor runs dry before
_LEAST, _MOST = 4, 64  # tasks under way for each worker: what a kill repeats at the most
_AHEAD = 1.0  # seconds of work that are handed out at once, between the two
_TELL = 1.0  # seconds between two looks at the counts; longer where a look takes long
_TELL_RARELY = 15.0  # seconds: at the most between two looks
_IDLE = 0.1  # seconds between two looks where there is nothing to do


class Coordinator:
    """``worker``: this execution's name in the ledger. ``scanned`` is set once all files of the sources are in the ledger; ``draining`` ends the run with what is under
    way, ``aborting`` at once. Both put back what was not done.
    """

    def __init__(
        self, database: Database, run: ledger.Run, worker: str, executor: Executor, sink: Sink, watch: Watch
    ) -> None:
        self._database, self._run, self._worker = database, run, worker
        self._executor, self._sink, self._watch = executor, sink, watch
        self.scanned = threading.Event()
        self.draining = threading.Event()
        self.aborting = threading.Event()
        self._flying: dict[str, Task] = {}
        self._ended: list[Outcome] = []
        self._said: set[str] = set()
        self._recalled = False
        self._ms = 0.0  # of a task, a moving mean; 0 before the first
        self._exchanged = self._renewed = time.monotonic()
        self._told = 0.0
        self._tell_every = _TELL
        self._rates = Rates()

    def work(self) -> Snapshot:
        """Until there is nothing left to do, or it is told to end. Raises StoreError, and what the executor raises."""
        try:
            while not self.aborting.is_set():
                if self.draining.is_set() and not self._recalled:
                    self._recall()
                self._collect()
                if self._due():
                    self._exchange()
                    if self._over():
                        break
                self._keep_lease()
                if time.monotonic() - self._told >= self._tell_every:
                    self._tell()
            self._tell()
        finally:
            self._executor.close()
            self._put_back()
        return self._snapshot()

    def _collect(self) -> None:
        if not self._flying:
            time.sleep(_IDLE)  # files are still being looked for, or another execution holds the rest
            return
        for outcome in self._executor.ended(0.2):
            task = self._flying.pop(outcome.sha256, None)
            if task is None:
                continue
            self._ended.append(outcome)
            self._ms = outcome.ms if not self._ms else 0.9 * self._ms + 0.1 * outcome.ms
            self._watch.outcome(task, outcome)
            if outcome.notice is not None and outcome.notice not in self._said:
                self._said.add(outcome.notice)
                self._watch.say(outcome.notice)

    def _recall(self) -> None:
        """What nobody has begun waits again."""
        self._recalled = True
        back = [task.sha256 for task in self._executor.recall()]
        for sha256 in back:
            self._flying.pop(sha256, None)
        if back:
            patiently(self._database, lambda connection: ledger.release(connection, self._run, self._worker, back))

    def _due(self) -> bool:
        """Whether it is time for a transaction: results wait long enough, or the workers soon have nothing to do."""
        if not self._flying:
            return True
        waited = time.monotonic() - self._exchanged >= _EXCHANGE
        dry = len(self._flying) < 2 * self._executor.slots
        if self._ended:
            return waited or (dry and len(self._ended) >= self._executor.slots)
        return waited and dry

    def _window(self) -> int:
        slots = self._executor.slots
        ahead = int(_AHEAD * 1000 * slots / self._ms) if self._ms else 0
        return min(max(ahead, _LEAST * slots), _MOST * slots)

    def _exchange(self) -> None:
        """What ended is acknowledged and new work claimed, in one transaction."""
        ended, self._ended = self._ended, []
        wanted = 0 if self.draining.is_set() else self._window() - len(self._flying)
        # Where it fails nothing is cut from the shard: a commit whose answer was lost may have counted. The next run trims.
        tasks = patiently(self._database, lambda connection: self._transact(connection, ended, wanted))
        self._sink.settle()
        for task in tasks:
            self._flying[task.sha256] = task
            self._executor.submit(task)
        self._exchanged = time.monotonic()

    def _transact(self, connection: Connection, ended: Sequence[Outcome], wanted: int) -> list[Task]:
        run, worker = self._run, self._worker
        self._sink.forget()  # of a try before, when the database was busy
        if ended:
            held = ledger.held(connection, run, worker, [each.sha256 for each in ended])
            mine = [each for each in ended if each.sha256 in held]
            good = [each for each in mine if each.ok]
            places = dict(zip([each.sha256 for each in good], self._sink.keep(connection, good), strict=True))
            ledger.finish(connection, run, worker, [(each, places.get(each.sha256)) for each in mine])
        return ledger.claim(connection, run, worker, LEASE, wanted) if wanted > 0 else []

    def _over(self) -> bool:
        if self._flying or self._ended:
            return False
        if self.draining.is_set():
            return True
        if self.scanned.is_set():
            return not self._snapshot().counts.left
        return False

    def _keep_lease(self) -> None:
        now = time.monotonic()
        if self._flying and now - self._renewed >= _RENEW:
            self._renewed = now
            patiently(self._database, lambda connection: ledger.renew(connection, self._run, self._worker, LEASE))

    def _tell(self) -> None:
        self._told = now = time.monotonic()
        snapshot = self._snapshot()
        self._watch.progress(snapshot)
        told = {
            "at": utc(),
            "seconds": round(snapshot.seconds, 1),
            "documents_per_second": snapshot.documents_per_second,
            "pages_per_second": snapshot.pages_per_second,
            "eta": snapshot.eta,
            "workers": snapshot.workers,
        }
        patiently(self._database, lambda connection: ledger.note_progress(connection, self._run, json.dumps(told)))
        # Of 10 million files a look takes a while; who is silent for 30 seconds is taken for dead.
        self._tell_every = min(max(_TELL, 20 * (time.monotonic() - now)), _TELL_RARELY)

    def _snapshot(self) -> Snapshot:
        with self._database.read() as connection:
            counts = ledger_report.counts(connection, self._run)
        return self._rates.snapshot(counts, self._executor.slots)

    def _put_back(self) -> None:
        """What is not acknowledged waits again, as if it had never been claimed."""
        with suppress(StoreError), self._database.write() as connection:  # else the lease lapses by itself
            ledger.release(connection, self._run, self._worker)
