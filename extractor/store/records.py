"""The records as they stand now: a copy of what draft and events say, kept so that it need not be worked out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy import Connection, delete, select

from extractor.store import database
from extractor.store.schema import records
from extractor.store.values import dump


@dataclass(frozen=True, slots=True)
class RecordRow:
    """``version``: ``seq`` of the last event that touched the record. ``data``: whatever JSON the caller keeps."""

    record_id: str
    position: float
    status: str
    data: dict[str, JsonValue]
    version: int


def put(connection: Connection, document_id: str, rows: Sequence[RecordRow], removed: Sequence[str] = ()) -> None:
    """Writes rows, new or over those of the same id, and takes away those removed."""
    for first in range(0, len(removed), 500):
        named = records.c.record_id.in_(removed[first : first + 500])
        connection.execute(delete(records).where(records.c.document_id == document_id, named))
    values = [
        {
            "document_id": document_id,
            "record_id": row.record_id,
            "position": float(row.position),
            "status": row.status,
            "data": dump(row.data),
            "version": row.version,
        }
        for row in rows
    ]
    database.put(connection, records, values)


def load(connection: Connection, document_id: str) -> list[RecordRow]:
    """The document's records by position."""
    of_document = select(records).where(records.c.document_id == document_id)
    return [
        RecordRow(row.record_id, row.position, row.status, json.loads(row.data), row.version)
        for row in connection.execute(of_document.order_by(records.c.position, records.c.record_id))
    ]


def replace(connection: Connection, document_id: str, rows: Sequence[RecordRow]) -> None:
    """As if only these had ever been written."""
    connection.execute(delete(records).where(records.c.document_id == document_id))
    put(connection, document_id, rows)
