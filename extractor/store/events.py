"""The log: what was done to a document's records, chained by hashes; and the audit of everything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, Integer, Text, func, literal, null, select, union_all, update

from extractor.errors import StoreError
from extractor.store import documents as document_rows
from extractor.store import schema
from extractor.store.schema import documents, events
from extractor.store.values import bounded, canonical, clean, clean_or_none, dump, natural, now
from extractor.types.review import Change, Event, EventOp

FIRST = "0" * 64  # ``previous`` of a document's first event


@dataclass(frozen=True, slots=True)
class AuditRow:
    """``action``: an event's ``op`` with ``seq``, or the name of something else, whose ``subject`` may be anything.

    ``document_id`` and ``seq`` are None for what is no event. ``detail`` of an event: ``changes``, ``note``, ``undoes``.
    """

    at: str
    actor: str
    action: str
    subject: str
    document_id: str | None
    seq: int | None
    detail: dict[str, JsonValue] = field(default_factory=dict)


def append(
    connection: Connection,
    document_id: str,
    *,
    actor: str,
    op: EventOp,
    changes: Sequence[Change],
    client_op_id: str,
    undoes: int | None = None,
    note: str | None = None,
) -> tuple[Event, bool]:
    """Writes the next event; a ``client_op_id`` that the document has already gives that event, and False.

    Raises StoreError ``not_found`` without the document.
    """
    document = document_rows.lock(connection, document_id)
    if document is None:
        raise StoreError("not_found", f"没有这份文件：{document_id} / No such document: {document_id}")
    of_document = events.c.document_id == document_id
    same = select(events).where(of_document, events.c.client_op_id == client_op_id)
    if (there := connection.execute(same).one_or_none()) is not None:
        return _event(dict(there._mapping)), False
    previous = connection.scalar(select(events.c.hash).where(of_document, events.c.seq == document.seq)) or FIRST
    fields = {
        "document_id": document_id,
        "seq": document.seq + 1,
        "at": now(),
        "actor": clean(actor),
        "op": op,
        "changes": dump([change.model_dump(mode="json") for change in changes]),
        "client_op_id": client_op_id,
        "undoes": undoes,
        "note": clean_or_none(note),
        "previous": previous,
    }
    event = _event({**fields, "hash": ""})
    event = event.model_copy(update={"hash": digest(event)})
    connection.execute(events.insert().values(**fields, hash=event.hash))
    step = update(documents).where(documents.c.id == document_id)
    connection.execute(step.values(seq=event.seq, updated_at=event.at))
    return event, True


def after(connection: Connection, document_id: str, seq: int = 0) -> list[Event]:
    """The document's events later than ``seq``, in order."""
    later = (
        select(events).where(events.c.document_id == document_id, events.c.seq > bounded(seq)).order_by(events.c.seq)
    )
    return [_event(dict(row)) for row in connection.execute(later).mappings()]


def verify(connection: Connection, document_id: str) -> bool:
    """Whether the document's log is whole: no event changed, moved, inserted or taken away, also not at the end."""
    last = connection.scalar(select(documents.c.seq).where(documents.c.id == document_id))
    log = after(connection, document_id)
    if last is None or [event.seq for event in log] != list(range(1, last + 1)):
        return False
    if log and log[0].previous != FIRST:
        return False
    return all(event.hash == digest(event) for event in log) and all(
        later.previous == earlier.hash for earlier, later in pairwise(log)
    )


def digest(event: Event) -> str:
    """SHA-256 (hex) over ``previous`` and the JSON of the rest, keys sorted, without white space."""
    rest = event.model_dump(mode="json", exclude={"previous", "hash"})
    return hashlib.sha256(f"{event.previous}\n{canonical(rest)}".encode()).hexdigest()


def _event(row: Mapping[str, object]) -> Event:
    return Event.model_validate({**row, "changes": json.loads(str(row["changes"]))})


def audit(
    connection: Connection, actor: str, action: str, subject: str, detail: Mapping[str, JsonValue] | None = None
) -> None:
    """Notes what is not about records: a log-in, a setting, an account, a deletion. Outlives the document it names."""
    row = {"at": now(), "actor": actor, "action": action, "subject": subject}
    connection.execute(schema.audit.insert().values(**row, detail=dump(detail or {})))


def audit_page(
    connection: Connection,
    *,
    document_id: str | None = None,
    actor: str | None = None,
    action: str | None = None,
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[AuditRow], int]:
    """Events and the rest together, newest first, and how many there are."""
    noted = schema.audit
    of_events: list[ColumnElement[bool]] = []
    of_rest: list[ColumnElement[bool]] = []
    for value, in_events, in_rest in (
        (document_id, events.c.document_id, noted.c.subject),
        (actor, events.c.actor, noted.c.actor),
        (action, events.c.op, noted.c.action),
    ):
        if value is not None:
            of_events.append(in_events == value)
            of_rest.append(in_rest == value)
    total = sum(
        connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
        for table, conditions in ((events, of_events), (noted, of_rest))
    )
    offset, limit = natural(offset), natural(limit)
    # Each half gives its newest, by the index: no more of them can stand on the page.
    from_events = select(
        events.c.at, literal(0).label("id"), events.c.actor, events.c.op.label("action"),
        events.c.document_id.label("subject"), events.c.seq, events.c.changes.label("detail"), events.c.note,
        events.c.undoes,
    ).where(*of_events).order_by(events.c.at.desc(), events.c.document_id, events.c.seq.desc()).limit(offset + limit)  # fmt: skip
    from_rest = select(
        noted.c.at, noted.c.id, noted.c.actor, noted.c.action, noted.c.subject, null().cast(Integer()).label("seq"),
        noted.c.detail, null().cast(Text()).label("note"), null().cast(Integer()).label("undoes"),
    ).where(*of_rest).order_by(noted.c.at.desc(), noted.c.id.desc()).limit(offset + limit)  # fmt: skip
    both = union_all(select(from_events.subquery()), select(from_rest.subquery())).subquery()
    newest = select(both).order_by(both.c.at.desc(), both.c.id.desc(), both.c.subject, both.c.seq.desc())
    page = connection.execute(newest.limit(limit).offset(offset))
    return [_audit_row(dict(row)) for row in page.mappings()], total


def _audit_row(row: Mapping[str, object]) -> AuditRow:
    detail = json.loads(str(row["detail"]))
    seq = row["seq"]
    if seq is not None:
        detail = {"changes": detail, "note": row["note"], "undoes": row["undoes"]}
    return AuditRow(
        at=str(row["at"]),
        actor=str(row["actor"]),
        action=str(row["action"]),
        subject=str(row["subject"]),
        document_id=None if seq is None else str(row["subject"]),
        seq=seq if isinstance(seq, int) else None,
        detail=detail,
    )
