"""Where each person left each document, so that the page opens there again."""

from __future__ import annotations

import json

from pydantic import JsonValue
from sqlalchemy import Connection, select

from extractor.store import database
from extractor.store.schema import places
from extractor.store.values import dump, now


def put(connection: Connection, document_id: str, actor: str, place: dict[str, JsonValue]) -> None:
    """Keeps the place instead of the one before."""
    row = {"document_id": document_id, "actor": actor, "data": dump(place), "updated_at": now()}
    database.put(connection, places, [row])


def get(connection: Connection, document_id: str, actor: str) -> dict[str, JsonValue] | None:
    """The place, or None for someone who has never been there."""
    chosen = select(places.c.data).where(places.c.document_id == document_id, places.c.actor == actor)
    found = connection.scalar(chosen)
    if found is None:
        return None
    place: dict[str, JsonValue] = json.loads(found)
    return place
