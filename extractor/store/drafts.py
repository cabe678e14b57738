"""What the extractor made of a document: never changed once complete, one draft for each version of the extractor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, select, update

from extractor.errors import StoreError
from extractor.store.database import put
from extractor.store.schema import documents, draft_records, drafts
from extractor.store.values import dump, now
from extractor.types.issue import Issue
from extractor.types.record import DocumentInfo, IndicatorRecord, Unclaimed

_UNCLAIMED = TypeAdapter(tuple[Unclaimed, ...])
_ISSUES = TypeAdapter(tuple[Issue, ...])


@dataclass(frozen=True, slots=True)
class Draft:
    """``records`` are those that have come so far while ``complete`` is false; ``info`` comes at the end."""

    id: int
    extractor_version: str
    complete: bool
    info: DocumentInfo | None
    records: tuple[IndicatorRecord, ...]
    unclaimed: tuple[Unclaimed, ...]
    issues: tuple[Issue, ...]


def start(connection: Connection, document_id: str, extractor_version: str) -> int:
    """The id of an empty draft; what an earlier, broken-off run of the same version left is thrown away.

    Raises StoreError ``immutable`` where that version's draft is complete, ``not_found`` without the document.
    """
    if connection.scalar(select(documents.c.id).where(documents.c.id == document_id).with_for_update()) is None:
        raise StoreError("not_found", f"没有这份文件：{document_id} / No such document: {document_id}")
    same = (drafts.c.document_id == document_id) & (drafts.c.extractor_version == extractor_version)
    there = connection.execute(select(drafts.c.id, drafts.c.complete).where(same)).one_or_none()
    if there is not None:
        _open(connection, there.id)
        connection.execute(delete(draft_records).where(draft_records.c.draft_id == there.id))
        return int(there.id)
    row = {"document_id": document_id, "extractor_version": extractor_version, "complete": 0}
    row |= {"unclaimed": "[]", "issues": "[]", "created_at": now()}
    return connection.scalars(drafts.insert().values(row).returning(drafts.c.id)).one()


def add(connection: Connection, draft_id: int, first: int, records: Sequence[IndicatorRecord]) -> None:
    """Adds records as they come; ``first`` is the position (from 0) of the first of them. Sent twice they stand once.

    Raises StoreError ``immutable`` where the draft is complete.
    """
    _open(connection, draft_id)
    _write(connection, draft_id, first, records)


def finish(
    connection: Connection,
    draft_id: int,
    info: DocumentInfo,
    unclaimed: Sequence[Unclaimed],
    issues: Sequence[Issue],
    records: Sequence[IndicatorRecord] | None = None,
) -> None:
    """Closes the draft; ``records``, where given, replace those that came before.

    Raises StoreError ``immutable`` where the draft is complete.
    """
    _open(connection, draft_id)
    if records is not None:
        connection.execute(delete(draft_records).where(draft_records.c.draft_id == draft_id))
        _write(connection, draft_id, 0, records)
    closed = {
        "complete": 1,
        "info": info.model_dump_json(),
        "unclaimed": dump([one.model_dump(mode="json") for one in unclaimed]),
        "issues": dump([one.model_dump(mode="json") for one in issues]),
    }
    connection.execute(update(drafts).where(drafts.c.id == draft_id).values(closed))


def load(connection: Connection, document_id: str, extractor_version: str | None = None) -> Draft | None:
    """The draft of a version; else of the version that the document's row names; else the last one begun."""
    of_document = drafts.c.document_id == document_id
    version = extractor_version or connection.scalar(
        select(documents.c.extractor_version).where(documents.c.id == document_id)
    )
    chosen = select(drafts).where(of_document).order_by(drafts.c.id.desc()).limit(1)
    found = None
    if version is not None:
        found = connection.execute(chosen.where(drafts.c.extractor_version == version)).one_or_none()
    if found is None and extractor_version is None:
        found = connection.execute(chosen).one_or_none()
    if found is None:
        return None
    return Draft(
        id=found.id,
        extractor_version=found.extractor_version,
        complete=bool(found.complete),
        info=None if found.info is None else DocumentInfo.model_validate_json(found.info),
        records=tuple(streamed(connection, found.id)),
        unclaimed=_UNCLAIMED.validate_json(found.unclaimed),
        issues=_ISSUES.validate_json(found.issues),
    )


def streamed(connection: Connection, draft_id: int, first: int = 0) -> list[IndicatorRecord]:
    """The draft's records from a position on."""
    of_draft = (draft_records.c.draft_id == draft_id) & (draft_records.c.position >= first)
    rows = connection.scalars(select(draft_records.c.data).where(of_draft).order_by(draft_records.c.position))
    return [IndicatorRecord.model_validate_json(data) for data in rows]


def _open(connection: Connection, draft_id: int) -> None:
    complete = connection.scalar(select(drafts.c.complete).where(drafts.c.id == draft_id).with_for_update())
    if complete is None:
        raise StoreError("not_found", "草稿已不存在 / The draft is no longer there")
    if complete:
        message = "该版本的草稿已完成，不能再改 / This version's draft is complete and can't be changed"
        raise StoreError("immutable", message)


def _write(connection: Connection, draft_id: int, first: int, records: Sequence[IndicatorRecord]) -> None:
    rows = [
        {"draft_id": draft_id, "position": position, "data": record.model_dump_json()}
        for position, record in enumerate(records, start=first)
    ]
    put(connection, draft_records, rows)
