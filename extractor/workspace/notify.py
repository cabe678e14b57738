"""Who watches a document is told when something happens to it: from any thread into an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

Kind = Literal["progress", "drafts", "changed", "ready", "failed", "deleted"]
_MOST_WAITING = 256  # of one watcher: who reads more slowly loses the oldest, and asks for the state anyway


@dataclass(frozen=True, slots=True)
class Notice:
    """``data``: progress {state, stage, done, total, records}; drafts {count}; changed {seq, actor}."""

    document_id: str
    kind: Kind
    data: dict[str, JsonValue]


class Watcher:
    """Notices of one document (or of all), to be awaited in the event loop it was made in."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[Notice] = asyncio.Queue(_MOST_WAITING)

    async def next(self, seconds: float) -> Notice | None:
        """None where nothing happens within ``seconds``."""
        try:
            return await asyncio.wait_for(self._queue.get(), seconds)
        except TimeoutError:
            return None

    def tell(self, notice: Notice) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody reads any more
            self._loop.call_soon_threadsafe(self._put, notice)

    def _put(self, notice: Notice) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(notice)


class Bus:
    """Within one process. Several servers on one database see each other's changes at the next request."""

    def __init__(self) -> None:
        self._watchers: defaultdict[str | None, list[Watcher]] = defaultdict(list)
        self._lock = threading.Lock()

    @contextmanager
    def watch(self, document_id: str | None = None) -> Iterator[Watcher]:
        """Within a running event loop. None watches all documents."""
        watcher = Watcher(asyncio.get_running_loop())
        with self._lock:
            self._watchers[document_id].append(watcher)
        try:
            yield watcher
        finally:
            with self._lock:
                self._watchers[document_id].remove(watcher)
                if not self._watchers[document_id]:
                    del self._watchers[document_id]

    def tell(self, document_id: str, kind: Kind, **data: JsonValue) -> None:
        with self._lock:
            told = [*self._watchers.get(document_id, ()), *self._watchers.get(None, ())]
        notice = Notice(document_id, kind, data)
        for watcher in told:
            watcher.tell(notice)
