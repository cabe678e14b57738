"""A process of our own with a pipe to it, spawned so that nothing of the server's threads is copied into it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from extractor.errors import ExtractorError

_SPAWN = multiprocessing.get_context("spawn")


class ChildDied(ExtractorError):
    """The process ended while something was awaited of it; ``how``: its signal or exit code."""

    def __init__(self, how: str) -> None:
        super().__init__(f"处理进程意外退出（{how}） / the process ended unexpectedly ({how})")
        self.how = how

    def __reduce__(self) -> tuple[type[ChildDied], tuple[str]]:
        return type(self), (self.how,)


class Child:
    """``main(connection, *arguments)`` runs in the process. Use from one thread at a time; ``kill`` from any."""

    def __init__(self, name: str, main: Callable[..., None], *arguments: object) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._connection: Connection[Any, Any] = ours
        self._process = _SPAWN.Process(target=_begin, args=(theirs, main, arguments), name=name, daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def send(self, message: object) -> None:
        try:
            self._connection.send(message)
        except (BrokenPipeError, ConnectionError, OSError) as error:
            raise self._death() from error

    def receive(self, seconds: float) -> Any:  # noqa: ANN401 - what main sends
        """The next message, None where none comes within ``seconds``. Raises ``ChildDied``."""
        try:
            return self._connection.recv() if self._connection.poll(seconds) else None
        except (EOFError, ConnectionError, OSError) as error:
            raise self._death() from error

    def resident(self) -> int | None:
        """Bytes of memory that the process holds; None where the system does not tell."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        except (OSError, IndexError, ValueError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        self._process.kill()
        self._process.join(5)
        self._connection.close()

    def _death(self) -> ChildDied:
        self._process.join(2)
        code = self._process.exitcode
        return ChildDied(_signal(-code) if code is not None and code < 0 else f"exit {code}")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals have no names
        return f"signal {number}"


def _begin(connection: Connection[Any, Any], main: Callable[..., None], arguments: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group: who started us ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        main(connection, *arguments)
    except (EOFError, BrokenPipeError, ConnectionError):
        return  # the server is gone


def _end_with_parent() -> None:
    """A server killed with -9 tells nobody, and a document may keep this process busy for long."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
