"""The documents: one row each, made at the upload; and the queue of those to be extracted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, Integer, and_, func, or_, select
from sqlalchemy import delete as sql_delete
from sqlalchemy import update as sql_update

from extractor.errors import StoreError
from extractor.store import schema, search
from extractor.store.database import insert as sql_insert
from extractor.store.schema import documents
from extractor.store.values import bounded, clean, natural, now
from extractor.types.review import Approval

State = Literal["queued", "running", "ready", "failed"]
ATTEMPTS = 3  # times that a document may take its worker down before it counts as failed


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """``id``: the first 20 digits of ``sha256``. ``seq``: the last event's. ``size`` in bytes, times as ISO 8601.

    ``risk``: the share of its points that may be wrong, 0 to 1; None while that has not been worked out.
    """

    id: str
    sha256: str
    name: str
    format: str | None
    size: int
    state: State
    stage: str | None
    done: int
    total: int
    error_code: str | None
    error: str | None
    uploaded_at: str
    uploaded_by: str
    dossier: str | None
    title: str | None
    issuer: str | None
    document_number: str | None
    year: int | None
    kind: str | None
    pages: int
    records: int
    decided: int
    rejected: int
    blocking: int
    unclaimed: int
    risk: float | None
    approval: Approval
    reviewer: str | None
    extractor_version: str | None
    seq: int
    updated_at: str


@dataclass(frozen=True, slots=True)
class Dossier:
    id: str
    name: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Query:
    """``words``: all of them in the document's name, head or text. ``sort``: a column, with ``-`` downwards."""

    words: str | None = None
    state: str | None = None
    approval: str | None = None
    reviewer: str | None = None
    dossier: str | None = None
    kind: str | None = None
    year: int | None = None
    sort: str = "-uploaded_at"
    offset: int = 0
    limit: int = 50


_NAMES = tuple(field.name for field in fields(DocumentRow))
_COLUMNS = tuple(documents.c[name] for name in _NAMES)
_FOUND_BY = ("name", "title", "issuer", "document_number")
_FIXED = frozenset({"id", "sha256", "size", "uploaded_at", "uploaded_by", "updated_at"})
SORTS = frozenset(_NAMES) - {"id", "sha256", "stage", "done", "total", "error"}


def _row(found: Any) -> DocumentRow:  # noqa: ANN401 - a Row, whatever columns it has
    return DocumentRow(*found)


def _gone(document_id: str) -> StoreError:
    return StoreError("not_found", f"没有这份文件：{document_id} / No such document: {document_id}")


def insert(
    connection: Connection, *, sha256: str, name: str, size: int, uploaded_by: str, dossier: str | None = None
) -> tuple[DocumentRow, bool]:
    """Queues a document; the same bytes again give the row that is there, and False."""
    at = now()
    values: dict[str, object] = {column.name: 0 for column in _COLUMNS if isinstance(column.type, Integer)}
    values |= {"id": sha256[:20], "sha256": sha256, "name": name, "size": size, "state": "queued", "year": None}
    values |= {"uploaded_at": at, "uploaded_by": uploaded_by, "dossier": dossier, "approval": "open"}
    values |= {"updated_at": at, "queued_at": at, "attempts": 0}
    values["folded"] = _folded(values)
    if dossier is not None and get_dossier(connection, dossier) is None:
        raise StoreError("not_found", f"没有这个卷宗：{dossier} / No such dossier: {dossier}")
    statement = sql_insert(connection, documents).values(values).on_conflict_do_nothing().returning(*_COLUMNS)
    if (made := connection.execute(statement).one_or_none()) is not None:
        return _row(made), True
    there = connection.execute(select(*_COLUMNS).where(documents.c.sha256 == sha256)).one()
    return _row(there), False


def get(connection: Connection, document_id: str) -> DocumentRow | None:
    """The document, or None."""
    found = connection.execute(select(*_COLUMNS).where(documents.c.id == document_id)).one_or_none()
    return None if found is None else _row(found)


def lock(connection: Connection, document_id: str) -> DocumentRow | None:
    """As ``get``; nobody else writes to the document until this transaction ends."""
    # SQLite leaves FOR UPDATE out: there the whole transaction is the only writer.
    chosen = select(*_COLUMNS).where(documents.c.id == document_id).with_for_update()
    found = connection.execute(chosen).one_or_none()
    return None if found is None else _row(found)


def find(connection: Connection, query: Query) -> tuple[list[DocumentRow], int]:
    """One page of the documents that fit, and how many fit. Raises StoreError ``invalid`` for an unknown sort."""
    column = query.sort.removeprefix("-")
    if column not in SORTS:
        raise StoreError("invalid", f"不能按此排序：{clean(column)} / Can't sort by: {clean(column)}")
    conditions: list[ColumnElement[bool]] = [
        documents.c[name] == (bounded(value) if isinstance(value, int) else value)
        for name in ("state", "approval", "reviewer", "dossier", "kind", "year")
        if (value := getattr(query, name)) is not None
    ]
    for term in search.terms(query.words or ""):
        by_name = search.contains(connection, documents.c.folded, term)
        by_text = search.holding(connection, term)
        conditions.append(by_name if by_text is None else or_(by_name, documents.c.id.in_(by_text)))
    total = connection.scalar(select(func.count()).select_from(documents).where(*conditions)) or 0
    order = documents.c[column].desc() if query.sort.startswith("-") else documents.c[column].asc()
    page = select(*_COLUMNS).where(*conditions).order_by(order.nulls_last(), documents.c.id)
    rows = connection.execute(page.limit(natural(query.limit)).offset(natural(query.offset)))
    return [_row(row) for row in rows], total


