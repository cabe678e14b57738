"""What the parts of the workspace share: the folders of a data directory, the database, caches, the bus."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from extractor.components import RULES, Components, load_components
from extractor.config import ModelsConfig, load_config
from extractor.errors import ExtractorError
from extractor.learned.artifacts import SITE_MANIFEST
from extractor.store import documents
from extractor.store.blobs import Blobs
from extractor.store.database import Database
from extractor.store.documents import DocumentRow
from extractor.store.parsed import ParsedFiles
from extractor.types.document import Document
from extractor.workspace.errors import NotReady, no_document
from extractor.workspace.notify import Bus
from extractor.workspace.render import Renderer

VOCABULARY = "vocabulary.toml"
SITE_MODELS = "models"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Core:
    folder: Path
    database: Database
    blobs: Blobs
    parsed: ParsedFiles
    renderer: Renderer
    bus: Bus

    def row(self, document_id: str) -> DocumentRow:
        """Raises ``NotFound``."""
        with self.database.read() as connection:
            return existing(connection, document_id)

    def models(self) -> ModelsConfig:
        """The settings', with what the workspace has of its own: a site's trained components, a vocabulary."""
        models = load_config().models
        site, words = self.folder / SITE_MODELS, self.folder / VOCABULARY
        own = {"site": str(site)} if (site / SITE_MANIFEST).is_file() else {}
        own |= {"vocabulary": str(words)} if words.is_file() else {}
        return models.model_copy(update=own)

    def components(self) -> Components:
        """For the review. Extraction says what is wrong with a vocabulary or a model; a click must work all the same."""
        try:
            return load_components(self.models())
        except ExtractorError as error:
            log.warning("%s", error)
            return RULES

    def read(self, row: DocumentRow) -> Document:
        """The parsed document. Raises ``NotReady`` before the extraction has read the file."""
        document = None
        if row.extractor_version is not None:
            document = self.parsed.load(row.sha256, row.extractor_version)
        if document is None:
            raise not_ready(row)
        return document


def open_core(folder: Path, database: Database) -> Core:
    """Makes the folders that are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    return Core(
        folder=folder,
        database=database,
        blobs=Blobs(folder / "blobs"),
        parsed=ParsedFiles(folder / "parsed"),
        renderer=Renderer(folder / "pages"),
        bus=Bus(),
    )


def existing(connection: Connection, document_id: str) -> DocumentRow:
    """Raises ``NotFound``."""
    row = documents.get(connection, document_id)
    if row is None:
        raise no_document()
    return row


def not_ready(row: DocumentRow) -> NotReady:
    """The error for what comes out of an extraction that has not ended well."""
    if row.state == "failed":
        return NotReady("failed", row.error or "提取失败 / the extraction failed")
    return NotReady("not_ready", "文件还在提取，请稍候 / the document is still being extracted: wait a moment")
