"""What a run tells whoever looks on: a terminal, a log for machines, the database that the browser reads."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from extractor.types.batch import Counts, Outcome, Task

_WINDOW = 60.0  # seconds that a rate is taken over
_SOON = 5.0  # seconds before which no rate is worth telling
_FEW = 10  # files before which no remaining time is


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``seconds`` of this execution; rates over the last minute, per second; ``eta`` in seconds, None while it can't be
    told: while files are still being looked for, or too few are done.
    """

    counts: Counts
    seconds: float
    documents_per_second: float | None
    pages_per_second: float | None
    eta: float | None
    workers: int


class Watch:
    """Whoever wants to look on derives from this; each method does nothing by itself, and is called from one thread."""

    def progress(self, snapshot: Snapshot) -> None:
        """About once a second."""

    def outcome(self, task: Task, outcome: Outcome) -> None:
        """A task ended, well or not."""

    def say(self, message: str) -> None:
        """Something that the user should know of, on one line."""

    def close(self) -> None:
        """The run is over."""


class Rates:
    """Turns counts into what people ask: how fast, and how long still."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._seen: deque[tuple[float, int, int]] = deque()

    def snapshot(self, counts: Counts, workers: int) -> Snapshot:
        now = time.monotonic()
        ended = counts.done + counts.failed
        self._seen.append((now, ended, counts.pages))
        while len(self._seen) > 2 and now - self._seen[1][0] > _WINDOW:
            self._seen.popleft()
        since, before, pages = self._seen[0]
        span = now - since
        told = span >= _SOON
        documents = (ended - before) / span if told else None
        sure = counts.scanned and documents and ended - before >= _FEW
        return Snapshot(
            counts=counts,
            seconds=now - self._begun,
            documents_per_second=documents,
            pages_per_second=(counts.pages - pages) / span if told else None,
            eta=counts.left / documents if sure and documents else None,
            workers=workers,
        )