def update(connection: Connection, document_id: str, **values: object) -> DocumentRow:
    """Sets columns of a DocumentRow. ``state="queued"`` puts it in the queue afresh, another state gives it free.

    Raises StoreError ``not_found``; TypeError for a column that is no part of the row or is set once for all.
    """
    if wrong := values.keys() - (set(_NAMES) - _FIXED):
        raise TypeError(f"not to be set: {', '.join(sorted(wrong))}")
    changed = dict(values)
    if (state := changed.get("state")) is not None and state != "running":
        changed |= {"worker": None, "lease_until": None}
    if state == "queued":
        changed |= {"queued_at": now(), "attempts": 0, "error": None, "error_code": None}
        changed |= {"stage": None, "done": 0, "total": 0} | changed
    if changed.keys() & set(_FOUND_BY):
        before = connection.execute(select(*_COLUMNS).where(documents.c.id == document_id)).mappings().one_or_none()
        changed["folded"] = _folded({**(before or {}), **changed})
    return _set(connection, documents.c.id == document_id, changed) or _raise(_gone(document_id))


def _raise(error: StoreError) -> DocumentRow:
    raise error


def _folded(values: Mapping[str, object]) -> str:
    return search.fold("\n".join(str(values.get(name) or "") for name in _FOUND_BY))


def _set(connection: Connection, condition: ColumnElement[bool], values: Mapping[str, object]) -> DocumentRow | None:
    statement = sql_update(documents).where(condition).values(**values, updated_at=now()).returning(*_COLUMNS)
    found = connection.execute(statement).one_or_none()
    return None if found is None else _row(found)


def claim(connection: Connection, worker: str, lease_seconds: float) -> DocumentRow | None:
    """The document that has waited longest, or one whose worker has let its lease lapse; None where none waits.

    A document that has lapsed ``ATTEMPTS`` times becomes ``failed`` (``error_code`` ``crashed``) instead.
    """
    at = now()
    lapsed = and_(documents.c.state == "running", documents.c.lease_until < at)
    failed = {
        "state": "failed",
        "error_code": "crashed",
        "error": "处理多次中断，已停止重试 / Processing broke off several times and is not tried again",
        "worker": None,
        "lease_until": None,
        "updated_at": at,
    }
    connection.execute(sql_update(documents).where(lapsed, documents.c.attempts >= ATTEMPTS).values(failed))
    waiting = (
        select(documents.c.id)
        .where(or_(documents.c.state == "queued", lapsed))
        .order_by(documents.c.queued_at, documents.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if (chosen := connection.scalar(waiting)) is None:
        return None
    taken: dict[str, object] = {"state": "running", "worker": worker, "lease_until": now(lease_seconds)}
    taken |= {"attempts": documents.c.attempts + 1, "stage": None, "done": 0, "total": 0}
    return _set(connection, documents.c.id == chosen, taken)


def renew(connection: Connection, document_id: str, worker: str, lease_seconds: float) -> bool:
    """Extends the worker's lease; False where it is no longer this worker's document."""
    held = _held(document_id, worker)
    lease = sql_update(documents).where(held).values(lease_until=now(lease_seconds))
    return connection.execute(lease).rowcount == 1


def release(connection: Connection, document_id: str, worker: str) -> bool:
    """Puts the worker's document back in its old place, as if never claimed (an orderly stop)."""
    back: dict[str, object] = {"state": "queued", "worker": None, "lease_until": None}
    back |= {"attempts": documents.c.attempts - 1, "stage": None, "done": 0, "total": 0}
    return _set(connection, _held(document_id, worker), back) is not None


def _held(document_id: str, worker: str) -> ColumnElement[bool]:
    return and_(documents.c.id == document_id, documents.c.state == "running", documents.c.worker == worker)


def delete(connection: Connection, document_id: str) -> DocumentRow:
    """Deletes the document with all that came from it. Raises StoreError ``not_found``.

    Its file, and what others keep beside the database, is the caller's.
    """
    document = lock(connection, document_id) or _raise(_gone(document_id))
    search.drop(connection, document_id)
    connection.execute(sql_delete(documents).where(documents.c.id == document_id))
    return document


def expired(connection: Connection, before: str) -> list[DocumentRow]:
    """The documents that nothing has changed since ``before`` and that are not being extracted, oldest first."""
    old = and_(documents.c.updated_at < before, documents.c.state != "running")
    return [_row(row) for row in connection.execute(select(*_COLUMNS).where(old).order_by(documents.c.updated_at))]


def make_dossier(connection: Connection, name: str) -> str:
    """The new dossier's id; several may have one name."""
    dossier = secrets.token_hex(8)
    connection.execute(schema.dossiers.insert().values(id=dossier, name=name, created_at=now()))
    return dossier


def get_dossier(connection: Connection, dossier_id: str) -> Dossier | None:
    """The dossier, or None."""
    found = connection.execute(select(schema.dossiers).where(schema.dossiers.c.id == dossier_id)).one_or_none()
    return None if found is None else Dossier(*cast("tuple[str, str, str]", tuple(found)))


def dossiers(connection: Connection) -> list[Dossier]:
    """All dossiers, newest first."""
    rows = connection.execute(
        select(schema.dossiers).order_by(schema.dossiers.c.created_at.desc(), schema.dossiers.c.id)
    )
    return [Dossier(*cast("tuple[str, str, str]", tuple(row))) for row in rows]
