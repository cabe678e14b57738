"""Files coming in, and going: what is accepted, under which name, and what is deleted with a document."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import Connection

from extractor.store import documents, events
from extractor.store.documents import DocumentRow
from extractor.workspace import settings
from extractor.workspace.core import Core, existing
from extractor.workspace.errors import NotFound, UploadRefused

_LONGEST = 200  # characters of a name
_LONE = re.compile("[\ud800-\udfff]")


def shown_name(name: str) -> str:
    """The name without folders and without what can't be seen or would turn the writing round; else as given."""
    base = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in base if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    kept = kept.strip()
    if kept in ("", ".", ".."):
        return "未命名 / unnamed".replace(" / ", "-")
    if len(kept) > _LONGEST:
        stem, dot, suffix = kept.rpartition(".")
        tail = dot + suffix if stem and len(suffix) <= 10 else ""
        kept = kept[: _LONGEST - len(tail)] + tail
    return kept


def put(core: Core, name: str, data: bytes, actor: str, dossier: str | None) -> tuple[DocumentRow, bool]:
    """The document and whether it is new; the same bytes are the same document. Raises ``UploadRefused``."""
    if not data:
        raise UploadRefused(
            "empty", "文件是空的（0字节），请检查原文件 / the file is empty (0 bytes): check the original"
        )
    with core.database.read() as connection:
        most = settings.load(connection).max_upload_mb
        if dossier is not None:
            _dossier(connection, dossier)
    if len(data) > most * 1_000_000:
        raise UploadRefused(
            "too_large", f"文件超过{most} MB的上限，请拆分后上传 / the file is larger than {most} MB: split it"
        )
    sha256 = core.blobs.put(data)
    shown = shown_name(name)
    with core.database.write() as connection:
        row, created = documents.insert(
            connection, sha256=sha256, name=shown, size=len(data), uploaded_by=actor, dossier=dossier
        )
        core.blobs.put(data)  # again, in case the same document was being deleted just now
        if created:
            format = _format(data)
            if format is not None:
                row = documents.update(connection, row.id, format=format)
            events.audit(connection, actor, "upload", row.id, {"name": shown, "size": len(data)})
        elif dossier is not None and row.dossier is None:
            row = documents.update(connection, row.id, dossier=dossier)
    return row, created


def put_text(core: Core, name: str, text: str, actor: str, dossier: str | None) -> tuple[DocumentRow, bool]:
    """Pasted words as a text file. Raises ``UploadRefused``."""
    if _LONE.search(text) or "\x00" in text:
        raise UploadRefused("bad_text", "文字中有无效字符 / the text holds characters that are none")
    if not text.strip():
        raise UploadRefused("empty", "没有文字 / there is no text")
    named = name.strip() or "粘贴的文字"
    return put(core, named if named.lower().endswith(".txt") else f"{named}.txt", text.encode(), actor, dossier)


def retry(core: Core, document_id: str, actor: str) -> DocumentRow:
    """A failed document goes back into the queue; any other is left as it is."""
    with core.database.write() as connection:
        row = documents.lock(connection, document_id) or existing(connection, document_id)
        if row.state == "failed":
            row = documents.update(connection, document_id, state="queued", error=None, error_code=None)
            events.audit(connection, actor, "retry", document_id, {"name": row.name})
    return row


def delete(core: Core, document_id: str, actor: str) -> DocumentRow:
    """With all that came of it; one line of the audit stays."""
    with core.database.write() as connection:
        row = documents.lock(connection, document_id) or existing(connection, document_id)
        documents.delete(connection, document_id)
        events.audit(connection, actor, "delete", document_id, {"name": row.name, "sha256": row.sha256})
        core.blobs.delete(row.sha256)  # within the transaction: an upload of the same bytes waits for its end
    core.parsed.delete(row.sha256)
    core.renderer.forget(row.sha256)
    core.bus.tell(document_id, "deleted")
    return row


def _format(data: bytes) -> str | None:
    """Told at once, so that a PDF's pages can be shown before it is read. None where no reader takes it."""
    from extractor.errors import ReadError
    from extractor.formats.detect import detect

    try:
        return detect(data)
    except ReadError:
        return None  # the extraction says what is wrong with it


def _dossier(connection: Connection, dossier: str) -> None:
    if documents.get_dossier(connection, dossier) is None:
        raise NotFound("not_found", "没有这个卷宗 / no such dossier")
