"""One worker process under watch: whatever a document does to it costs that document alone."""

from __future__ import annotations

import threading
import time

from extractor.batch.work import Plan, Ready, main
from extractor.child import Child, ChildDied
from extractor.types.batch import Outcome, Task

_POLL = 0.2  # seconds between two looks at time and memory
_START = 180.0  # seconds that a new process gets to import what it needs
_BREATH = 1.0  # seconds after trouble with the process: what the system lacks now it may have again soon
_FAT = 0.6  # of the memory limit: a process that still holds so much after a document is exchanged for a new one
_MOST = 5000  # documents of one process: leaks in C libraries are small but real


class Guard:
    """``run`` from one thread at a time, ``close`` from any; after it ``run`` says that the process died."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._child: Child | None = None
        self._ready = False
        self._done = 0
        self._closed = threading.Event()

    @property
    def pid(self) -> int | None:
        child = self._child
        return None if child is None else child.pid

    def prepare(self) -> None:
        """Starts the process, which imports what it needs while there is nothing to do yet."""
        if self._child is None and not self._closed.is_set():
            self._child, self._ready, self._done = Child("batch", main, self.plan), False, 0

    def run(self, task: Task) -> Outcome:
        """The outcome, whether or not the process survives the task."""
        begun = time.monotonic()
        try:
            child = self._process()
            begun = time.monotonic()
            child.send(task)
            outcome = self._await(child, task, begun)
        except ChildDied as error:
            self._end()
            return _lost(task, begun, "died", str(error))
        except Exception as error:  # noqa: BLE001 - no process to be had, say: every task comes back, or the run waits for ever
            self._end()
            self._closed.wait(_BREATH)
            what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            return _lost(task, begun, "died", f"处理进程用不了 / the process can't be used ({what})")
        self._done += 1
        limit = self.plan.limits.memory_mb * 1_000_000
        if self._done >= _MOST or (child.resident() or 0) > _FAT * limit:
            self._end()
        return outcome

    def close(self) -> None:
        self._closed.set()
        self._end()

    def _process(self) -> Child:
        if self._closed.is_set():
            raise ChildDied("closed")
        if self._child is not None and not self._child.alive:
            self._end()
        self.prepare()
        if self._child is None:
            raise ChildDied("closed")
        if not self._ready:
            self._get_ready(self._child)
        return self._child

    def _get_ready(self, child: Child) -> None:
        until = time.monotonic() + _START
        while not isinstance(child.receive(_POLL), Ready):
            if time.monotonic() > until or self._closed.is_set():
                raise ChildDied("no start")
        self._ready = True

    def _await(self, child: Child, task: Task, begun: float) -> Outcome:
        limits = self.plan.limits
        while True:
            answer = child.receive(_POLL)
            if isinstance(answer, Outcome):
                return answer
            if time.monotonic() - begun > limits.seconds:
                self._end()
                message = f"超过{limits.seconds:g}秒，已停止 / stopped: took longer than {limits.seconds:g} seconds"
                return _lost(task, begun, "timeout", message)
            if (child.resident() or 0) > limits.memory_mb * 1_000_000:
                self._end()
                message = f"所用内存超过{limits.memory_mb} MB，已停止 / stopped: took more than {limits.memory_mb} MB of memory"
                return _lost(task, begun, "memory", message)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()


def _lost(task: Task, begun: float, error_class: str, error: str) -> Outcome:
    ms = round((time.monotonic() - begun) * 1000)
    return Outcome(sha256=task.sha256, ms=ms, error_class=error_class, error=error, again=True)
