"""What is sent to the scoring engine: each delivery, every try at it, and which are due again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, insert, select, update

from extractor.errors import StoreError
from extractor.store.schema import deliveries, delivery_tries
from extractor.store.values import dump, now

DeliveryState = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Try:
    """``status``: of the HTTP answer, None where none came; ``error``: why it failed; ``ms``: how long it took;
    ``excerpt``: how the answer's body begins.
    """

    attempt: int
    at: str
    status: int | None
    error: str | None
    ms: int
    excerpt: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """``next_at``: when a pending delivery is due. ``detail``: what the sender wants kept, such as the body's hash."""

    id: str
    document_id: str
    url: str
    state: DeliveryState
    attempts: int
    created_at: str
    created_by: str
    next_at: str | None
    detail: dict[str, JsonValue]
    tries: tuple[Try, ...] = ()


def add(
    connection: Connection, document_id: str, *, url: str, actor: str, detail: Mapping[str, JsonValue] | None = None
) -> Delivery:
    """A new delivery, due at once."""
    row = {"id": secrets.token_hex(10), "document_id": document_id, "url": url, "state": "pending"}
    at = now()
    values = row | {
        "attempts": 0,
        "created_at": at,
        "created_by": actor,
        "next_at": at,
        "detail": dump(detail or {}),
    }
    connection.execute(insert(deliveries).values(values))
    return _required(connection, row["id"])


def get(connection: Connection, delivery_id: str) -> Delivery | None:
    """The delivery with its tries, or None."""
    found = _load(connection, deliveries.c.id == delivery_id)
    return found[0] if found else None


def of_document(connection: Connection, document_id: str) -> list[Delivery]:
    """The document's deliveries with their tries, newest first."""
    return _load(connection, deliveries.c.document_id == document_id)


def due(connection: Connection, limit: int = 20) -> list[Delivery]:
    """The pending deliveries whose time has come, longest waiting first."""
    ready = (deliveries.c.state == "pending") & (deliveries.c.next_at <= now())
    chosen = select(deliveries.c.id).where(ready).order_by(deliveries.c.next_at, deliveries.c.id).limit(limit)
    ids = connection.scalars(chosen).all()
    found = {one.id: one for one in _load(connection, deliveries.c.id.in_(ids))}
    return [found[delivery_id] for delivery_id in ids]


def claim(connection: Connection, lease_seconds: float) -> Delivery | None:
    """The delivery longest due, kept from other senders for so many seconds; None where none is due."""
    ready = (deliveries.c.state == "pending") & (deliveries.c.next_at <= now())
    waiting = select(deliveries.c.id).where(ready).order_by(deliveries.c.next_at, deliveries.c.id).limit(1)
    chosen = connection.scalar(waiting.with_for_update(skip_locked=True))
    if chosen is None:
        return None
    connection.execute(update(deliveries).where(deliveries.c.id == chosen).values(next_at=now(lease_seconds)))
    return _required(connection, chosen)


def move(connection: Connection, delivery_id: str, url: str) -> None:
    """Notes that the delivery goes to another address now."""
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(url=url))


def record_try(
    connection: Connection,
    delivery_id: str,
    *,
    status: int | None,
    error: str | None,
    ms: int,
    retry_in: float | None = None,
    excerpt: str | None = None,
) -> Delivery:
    """Notes a try. Without ``error`` it is delivered; else due again in ``retry_in`` seconds, or failed for None.

    Raises StoreError ``not_found``.
    """
    before = _required(connection, delivery_id, lock=True)
    state: DeliveryState = "delivered" if error is None else "failed" if retry_in is None else "pending"
    row = {"delivery_id": delivery_id, "attempt": before.attempts + 1, "at": now(), "status": status, "ms": ms}
    connection.execute(insert(delivery_tries).values(row | {"error": error, "excerpt": excerpt}))
    next_at = now(retry_in) if state == "pending" and retry_in is not None else None
    values = {"state": state, "attempts": before.attempts + 1, "next_at": next_at}
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(values))
    return _required(connection, delivery_id)


def _required(connection: Connection, delivery_id: str, lock: bool = False) -> Delivery:
    if lock:
        connection.execute(select(deliveries.c.id).where(deliveries.c.id == delivery_id).with_for_update())
    found = get(connection, delivery_id)
    if found is None:
        raise StoreError("not_found", "没有这次投递 / No such delivery")
    return found


def _load(connection: Connection, condition: ColumnElement[bool]) -> list[Delivery]:
    chosen = select(deliveries).where(condition).order_by(deliveries.c.created_at.desc(), deliveries.c.id)
    rows = connection.execute(chosen).all()
    of_rows = delivery_tries.c.delivery_id.in_([row.id for row in rows])
    tries: dict[str, list[Try]] = {row.id: [] for row in rows}
    for one in connection.execute(select(delivery_tries).where(of_rows).order_by(delivery_tries.c.attempt)):
        tries[one.delivery_id].append(Try(one.attempt, one.at, one.status, one.error, one.ms, one.excerpt))
    return [
        Delivery(
            id=row.id,
            document_id=row.document_id,
            url=row.url,
            state=row.state,
            attempts=row.attempts,
            created_at=row.created_at,
            created_by=row.created_by,
            next_at=row.next_at,
            detail=json.loads(row.detail),
            tries=tuple(tries[row.id]),
        )
        for row in rows
    ]
