"""The queue's one worker: claims documents, lets the extraction process work on them, and writes what it hands over."""

from __future__ import annotations

import hashlib
import logging
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor import __version__
from extractor.child import Child, ChildDied
from extractor.config import load_config
from extractor.errors import StoreError
from extractor.store import documents, drafts, records, search
from extractor.store.documents import DocumentRow
from extractor.types.record import IndicatorRecord
from extractor.workspace import settings, worker
from extractor.workspace.core import Core
from extractor.workspace.lock import DirectoryLock
from extractor.workspace.notify import Kind
from extractor.workspace.rows import fresh_rows, index_words
from extractor.workspace.worker import Done, Drafts, Failed, Job, Parsed, Progress

LEASE = 30.0  # seconds
_RENEW = 8.0
_POLL = 0.2  # of the worker's pipe
_IDLE = 2.0  # between looks at the queue where nothing wakes us: another server may have put something there
_FAT = 1_200_000_000  # bytes: a worker that still holds so many after a document is exchanged for a new one

log = logging.getLogger(__name__)


class _Aborted(Exception):
    """The document is no longer ours: deleted, or claimed by another server after a pause."""


@dataclass
class _Run:
    """One document under extraction; times are of ``time.monotonic``."""

    row: DocumentRow
    draft: int | None  # None where a complete draft is there and only the parsed document is wanted
    time_limit: float
    memory_limit: int
    started: float | None = None  # when the worker was ready for it
    renewed: float = field(default_factory=time.monotonic)
    looked: float = field(default_factory=time.monotonic)
    format: str | None = None
    pages: int = 0
    chunks: list[tuple[int, str]] = field(default_factory=list)


