"""A parsed ``Document`` as gzipped JSON, so that it is shown without being read again."""

from __future__ import annotations

import gc
import gzip
import os
import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from extractor.types import document as document_types
from extractor.types import table as table_types
from extractor.types.document import Document

_KEPT = 6  # documents in memory; one of 300 pages takes about 30 MB


def encode(document: Document) -> bytes:
    """Gzipped JSON; the same document gives the same bytes."""
    return gzip.compress(_adapter().dump_json(document), compresslevel=1, mtime=0)


def decode(data: bytes) -> Document:
    """The very document that was encoded. Raises ``ValueError`` where the bytes are none."""
    try:
        text = gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise ValueError("not a parsed document") from error
    collecting = gc.isenabled()
    gc.disable()  # hundreds of thousands of new objects, none of them garbage: the collector doubled the time
    try:
        return _adapter().validate_json(text)
    finally:
        if collecting:
            gc.enable()


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Document]:
    adapter = TypeAdapter(Document)
    # A table's cells name Line, which the table module imports for the type checker alone.
    adapter.rebuild(_types_namespace={**vars(table_types), **vars(document_types)})
    return adapter


class ParsedFiles:
    """The files ``<sha256>-<version>.json.gz`` of one folder, the documents used last kept in memory."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept: OrderedDict[Path, Document] = OrderedDict()
        self._lock = threading.Lock()

    def path(self, sha256: str, version: str) -> Path:
        return self._root / f"{sha256}-{version}.json.gz"

    def load(self, sha256: str, version: str) -> Document | None:
        """None where it isn't there (yet) or can't be read."""
        path = self.path(sha256, version)
        with self._lock:
            if path in self._kept:
                self._kept.move_to_end(path)
                return self._kept[path]
        try:
            document = decode(path.read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        with self._lock:
            self._kept[path] = document
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return document

    def delete(self, sha256: str) -> None:
        with self._lock:
            for path in [path for path in self._kept if path.name.startswith(sha256)]:
                del self._kept[path]
        for path in self._root.glob(f"{sha256}-*.json.gz"):
            path.unlink(missing_ok=True)


def place(root: Path, sha256: str, version: str) -> Path:
    """Where a large archive keeps a parsed document: in folders by its hash, so that none grows too long."""
    return root / sha256[:2] / f"{sha256}-{version}.json.gz"


def save(document: Document, path: Path) -> None:
    """Whole or not at all: a kill leaves no half file under the name."""
    write_whole(path, encode(document))


def write_whole(path: Path, data: bytes) -> None:
    """Makes the folder; nobody sees a file that is not whole under the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
