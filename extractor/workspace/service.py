"""The workspace's one door for the web and the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from extractor import __version__
from extractor.errors import ReadError
from extractor.records.canonical import with_canonical
from extractor.review.errors import Refused
from extractor.store import deliveries, documents, events, places, search
from extractor.store.database import Database, sqlite_url
from extractor.store.documents import DocumentRow, Dossier, Query
from extractor.store.events import AuditRow
from extractor.store.ledger_report import Failure
from extractor.store.search import Hit
from extractor.types.document import Document
from extractor.types.record import ExtractionFile
from extractor.types.review import Operation
from extractor.workspace import batches, content, delivery, exports, settings, uploads
from extractor.workspace.archive import Archive
from extractor.workspace.batches import BatchView
from extractor.workspace.cache import ReviewCache
from extractor.workspace.core import existing, not_ready, open_core
from extractor.workspace.decisions import Decisions
from extractor.workspace.delivery import DeliveryWorker
from extractor.workspace.errors import NotFound, NotReady, UploadRefused
from extractor.workspace.imports import Imports
from extractor.workspace.jobs import Jobs
from extractor.workspace.people import People
from extractor.workspace.retention import Retention
from extractor.workspace.settings import Settings
from extractor.workspace.vocabulary import VocabularyKeeper

_LONGEST_PLACE = 16_000  # characters of JSON


class Workspace:
    """``folder`` is the data directory, made where it is missing; the database must have been migrated.

    ``actor`` is everywhere the name of the user in whose name something is done. All methods may be called from
    any thread and block (database, files, processes). Methods with a document's id raise ``NotFound``.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.database = database
        self.core = open_core(folder, database)
        self.bus = self.core.bus
        self.people = People(database)
        self.archive = Archive(database)
        self.jobs = Jobs(self.core)
        self.vocabulary = VocabularyKeeper(self.core)
        self._cache = ReviewCache(self.core.parsed, self.core.components)
        self._decisions = Decisions(self.core, self._cache, self.vocabulary.follow)
        self._imports = Imports(self.core, self._decisions)
        self._deliveries = DeliveryWorker(database, folder / "deliveries")
        self._retention = Retention(self.core, self.delete)
        self._started = False

    def start(self) -> None:
        """Starts the extraction worker, the process of the page images, and what runs by the clock."""
        if self._started:
            return
        self._started = True
        self.core.renderer.start()
        self.jobs.start()
        self._deliveries.start()
        self._retention.start()

    def stop(self) -> None:
        """Ends them; what was under way goes on at the next start."""
        if not self._started:
            return
        self._started = False
        self._retention.stop()
        self._deliveries.stop()
        self.jobs.stop()
        self.core.renderer.stop()

    # --- documents --------------------------------------------------------------------------------------

    def upload(self, name: str, data: bytes, actor: str, dossier: str | None = None) -> tuple[DocumentRow, bool]:
        """The document, and whether it is new. Raises ``UploadRefused``, and ``NotFound`` for the dossier."""
        row, created = uploads.put(self.core, name, data, actor, dossier)
        self.jobs.wake()
        return row, created

    def upload_text(self, name: str, text: str, actor: str, dossier: str | None = None) -> tuple[DocumentRow, bool]:
        """As ``upload``, for pasted words."""
        row, created = uploads.put_text(self.core, name, text, actor, dossier)
        self.jobs.wake()
        return row, created

    def most_upload_bytes(self) -> int:
        return self.settings().max_upload_mb * 1_000_000

    def document(self, document_id: str) -> DocumentRow:
        return self.core.row(document_id)

    def documents(self, query: Query) -> tuple[list[DocumentRow], int]:
        """One page, and how many there are. Raises ``StoreError`` for an unknown sort."""
        with self.core.database.read() as connection:
            return documents.find(connection, query)

    def retry(self, document_id: str, actor: str) -> DocumentRow:
        row = uploads.retry(self.core, document_id, actor)
        self._cache.drop(document_id)
        self.jobs.wake()
        return row

    def assign(self, document_id: str, reviewer: str | None, actor: str) -> DocumentRow:
        """Who is to review it; None for nobody."""
        with self.core.database.write() as connection:
            existing(connection, document_id)
            row = documents.update(connection, document_id, reviewer=reviewer)
            events.audit(connection, actor, "assign", document_id, {"reviewer": reviewer})
        return row

    def delete(self, document_id: str, actor: str) -> DocumentRow:
        """With all that came of it; what it was is returned."""
        with self._cache.slot(document_id):
            row = uploads.delete(self.core, document_id, actor)
        self._cache.drop(document_id)
        return row

    def original(self, document_id: str) -> tuple[Path, str]:
        """Where the file as uploaded lies, and its name. There also where it can't be read."""
        row = self.core.row(document_id)
        return self.core.blobs.path(row.sha256), row.name

    def make_dossier(self, name: str, actor: str) -> Dossier:
        shown = uploads.shown_name(name) if name.strip() else ""
        if not shown:
            raise UploadRefused("bad_name", "请给卷宗起个名字 / give the dossier a name")
        with self.core.database.write() as connection:
            made = documents.make_dossier(connection, shown)
            events.audit(connection, actor, "dossier", made, {"name": shown})
            dossier = documents.get_dossier(connection, made)
        if dossier is None:
            raise NotFound("not_found", "没有这个卷宗 / no such dossier")
        return dossier

    def dossiers(self) -> list[Dossier]:
        with self.core.database.read() as connection:
            return documents.dossiers(connection)

    def search(self, words: str, limit: int = 50, offset: int = 0) -> list[tuple[Hit, str]]:
        """Hits with the name of their document."""
        with self.core.database.read() as connection:
            hits = search.search(connection, words, limit, offset)
            rows = {name: documents.get(connection, name) for name in {hit.document_id for hit in hits}}
        return [(hit, row.name) for hit in hits if (row := rows[hit.document_id]) is not None]

    # --- the document as it looks -----------------------------------------------------------------------

    def content(self, document_id: str, first: int = 0, count: int = 400) -> dict[str, Any]:
        """Blocks and tables, see ``content.blocks``. Raises ``NotReady`` before the file is read."""
        row, document = self._read(document_id)
        return content.blocks(document, content.view_of(row.format), first, count)

    def page_text(self, document_id: str, number: int) -> list[dict[str, Any]]:
        """The lines of a page. Raises ``NotReady``, and ``NotFound`` where there is no such page."""
        _, document = self._read(document_id)
        if not 1 <= number <= len(document.pages):
            raise NotFound("not_found", "没有这一页 / no such page")
        return content.page_lines(document, number)

    def _read(self, document_id: str) -> tuple[DocumentRow, Document]:
        row = self.core.row(document_id)
        try:
            return row, self.core.read(row)
        except NotReady:
            # The file is gone, a cache after all. Only the version that made it would make the same again.
            if row.state == "ready" and row.extractor_version == __version__:
                with self.core.database.write() as connection:
                    documents.update(connection, document_id, state="queued")
                self.jobs.wake()
            raise

    def pages(self, document_id: str) -> list[dict[str, Any]]:
        """Numbers and sizes in points, before extraction is done too; none for what is no PDF, or can't be opened."""
        row = self.core.row(document_id)
        if row.format != "pdf":
            return []
        try:
            return [asdict(page) for page in self.core.renderer.sizes(self.core.blobs.path(row.sha256), row.sha256)]
        except ReadError:
            return []

    def page_image(self, document_id: str, number: int, scale: float) -> bytes:
        """A PNG. Raises ``NotFound``, and ``ReadError`` where the page can't be drawn."""
        row = self.core.row(document_id)
        if row.format != "pdf":
            raise NotFound("not_found", "这份文件没有页面图像 / this document has no page images")
        return self.core.renderer.image(self.core.blobs.path(row.sha256), row.sha256, number, scale)

    # --- review -----------------------------------------------------------------------------------------

    def records(self, document_id: str, actor: str, since: int | None = None) -> dict[str, Any]:
        return self._decisions.records(document_id, actor, since)

    def shown(self, document_id: str, names: Sequence[str]) -> list[dict[str, Any]]:
        """Single records as they stand (for the answer to a conflict)."""
        return self._decisions.shown(document_id, names)

    def perform(self, document_id: str, operation: Operation, actor: str) -> dict[str, Any]:
        """Raises ``Conflict`` and ``Refused``; what it answers is on disk."""
        return self._decisions.perform(document_id, operation, actor)

    def preview(self, document_id: str, operation: Operation, actor: str) -> dict[str, Any]:
        return self._decisions.preview(document_id, operation, actor)

    def step(self, document_id: str, actor: str, op: str) -> str | None:
        """The operation that the actor's ``undo`` or ``redo`` would be about."""
        return self._decisions.step(document_id, actor, op)

    def bulk(self, document_id: str, section: Sequence[str], confidence: float) -> dict[str, Any]:
        return self._decisions.bulk(document_id, section, confidence)

    def diff(self, document_id: str) -> dict[str, Any]:
        return self._decisions.diff(document_id)

    def history(self, document_id: str) -> list[dict[str, Any]]:
        """The document's events, newest first."""
        with self.core.database.read() as connection:
            existing(connection, document_id)
            log = events.after(connection, document_id)
        return [event.model_dump(mode="json") for event in reversed(log)]

    def verify(self, document_id: str) -> bool:
        """Whether nobody has tampered with the document's log."""
        with self.core.database.read() as connection:
            existing(connection, document_id)
            return events.verify(connection, document_id)

    def place(self, document_id: str, actor: str) -> dict[str, JsonValue] | None:
        with self.core.database.read() as connection:
            existing(connection, document_id)
            return places.get(connection, document_id, actor)

    def put_place(self, document_id: str, actor: str, place: dict[str, JsonValue]) -> None:
        """Raises ``UploadRefused`` (``too_large``)."""
        if len(str(place)) > _LONGEST_PLACE:
            raise UploadRefused("too_large", "位置信息过长 / too much to remember of a place")
        with self.core.database.write() as connection:
            existing(connection, document_id)
            places.put(connection, document_id, actor, place)

    # --- archives ---------------------------------------------------------------------------------------

    def batches(self) -> list[BatchView]:
        return batches.batches(self.database)

    def batch(self, run_id: str) -> tuple[BatchView, list[Failure]] | None:
        """With its first failures; None where there is no such run."""
        return batches.batch(self.database, run_id)

    # --- out and back -----------------------------------------------------------------------------------

    def export(self, document_id: str, format: str, which: str = "current") -> tuple[bytes, str, str]:
        """Bytes, media type, file name. Raises ``NotReady``, and ``OutputError`` for an unknown format."""
        return exports.rendered(self.contract(document_id, which), format)

    def contract(self, document_id: str, which: str = "current") -> ExtractionFile:
        """The contract's object of the records as they stand, whole names beside short ones."""
        row, records, held = self._decisions.current(document_id)
        info, words = held.state.info, self.core.components().words
        if info is None:
            raise not_ready(row)
        return exports.contract(
            info, with_canonical(records, words), held.open_unclaimed(), which, row.extractor_version
        )

    def extractions(self) -> Iterator[ExtractionFile]:
        """``contract`` of every document that is ready, the latest upload first."""
        offset = 0
        while True:
            rows, total = self.documents(Query(state="ready", offset=offset, limit=100))
            for row in rows:
                with suppress(NotReady, NotFound):
                    yield self.contract(row.id)
            offset += len(rows)
            if not rows or offset >= total:
                return

    def annotations(self, document_id: str) -> dict[str, Any]:
        """The records that nobody rejected, in the form of gold annotations."""
        return exports.annotated(self.contract(document_id))

    def import_preview(self, document_id: str, data: bytes) -> dict[str, Any]:
        return self._imports.preview(document_id, data)

    def import_apply(self, document_id: str, data: bytes, actor: str, token: str | None = None) -> dict[str, Any]:
        return self._imports.apply(document_id, data, actor, token)

    def send(self, document_id: str, actor: str) -> dict[str, JsonValue]:
        """Queues the approved records for the scoring engine; the delivery, as ``delivery.as_json``.

        Raises ``Refused`` (``not_approved``) and ``DeliveryRefused``.
        """
        if self.document(document_id).approval != "approved":
            raise Refused("not_approved", "文件还没有批准，不能发送 / the document is not approved: approve it first")
        body = self.export(document_id, "json", "approved")[0]
        return delivery.as_json(self._deliveries.send(document_id, body, actor))

    def deliveries(self, document_id: str) -> list[dict[str, JsonValue]]:
        """What was sent, newest first, with every try."""
        with self.core.database.read() as connection:
            existing(connection, document_id)
            found = deliveries.of_document(connection, document_id)
        return [delivery.as_json(each) for each in found]

    # --- settings and audit -----------------------------------------------------------------------------

    def settings(self) -> Settings:
        with self.core.database.read() as connection:
            return settings.load(connection)

    def put_settings(self, values: dict[str, Any], actor: str) -> Settings:
        """Changes those named. Raises ``SettingRefused``."""
        with self.core.database.write() as connection:
            return settings.change(connection, values, actor)

    def audit(
        self,
        *,
        document_id: str | None = None,
        actor: str | None = None,
        action: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[list[AuditRow], int]:
        with self.core.database.read() as connection:
            return events.audit_page(
                connection, document_id=document_id, actor=actor, action=action, offset=offset, limit=limit
            )


def open_workspace(folder: Path, database_url: str | None = None) -> Workspace:
    """Opens or makes a data directory, its database brought up to date. Raises ``StoreError``; close ``.database``."""
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(database_url or sqlite_url(folder))
    try:
        database.migrate()
    except BaseException:
        database.close()
        raise
    return Workspace(folder, database)
