"""Where tasks are worked on. One line here for each kind; one is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from extractor.batch.work import Plan
from extractor.errors import ConfigError
from extractor.types.batch import Outcome, Task

__all__ = ["BUILTIN", "Executor", "open_executor"]

BUILTIN: dict[str, str] = {
    "inprocess": "extractor.batch.executors.inprocess:InProcess",
    "local": "extractor.batch.executors.local:LocalPool",
    "dask": "extractor.batch.executors.dask:DaskCluster",
}


class Executor(Protocol):
    """Holds no truth: what it forgets the ledger hands out again. Used from one thread."""

    @property
    def slots(self) -> int:
        """Tasks that it works on at once; it may change while it runs, where machines come and go."""

    def submit(self, task: Task) -> None:
        """Takes a task; does not wait for it."""

    def ended(self, seconds: float) -> list[Outcome]:
        """What has ended since; waits up to ``seconds`` for the first. Every task submitted comes back once,
        here or by ``recall``.

        Raises ``ClusterLost`` where nothing will come any more.
        """

    def recall(self) -> list[Task]:
        """Takes back what has not been begun, as far as that can be told."""

    def close(self) -> None:
        """Ends what is under way, at once."""


class ClusterLost(ConfigError):
    """The machines can't be reached, or are not fit for the work."""


def open_executor(kind: str, plan: Plan, workers: int, address: str | None = None) -> Executor:
    """``address``: of a cluster. Raises ``ConfigError`` for an unknown kind, ``ClusterLost`` without a cluster."""
    if kind not in BUILTIN:
        raise ConfigError(f"没有 {kind} 这种执行方式，可用的有 {', '.join(BUILTIN)} / unknown executor {kind}")
    module, _, name = BUILTIN[kind].partition(":")
    try:
        made = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        message = (
            f"没有安装 {error.name}：pip install 'policy-indicator-extractor[cluster]' / not installed: {error.name}"
        )
        raise ClusterLost(message) from error
    return cast(Executor, made(plan, workers, address))