class Jobs:
    """``start`` and ``stop`` once each. Of several servers on one data directory one at a time works the queue."""

    def __init__(self, core: Core) -> None:
        self._core = core
        place = hashlib.sha256(str(core.folder.resolve()).encode()).hexdigest()[:12]
        self.name = f"{socket.gethostname()}:{place}"
        self._lock = DirectoryLock(core.folder / "worker.lock")
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None
        self._child: Child | None = None
        self._broken: set[str] = set()  # documents whose worker died: the queue may have given them up since

    @property
    def worker_pid(self) -> int | None:
        child = self._child
        return child.pid if child is not None else None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the worker; a document under way is put back in its place."""
        self._stopping.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(30)
            self._thread = None

    def wake(self) -> None:
        """There is something in the queue."""
        self._awake.set()

    # --- the thread -------------------------------------------------------------------------------------

    def _loop(self) -> None:
        try:
            while not self._stopping.is_set() and not self._lock.take():
                self._stopping.wait(_IDLE)
            self._resume()
            while not self._stopping.is_set():
                self._awake.clear()
                if not self._step():
                    self._awake.wait(_IDLE)
        finally:
            self._end_worker()
            self._lock.release()

    def _step(self) -> bool:
        """Whether there was something to do."""
        try:
            self._process()  # warm before there is a document
            row = self._claim()
            self._tell_given_up(row)
            if row is not None:
                self._extract(row)
            return row is not None
        except Exception:  # the thread must outlive a full disk or a database that is away for a while
            log.exception("extraction queue")
            self._end_worker()
            self._stopping.wait(_IDLE)
            return True

    def _resume(self) -> None:
        """What a server before us had under way when it died: only we may work in this directory now."""
        if self._stopping.is_set():
            return
        with self._core.database.write() as connection:
            left, _ = documents.find(connection, documents.Query(state="running", limit=1000))
            for row in left:
                documents.renew(connection, row.id, self.name, -1.0)

    def _claim(self) -> DocumentRow | None:
        with self._core.database.read() as connection:
            waiting = sum(
                documents.find(connection, documents.Query(state=state, limit=1))[1] for state in ("queued", "running")
            )
        if not waiting:
            return None
        with self._core.database.write() as connection:
            return documents.claim(connection, self.name, LEASE)

    def _process(self) -> Child:
        if self._child is None or not self._child.alive:
            self._child = Child("extraction", worker.main, self._address_space())
        return self._child

    def _address_space(self) -> int | None:
        """A limit that the worker sets itself where no watchdog can see its memory."""
        if Path("/proc/self/statm").exists():
            return None
        with self._core.database.read() as connection:
            return settings.load(connection).memory_limit_mb * 1_000_000

    def _end_worker(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    # --- one document -----------------------------------------------------------------------------------

    def _extract(self, row: DocumentRow) -> None:
        try:
            run, job = self._begin(row)
            self._tell(run.row.id)
            child = self._process()
            child.send(job)
            while not self._heed(run, child.receive(_POLL)):
                if self._stopping.is_set():
                    self._put_back(run.row.id)
                    return
                self._watch(run, child)
            if (child.resident() or 0) > _FAT:
                self._end_worker()
        except ChildDied as error:
            log.warning("extraction of %s: worker died (%s)", row.id, error.how)
            self._end_worker()
            self._retry(row.id)
        except _Aborted:
            self._end_worker()
        except StoreError as error:
            self._end_worker()
            if error.code != "not_found":  # else it was deleted meanwhile
                self._retry(row.id)
                raise

    def _begin(self, row: DocumentRow) -> tuple[_Run, Job]:
        core = self._core
        with core.database.write() as connection:
            limits = settings.load(connection)
            row = documents.update(connection, row.id, extractor_version=__version__, stage="reading")
            try:
                draft: int | None = drafts.start(connection, row.id, __version__)
                documents.update(connection, row.id, records=0, risk=None)
            except StoreError as error:
                if error.code != "immutable":
                    raise
                draft = None
        job = Job(
            document_id=row.id,
            path=str(core.blobs.path(row.sha256)),
            name=row.name,
            parsed=str(core.parsed.path(row.sha256, __version__)),
            max_pages=limits.max_pages,
            max_chars=load_config().read.max_chars,
            models=core.models(),
            drafts=draft is not None,
        )
        return _Run(row, draft, limits.time_limit, limits.memory_limit_mb * 1_000_000), job

    def _watch(self, run: _Run, child: Child) -> None:
        """Ends a worker that takes too long or too much; keeps the lease."""
        now = time.monotonic()
        if run.started is not None and now - run.started > run.time_limit:
            self._over(
                run,
                "timeout",
                f"提取超过{run.time_limit:g}秒，已停止 / stopped: the extraction took longer than {run.time_limit:g} seconds",
            )
        if now - run.looked >= _POLL:
            run.looked = now
            held = child.resident()
            if held is not None and held > run.memory_limit:
                most = run.memory_limit // 1_000_000
                self._over(
                    run,
                    "memory",
                    f"提取所用内存超过{most} MB，已停止 / stopped: the extraction took more than {most} MB of memory",
                )
        if now - run.renewed >= _RENEW:
            run.renewed = now
            with self._core.database.write() as connection:
                if not documents.renew(connection, run.row.id, self.name, LEASE):
                    raise _Aborted

    def _over(self, run: _Run, code: str, message: str) -> None:
        self._end_worker()
        self._fail(run, code, message)
        raise _Aborted

    def _heed(self, run: _Run, message: object) -> bool:
        """Writes what the worker says; whether that was its last word on the document."""
        if run.started is None and message is not None:
            run.started = time.monotonic()  # the time that a new worker takes to get ready does not count
        match message:
            case Progress(stage, done, total):
                with self._core.database.write() as connection:
                    documents.update(connection, run.row.id, stage=stage, done=done, total=total)
                self._tell(run.row.id)
            case Parsed(format, pages, chunks):
                run.format, run.pages, run.chunks = format, pages, list(chunks)
                with self._core.database.write() as connection:
                    documents.update(connection, run.row.id, format=format, pages=pages, stage="outline")
                self._tell(run.row.id)
            case Drafts(first, batch):
                self._keep(run, first, batch)
            case Done():
                self._finish(run, message)
                return True
            case Failed(code, words):
                self._fail(run, code, words)
                return True
            case _:
                return False
        return False

    def _keep(self, run: _Run, first: int, batch: Sequence[IndicatorRecord]) -> None:
        if run.draft is None:
            return
        with self._core.database.write() as connection:
            drafts.add(connection, run.draft, first, batch)
            documents.update(connection, run.row.id, records=first + len(batch))
        self._core.bus.tell(run.row.id, "drafts", count=first + len(batch))

    def _finish(self, run: _Run, done: Done) -> None:
        info, counts = done.info, done.counts
        # Three transactions: a long document must not keep a reviewer's own from being written for too long.
        with self._core.database.write() as connection:
            search.index_text(connection, run.row.id, run.chunks)
        if run.draft is not None:
            with self._core.database.write() as connection:
                search.index_records(connection, run.row.id, index_words(done.records))
        with self._core.database.write() as connection:
            if run.draft is not None:
                drafts.finish(connection, run.draft, info, done.unclaimed, done.issues, done.records)
                records.replace(connection, run.row.id, fresh_rows(done.records))
                documents.update(
                    connection, run.row.id, title=info.title, issuer=info.issuer, document_number=info.document_number,
                    year=info.year, kind=info.kind, records=counts["records"], decided=counts["decided"],
                    rejected=counts["rejected"], blocking=counts["blocking"], unclaimed=len(done.unclaimed),
                    risk=done.risk,
                )  # fmt: skip
            documents.update(
                connection, run.row.id, state="ready", stage=None, done=0, total=0, error=None, error_code=None
            )
        self._tell(run.row.id)

    def _fail(self, run: _Run, code: str, message: str) -> None:
        with self._core.database.write() as connection:
            documents.update(
                connection, run.row.id, state="failed", stage=None, error_code=code, error=message, records=0, risk=None
            )
        self._tell(run.row.id)

    def _retry(self, document_id: str) -> None:
        """The lease ends now, so that the queue takes the document up again or, tried often enough, gives it up."""
        self._broken.add(document_id)
        with self._core.database.write() as connection:
            if documents.renew(connection, document_id, self.name, -1.0):
                documents.update(connection, document_id, stage=None, done=0, total=0)

    def _tell_given_up(self, claimed: DocumentRow | None) -> None:
        """Of documents that ``claim`` has marked as failed rather than handing them out once more."""
        for document_id in [each for each in self._broken if claimed is None or each != claimed.id]:
            self._broken.discard(document_id)
            self._tell(document_id)
        if claimed is not None:
            self._broken.discard(claimed.id)

    def _put_back(self, document_id: str) -> None:
        self._end_worker()
        with self._core.database.write() as connection:
            documents.release(connection, document_id, self.name)

    def _tell(self, document_id: str) -> None:
        with self._core.database.read() as connection:
            row = documents.get(connection, document_id)
        if row is None:
            return
        kind: Kind = "ready" if row.state == "ready" else "failed" if row.state == "failed" else "progress"
        self._core.bus.tell(
            document_id, kind, state=row.state, stage=row.stage, done=row.done, total=row.total, records=row.records,
            code=row.error_code, error=row.error,
        )  # fmt: skip
