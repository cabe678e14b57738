"""Tasks worked on by processes of this machine, each under a watchdog: the default."""

from __future__ import annotations

import queue
import threading
from contextlib import suppress

from extractor.batch.guard import Guard
from extractor.batch.work import Plan
from extractor.types.batch import Outcome, Task


class LocalPool:
    """A thread for each process: it waits for the process, looks at its time and memory, and replaces it."""

    def __init__(self, plan: Plan, workers: int, address: str | None = None) -> None:
        self.slots = workers
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.guards = [Guard(plan) for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._serve, args=(guard,), name=f"batch-{at}", daemon=True)
            for at, guard in enumerate(self.guards)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task) -> None:
        self._tasks.put(task)

    def ended(self, seconds: float) -> list[Outcome]:
        try:
            found = [self._outcomes.get(timeout=seconds)]
        except queue.Empty:
            return []
        while True:
            try:
                found.append(self._outcomes.get_nowait())
            except queue.Empty:
                return found

    def recall(self) -> list[Task]:
        tasks: list[Task] = []
        while True:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return tasks
            if task is not None:
                tasks.append(task)

    def close(self) -> None:
        for guard in self.guards:
            guard.close()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(10)

    def _serve(self, guard: Guard) -> None:
        with suppress(OSError):  # no process to be had now: the first task tries again, and says so
            guard.prepare()
        while (task := self._tasks.get()) is not None:
            self._outcomes.put(guard.run(task))
