"""Tasks worked on by a Dask cluster: other machines, started with Dask's own tools (docs/archives.md).

The scheduler is handed a window of tasks and never the archive; what it knows is lost with it and does not matter.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

import dask.config
from distributed import Client, Future, LocalCluster
from distributed.client import ClosedClientError

from extractor.batch.executors import ClusterLost
from extractor.batch.guard import Guard
from extractor.batch.version import extractor_version
from extractor.batch.work import Plan
from extractor.types.batch import Outcome, Task

_CONNECT = 30.0  # seconds
_LOOK = 5.0  # seconds between two looks at how many workers there are
_GROUP_FILES, _GROUP_BYTES = 10, 300_000  # a message costs some 2 ms: small files travel together
_HELP = "请检查 --cluster 的地址 / check the address given to --cluster"
_OTHER = "版本或模型与本机不同，请装同一版本 / another version or other models than here: install the same everywhere"

_GONE = (OSError, RuntimeError, ClosedClientError)  # what calls raise while there is no scheduler

_guards = threading.local()


class DaskCluster:
    """``address``: ``tcp://host:8786`` of a scheduler, ``file:PATH`` of the file that it wrote (``--scheduler-file``), or
    ``local:N`` for N worker processes of this machine.
    """

    def __init__(self, plan: Plan, workers: int, address: str | None) -> None:
        self._plan = plan
        self._client: Any  # Dask's methods have no types
        self._cluster, self._client = _connect(address or f"local:{workers}")
        self._check()
        self._slots, self._looked = 0, 0.0
        self._group: list[Task] = []
        self._futures: dict[str, tuple[Future[Any], list[Task]]] = {}
        self._finished: queue.SimpleQueue[str] = queue.SimpleQueue()

    @property
    def slots(self) -> int:
        now = time.monotonic()
        if now - self._looked >= _LOOK and self._client.status == "running":
            self._looked = now
            with suppress(*_GONE):  # the scheduler may come back; where it does not, ``ended`` says so
                self._slots = sum(self._client.nthreads().values())
        return max(1, self._slots)

    def submit(self, task: Task) -> None:
        self._group.append(task)
        if len(self._group) >= _GROUP_FILES or sum(each.size for each in self._group) >= _GROUP_BYTES:
            self._send()

    def ended(self, seconds: float) -> list[Outcome]:
        self._send()
        try:
            key = self._finished.get(timeout=seconds)
        except queue.Empty:
            self._still_there()
            return []
        found = self._result(key)
        while not self._finished.empty():
            found += self._result(self._finished.get_nowait())
        return found

    def recall(self) -> list[Task]:
        tasks, self._group = self._group, []
        later = list(self._futures)[self.slots :]  # the oldest are being worked on; the rest is in line behind them
        taken = [self._futures.pop(key) for key in later]
        with suppress(*_GONE):
            self._client.cancel([future for future, _ in taken])
        return tasks + [task for _, group in taken for task in group]

    def close(self) -> None:
        with suppress(*_GONE):
            self._client.cancel([future for future, _ in self._futures.values()])
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def _send(self) -> None:
        if not self._group:
            return
        self._still_there()
        while self._group and self._client.status == "running":
            group, self._group = self._group[:_GROUP_FILES], self._group[_GROUP_FILES:]
            future: Any = self._client.submit(run_group, group, self._plan, pure=False)
            self._futures[future.key] = future, group
            future.add_done_callback(lambda done: self._finished.put(done.key))

    def _result(self, key: str) -> list[Outcome]:
        if key not in self._futures:
            return []  # recalled
        future, group = self._futures.pop(key)
        try:
            outcomes: list[Outcome] = future.result()
        except Exception as error:  # noqa: BLE001 - whatever the cluster did to it: the ledger tries again
            if isinstance(error, CancelledError) or self._client.status != "running":
                self._group += group  # the scheduler is away: no fault of theirs, sent again when it is back
                return []
            why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            message = f"集群中断了处理 / the cluster broke it off ({why})"
            return [Outcome(each.sha256, error_class="died", error=message, again=True) for each in group]
        return outcomes

    def _still_there(self) -> None:
        """Raises ``ClusterLost`` once the client has given the scheduler up."""
        if self._client.status in ("closed", "closing"):
            raise ClusterLost(f"与集群的连接断了 / the cluster is gone; {_HELP}")

    def _check(self) -> None:
        """Workers that read differently would give a result that nobody can explain."""
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT)
        except TimeoutError as error:
            self._client.close()
            raise ClusterLost(f"集群没有工作进程 / the cluster has no workers; {_HELP}") from error
        theirs: dict[str, str] = self._client.run(_version, self._plan)
        wrong = sorted(address for address, version in theirs.items() if version != self._plan.version)
        if wrong:
            self._client.close()
            raise ClusterLost(f"{wrong[0]}: {_OTHER}")


def run_group(tasks: Sequence[Task], plan: Plan) -> list[Outcome]:
    """On the worker: each task in a process under watch of its own, so that no document takes the worker down."""
    # Dask's nanny marks its workers as daemons, which may not have children; ours end with their parent by themselves.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    guard: Guard | None = getattr(_guards, "guard", None)
    if guard is None or guard.plan != plan:
        if _version(plan) != plan.version:  # a worker that came after the others were asked
            raise ClusterLost(_OTHER)
        if guard is not None:
            guard.close()
        guard = _guards.guard = Guard(plan)
    return [guard.run(task) for task in tasks]


def _version(plan: Plan) -> str:
    return extractor_version(plan.models, plan.limits.max_chars)


def _connect(address: str) -> tuple[Any, Any]:
    client: Any = Client
    local: Any = LocalCluster
    if address.startswith("local:"):
        count = address.removeprefix("local:")
        if not count.isdecimal() or not 0 < int(count) < 1000:
            raise ClusterLost("local: 后面请写进程数，如 local:4 / local: wants a number of processes, such as local:4")
        with dask.config.set({"distributed.worker.daemon": False}):
            cluster = local(n_workers=int(count), threads_per_worker=1, dashboard_address=None)
        return cluster, client(cluster)
    try:
        if address.startswith("file:"):
            path = address.removeprefix("file:")
            os.stat(path)  # Dask would wait for it without end
            return None, client(scheduler_file=path, timeout=_CONNECT)
        return None, client(address, timeout=_CONNECT)
    except (OSError, ValueError) as error:
        raise ClusterLost(f"{address}: 连不上 / can't connect ({error}); {_HELP}") from error
