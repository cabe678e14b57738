"""Deletes what the settings say is kept no longer, once at the start and then every hour."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from extractor.errors import ExtractorError
from extractor.store import documents
from extractor.store.values import now
from extractor.workspace import settings
from extractor.workspace.core import Core
from extractor.workspace.errors import NotFound

ACTOR = "retention"
_EVERY = 3600.0

log = logging.getLogger(__name__)


def delete_expired(core: Core, delete: Callable[[str, str], object]) -> int:
    """How many documents were deleted by ``delete(id, actor)``; none where the setting keeps all."""
    with core.database.read() as connection:
        days = settings.load(connection).retention_days
        old = [] if days is None else documents.expired(connection, now(-86_400.0 * days))
    count = 0
    for row in old:
        try:
            delete(row.id, ACTOR)
            count += 1
        except NotFound:  # somebody else was quicker
            continue
    return count


class Retention:
    def __init__(self, core: Core, delete: Callable[[str, str], object]) -> None:
        self._core = core
        self._delete = delete
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._loop, name="retention", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                delete_expired(self._core, self._delete)
            except ExtractorError:
                log.exception("retention")
            self._stopping.wait(_EVERY)
