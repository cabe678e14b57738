"""Writes that wait while another process has the database: a run of hours must not end because of a busy second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from extractor.errors import StoreError
from extractor.store.database import Database

_PATIENCE = 120.0  # seconds
_Result = TypeVar("_Result")


def patiently(database: Database, work: Callable[[Connection], _Result]) -> _Result:
    """``work`` in one transaction, tried again as long as the database is busy. Raises StoreError."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with database.write() as connection:
                return work(connection)
        except StoreError as error:
            if error.code != "busy" or time.monotonic() > until:
                raise
            time.sleep(0.2)
