"""One process at a time, by a lock that the system takes back from whoever dies."""

from __future__ import annotations

import os
from pathlib import Path


class DirectoryLock:
    """A lock on a file; on a system without ``flock`` it is always had."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """False where another process, or another object in this one, has it."""
        try:
            import fcntl
        except ImportError:
            return True
        file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
