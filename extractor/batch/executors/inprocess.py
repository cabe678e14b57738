"""Tasks worked on in the calling process: for debugging, and for comparing the others with."""

from __future__ import annotations

from collections import deque

from extractor.batch.work import Plan, work
from extractor.types.batch import Outcome, Task


class InProcess:
    """No watchdog: a document that hangs or takes the process down does so here."""

    slots = 1

    def __init__(self, plan: Plan, workers: int = 1, address: str | None = None) -> None:
        self._plan = plan
        self._waiting: deque[Task] = deque()

    def submit(self, task: Task) -> None:
        self._waiting.append(task)

    def ended(self, seconds: float) -> list[Outcome]:
        return [work(self._waiting.popleft(), self._plan)] if self._waiting else []

    def recall(self) -> list[Task]:
        tasks = list(self._waiting)
        self._waiting.clear()
        return tasks

    def close(self) -> None:
        self._waiting.clear()
