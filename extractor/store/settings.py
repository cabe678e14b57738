"""Settings that are made in the running program: JSON by key."""

from __future__ import annotations

import json

from pydantic import JsonValue
from sqlalchemy import Connection, select

from extractor.store import database
from extractor.store.schema import settings
from extractor.store.values import dump, now


def get(connection: Connection, key: str, default: JsonValue = None) -> JsonValue:
    """The setting's value, or ``default`` where it was never made."""
    found = connection.scalar(select(settings.c.value).where(settings.c.key == key))
    if found is None:
        return default
    value: JsonValue = json.loads(found)
    return value


def put(connection: Connection, key: str, value: JsonValue) -> None:
    """Makes or changes a setting."""
    database.put(connection, settings, [{"key": key, "value": dump(value), "updated_at": now()}])


def load(connection: Connection) -> dict[str, JsonValue]:
    """All settings ever made."""
    rows = connection.execute(select(settings.c.key, settings.c.value).order_by(settings.c.key))
    return {row.key: json.loads(row.value) for row in rows}
